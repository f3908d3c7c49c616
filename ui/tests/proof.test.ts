import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { Session } from '$lib/session.svelte';
import { refusal, type FakeHost } from './fake-host';
import { freshHost } from './host';
import { openApp, goToSection } from './open-app';

/** Somebody whose proof is too old asks for new backup codes. */
async function interrupted(prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        host.withTwoFactor().signedIn();
        host.stale = ['password', 'totp'];
        prepare(host);
    });
    await goToSection(app.user, 'Two-factor authentication');
    const opener = await screen.findByRole('button', { name: 'Generate New Backup Codes' });
    await app.user.click(opener);
    const dialog = await screen.findByRole('dialog', { name: 'Confirm it is you' });
    return { ...app, dialog, opener };
}

const codes = () => screen.findByRole('dialog', { name: 'Save your new backup codes' });

describe('what was interrupted', () => {
    test('goes on by itself, by keyboard alone', async () => {
        const { host, user, dialog } = await interrupted();
        await waitFor(() => expect(within(dialog).getByLabelText('Password')).toHaveFocus());
        await user.keyboard(host.password);
        await user.tab();
        await user.tab();
        await user.keyboard(host.totp);
        expect(await codes()).toBeVisible();
        expect(host.asked('reauthenticate')).toEqual([{ password: host.password, code: host.totp }]);
        expect(host.asked('generate_backup_codes')).toHaveLength(2);
    });

    test('asks for a second factor only where one is asked for', async () => {
        const { host, user, dialog } = await interrupted((fresh) => (fresh.stale = ['password']));
        expect(within(dialog).queryByRole('group', { name: 'Authentication Code' })).toBeNull();
        await user.keyboard(`${host.password}{Enter}`);
        expect(await codes()).toBeVisible();
        expect(host.asked('reauthenticate')).toEqual([{ password: host.password }]);
    });

    test('asks once more where that was not enough', async () => {
        const { host, user } = await interrupted((fresh) => (fresh.stale = ['password']));
        host.next('reauthenticate', () => {
            host.stale = ['totp'];
            return null;
        });
        await user.keyboard(`${host.password}{Enter}`);
        expect(await screen.findByRole('group', { name: 'Authentication Code' })).toBeVisible();
        expect(screen.queryByRole('dialog', { name: /backup codes/u })).toBeNull();
    });

    test('with a backup code', async () => {
        const { host, user } = await interrupted();
        const code = host.backupCodes[3] ?? '';
        await user.keyboard(host.password);
        await user.click(screen.getByRole('button', { name: 'Use a backup code' }));
        await user.type(screen.getByLabelText('Backup code'), code);
        await user.click(screen.getByRole('button', { name: 'Confirm' }));
        expect(await codes()).toBeVisible();
        expect(host.asked('reauthenticate')).toEqual([{ password: host.password, backup_code: code }]);
    });

    test.each(['Cancel', 'Esc'])('is silently given up by %s, and the focus goes back', async (way) => {
        const { host, user, opener } = await interrupted();
        if (way === 'Cancel') await user.click(screen.getByRole('button', { name: 'Cancel' }));
        else await user.keyboard('{Escape}');
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        await waitFor(() => expect(opener).toHaveFocus());
        expect(opener).not.toHaveAttribute('aria-busy');
        expect(screen.queryByRole('alert')).toBeNull();
        expect(host.asked('generate_backup_codes')).toHaveLength(1);
    });

    test('keeps what is in the form behind, and sends just that afterwards', async () => {
        const { host, user } = openApp((fresh) => {
            fresh.signedIn();
            fresh.stale = ['password'];
        });
        await user.click(await screen.findByRole('button', { name: 'Edit profile' }));
        const email = screen.getByLabelText(/^Email/u);
        await user.clear(email);
        await user.type(email, 'maren@example.org{Enter}');
        const dialog = await screen.findByRole('dialog', { name: 'Confirm it is you' });
        await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(email).toHaveValue('maren@example.org');
        expect(screen.queryByText('Stopped')).toBeNull();

        await user.type(email, '{Enter}');
        await screen.findByRole('dialog', { name: 'Confirm it is you' });
        await user.keyboard(`${host.password}{Enter}`);
        await waitFor(() => expect(host.profile.email).toBe('maren@example.org'));
    });
});

