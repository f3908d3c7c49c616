import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import { useLanguage } from '$words/words.svelte';
import { seen } from './fake/offline';
import { refusal, type FakeHost } from './fake-host';
import { goToSection, openApp, openSection } from './open-app';

const BLOCKED = 'You are offline. This needs the server.';
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

/** The app is opened while the server does not answer; what is shown was seen two hours ago. */
function opened(without: Parameters<typeof seen>[2] = [], prepare: (host: FakeHost) => void = () => undefined) {
    return openApp((host) => {
        prepare(host);
        host.offline(seen(host, hoursAgo(2), without));
    });
}

const bar = () => screen.getByText(/^You are offline\. What/u);
const gone = () => expect(screen.queryByText(/^You are offline\. What/u)).toBeNull();

describe('opened without a server', () => {
    test('the profile is there at once, and the bar says how old it is and what comes next', async () => {
        const { host } = opened();
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
        expect(bar()).toHaveTextContent(/What you see is from .*\(2 hours ago\)\./u);
        expect(bar()).toHaveAttribute('role', 'status');
        expect(screen.getByText(/^Trying again in \d seconds?$/u)).toBeVisible();
        expect(screen.getByRole('button', { name: 'Try now' })).toBeVisible();
        expect(host.asked('retry')).toHaveLength(0);
    });

    test.each(['API keys', 'Sessions', 'Container registries', 'Activity'] as const)(
        '%s shows what was seen, and what needs the server says why it waits',
        async (name) => {
            const { host, user } = opened();
            await goToSection(user, name);
            expect(bar()).toBeVisible();
            // How tools on this computer are set up was not seen.
            const missing = screen.queryAllByRole('alert').map((alert) => alert.textContent);
            expect(missing.every((text) => name === 'Container registries' && text.includes('Not saved'))).toBe(true);
            const blocked = screen.getAllByRole('button').filter((button) => button.ariaDisabled === 'true');
            expect(blocked.length).toBeGreaterThan(0);
            const before = host.calls.length;
            for (const button of blocked) {
                expect(button).toHaveAccessibleDescription(expect.stringContaining(BLOCKED));
                button.focus();
                expect(button).toHaveFocus();
                await user.keyboard('{Enter}');
            }
            expect(await screen.findByText(BLOCKED, { selector: ':not([hidden])' })).toBeVisible();
            const asked = host.calls.slice(before).map((call) => call.name);
            expect(asked.filter((one) => one !== 'get_profile')).toEqual([]);
        },
    );

    test('rows are those of the snapshot', async () => {
        const { user } = opened();
        await goToSection(user, 'Sessions');
        expect(await screen.findByText('Firefox on macOS')).toBeVisible();
        await goToSectionFrom(user, 6, 'SSH keys');
        expect(screen.getAllByRole('button', { name: /^Remove /u }).length).toBeGreaterThan(0);
    });

    test('what was not seen says so, and is not in the sidebar', async () => {
        const { user } = opened(['ssh_keys']);
        await goToSection(user, 'SSH keys');
        expect(bar()).toHaveTextContent('What this page shows was not saved on this computer.');
        expect(await screen.findByRole('alert')).toHaveTextContent('Not saved on this computer');
        expect(within(screen.getByRole('alert')).queryByRole('button', { name: 'Try again' })).toBeNull();
    });

    test('the activity is told by category from what was seen', async () => {
        const { user } = opened();
        await goToSection(user, 'Activity');
        const all = screen.getAllByRole('listitem').length;
        await user.click(screen.getByRole('radio', { name: 'SSH keys' }));
        await waitFor(() => expect(screen.queryAllByRole('listitem').length).toBeLessThan(all));
        expect(screen.queryByText('Not saved on this computer')).toBeNull();
    });

    test('it comes back by itself: everything is read anew, and that is said', async () => {
        const { host, user } = opened(['ssh_keys']);
        await goToSection(user, 'Sessions');
        host.sessions = host.sessions.slice(0, 2);
        host.changeElsewhere({ name: 'Maren O.' });
        host.reachable = true;
        await waitFor(gone, { timeout: 4_000 });
        expect(screen.getByText('The server can be reached again.')).toHaveAttribute('role', 'status');
        expect(await screen.findByRole('button', { name: 'Maren O.' })).toBeVisible();
        await waitFor(() => expect(screen.getAllByRole('button', { name: 'Close session' })).toHaveLength(1));
        for (const name of ['list_ssh_keys', 'list_api_keys', 'get_two_factor'] as const) {
            await waitFor(() => expect(host.asked(name).length).toBeGreaterThan(0));
        }
        expect(screen.getByRole('button', { name: 'Close session' })).not.toHaveAttribute('aria-disabled');
        expect(host.asked('close_session')).toHaveLength(0);
    });

    test('what was typed stays, and is sent by whoever typed it alone', async () => {
        const { host, user } = opened();
        await user.click(await screen.findByRole('button', { name: 'Edit profile' }));
        const field = await screen.findByLabelText('Location');
        await user.clear(field);
        await user.type(field, 'Tromsø{Enter}');
        await user.click(screen.getByRole('button', { name: 'Update User Information' }));
        expect(host.asked('update_profile')).toHaveLength(0);
        host.reachable = true;
        await user.click(screen.getByRole('button', { name: 'Try now' }));
        await waitFor(gone);
        // The button that had the focus is gone.
        await waitFor(() => expect(screen.getByRole('heading', { name: 'Edit profile' })).toHaveFocus());
        expect(screen.getByLabelText('Location')).toHaveValue('Tromsø');
        expect(host.asked('update_profile')).toHaveLength(0);
    });

    test('a session that ended meanwhile leads to signing in', async () => {
        const { host, user } = opened();
        await screen.findByRole('heading', { name: 'Maren Oyelaran' });
        host.reachable = true;
        host.phase = { name: 'signed_out', reason: { kind: 'closed', by: 'closed_elsewhere' }, login: 'maren' };
        host.refuse('get_profile', refusal('session_closed'));
        await user.click(screen.getByRole('button', { name: 'Try now' }));
        expect(await screen.findByText(/This session was closed from another device/u)).toBeVisible();
        gone();
    });

    test('the bar speaks German and Arabic', async () => {
        const { user } = opened();
        await screen.findByRole('heading', { name: 'Maren Oyelaran' });
        await useLanguage('de');
        expect(await screen.findByText(/^Sie sind offline\. Was Sie sehen/u)).toHaveTextContent('(vor 2 Stunden)');
        expect(screen.getByText(/^Neuer Versuch in \d+ Sekunden?$/u)).toBeVisible();
        await useLanguage('ar');
        expect(await screen.findByText(/^أنت غير متصل/u)).toHaveTextContent('قبل ساعتين');
        expect(screen.getByText(/^محاولة جديدة/u)).toBeVisible();
        expect(user).toBeDefined();
    });
});

