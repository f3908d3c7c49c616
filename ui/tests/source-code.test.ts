import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { captionOf, timeLeft, troubleOf } from '$features/source-code/words';
import { hostToTell, labelOf } from '$lib/providers';
import { refusal, type FakeHost } from './fake-host';
import { openApp, openSection } from './open-app';
import { connection, deadConnection, offered } from './sample-connections';
import { localPlace } from './samples';

const open = (prepare?: (host: FakeHost) => void) => openSection('Source code integration', prepare);

async function row(text: string | RegExp) {
    const item = (await screen.findByText(text)).closest('li');
    if (!item) throw new Error('no row');
    return within(item);
}

describe('the list', () => {
    test('says who is connected; the first one that is not has the main button', async () => {
        await open((host) => host.connections.integrations.push(offered({ host: 'git.northwind.example' })));
        expect(await screen.findByText('Connected as @maren since 3 March 2026')).toBeVisible();
        const buttons = screen.getAllByRole('button', { name: 'Connect' });
        expect(buttons.map((button) => button.classList.contains('primary'))).toEqual([true, false]);
        // Of two hosts of a kind each says which it is.
        expect(screen.getByText('github.com')).toBeVisible();
        expect(screen.getByText('git.northwind.example')).toBeVisible();
        expect(screen.queryByText('gitlab.com')).toBeNull();
    });

    test('what stopped working says why, offers to mend it, and is told by the bell', async () => {
        const { host, user } = await open((fresh) => (fresh.connections.integrations = [deadConnection()]));
        const dead = await row(/^Connected as @maren/u);
        expect(dead.getAllByText('GitLab refused the token yesterday. Reconnect to go on.')[0]).toBeVisible();
        await user.click(dead.getByRole('button', { name: /^GitLab/u }));
        expect(dead.queryByText(/^(Token ends|Renewal)$/u)).toBeNull();
        await user.click(dead.getByRole('button', { name: 'Reconnect' }));
        await screen.findByRole('dialog', { name: 'Reconnect GitLab' });
        expect(host.asked('connect_integration')).toMatchObject([{ provider: 'gitlab', reconnect: 'gitlab' }]);
        host.connections.agree();
        expect(await screen.findByText('GitLab works again, as @maren')).toBeVisible();
        expect(screen.queryByRole('button', { name: 'Reconnect' })).toBeNull();
    });

    test('the bell leads to it', async () => {
        const { user } = openApp((host) => {
            host.signedIn();
            host.connections.integrations = [deadConnection()];
        });
        await user.click(await screen.findByRole('button', { name: 'Alerts, 1 unread' }));
        await user.click(
            await screen.findByRole('button', { name: /^Connection with GitLab stopped working Reconnect it/u }),
        );
        await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toHaveFocus());
        expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Source code integration');
    });

    test('out of reach is no reason to reconnect, nor for the bell', async () => {
        await open(
            (host) =>
                (host.connections.integrations = [connection('gitlab', { healthy: false, failure: 'unreachable' })]),
        );
        const one = await row(/^Connected as @maren/u);
        expect(one.getAllByText(/^gitlab\.com could not be reached today\./u)[0]).toBeVisible();
        expect(one.queryByRole('button', { name: 'Reconnect' })).toBeNull();
        expect(screen.getByRole('button', { name: 'Alerts' })).toBeVisible();
    });

    test('a provider that was taken away can only be left', async () => {
        await open(
            (host) => (host.connections.integrations = [deadConnection({ failure: 'not_configured', methods: [] })]),
        );
        const one = await row(/^Connected as @maren/u);
        expect(one.queryByRole('button', { name: 'Reconnect' })).toBeNull();
        expect(one.getByRole('button', { name: 'Disconnect' })).toBeVisible();
    });

    test('nothing configured: who can help', async () => {
        await open((host) => (host.connections.integrations = []));
        expect(await screen.findByText(/^Your System Administrator has set neither/u)).toBeVisible();
    });

    test('nothing configured on this computer: what to write into which file', async () => {
        const { host, user } = await open((fresh) => {
            fresh.signedIn(localPlace);
            fresh.connections.integrations = [];
        });
        expect(await screen.findByText('integrations.toml')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Copy example' }));
        await waitFor(() => expect(host.clipboard).toMatch(/^\[integrations\.github\]\nclient_id = /u));
    });

    test('skeletons, a failure, and trying again', async () => {
        let release: () => void = () => undefined;
        const { user } = await open((fresh) => {
            // The bell asks first.
            fresh.refuse('list_integrations', refusal('internal'));
            fresh.refuse('list_integrations', refusal('internal'));
            release = fresh.hold('list_integrations');
        });
        await user.click(await screen.findByRole('button', { name: 'Try again' }));
        expect(await screen.findByText('Loading connections')).toBeInTheDocument();
        release();
        await row(/^Connected as @maren/u);
    });

    test('is read again when the stream says so', async () => {
        const { host } = await open();
        await row(/^Connected as @maren/u);
        host.connections.integrations = [deadConnection()];
        host.emit('push', { event: 'activity.new', category: 'source_code' });
        expect(await screen.findByRole('button', { name: 'Reconnect' })).toBeVisible();
    });

    test('offline, what is there stays and says why it cannot be used', async () => {
        const { host, user } = await open();
        await row(/^Connected as @maren/u);
        for (const name of ['list_integrations', 'get_git_helper'] as const) host.refuse(name, refusal('offline'));
        host.refuse('get_profile', refusal('offline'));
        await user.keyboard('{F5}');
        expect(await screen.findByText(/^You are offline\. What/u)).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Connect' }));
        const said = { selector: ':not([hidden])' };
        expect(await screen.findByText('You are offline. This needs the server.', said)).toBeVisible();
        expect(screen.queryByRole('dialog')).toBeNull();
    });
});

