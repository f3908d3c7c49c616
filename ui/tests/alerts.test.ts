import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openApp, goToSection } from './open-app';
import { localPlace, northwindPlace, session } from './samples';

async function open(prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        host.signedIn();
        prepare(host);
    });
    await screen.findByRole('button', { name: 'Edit profile' });
    return app;
}

const bell = (name = 'Alerts') => screen.findByRole('button', { name });
const signIn = (host: FakeHost, session_id = 'safari') =>
    host.emit('push', { event: 'sign_in.new', session_id, device: 'Safari on iOS', ip_address: '203.0.113.19' });

describe('the bell', () => {
    test('says that there is nothing', async () => {
        const { user } = await open();
        await user.click(await bell());
        expect(await screen.findByRole('dialog', { name: 'Alerts' })).toHaveTextContent('No alerts');
        await user.keyboard('{Escape}');
        expect(screen.queryByRole('dialog')).toBeNull();
        expect(await bell()).toHaveFocus();
    });

    test('tells of few backup codes and leads to them, by keyboard alone', async () => {
        const { user } = await open((host) => host.withTwoFactor(2));
        const button = await bell('Alerts, 1 unread');
        button.focus();
        await user.keyboard('{Enter}');
        const item = await screen.findByRole('button', { name: /^2 backup codes left/u });
        await waitFor(() => expect(item).toHaveFocus());
        await user.keyboard('{Enter}');
        await waitFor(() =>
            expect(screen.getByRole('heading', { level: 1, name: 'Two-factor authentication' })).toHaveFocus(),
        );
        expect(screen.queryByRole('dialog', { name: 'Alerts' })).toBeNull();
    });

    test.each([
        [0, 'No backup codes left', 'Generate new ones now.'],
        [1, '1 backup code left', 'Generate new ones before you run out.'],
    ])('with %i codes left says what to do', async (remaining, title, advice) => {
        const { user } = await open((host) => host.withTwoFactor(remaining));
        await user.click(await bell('Alerts, 1 unread'));
        expect(await screen.findByRole('button', { name: `${title} ${advice}` })).toBeVisible();
    });

    test('is read once it was opened', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor(2));
        await user.click(await bell('Alerts, 1 unread'));
        await user.keyboard('{Escape}');
        expect(await bell('Alerts')).toBeVisible();
        signIn(host);
        expect(await bell('Alerts, 1 unread')).toBeVisible();
    });

    test('announces a new sign-in, and leads to its session', async () => {
        const { host, user } = await open();
        signIn(host);
        expect(await screen.findByText('New sign-in: Safari on iOS')).toHaveAttribute('role', 'status');
        await user.click(await bell('Alerts, 1 unread'));
        await user.click(await screen.findByRole('button', { name: /^New sign-in/u }));
        expect(await screen.findByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
        expect(await screen.findByText('New sign-in: Safari on iOS', { selector: 'b' })).toBeVisible();
    });

    test('arrows move among the alerts, a press elsewhere closes', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor(2));
        signIn(host);
        await user.click(await bell('Alerts, 2 unread'));
        const items = within(await screen.findByRole('dialog', { name: 'Alerts' })).getAllByRole('button');
        await waitFor(() => expect(items[0]).toHaveFocus());
        await user.keyboard('{ArrowDown}');
        expect(items[1]).toHaveFocus();
        // Below them is the way to the page that looks at everything.
        await user.keyboard('{ArrowDown}');
        expect(items[2]).toHaveAccessibleName('Open the security check-up');
        await user.keyboard('{ArrowDown}');
        expect(items[0]).toHaveFocus();
        await user.keyboard('{ArrowUp}');
        expect(items[2]).toHaveFocus();
        await user.click(screen.getByRole('main'));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    });
});

