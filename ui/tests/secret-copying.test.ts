/** Secrets that are selected and copied, by whatever way the web view has for it. */

import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { openApp, openSection } from './open-app';
import { northwindPlace } from './samples';

function select(node: Node) {
    document.getSelection()?.selectAllChildren(node);
}

/** Whether the web view itself may copy. */
const copies = (target: Element, type: 'copy' | 'cut' = 'copy') => fireEvent[type](target);

async function backupCodes() {
    const app = await openSection('Two-factor authentication', (host) => host.withTwoFactor(7));
    await app.user.click(await screen.findByRole('button', { name: 'Generate New Backup Codes' }));
    return { ...app, codes: await screen.findByRole('list', { name: 'Backup codes' }) };
}

test('backup codes that are selected leave the clipboard again', async () => {
    const { host, codes } = await backupCodes();
    select(codes);
    expect(await copies(codes)).toBe(false);
    await waitFor(() => expect(host.asked('copy_secret')).toHaveLength(1));
    expect(host.asked('copy_secret')[0]?.text).toContain(codes.querySelector('code')?.textContent);
    expect(await screen.findByText(/It leaves the clipboard in 60 seconds\./u)).toBeVisible();
    // And so do they where more than they is selected.
    select(document.body);
    expect(await copies(document.body)).toBe(false);
    await waitFor(() => expect(host.asked('copy_secret')).toHaveLength(2));
});

test('a password that is shown is copied and cut as a secret', async () => {
    const { host, user } = openApp((fresh) => fresh.at(northwindPlace));
    const field = await screen.findByLabelText<HTMLInputElement>('Password');
    await user.type(field, 'copper-lantern-tide');
    await user.click(screen.getByRole('button', { name: 'Show password' }));
    field.setSelectionRange(0, 6);
    expect(await copies(field)).toBe(false);
    await waitFor(() => expect(host.asked('copy_secret')).toEqual([{ text: 'copper' }]));
    expect(await copies(field, 'cut')).toBe(false);
    await waitFor(() => expect(field).toHaveValue('-lantern-tide'));
    await user.type(screen.getByLabelText('Username or email'), 'maren');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await waitFor(() => expect(host.asked('sign_in')[0]?.password).toBe('-lantern-tide'));
});

test('what is no secret is left to the web view', async () => {
    const { host, user } = openApp((fresh) => fresh.signedIn());
    await screen.findByRole('button', { name: 'Edit profile' });
    select(screen.getByRole('main'));
    expect(await copies(screen.getByRole('main'))).toBe(true);
    document.getSelection()?.removeAllRanges();
    await user.click(screen.getByRole('button', { name: 'Edit profile' }));
    const name = screen.getByLabelText<HTMLInputElement>(/^Name/u);
    name.select();
    expect(await copies(name)).toBe(true);
    expect(host.asked('copy_secret')).toEqual([]);
});
