import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { troubleOf } from '$features/registries/words';
import { refusal, type FakeHost } from './fake-host';
import { openApp, openSection } from './open-app';
import { failedRegistry, registry } from './sample-connections';

const open = (prepare?: (host: FakeHost) => void) => openSection('Container registries', prepare);
const withFailed = (host: FakeHost) => (host.connections.registries = [failedRegistry()]);

async function row(host: string) {
    const item = (await screen.findByText(host)).closest('li');
    if (!item) throw new Error('no row');
    return within(item);
}

describe('the list', () => {
    test('says where, as whom, and whether it works', async () => {
        await open();
        const one = await row('ghcr.io');
        expect(one.getByText('maren-oyelaran')).toBeVisible();
        expect(one.getByText('Verified')).toBeVisible();
        expect(one.queryByRole('button', { name: /^Update password/u })).toBeNull();
        expect(screen.getByRole('button', { name: 'Container registries 2' })).toBeVisible();
    });

    test('one that failed explains itself, and is told by the bell', async () => {
        await open(withFailed);
        const one = await row('ghcr.io');
        expect(one.getByText('Failed')).toBeVisible();
        expect(one.getByText(/^The registry refused this password/u)).toBeVisible();
        expect(one.getByRole('button', { name: 'Update password for ghcr.io' })).toBeVisible();
        expect(screen.getByRole('button', { name: 'Alerts, 1 unread' })).toBeVisible();
    });

    test('the bell leads to it', async () => {
        const { user } = openApp((host) => withFailed(host.signedIn()));
        await user.click(await screen.findByRole('button', { name: 'Alerts, 1 unread' }));
        await user.click(await screen.findByRole('button', { name: /^ghcr\.io refused the password/u }));
        await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toHaveFocus());
        expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Container registries');
    });

    test('empty, it offers to authorise one', async () => {
        const { user } = await open((host) => (host.connections.registries = []));
        const empty = (await screen.findByText('No registries yet')).parentElement;
        await user.click(within(empty as HTMLElement).getByRole('button', { name: 'Authorise registry' }));
        await screen.findByRole('dialog', { name: 'Authorise registry' });
    });

    test('skeletons, a failure, trying again, and more than a page', async () => {
        let release: () => void = () => undefined;
        const { user } = await open((fresh) => {
            fresh.pageSize = 1;
            // The bell asks first.
            fresh.refuse('list_container_registries', refusal('internal'));
            fresh.refuse('list_container_registries', refusal('internal'));
            release = fresh.hold('list_container_registries');
        });
        await user.click(await screen.findByRole('button', { name: 'Try again' }));
        expect(await screen.findByText('Loading container registries')).toBeInTheDocument();
        release();
        await row('registry.northwind.example');
        await user.click(screen.getByRole('button', { name: 'Load more' }));
        await row('ghcr.io');
    });

    test('one that was out of reach offers to try again', async () => {
        const { host, user } = await open(
            (fresh) => (fresh.connections.registries = [failedRegistry({ failure: 'unreachable' })]),
        );
        const one = await row('ghcr.io');
        expect(one.queryByRole('button', { name: /^Update password/u })).toBeNull();
        host.next('check_registry', () => registry('ghcr', 'ghcr.io'));
        await user.click(one.getByRole('button', { name: 'Check again whether ghcr.io works' }));
        await waitFor(async () => expect((await row('ghcr.io')).getByText('Verified')).toBeVisible());
        expect(host.asked('check_registry')).toHaveLength(1);
        expect(screen.getByRole('button', { name: 'More for ghcr.io' })).toHaveFocus();
    });

    test('is read again when the stream says so', async () => {
        const { host } = await open();
        await row('ghcr.io');
        withFailed(host);
        host.emit('push', { event: 'activity.new', category: 'registries' });
        expect(await screen.findByText('Failed')).toBeVisible();
    });

    test('offline, what is there stays and says why it cannot be used', async () => {
        const { host, user } = await open();
        await row('ghcr.io');
        for (const name of ['list_container_registries', 'get_container_helper', 'get_profile'] as const) {
            host.refuse(name, refusal('offline'));
        }
        await user.keyboard('{F5}');
        expect(await screen.findByText(/^You are offline\./u)).toBeVisible();
        await user.click((await row('ghcr.io')).getByRole('button', { name: 'Remove ghcr.io' }));
        expect(await screen.findByText('You are offline. This needs the server.')).toBeVisible();
        expect((await row('ghcr.io')).getByText('Verified')).toBeVisible();
    });
});