describe('whatever is shown', () => {
    const choosePlace = async (user: UserEvent) => {
        await user.click(screen.getByRole('button', { name: /^Server: / }));
        await user.click(screen.getByRole('menuitem', { name: 'Add a server…' }));
        await screen.findByRole('heading', { name: 'Where is your account?' });
    };
    const back = (user: UserEvent) => user.click(screen.getByRole('button', { name: /^Back to / }));

    test('a sign-in is told of after the choice of places, whether it came before or meanwhile', async () => {
        const { host, user } = await open();
        signIn(host);
        await choosePlace(user);
        signIn(host, 'firefox');
        await back(user);
        expect(await bell('Alerts, 2 unread')).toBeVisible();
    });

    test('what was read stays read', async () => {
        const { host, user } = await open();
        signIn(host);
        await user.click(await bell('Alerts, 1 unread'));
        await user.keyboard('{Escape}');
        await choosePlace(user);
        await back(user);
        await user.click(await bell('Alerts'));
        expect(await screen.findByRole('button', { name: /^New sign-in/u })).toBeVisible();
    });

    test('each account has its own, and finds them again', async () => {
        const { host, user } = await open();
        const maren = host.profile;
        signIn(host);
        await bell('Alerts, 1 unread');
        host.profile = { ...maren, id: 'another', name: 'Ada King' };
        host.emit('view', host.enter().view());
        await screen.findByRole('heading', { name: 'Ada King' });
        expect(await bell('Alerts')).toBeVisible();
        host.profile = maren;
        host.emit('view', host.enter().view());
        await screen.findByRole('heading', { name: 'Maren Oyelaran' });
        await user.click(await bell('Alerts, 1 unread'));
        expect(await screen.findByRole('button', { name: /^New sign-in/u })).toBeVisible();
    });

    test('a request leads away from the choice of places', async () => {
        const { host, user } = await open();
        await choosePlace(user);
        host.emit('request', { name: 'review_sign_in', session_id: 'safari' });
        expect(await screen.findByText('New sign-in: Safari on iOS', { selector: 'b' })).toBeVisible();
    });

    test('a request that comes before the view is seen to', async () => {
        let release: () => void = () => undefined;
        const { host } = openApp((fresh) => {
            fresh.signedIn();
            release = fresh.hold('get_view');
        });
        host.emit('request', { name: 'review_sign_in', session_id: 'safari' });
        release();
        expect(await screen.findByText('New sign-in: Safari on iOS', { selector: 'b' })).toBeVisible();
    });

    test('a request waits for the sign-in of its place, and for nobody elsewhere', async () => {
        const { host } = openApp((fresh) => fresh.at(northwindPlace));
        await screen.findByRole('button', { name: 'Sign in' });
        host.emit('request', { name: 'review_sign_in', session_id: 'safari' });
        host.emit('view', host.signedIn(localPlace).view());
        await screen.findByRole('button', { name: 'Edit profile' });
        host.emit('view', host.signedIn().view());
        expect(await screen.findByText('New sign-in: Safari on iOS', { selector: 'b' })).toBeVisible();
    });
});

describe('what happens is read again', () => {
    test('how two-factor authentication stands', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor(4));
        await goToSection(user, 'Two-factor authentication');
        await screen.findByText('4 of 10 left');
        host.backupCodes = host.backupCodes.slice(0, 3);
        host.emit('push', { event: 'backup_codes.low', remaining: 3 });
        expect(await screen.findByText('3 of 10 left')).toBeVisible();
        host.backupCodes = host.backupCodes.slice(0, 2);
        host.emit('push', { event: 'activity.new', category: 'two_factor' });
        expect(await screen.findByText('2 of 10 left')).toBeVisible();
    });

    test('the sessions', async () => {
        const { host, user } = await open();
        await goToSection(user, 'Sessions');
        await screen.findByRole('button', { name: /^Firefox on macOS/u });
        host.sessions.push(session('new', { browser: 'Edge', operating_system: 'Windows 11' }));
        host.emit('push', { event: 'activity.new', category: 'sign_in' });
        expect(await screen.findByRole('button', { name: /^Edge on Windows/u })).toBeVisible();
    });

    test('the profile', async () => {
        const { host } = await open();
        host.changeElsewhere({ name: 'Maren O.' });
        host.emit('push', { event: 'activity.new', category: 'profile' });
        expect(await screen.findByRole('heading', { name: 'Maren O.' })).toBeVisible();
    });
});

