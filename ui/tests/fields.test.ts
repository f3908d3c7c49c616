/** What fields tell assistive technology and password managers: whether they must be filled in (WCAG 2.2, 3.3.2), what is
 * wrong with them (3.3.1), what they are for (1.3.5), and that secrets can be pasted (3.3.8). */

import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { openApp, openSection } from './open-app';
import { localPlace, northwindPlace } from './samples';

/** The fields of a form: what each is called, what it is for, and whether it must be filled in. */
type Fields = [label: RegExp | string, purpose: string, required: boolean][];

const forms: Record<string, [open: () => Promise<unknown>, fields: Fields]> = {
    'sign in': [
        async () => {
            openApp((host) => host.at(northwindPlace, { name: 'signed_out', reason: null, login: null }));
            await screen.findByRole('button', { name: 'Sign in' });
        },
        [
            ['Username or email', 'username', true],
            ['Password', 'current-password', true],
        ],
    ],
    'create account': [
        async () => {
            const { user } = openApp((host) => host.at(localPlace));
            await user.click(await screen.findByRole('button', { name: 'Create account' }));
        },
        [
            ['Name', 'name', true],
            ['Username', 'username', true],
            ['Email', 'email', true],
            ['Password', 'new-password', true],
        ],
    ],
    'edit profile': [
        async () => {
            const { user } = openApp((host) => host.signedIn());
            await user.click(await screen.findByRole('button', { name: 'Edit profile' }));
        },
        [
            [/^Name/u, 'name', true],
            [/^Email/u, 'email', true],
            ['Location', 'off', false],
            [/^Bio/u, 'off', false],
        ],
    ],
    password: [
        () => openSection('Password'),
        [
            ['Current password', 'current-password', true],
            ['New password', 'new-password', true],
            ['Confirm new password', 'new-password', true],
        ],
    ],
    'delete account': [
        () => openSection('Delete account'),
        [
            ['Type your username to confirm', 'off', true],
            ['Password', 'current-password', true],
        ],
    ],
};

test.each(Object.entries(forms))('%s', async (_name, [open, fields]) => {
    await open();
    for (const [label, purpose, required] of fields) {
        const field = await screen.findByLabelText(label, { selector: 'input, textarea' });
        expect([label, field.getAttribute('autocomplete')]).toEqual([label, purpose]);
        if (required) expect(field).toBeRequired();
        else expect(field).not.toBeRequired();
    }
});

test('what is wrong with a field is its description', async () => {
    const { user } = openApp((host) => host.at(northwindPlace, { name: 'signed_out', reason: null, login: null }));
    await user.click(await screen.findByRole('button', { name: 'Sign in' }));
    const password = screen.getByLabelText('Password');
    expect(password).toBeInvalid();
    expect(password).toHaveAccessibleDescription(/Enter/u);
});

test('a field that others make necessary says so then', async () => {
    const { user } = await openSection('SSH keys');
    await user.click(await screen.findByRole('button', { name: 'Generate key' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Generate on this computer' }));
    expect(dialog.getByLabelText('Confirm passphrase')).not.toBeRequired();
    await user.type(dialog.getByLabelText('Passphrase (optional)'), 'eleven lamps');
    expect(dialog.getByLabelText('Confirm passphrase')).toBeRequired();
});

test('passwords can be pasted', async () => {
    const { user } = openApp((host) => host.at(northwindPlace, { name: 'signed_out', reason: null, login: null }));
    const password = await screen.findByLabelText('Password');
    await user.click(password);
    await user.paste('seven small otters dance');
    expect(password).toHaveValue('seven small otters dance');
});