describe('the connection is lost meanwhile', () => {
    test('the shell says so, the page finds out, and rows stay with their age', async () => {
        const { host } = await openSection('Sessions');
        await screen.findByText('Firefox on macOS');
        host.emit('lost', null);
        await waitFor(() => expect(host.asked('get_profile')).toHaveLength(1));
        gone();
        host.reachable = false;
        host.emit('lost', null);
        expect(await screen.findByText(/^You are offline\. What you see/u)).toHaveTextContent('(just now)');
        expect(screen.getByText('Firefox on macOS')).toBeVisible();
        // Whatever else is told of the window says nothing of the server.
        host.emit('view', host.view());
        await Promise.resolve();
        expect(bar()).toBeVisible();
    });

    test('many who find out at once are one attempt later on', async () => {
        const { host, user } = await openSection('Sessions');
        await screen.findByText('Firefox on macOS');
        host.reachable = false;
        await user.keyboard('{Control>}3{/Control}');
        await screen.findByText(/^You are offline\. What you see/u);
        expect(screen.getByText(/^Trying again in [12] seconds?$/u)).toBeVisible();
    });

    test('counts down, and asks less and less often', async () => {
        vi.useFakeTimers({ shouldAdvanceTime: true });
        try {
            const { host } = await openSection('Sessions');
            host.reachable = false;
            host.emit('lost', null);
            await screen.findByText('Trying again in 2 seconds');
            await vi.advanceTimersByTimeAsync(1_000);
            expect(screen.getByText('Trying again in 1 second')).toBeVisible();
            await vi.advanceTimersByTimeAsync(1_100);
            expect(await screen.findByText(/^Trying again in [34] seconds$/u)).toBeVisible();
        } finally {
            vi.useRealTimers();
        }
    });
});

/** Goes to another section by its key. */
async function goToSectionFrom(user: ReturnType<typeof openApp>['user'], place: number, name: string): Promise<void> {
    await user.keyboard(`{Control>}${place}{/Control}`);
    await screen.findByRole('heading', { level: 1, name });
}