describe('a sign-in to look at', () => {
    async function review(id = 'safari', prepare: (host: FakeHost) => void = () => undefined) {
        const app = await open(prepare);
        app.host.emit('request', { name: 'review_sign_in', session_id: id });
        await screen.findByRole('heading', { level: 1, name: 'Sessions' });
        return app;
    }

    test('is marked and unfolded; closing it leads to the password', async () => {
        const { host, user } = await review();
        expect(await screen.findByText('Not you? Close that session, then change your password.')).toBeVisible();
        const row = screen.getByRole('button', { name: /^Safari on iOS/u });
        expect(row).toHaveAttribute('aria-expanded', 'true');
        expect(row).toHaveTextContent('New sign-in');
        await user.click(screen.getByRole('button', { name: 'Close that session' }));
        await user.click(await screen.findByRole('button', { name: 'Change Password' }));
        expect(await screen.findByRole('heading', { level: 1, name: 'Password' })).toBeVisible();
        expect(host.asked('close_session')).toEqual([{ id: 'safari' }]);
    });

    test('is found on a later page', async () => {
        await review('unknown', (host) => (host.pageSize = 2));
        expect(await screen.findByText('New sign-in: curl on an unknown system')).toBeVisible();
    });

    test('that is over already leads straight to the password', async () => {
        await review('long-gone');
        expect(await screen.findByText('That session is closed')).toBeVisible();
        expect(screen.getByRole('button', { name: 'Change Password' })).toBeVisible();
    });

    test.each([
        ['while that is being looked up', (host: FakeHost) => void host.hold('list_sessions')],
        ['where that failed', (host: FakeHost) => host.refuse('list_sessions', refusal('internal'))],
        ['while the server is out of reach', (host: FakeHost) => host.refuse('list_sessions', refusal('offline'))],
    ])('is not said to be over %s', async (_when, prepare) => {
        const { host, user } = await open();
        await goToSection(user, 'Sessions');
        await screen.findByRole('button', { name: /^Firefox on macOS/u });
        host.sessions.push(session('new'));
        prepare(host);
        host.emit('request', { name: 'review_sign_in', session_id: 'new' });
        await waitFor(() => expect(host.asked('list_sessions')).toHaveLength(2));
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(screen.queryByText('That session is closed')).toBeNull();
    });

    test('is looked for again where that failed', async () => {
        const { user } = await review('unknown', (host) => {
            host.pageSize = 2;
            const first = host.page(host.sessions, undefined);
            // The page and the request each read the list.
            for (let times = 0; times < 3; times += 1) {
                host.next('list_sessions', ({ after }) => {
                    if (after !== undefined) throw refusal('internal');
                    return first;
                });
            }
        });
        await user.click(await screen.findByRole('button', { name: 'Try again' }));
        expect(await screen.findByText('New sign-in: curl on an unknown system')).toBeVisible();
    });

    test('is closed with the button although there are more pages, and stays so when the list is read again', async () => {
        const { host, user } = await review('firefox', (fresh) => (fresh.pageSize = 2));
        await user.click(await screen.findByRole('button', { name: 'Close that session' }));
        const change = await screen.findByRole('button', { name: 'Change Password' });
        host.emit('push', { event: 'activity.new', category: 'sign_in' });
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(change).toBeVisible();
    });

    test('is forgotten with the page', async () => {
        const { user } = await review();
        await screen.findByRole('button', { name: 'Close that session' });
        await user.keyboard('{Control>}{Shift>}P{/Shift}{/Control}');
        await goToSection(user, 'Sessions');
        expect(screen.queryByRole('button', { name: 'Close that session' })).toBeNull();
    });
});

describe('new backup codes asked for by a notification', () => {
    test('open their page and dialog', async () => {
        const { host } = await open((fresh) => fresh.withTwoFactor(1));
        host.emit('request', { name: 'generate_backup_codes' });
        expect(await screen.findByRole('dialog', { name: 'Save your new backup codes' })).toBeVisible();
        expect(document.querySelector('main h1')).toHaveTextContent('Two-factor authentication');
    });

    test('do not interrupt codes that are shown this once', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor(1));
        host.emit('request', { name: 'generate_backup_codes' });
        await screen.findByRole('dialog', { name: 'Save your new backup codes' });
        host.emit('request', { name: 'generate_backup_codes' });
        host.emit('request', { name: 'review_sign_in', session_id: 'safari' });
        await user.click(screen.getByRole('button', { name: 'Copy' }));
        await screen.findByText(/The new codes are in use/u);
        expect(document.querySelector('main h1')).toHaveTextContent('Two-factor authentication');
        await user.click(screen.getByRole('button', { name: 'Close' }));
        expect(await screen.findByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
        expect(host.asked('generate_backup_codes')).toHaveLength(1);
    });
});
