import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { BELL, openSection } from './open-app';
import { session } from './samples';
import { browserAndVersion, summary, title } from '$features/sessions/device';

const open = (prepare?: (host: FakeHost) => void) => openSection('Sessions', prepare);

const row = async (name: string) => {
    const unfold = await screen.findByRole('button', { name: new RegExp(`^${name}`, 'u') });
    const item = unfold.closest('li');
    if (!item) throw new Error('no row');
    return { unfold, item };
};

test('the current session is unfolded, marked, and cannot be closed', async () => {
    await open();
    const current = await screen.findByRole('region', { name: 'Current session' });
    expect(within(current).getByText('This device')).toBeVisible();
    expect(within(current).getByText('Latchkey 1.4')).toBeVisible();
    expect(within(current).getByText('amd64')).toBeVisible();
    expect(within(current).queryByRole('button')).toBeNull();
});

test('another one unfolds and folds', async () => {
    const { user } = await open();
    const { unfold, item } = await row('Firefox on macOS');
    expect(unfold).toHaveAttribute('aria-expanded', 'false');
    await user.click(unfold);
    expect(unfold).toHaveAttribute('aria-expanded', 'true');
    expect(within(item).getByText('Gecko 147')).toBeVisible();
    await user.click(unfold);
    expect(within(item).queryByText('Gecko 147')).toBeNull();
});

test('what is not known is said', async () => {
    const { user } = await open();
    const { unfold, item } = await row('curl on an unknown system');
    await user.click(unfold);
    expect(within(item).getAllByText('Unknown')).toHaveLength(4);
});