describe('details', () => {
    async function unfold(prepare?: (host: FakeHost) => void) {
        const app = await open(prepare);
        await app.user.click(await screen.findByRole('button', { name: /^GitLab/u }));
        return app;
    }

    test('say who, what was granted and what is missing, and how the token lasts', async () => {
        const { host, user } = await unfold(
            (fresh) =>
                (fresh.connections.integrations = [connection('gitlab', { missing_scopes: ['read_repository'] })]),
        );
        expect(screen.getByText('@maren at gitlab.com')).toBeVisible();
        expect(screen.getByText('read_api')).toBeVisible();
        expect(screen.getByText('By itself, before that')).toBeVisible();
        expect(screen.getByText(/Reconnect to grant it\.$/u)).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'See what you granted at GitLab' }));
        expect(host.asked('open_integration_page')).toEqual([{ provider: 'gitlab', id: 'gitlab' }]);
    });

    test('checking says that it works, or why not', async () => {
        const { host, user } = await unfold();
        await user.click(screen.getByRole('button', { name: 'Check now' }));
        expect(await screen.findByText('GitLab works')).toBeVisible();
        host.next('check_integration', () => deadConnection());
        await user.click(screen.getByRole('button', { name: 'Check now' }));
        expect(await screen.findByRole('button', { name: 'Reconnect' })).toBeVisible();
        expect(screen.getByText(/^The token was revoked at gitlab\.com/u)).toBeVisible();
        host.refuse('check_integration', refusal('too_many_requests', { retry_after: 30 }));
        await user.click(screen.getByRole('button', { name: 'Check now' }));
        expect(await screen.findByText('Try again in 30 seconds.')).toBeVisible();
    });

    test('another account can be connected', async () => {
        const { host, user } = await unfold();
        await user.click(screen.getByRole('button', { name: 'Connect another account' }));
        await screen.findByRole('dialog', { name: 'Connect GitLab' });
        host.connections.agree('northwind-ops');
        await row(/^Connected as @northwind-ops/u);
        expect(screen.getByText(/^Connected as @maren/u)).toBeVisible();
        expect(host.asked('connect_integration')[0]).not.toHaveProperty('reconnect');
    });
});

