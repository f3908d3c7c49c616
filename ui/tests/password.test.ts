import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { badField, refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';

const NEW = 'harbour-violet-spoon';

const open = (prepare?: (host: FakeHost) => void) => openSection('Password', prepare);

const current = () => screen.getByLabelText('Current password');
const chosen = () => screen.getByLabelText('New password');
const again = () => screen.getByLabelText('Confirm new password');
const change = () => screen.getByRole('button', { name: 'Change Password' });

async function fill(user: UserEvent, host: FakeHost, repeated = NEW) {
    await user.type(current(), host.password);
    await user.type(chosen(), NEW);
    await user.type(again(), repeated);
}

test('says when the password was last changed', async () => {
    await open((host) => (host.passwordChangedAt = '2026-01-12T12:00:00Z'));
    expect(await screen.findByText('12 January 2026')).toBeVisible();
});

test('works where that cannot be read', async () => {
    await open((host) => host.refuse('get_password_status', refusal('internal')));
    expect(await screen.findByText('What you sign in with.')).toBeVisible();
    expect(screen.queryByRole('alert')).toBeNull();
});

describe('changing it', () => {
    test('closes the other sessions unless told otherwise, says so, and clears what was typed', async () => {
        const { host, user } = await open();
        expect(screen.getByRole('checkbox', { name: 'Close all other sessions' })).toBeChecked();
        await fill(user, host);
        await user.keyboard('{Enter}');
        expect(await screen.findByText('Password changed. All other sessions were closed.')).toBeVisible();
        expect(host.asked('change_password')).toEqual([
            { current_password: 'copper-lantern-tide', new_password: NEW, close_other_sessions: true },
        ]);
        for (const field of [current(), chosen(), again()]) {
            expect(field).toHaveValue('');
            expect(field).not.toBeInvalid();
        }
        expect(host.asked('get_password_status')).toHaveLength(2);
        const sidebar = within(screen.getByRole('navigation', { name: 'Account sections' }));
        expect(await sidebar.findByRole('button', { name: 'Sessions 1' })).toBeVisible();
    });

    test('where there are no other sessions, it says so, and does not speak of closing any', async () => {
        const { host, user } = await open((fresh) => {
            fresh.sessions = fresh.sessions.filter((session) => session.current);
        });
        const box = screen.getByRole('checkbox', { name: 'Close all other sessions' });
        await waitFor(() => expect(box).toHaveAccessibleDescription('You are signed in nowhere else.'));
        expect(box).toHaveAttribute('aria-disabled', 'true');
        expect(box).not.toBeChecked();
        await user.click(box);
        expect(box).not.toBeChecked();
        expect(screen.getByText(/^The new password is in effect at once/u)).toBeVisible();
        await fill(user, host);
        await user.click(change());
        expect(await screen.findByText('Password changed.')).toBeVisible();
        // One that was opened meanwhile is closed all the same.
        expect(host.asked('change_password')[0]).toMatchObject({ close_other_sessions: true });
    });

    test('can leave them open; the message leads to them', async () => {
        const { host, user } = await open();
        await user.click(screen.getByRole('checkbox', { name: 'Close all other sessions' }));
        expect(screen.getByText(/^Other sessions stay signed in\. You can close them in/u)).toBeVisible();
        await fill(user, host);
        await user.click(change());
        const toast = (await screen.findByText('Password changed. Other sessions stay signed in.')).parentElement;
        expect(host.asked('change_password')[0]).toMatchObject({ close_other_sessions: false });
        await user.click(within(toast as HTMLElement).getByRole('button', { name: 'Sessions' }));
        expect(await screen.findByRole('heading', { name: 'Sessions' })).toHaveFocus();
    });

    test('a confirmation that differs is said when it is left, and nothing is sent', async () => {
        const { host, user } = await open();
        await fill(user, host, 'harbour-violet-spoo');
        expect(again()).not.toBeInvalid();
        await user.tab();
        expect(again()).toHaveAccessibleDescription('The passwords do not match yet.');
        await user.click(change());
        expect(again()).toHaveFocus();
        expect(host.asked('change_password')).toHaveLength(0);
        await user.type(again(), 'n');
        expect(again()).not.toBeInvalid();
    });

    test('a wrong password of now is said at its field, and nothing typed is lost', async () => {
        const { host, user } = await open();
        await fill(user, host);
        await user.type(current(), 'x{Enter}');
        await waitFor(() => expect(current()).toHaveAccessibleDescription('That is not your password. Try again.'));
        expect(current()).toHaveFocus();
        expect(chosen()).toHaveValue(NEW);
        expect(again()).toHaveValue(NEW);
    });

    test.each([
        ['too_weak', /easy to guess/u],
        ['common', /most used passwords/u],
        ['like_identity', /too much like your name/u],
        ['unchanged', /your password already/u],
    ] as const)('what is %s is said at the new one', async (code, words) => {
        const { host, user } = await open();
        host.refuse('change_password', badField('new_password', code));
        await fill(user, host);
        await user.click(change());
        await waitFor(() => expect(chosen()).toHaveAccessibleDescription(words));
        expect(chosen()).toHaveFocus();
    });

    test('what is too short is said before it is sent', async () => {
        const { host, user } = await open();
        await user.type(current(), host.password);
        await user.type(chosen(), 'short{Enter}');
        expect(chosen()).toHaveAccessibleDescription('Use at least 12 characters.');
        expect(host.asked('change_password')).toHaveLength(0);
    });

    test('giving up the proof leaves the form as it is', async () => {
        const { host, user } = await open();
        host.refuse('change_password', refusal('cancelled'));
        await fill(user, host);
        await user.click(change());
        await waitFor(() => expect(change()).not.toHaveAttribute('aria-busy'));
        expect(host.asked('change_password')).toHaveLength(1);
        expect(screen.queryByRole('alert')).toBeNull();
        expect(chosen()).toHaveValue(NEW);
    });

    test('any other failure is an alert', async () => {
        const { host, user } = await open();
        host.refuse('change_password', refusal('too_many_requests', { retry_after: 30 }));
        await fill(user, host);
        await user.click(change());
        expect(await screen.findByRole('alert')).toHaveTextContent('Try again in 30 seconds.');
        expect(chosen()).toHaveValue(NEW);
    });

    test('offline, the button says why it waits', async () => {
        const { host, user } = await open();
        host.refuse('get_password_status', refusal('offline'));
        host.refuse('get_profile', refusal('offline'));
        await user.keyboard('{F5}');
        await screen.findByText(/^You are offline\. What you see/u);
        expect(change()).toHaveAttribute('aria-disabled', 'true');
        await fill(user, host);
        await user.click(change());
        expect(await screen.findByText('You are offline. This needs the server.')).toBeVisible();
        expect(host.asked('change_password')).toHaveLength(0);
    });
});

describe('the meter', () => {
    test('names the least length before anything is typed', async () => {
        await open();
        expect(screen.getByText('At least 12 characters.')).toBeVisible();
    });

    test.each([
        [0, 'Weak', /easy to guess/u],
        [2, 'Fair', /not enough yet/u],
        [3, 'Strong', /One more word would make it very strong/u],
        [4, 'Very strong', null],
    ] as const)('%i is %s', async (score, word, advice) => {
        const { host, user } = await open();
        for (let times = 0; times < NEW.length; times += 1)
            host.next('rate_password', () => ({ score, common: false }));
        await user.type(chosen(), NEW);
        const said = (await screen.findByText(word)).closest('[role="status"]');
        expect(said).toHaveTextContent(advice ?? new RegExp(`^${word}$`, 'u'));
        expect(host.asked('rate_password').at(-1)).toEqual({
            password: NEW,
            identity: ['Maren Oyelaran', 'maren', 'maren@northwind.example'],
        });
    });
});