describe('closing', () => {
    test('one is immediate and says so', async () => {
        const { host, user } = await open();
        const { item } = await row('Firefox on macOS');
        const close = within(item).getByRole('button', { name: 'Close session' });
        expect(close).toHaveAccessibleDescription('Firefox on macOS');
        await user.click(close);
        expect(await screen.findByText('Session closed: Firefox on macOS')).toBeVisible();
        expect(screen.queryByRole('button', { name: /^Firefox/u })).toBeNull();
        expect(host.asked('close_session')).toEqual([{ id: 'firefox' }]);
        await waitFor(() => expect(screen.getByRole('heading', { name: 'Other sessions' })).toHaveFocus());
    });

    test('one that is closed already is as good as closed', async () => {
        const { host, user } = await open();
        const { item } = await row('Firefox on macOS');
        host.refuse('close_session', refusal('not_found'));
        await user.click(within(item).getByRole('button', { name: 'Close session' }));
        expect(await screen.findByText(/^Session closed/u)).toBeVisible();
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('one that could not be closed stays, with the reason', async () => {
        const { host, user } = await open();
        const { item } = await row('Firefox on macOS');
        host.refuse('close_session', refusal('busy'));
        await user.click(within(item).getByRole('button', { name: 'Close session' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('The server is busy');
        expect(item).toBeVisible();
    });

    test('all others wants a confirmation that begins on Cancel', async () => {
        const { host, user } = await open();
        await user.click(await screen.findByRole('button', { name: 'Close all other sessions' }));
        const question = await screen.findByRole('dialog', { name: 'Close all other sessions?' });
        expect(within(question).getByRole('button', { name: 'Cancel' })).toHaveFocus();
        expect(host.asked('close_other_sessions')).toHaveLength(0);
        await user.click(within(question).getByRole('button', { name: 'Close all other sessions' }));
        expect(await screen.findByText('3 sessions closed')).toBeVisible();
        expect(screen.getByText('No other sessions')).toBeVisible();
        expect(screen.queryByRole('button', { name: 'Close all other sessions' })).toBeNull();
        await waitFor(() => expect(screen.getByRole('heading', { name: 'Other sessions' })).toHaveFocus());
    });
});

test('others that had ended already are not said to be closed', async () => {
    const { host, user } = await open();
    await screen.findByRole('button', { name: 'Close all other sessions' });
    host.sessions = host.sessions.filter(({ current }) => current);
    await user.click(screen.getByRole('button', { name: 'Close all other sessions' }));
    const question = await screen.findByRole('dialog', { name: 'Close all other sessions?' });
    await user.click(within(question).getByRole('button', { name: 'Close all other sessions' }));
    expect(await screen.findByText('There was no other session left to close')).toBeVisible();
});

describe('reading', () => {
    test('more than a page', async () => {
        const { host, user } = await open((fresh) => (fresh.pageSize = 3));
        await row('Safari on iOS');
        expect(screen.queryByRole('button', { name: /^curl/u })).toBeNull();
        await user.click(screen.getByRole('button', { name: 'Load more' }));
        await row('curl on an unknown system');
        expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
        expect(host.asked('list_sessions')).toEqual([{}, { after: '3' }]);
    });

    test('skeletons until the answer is there', async () => {
        let release: () => void = () => undefined;
        await open((host) => (release = host.hold('list_sessions')));
        expect(screen.getByText('Loading sessions')).toBeInTheDocument();
        release();
        await row('Firefox on macOS');
        expect(screen.queryByText('Loading sessions')).toBeNull();
    });

    test('a failure says why, and trying again helps', async () => {
        const { user } = await open((host) => host.refuse('list_sessions', refusal('internal')));
        expect(await screen.findByRole('alert')).toHaveTextContent('Something went wrong');
        await user.click(screen.getByRole('button', { name: 'Try again' }));
        await row('Firefox on macOS');
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('F5 reads again', async () => {
        const { host, user } = await open();
        await row('Firefox on macOS');
        await user.keyboard('{F5}');
        await waitFor(() => expect(host.asked('list_sessions')).toHaveLength(2));
    });

    test('offline, what was read stays and what needs the server says why it waits', async () => {
        const { host, user } = await open();
        const { item } = await row('Firefox on macOS');
        host.refuse('list_sessions', refusal('offline'));
        host.refuse('get_profile', refusal('offline'));
        await user.keyboard('{F5}');
        expect(await screen.findByText(/You are offline\. What you see is from/u)).toBeVisible();
        const close = within(item).getByRole('button', { name: 'Close session' });
        expect(close).toHaveAttribute('aria-disabled', 'true');
        await user.click(close);
        expect(host.asked('close_session')).toHaveLength(0);
        expect(
            await screen.findByText('You are offline. This needs the server.', { selector: ':not([hidden])' }),
        ).toBeVisible();
    });
});

test('back online, what could not be read is read', async () => {
    const { host, user } = await open((fresh) => {
        for (const name of ['list_sessions', 'list_api_keys', 'list_ssh_keys', ...BELL] as const) {
            fresh.refuse(name, refusal('offline'));
        }
    });
    expect(await screen.findByText(/^You are offline/u)).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('Not saved on this computer');
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    await row('Firefox on macOS');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(host.asked('list_sessions')).toHaveLength(2);
});

describe('words', () => {
    const now = new Date();

    test('name the device without the version of its system', () => {
        expect(title(session('a', { browser: 'Latchkey', operating_system: 'Fedora Linux 43' }))).toBe(
            'Latchkey on Fedora Linux',
        );
        expect(title(session('a', { browser: null, operating_system: null }))).toBe('Unknown device');
        expect(title(session('a', { browser: null, operating_system: 'iOS' }))).toBe('Unknown browser on iOS');
    });

    test('leave out what is not known', () => {
        const moment = new Date(now.getTime() - 5 * 60_000).toISOString();
        const device = session('a', { model: null, ip_address: null, last_modified_at: moment });
        expect(summary(device, now)).toBe('active 5 minutes ago');
    });

    test('say versions only with a browser', () => {
        expect(browserAndVersion(session('a', { browser_version: null }))).toBe('Firefox');
        expect(browserAndVersion(session('a', { browser: null }))).toBe('Unknown');
    });
});