describe('disconnecting', () => {
    test('says what happens, and does it', async () => {
        const { host, user } = await open();
        await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
        const question = within(await screen.findByRole('dialog', { name: 'Disconnect GitLab?' }));
        expect(question.getByText(/git is no longer signed in with it/u)).toBeVisible();
        expect(question.getByRole('button', { name: 'Cancel' })).toHaveFocus();
        await user.click(question.getByRole('button', { name: 'Disconnect' }));
        expect(await screen.findByText('GitLab disconnected')).toBeVisible();
        await waitFor(() => expect(screen.getAllByText('Not connected')).toHaveLength(2));
        expect(host.asked('disconnect_integration')).toEqual([{ provider: 'gitlab', id: 'gitlab' }]);
    });

    test('where the provider was not told, says where to take it back', async () => {
        const { host, user } = await open((fresh) => (fresh.connections.revokes = false));
        await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
        const question = within(await screen.findByRole('dialog'));
        await user.click(question.getByRole('button', { name: 'Disconnect' }));
        expect(await screen.findByText('GitLab did not take the access back')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Copy address' }));
        await waitFor(() => expect(host.clipboard).toBe('https://gitlab.com/-/user_settings/applications'));
    });

    test('a refusal is told, and the connection stays', async () => {
        const { host, user } = await open();
        host.refuse('disconnect_integration', refusal('internal'));
        await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
        await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Disconnect' }));
        expect(await screen.findByText('Something went wrong')).toBeVisible();
        await row(/^Connected as @maren/u);
    });
});

describe('git on this computer', () => {
    const toggle = () => screen.findByRole('switch', { name: 'Sign git in with these connections' });

    test('is signed in, for new hosts too, and no longer', async () => {
        const { host, user } = await open();
        expect(await screen.findByText(/for gitlab\.com\. That is written to ~\/\.gitconfig/u)).toBeVisible();
        await user.click(await toggle());
        expect(await screen.findByText(/^git asks Latchkey for gitlab\.com\./u)).toBeVisible();
        host.connections.integrations = [
            connection('hub', { provider: 'github', host: 'github.com' }),
            connection('gitlab'),
        ];
        host.emit('push', { event: 'activity.new', category: 'source_code' });
        expect(await screen.findByText('Not for github.com yet')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Add' }));
        expect(await screen.findByText(/^git asks Latchkey for github\.com and gitlab\.com\./u)).toBeVisible();
        await user.click(await toggle());
        await waitFor(async () => expect(await toggle()).toHaveAttribute('aria-checked', 'false'));
        expect(host.asked('set_git_helper')).toEqual([{ enabled: true }, { enabled: true }, { enabled: false }]);
    });

    test('what a session before this one was allowed can be allowed again', async () => {
        const { host, user } = await open((fresh) => {
            fresh.connections.git = { ...fresh.connections.git, enabled: true, allowed: false, hosts: ['gitlab.com'] };
        });
        expect(await screen.findByText('No answers since you signed in again')).toBeVisible();
        expect(await toggle()).toHaveAttribute('aria-checked', 'true');
        await user.click(screen.getByRole('button', { name: 'Allow' }));
        await waitFor(() => expect(screen.queryByText('No answers since you signed in again')).toBeNull());
        expect(host.asked('set_git_helper')).toEqual([{ enabled: true }]);
    });

    test.each<[string, (host: FakeHost) => void]>([
        [
            'git was not found on this computer. Install it, then come back.',
            (host) => (host.connections.git = { ...host.connections.git, installed: false }),
        ],
        ['Connect an account first.', (host) => (host.connections.integrations = [offered()])],
    ])('cannot be turned: %s', async (why, prepare) => {
        const { host, user } = await open(prepare);
        expect(await toggle()).toHaveAttribute('aria-disabled', 'true');
        await user.click(await toggle());
        expect((await screen.findAllByText(why)).length).toBeGreaterThan(0);
        expect(host.asked('set_git_helper')).toEqual([]);
    });

    test('says that this sign-in may not answer, and can be switched off', async () => {
        const { host, user } = await open(({ connections }) => {
            connections.git = { ...connections.git, allowed: false, hosts: ['gitlab.com'] };
        });
        expect(await screen.findByText(/^git asks Latchkey for gitlab\.com\./u)).toBeVisible();
        expect(await screen.findByText('No answers since you signed in again')).toBeVisible();
        await user.click(await toggle());
        await waitFor(async () => expect(await toggle()).toHaveAttribute('aria-checked', 'false'));
        expect(host.asked('set_git_helper')).toEqual([{ enabled: false }]);
    });

    test('asks who is there first; giving that up changes nothing', async () => {
        const { host, user } = await open((fresh) => (fresh.stale = ['password']));
        await user.click(await toggle());
        await screen.findByRole('dialog', { name: 'Confirm it is you' });
        await user.keyboard('{Escape}');
        expect(await toggle()).toHaveAttribute('aria-checked', 'false');
        host.refuse('set_git_helper', refusal('file_unwritable', { detail: '/home/maren/.gitconfig is not yours.' }));
        await user.click(await toggle());
        expect(await screen.findByText('/home/maren/.gitconfig is not yours.')).toBeVisible();
    });
});

describe('words', () => {
    const now = new Date('2026-11-23T12:00:00');

    test.each([
        ['2026-11-23T12:14:59', '14 minutes left'],
        ['2026-11-23T12:01:30', '1 minute left'],
        ['2026-11-23T12:00:40', 'less than a minute left'],
        ['2026-11-23T11:00:00', 'less than a minute left'],
    ])('until %s: %s', (end, said) => expect(timeLeft(end, now)).toBe(said));

    test('a connection of which little is known', () => {
        expect(captionOf(connection('one', { connected_at: null }))).toBe('Connected as @maren');
        expect(captionOf(offered())).toBe('Not connected');
    });

    test('the usual host goes without saying, another one does not', () => {
        const usual = offered();
        const other = offered({ host: 'git.northwind.example' });
        expect(hostToTell(usual, [usual])).toBeNull();
        expect(hostToTell(usual, [usual, other])).toBe('github.com');
        expect(labelOf(other, [other])).toBe('GitHub at git.northwind.example');
    });

    test.each(['revoked', 'refused', 'unreachable', 'not_configured', 'unreadable'] as const)('for %s', (failure) => {
        const said = troubleOf(deadConnection({ failure, checked_at: '2026-11-21T10:00:00' }), now);
        expect(said).toMatch(/\.$/u);
        expect(troubleOf(connection('one'), now)).toBeNull();
        if (failure === 'revoked') expect(said).toContain('on 21 November.');
    });
});
