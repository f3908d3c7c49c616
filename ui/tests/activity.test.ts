import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Activity } from '$bindings/Activity';
import { KINDS } from '$features/activity/kinds';
import { byDay, captionOf, titleOf } from '$features/activity/words';
import { refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';

const open = (prepare?: (host: FakeHost) => void) => openSection('Activity', prepare);

function happened(kind: Activity['kind'], more: Partial<Activity> = {}): Activity {
    return {
        id: `event-${kind}`,
        kind,
        category: 'sign_in',
        at: new Date().toISOString(),
        ip_address: '198.51.100.7',
        session_id: null,
        device: 'Firefox on Linux',
        current_session: false,
        details: {},
        ...more,
    };
}

const row = async (title: string) => {
    const item = (await screen.findByText(title)).closest('li');
    if (!item) throw new Error('no row');
    return item;
};

afterEach(() => vi.unstubAllGlobals());

describe('rows', () => {
    test('say what, by which device from where, when, and whether it was here', async () => {
        await open();
        const item = await row('Profile updated');
        expect(item).toHaveTextContent('Location, Bio · Latchkey on Fedora Linux 43, 198.51.100.7');
        expect(within(item).getByText('This session')).toBeVisible();
        expect(item.querySelector('time')).toHaveAttribute('title', expect.stringMatching(/\d{4}.*\d{2}:\d{2}:\d{2}/u));
        expect(within(await row('Password changed')).queryByText('This session')).toBeNull();
    });

    test('say which account at which provider, and which registry', () => {
        const details = { provider: 'github', host: 'github.com', login: 'maren' } as const;
        const connected = happened('integration_connected', { category: 'source_code', details });
        expect(titleOf(connected)).toBe('GitHub connected: @maren');
        expect(captionOf(connected)).toEqual(['Firefox on Linux, 198.51.100.7']);
        const elsewhere = { ...details, host: 'git.northwind.example' };
        const nobody = { ip_address: null, device: null };
        const failed = happened('integration_failed', { category: 'source_code', details: elsewhere, ...nobody });
        expect(titleOf(failed)).toBe('GitHub connection stopped working: @maren');
        expect(captionOf(failed)).toEqual(['git.northwind.example']);
        expect(titleOf(happened('integration_disconnected', { details: { provider: 'gitlab' } }))).toBe(
            'GitLab disconnected',
        );
        const registry = happened('registry_failed', {
            category: 'registries',
            details: { host: 'ghcr.io', login: 'robot' },
        });
        expect(titleOf(registry)).toBe('ghcr.io refused the password');
        expect(captionOf(registry)[0]).toBe('robot');
    });

    test('stand under their day', async () => {
        await open(
            (host) => (host.activity = [happened('signed_in'), happened('signed_out', { at: '2026-03-18T12:00:00Z' })]),
        );
        const today = await screen.findByRole('region', { name: 'Today' });
        expect(within(today).getByText('Signed in')).toBeVisible();
        const then = screen.getByRole('region', { name: '18 March 2026' });
        expect(within(then).getByText('Signed out')).toBeVisible();
    });

    test('what may be somebody else stands out', async () => {
        await open();
        expect(await screen.findByText('Wrong password')).toHaveClass('warn');
        expect(screen.getByText('Password changed')).not.toHaveClass('warn');
    });
});

describe('the filter', () => {
    test('asks for one category, and for all again', async () => {
        const { host, user } = await open();
        await row('Signed in');
        const all = screen.getByRole('radio', { name: 'All' });
        expect(all).toBeChecked();
        await user.click(screen.getByRole('radio', { name: 'Two-factor' }));
        await row('Two-factor authentication enabled');
        expect(screen.queryByText('Signed in')).toBeNull();
        await user.click(all);
        await row('Signed in');
        expect(host.asked('list_activity')).toEqual([{}, { category: 'two_factor' }, {}]);
    });

    test('where there is nothing of a kind, says so and leads back', async () => {
        const { user } = await open((host) => (host.activity = [happened('signed_in')]));
        await row('Signed in');
        await user.click(screen.getByRole('radio', { name: 'Password' }));
        expect(await screen.findByText('Nothing under Password')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Show all' }));
        await row('Signed in');
        expect(screen.getByRole('radio', { name: 'All' })).toBeChecked();
        expect(screen.getByRole('heading', { name: 'Activity' })).toHaveFocus();
    });

    test('an answer that comes after another choice is dropped', async () => {
        const { host, user } = await open();
        await row('Signed in');
        const release = host.hold('list_activity');
        await user.click(screen.getByRole('radio', { name: 'Profile' }));
        await user.click(screen.getByRole('radio', { name: 'Password' }));
        await row('Password changed');
        release();
        await waitFor(() => expect(host.asked('list_activity')).toHaveLength(3));
        expect(screen.queryByText('Profile updated')).toBeNull();
    });
});

describe('reading', () => {
    test('skeletons until the answer is there', async () => {
        let release: () => void = () => undefined;
        await open((host) => (release = host.hold('list_activity')));
        expect(screen.getByText('Loading activity')).toBeInTheDocument();
        release();
        await row('Signed in');
        expect(screen.queryByText('Loading activity')).toBeNull();
    });

    test('nothing yet', async () => {
        await open((host) => (host.activity = []));
        expect(await screen.findByText('No activity yet')).toBeVisible();
    });

    test('more than a page', async () => {
        const { host, user } = await open((fresh) => (fresh.pageSize = 6));
        await row('Signed in');
        expect(screen.queryByText('Account created')).toBeNull();
        await user.click(screen.getByRole('button', { name: 'Load more' }));
        await row('Account created');
        expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
        expect(host.asked('list_activity')).toEqual([{}, { after: '6' }]);
    });

    test('reads on by itself when the end comes near', async () => {
        const near: (() => void)[] = [];
        vi.stubGlobal(
            'IntersectionObserver',
            class {
                constructor(heard: (entries: { isIntersecting: boolean }[]) => void) {
                    near.push(() => heard([{ isIntersecting: true }]));
                }
                observe() {
                    // The test says when.
                }
                disconnect() {
                    // Nothing is observed.
                }
            },
        );
        await open((host) => (host.pageSize = 6));
        await row('Signed in');
        near.at(-1)?.();
        await row('Account created');
    });

    test('a failure says why, and trying again helps', async () => {
        const { user } = await open((host) => host.refuse('list_activity', refusal('internal')));
        expect(await screen.findByRole('alert')).toHaveTextContent('Something went wrong');
        await user.click(screen.getByRole('button', { name: 'Try again' }));
        await row('Signed in');
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('F5 reads again', async () => {
        const { host, user } = await open();
        await row('Signed in');
        await user.keyboard('{F5}');
        await waitFor(() => expect(host.asked('list_activity')).toHaveLength(2));
    });

    test('offline, what was read stays; back online, it is read again', async () => {
        const { host, user } = await open();
        await row('Signed in');
        host.refuse('list_activity', refusal('offline'));
        host.refuse('get_profile', refusal('offline'));
        await user.keyboard('{F5}');
        await screen.findByText(/^You are offline\. What you see/u);
        expect(screen.getByText('Signed in')).toBeVisible();
        expect(screen.queryByRole('alert')).toBeNull();
        expect(screen.getByRole('button', { name: 'Export as JSON' })).toHaveAttribute('aria-disabled', 'true');
        await user.click(screen.getByRole('button', { name: 'Try now' }));
        await waitFor(() => expect(host.asked('list_activity')).toHaveLength(3));
    });
});

describe('what happens meanwhile', () => {
    test('comes on top, and what was read further down stays', async () => {
        const { host, user } = await open((fresh) => (fresh.pageSize = 6));
        await row('Signed in');
        await user.click(screen.getByRole('button', { name: 'Load more' }));
        await row('Account created');
        host.activity = [happened('avatar_removed', { category: 'profile' }), ...host.activity];
        host.emit('push', { event: 'activity.new', category: 'profile' });
        const item = await row('Picture removed');
        expect(item.previousElementSibling).toBeNull();
        expect(screen.getByText('Account created')).toBeVisible();
        expect(screen.getAllByText('Signed in')).toHaveLength(1);
    });

    test('a sign-in counts too', async () => {
        const { host } = await open();
        await row('Signed in');
        host.activity = [happened('second_factor_paused'), ...host.activity];
        host.emit('push', { event: 'sign_in.new', session_id: 'a', device: null, ip_address: null });
        await row('Too many wrong codes: signing in was paused');
    });

    test('so much that there would be a gap begins anew', async () => {
        const { host } = await open((fresh) => (fresh.pageSize = 2));
        await row('Signed in');
        host.activity = [
            happened('avatar_removed'),
            happened('avatar_changed'),
            happened('password_reset'),
            ...host.activity,
        ];
        host.emit('push', { event: 'activity.new', category: 'profile' });
        await row('Picture removed');
        expect(screen.queryByText('Wrong password')).toBeNull();
        expect(screen.getByRole('button', { name: 'Load more' })).toBeVisible();
    });
});

describe('exporting', () => {
    const save = () => screen.getByRole('button', { name: 'Export as JSON' });

    test('says where the file is', async () => {
        const { user } = await open();
        await user.click(save());
        expect(await screen.findByText(/^Saved to latchkey-activity-maren-.*\.json in Documents$/u)).toBeVisible();
    });

    test('says nothing where it was given up', async () => {
        const { host, user } = await open((fresh) => (fresh.folder = null));
        await user.click(save());
        await waitFor(() => expect(host.asked('save_activity')).toHaveLength(1));
        await waitFor(() => expect(save()).not.toHaveAttribute('aria-busy'));
        expect(screen.queryByText(/^Saved/u)).toBeNull();
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('says why it failed', async () => {
        const { host, user } = await open();
        host.refuse('save_activity', refusal('disk_full'));
        await user.click(save());
        expect(await screen.findByRole('alert')).toHaveTextContent('There is no room left on the disk');
    });
});

describe('words', () => {
    test.each(Object.keys(KINDS) as Activity['kind'][])('%s has a title without a full stop', (kind) => {
        expect(titleOf(happened(kind))).toMatch(/^[A-Z].*[^.]$/u);
    });

    test.each([
        ['session_closed', { device: 'Safari on iOS 18.1' }, 'Session closed: Safari on iOS 18.1'],
        ['sessions_closed', { count: 1 }, 'One other session closed'],
        ['sessions_closed', { count: 3 }, '3 other sessions closed'],
        ['email_changed', { email: 'a@b.example' }, 'Email changed to a@b.example'],
    ] as const)('%s with %j', (kind, details, title) => {
        expect(titleOf(happened(kind, { details }))).toBe(title);
    });

    test('the caption has what there is', () => {
        expect(captionOf(happened('signed_in_with_backup_code', { details: { remaining: 1 } }))).toEqual([
            '1 backup code left',
            'Firefox on Linux, 198.51.100.7',
        ]);
        expect(captionOf(happened('signed_in', { device: null }))).toEqual(['198.51.100.7']);
        const nowhere = { device: null, ip_address: null };
        expect(captionOf(happened('signed_in', nowhere))).toEqual([]);
        expect(captionOf(happened('password_reset_by_administrator', nowhere))).toEqual([
            'By your System Administrator',
        ]);
        expect(captionOf(happened('profile_updated', { ...nowhere, details: { fields: ['bio', 'shoe'] } }))).toEqual([
            'Bio, shoe',
        ]);
    });

    test('a day ends at midnight here', () => {
        const now = new Date(2026, 10, 20, 12);
        const at = (hour: number, day = 20) => new Date(2026, 10, day, hour).toISOString();
        const days = byDay(
            [at(1), at(23, 19), at(0, 19), at(23, 18)].map((moment) => happened('signed_in', { at: moment })),
            now,
        );
        expect(days.map(({ name, events }) => [name, events.length])).toEqual([
            ['Today', 1],
            ['Yesterday', 2],
            ['18 November 2026', 1],
        ]);
    });
});
