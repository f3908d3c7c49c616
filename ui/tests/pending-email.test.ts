import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { badField, refusal, type FakeHost } from './fake-host';
import { openApp } from './open-app';

const ADDRESS = 'maren@fjord.example';

async function open(prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        host.mail = true;
        host.profile = { ...host.profile, pending_email: ADDRESS };
        prepare(host);
        host.signedIn();
    });
    await screen.findByRole('button', { name: 'Edit profile' });
    return app;
}

const notice = () => screen.getByRole('region', { name: `Confirm ${ADDRESS}` });
const code = () => within(notice()).getByLabelText('Code');

describe('changing the address', () => {
    async function edit(mail: boolean) {
        const app = await open((host) => {
            host.mail = mail;
            host.profile = { ...host.profile, pending_email: null };
        });
        await app.user.click(screen.getByRole('button', { name: 'Edit profile' }));
        const email = screen.getByLabelText(/^Email/u);
        await app.user.clear(email);
        await app.user.type(email, ADDRESS);
        return app;
    }

    test('says that it has to be confirmed, and then waits for the code', async () => {
        const { user } = await edit(true);
        expect(screen.getByText(/Until it is confirmed, maren@northwind\.example stays in\s+use\./u)).toBeVisible();
        await user.keyboard('{Enter}');
        expect(await screen.findByText(`A code is on its way to ${ADDRESS}`)).toBeVisible();
        expect(notice()).toHaveTextContent('Until it is confirmed, maren@northwind.example stays in use.');
    });

    test('is at once where no mail is sent', async () => {
        const { user } = await edit(false);
        expect(screen.queryByText(/Until it is confirmed/u)).toBeNull();
        await user.keyboard('{Enter}');
        expect(await screen.findByText('Profile updated')).toBeVisible();
        expect(screen.getByText(ADDRESS)).toBeVisible();
        expect(screen.queryByRole('region', { name: /^Confirm/u })).toBeNull();
    });
});

describe('the code', () => {
    test('puts the new address in the place of the old one', async () => {
        const { host, user } = await open();
        await user.type(code(), ` ${host.mailedCode} {Enter}`);
        expect(await screen.findByText(`Email changed to ${ADDRESS}`)).toBeVisible();
        expect(screen.queryByRole('region', { name: /^Confirm/u })).toBeNull();
        expect(host.asked('confirm_email')).toEqual([{ code: host.mailedCode }]);
        expect(screen.getByText(ADDRESS)).toBeVisible();
        await waitFor(() => expect(screen.getByRole('heading', { name: 'Maren Oyelaran' })).toHaveFocus());
    });

    test.each([
        ['wrong', badField('code', 'incorrect'), 'That code is not correct. Enter the one in the newest mail.'],
        ['expired', refusal('conflict'), 'This code has expired. Send a new one.'],
        [
            'for an address somebody else has by now',
            badField('email', 'taken'),
            'That address belongs to another account. Cancel, and choose another one.',
        ],
    ] as const)('that is %s is said at the field', async (_what, failure, words) => {
        const { host, user } = await open();
        host.refuse('confirm_email', failure);
        await user.type(code(), 'rowan{Enter}');
        await waitFor(() => expect(code()).toHaveAccessibleDescription(words));
        expect(code()).toHaveFocus();
        expect(within(notice()).queryByRole('alert')).toBeNull();
    });

    test('is refused as expired where another device gave the address up', async () => {
        const { host, user } = await open();
        host.changeElsewhere({ pending_email: null });
        await user.type(code(), `${host.mailedCode}{Enter}`);
        await waitFor(() => expect(code()).toHaveAccessibleDescription('This code has expired. Send a new one.'));
        await expect(host.call('confirm_email', { code: host.mailedCode })).rejects.toMatchObject({ code: 'conflict' });
    });

    test('can be sent anew, then not for a while', async () => {
        const { host, user } = await open();
        const again = within(notice()).getByRole('button', { name: 'Send a new code' });
        await user.click(again);
        expect(await screen.findByText(`A new code is on its way to ${ADDRESS}`)).toBeVisible();
        expect(host.asked('update_profile')).toEqual([{ etag: '"1"', patch: { email: ADDRESS } }]);
        expect(again).toHaveAttribute('aria-disabled', 'true');
        await user.click(again);
        expect(host.asked('update_profile')).toHaveLength(1);
    });

    test('that could not be sent is said, and can be tried at once', async () => {
        const { host, user } = await open();
        host.refuse('update_profile', refusal('too_many_requests', { retry_after: 60 }));
        const again = within(notice()).getByRole('button', { name: 'Send a new code' });
        await user.click(again);
        expect(await within(notice()).findByRole('alert')).toHaveTextContent('Too many attempts');
        expect(again).not.toHaveAttribute('aria-disabled');
    });
});

test('a new address can be given up', async () => {
    const { host, user } = await open();
    await user.click(within(notice()).getByRole('button', { name: 'Cancel the change of email' }));
    expect(await screen.findByText('The new email was given up')).toBeVisible();
    expect(host.asked('cancel_email_change')).toHaveLength(1);
    expect(screen.queryByRole('region', { name: /^Confirm/u })).toBeNull();
    expect(screen.getByText('maren@northwind.example')).toBeVisible();
});

test('while the profile is edited, confirming keeps what was typed', async () => {
    const { host, user } = await open();
    await user.click(screen.getByRole('button', { name: 'Edit profile' }));
    const location = screen.getByLabelText('Location');
    await user.clear(location);
    await user.type(location, 'Oslo');
    await user.type(code(), `${host.mailedCode}{Enter}`);
    expect(await screen.findByText(`Email changed to ${ADDRESS}`)).toBeVisible();
    expect(location).toHaveValue('Oslo');
    expect(screen.getByLabelText(/^Email/u)).toHaveValue(ADDRESS);
    await user.type(location, '{Enter}');
    expect(await screen.findByText('Profile updated')).toBeVisible();
    expect(host.asked('update_profile')).toEqual([{ etag: '"2"', patch: { location: 'Oslo' } }]);
});