describe('a proof that is wrong', () => {
    test('the password is said to be, at its field, and nothing is cleared', async () => {
        const { host, user } = await interrupted();
        await user.keyboard('not-my-password');
        await user.click(screen.getAllByRole('textbox', { name: /^Digit/u })[0] ?? document.body);
        await user.keyboard(host.totp);
        const password = screen.getByLabelText('Password');
        await waitFor(() => expect(password).toHaveAccessibleDescription(/That is not your password/u));
        expect(password).toHaveFocus();
        expect(password).toHaveValue('not-my-password');
    });

    test('the code is said to be, with the clock; the password stays', async () => {
        const { host, user } = await interrupted((fresh) => (fresh.clockOffset = 75));
        await user.keyboard(host.password);
        await user.click(screen.getAllByRole('textbox', { name: /^Digit/u })[0] ?? document.body);
        await user.keyboard('000000');
        expect(await screen.findByText(/about 1 minute 15 seconds ahead/u)).toBeVisible();
        expect(screen.getByLabelText('Password')).toHaveValue(host.password);
        await waitFor(() => expect(screen.getAllByRole('textbox', { name: /^Digit/u })[0]).toHaveFocus());
        await user.keyboard(host.totp);
        expect(await codes()).toBeVisible();
    });

    test('anything else is said above', async () => {
        const { host, user } = await interrupted((fresh) => (fresh.stale = ['password']));
        host.refuse('reauthenticate', refusal('too_many_requests', { retry_after: 300 }));
        await user.keyboard(`${host.password}{Enter}`);
        expect(await screen.findByText('Try again in 5 minutes.')).toBeVisible();
    });
});

test('lies above another dialog, which stays open', async () => {
    const { host, user } = openApp((fresh) => fresh.withTwoFactor().signedIn());
    await goToSection(user, 'Two-factor authentication');
    await user.click(await screen.findByRole('button', { name: 'Generate New Backup Codes' }));
    await codes();
    host.refuse('confirm_backup_codes', refusal('insufficient_user_authentication', { methods: ['password'] }));
    const copy = screen.getByRole('button', { name: 'Copy' });
    await user.click(copy);
    await screen.findByRole('dialog', { name: 'Confirm it is you' });
    await user.keyboard(`${host.password}{Enter}`);
    expect(await screen.findByText(/The new codes are in use/u)).toBeVisible();
    expect(await codes()).toBeVisible();
    await waitFor(() => expect(copy).toHaveFocus());
});

describe('several at once', () => {
    async function two() {
        const host = freshHost();
        host.withTwoFactor().signedIn();
        host.stale = ['password', 'totp'];
        const session = new Session();
        await session.start();
        const both = [session.ask('generate_backup_codes', {}), session.ask('save_export', {})];
        await waitFor(() => expect(session.proof.methods).toEqual(['password', 'totp']));
        return { host, session, both };
    }

    test('share one proof', async () => {
        const { host, session, both } = await two();
        host.stale = [];
        session.proof.proved();
        expect(session.proof.methods).toBeNull();
        await expect(Promise.all(both)).resolves.toHaveLength(2);
    });

    test('are given up together', async () => {
        const { session, both } = await two();
        session.proof.cancel();
        for (const one of both) await expect(one).rejects.toMatchObject({ code: 'cancelled' });
    });

    test('go with the person who was asked', async () => {
        const { host, session, both } = await two();
        await session.enter('sign_out', {});
        expect(session.proof.methods).toBeNull();
        for (const one of both) await expect(one).rejects.toMatchObject({ code: 'cancelled' });
        expect(host.asked('reauthenticate')).toHaveLength(0);
    });
});