describe('checking again', () => {
    async function check(user: Awaited<ReturnType<typeof open>>['user']) {
        await user.click(await screen.findByRole('button', { name: 'More for ghcr.io' }));
        expect(screen.getByText(/^Last checked/u)).toHaveTextContent('Last checked 2 hours ago');
        await user.click(await screen.findByRole('menuitem', { name: 'Check again' }));
    }

    test('says what came of it, and gives the focus back', async () => {
        const { host, user } = await open();
        const release = host.hold('check_registry');
        await check(user);
        expect(screen.getByRole('button', { name: 'More for ghcr.io' })).toHaveFocus();
        expect((await row('ghcr.io')).getByText('Checking')).toBeVisible();
        release();
        expect(await screen.findByText('ghcr.io: the registry took the password.')).toBeInTheDocument();
        host.next('check_registry', () => failedRegistry({ checked_at: new Date().toISOString() }));
        await user.click(await screen.findByRole('button', { name: 'More for ghcr.io' }));
        await user.click(await screen.findByRole('menuitem', { name: 'Check again' }));
        expect(await screen.findByText('The registry refused this password today.')).toBeVisible();
    });

    test('a refusal is told', async () => {
        const { host, user } = await open();
        host.refuse('check_registry', refusal('too_many_requests', { retry_after: 30 }));
        await check(user);
        expect(await screen.findByText('Try again in 30 seconds.')).toBeVisible();
        expect((await row('ghcr.io')).getByText('Verified')).toBeVisible();
    });
});

test('removing can be undone until the toast is gone', async () => {
    const { host, user } = await open();
    await user.click(await screen.findByRole('button', { name: 'Remove ghcr.io' }));
    expect(screen.queryByRole('button', { name: 'Remove ghcr.io' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Container registries 1' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByRole('button', { name: 'Remove ghcr.io' })).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Remove ghcr.io' }));
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(host.asked('remove_registry')).toMatchObject([{ id: 'ghcr' }]));
});

describe('container tools on this computer', () => {
    const toggle = () => screen.findByRole('switch', { name: 'Sign container tools in with these registries' });

    test('are signed in, for new registries too, and no longer', async () => {
        const { host, user } = await open();
        expect(await screen.findByText(/That is written to ~\/\.docker\/config\.json and/u)).toBeVisible();
        await user.click(await toggle());
        expect(
            await screen.findByText(/^They ask Latchkey for registry\.northwind\.example and ghcr\.io\./u),
        ).toBeVisible();
        host.connections.registries = [registry('quay', 'quay.io'), ...host.connections.registries];
        host.emit('push', { event: 'activity.new', category: 'registries' });
        expect(await screen.findByText('Not for quay.io yet')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Add' }));
        await waitFor(() => expect(screen.queryByText('Not for quay.io yet')).toBeNull());
        await user.click(await toggle());
        await waitFor(async () => expect(await toggle()).toHaveAttribute('aria-checked', 'false'));
    });

    test('cannot be without a registry', async () => {
        const { host, user } = await open((fresh) => (fresh.connections.registries = []));
        await user.click(await toggle());
        expect(await screen.findByText('Authorise a registry first.')).toBeVisible();
        expect(host.asked('set_container_helper')).toEqual([]);
    });

    test('the registry of the server needs nobody', async () => {
        await open((host) => {
            host.connections.registries = [];
            const own = { service: 'registry.example.org', host: 'registry.example.org' };
            if (host.instance) host.instance = { ...host.instance, registry: own };
        });
        expect(await screen.findByText('Latchkey signs in to registry.example.org by itself')).toBeVisible();
        expect(await toggle()).not.toHaveAttribute('aria-disabled');
    });

    test('a program that is not on the PATH, and what to do', async () => {
        const { host, user } = await open(({ connections }) => {
            const not_on_path = '~/.local/bin';
            connections.tools = { ...connections.tools, hosts: ['ghcr.io'], not_on_path };
        });
        expect(await screen.findByText('Tools do not find docker-credential-latchkey yet')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Copy line' }));
        await waitFor(() => expect(host.clipboard).toBe('export PATH="$HOME/.local/bin:$PATH"'));
    });

    test('a sign-in that may not answer is told, and can be switched off', async () => {
        const { host, user } = await open(({ connections }) => {
            connections.tools = { ...connections.tools, allowed: false, hosts: ['ghcr.io'] };
        });
        expect(await screen.findByText(/^They ask Latchkey for ghcr\.io\./u)).toBeVisible();
        expect(await screen.findByText('No answers since you signed in again')).toBeVisible();
        await user.click(await toggle());
        await waitFor(async () => expect(await toggle()).toHaveAttribute('aria-checked', 'false'));
        expect(screen.queryByText('No answers since you signed in again')).toBeNull();
        expect(host.asked('set_container_helper')).toEqual([{ enabled: false }]);
    });

    test('a refusal leaves it as it is, and says why', async () => {
        const { host, user } = await open();
        host.refuse('set_container_helper', refusal('file_unreadable', { detail: 'config.json is no JSON.' }));
        await user.click(await toggle());
        expect(await screen.findByText('config.json is no JSON.')).toBeVisible();
        expect(await toggle()).toHaveAttribute('aria-checked', 'false');
    });
});

test.each([
    'credentials_refused',
    'unreachable',
    'certificate_invalid',
    'not_encrypted',
    'not_a_registry',
    'address_refused',
    'unavailable',
    'unreadable',
] as const)('what is said of %s is a sentence', (failure) => {
    const now = new Date('2026-11-23T12:00:00');
    const said = troubleOf(failedRegistry({ failure, checked_at: '2026-11-21T10:00:00' }), now);
    expect(said).toMatch(/^[A-Z].*\.$/u);
    if (failure === 'credentials_refused') expect(said).toBe('The registry refused this password on 21 November.');
});
