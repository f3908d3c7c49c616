import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { badField, refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';
import { apiKey, noPersonalKey } from './sample-keys';
import { northwindPlace } from './samples';

const open = (prepare?: (host: FakeHost) => void) => openSection('API keys', prepare);
const row = (name: string) => screen.findByRole('row', { name: new RegExp(`^${name}`, 'u') });
const copyPersonal = () => screen.findByRole('button', { name: 'Copy personal API key' });

function withRegistry(host: FakeHost) {
    if (!host.instance) throw new Error('nowhere');
    host.instance = { ...host.instance, registry: { service: 'registry', host: 'registry.northwind.example' } };
}

async function startCreating(user: UserEvent) {
    await user.click(await screen.findByRole('button', { name: 'Create API Key' }));
    return screen.findByRole('dialog', { name: 'Create API Key' });
}

async function create(user: UserEvent, name = 'Nightly backups') {
    const dialog = await startCreating(user);
    await user.type(within(dialog).getByLabelText('Name'), name);
    await user.click(within(dialog).getByRole('button', { name: 'Create' }));
    return screen.findByRole('dialog', { name: `${name} is ready` });
}

afterEach(() => vi.useRealTimers());

describe('the personal key', () => {
    test('is copied by a click on it, and never shown', async () => {
        const { host, user } = await open();
        expect(await screen.findByText('lk_••••••••3f9a')).toBeVisible();
        expect(screen.getByText(/Click the key to copy it\./u)).toHaveTextContent(
            /Created 12 January 2026\s*, last used 2 hours ago\s*\. Click the key/u,
        );
        await user.click(await copyPersonal());
        expect(
            await screen.findByText('Personal API key copied. It leaves the clipboard in 60 seconds.'),
        ).toBeVisible();
        expect(host.clipboard).toBe('the personal key');
        expect(document.body).not.toHaveTextContent('the personal key');
    });

    test('where a fresh proof is wanted, the dialog asks and the copying goes on', async () => {
        const { host, user } = await open((fresh) => {
            fresh.keyInKeychain = false;
            fresh.stale = ['password'];
        });
        await user.click(await copyPersonal());
        const proof = await screen.findByRole('dialog', { name: 'Confirm it is you' });
        await user.type(within(proof).getByLabelText('Password'), `${host.password}{Enter}`);
        expect(await screen.findByText(/^Personal API key copied/u)).toBeVisible();
    });

    test('giving the proof up is no failure', async () => {
        const { host, user } = await open((fresh) => {
            fresh.keyInKeychain = false;
            fresh.stale = ['password'];
        });
        await user.click(await copyPersonal());
        const proof = await screen.findByRole('dialog', { name: 'Confirm it is you' });
        await user.click(within(proof).getByRole('button', { name: 'Cancel' }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(host.clipboard).toBeNull();
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('is replaced after exactly this warning, which begins on Cancel', async () => {
        const { host, user } = await open();
        await user.click(await screen.findByRole('button', { name: 'Generate new API key' }));
        const question = await screen.findByRole('dialog', { name: 'Generate new API key' });
        expect(question).toHaveAccessibleDescription(
            'Generating a new API key will replace the existing API key. If a new API key is generated, then API calls made with the old API key will fail. Are you sure that you wish to proceed?',
        );
        expect(within(question).getByRole('button', { name: 'Cancel' })).toHaveFocus();
        await user.click(within(question).getByRole('button', { name: 'Cancel' }));
        expect(host.asked('generate_api_key')).toHaveLength(0);
        await user.click(screen.getByRole('button', { name: 'Generate new API key' }));
        const again = await screen.findByRole('dialog', { name: 'Generate new API key' });
        await user.click(within(again).getByRole('button', { name: 'Generate new API key' }));
        expect(await screen.findByText('New API key generated. The old one no longer works.')).toBeVisible();
        expect(screen.getByText(/new1$/u)).toBeVisible();
    });

    test('is generated where there is none', async () => {
        const { host, user } = await open((fresh) => (fresh.personalKey = noPersonalKey));
        await user.click(await screen.findByRole('button', { name: 'Generate API key' }));
        expect(await copyPersonal()).toBeVisible();
        expect(host.asked('generate_api_key')).toHaveLength(1);
    });

    test('what was refused says why', async () => {
        const { host, user } = await open((fresh) => (fresh.personalKey = noPersonalKey));
        host.refuse('generate_api_key', refusal('sealing_unavailable'));
        await user.click(await screen.findByRole('button', { name: 'Generate API key' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('The key for secrets cannot be used');
    });
});

describe('named keys', () => {
    test('say what they are for, when they end and where they were used', async () => {
        await open();
        const soon = await row('Image mirror');
        expect(within(soon).getByText('In 8 days')).toHaveClass('warn');
        expect(within(soon).getByText('4 days ago')).toHaveAttribute(
            'title',
            expect.stringMatching(/198\.51\.100\.7$/u),
        );
        expect(within(soon).getByText('81Xc')).toBeInTheDocument();
        const expired = await row('Old laptop');
        expect(within(expired).getByText('Expired')).toHaveClass('bad');
        expect(within(await row('Terraform')).getByText('Never')).toBeInTheDocument();
        const scopes = within(await row('Build pipeline')).getAllByText(/^(API|Registry)$/u);
        expect(new Set(scopes.map((badge) => badge.textContent))).toEqual(new Set(['API', 'Registry']));
    });

    test('are counted in the sidebar, on other pages too', async () => {
        const { host } = await openSection('Password');
        expect(await screen.findByRole('button', { name: 'API keys 4' })).toBeVisible();
        host.apiKeys = host.apiKeys.slice(1);
        host.emit('push', { event: 'activity.new', category: 'api_keys' });
        expect(await screen.findByRole('button', { name: 'API keys 3' })).toBeVisible();
    });

    test('where there are none, say what they are good for', async () => {
        await open((host) => (host.apiKeys = []));
        expect(await screen.findByText('No named keys yet')).toBeVisible();
    });

    test('more than a page', async () => {
        const { host, user } = await open((fresh) => (fresh.pageSize = 3));
        await row('Image mirror');
        await user.click(screen.getByRole('button', { name: 'Load more' }));
        await row('Old laptop');
        expect(host.asked('list_api_keys')).toEqual([{}, { after: '3' }]);
    });

    test('skeletons, then a failure that says why, then trying again', async () => {
        let release: () => void = () => undefined;
        const { user } = await open((host) => {
            host.refuse('list_api_keys', refusal('internal'));
            release = host.hold('list_api_keys');
        });
        const alert = await screen.findByRole('alert');
        expect(alert).toHaveTextContent('Something went wrong');
        await user.click(within(alert).getByRole('button', { name: 'Try again' }));
        expect(await screen.findByText('Loading API keys')).toBeInTheDocument();
        release();
        await row('Old laptop');
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('offline, what needs the server says why it waits', async () => {
        const { host, user } = await open();
        await row('Old laptop');
        host.refuse('list_api_keys', refusal('offline'));
        host.refuse('get_profile', refusal('offline'));
        await user.keyboard('{F5}');
        expect(await screen.findByText(/^You are offline\. What/u)).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Delete Old laptop' }));
        expect(await screen.findByText('You are offline. This needs the server.')).toBeVisible();
        expect(screen.getByRole('button', { name: 'Create API Key' })).toHaveAttribute('aria-disabled', 'true');
        await row('Old laptop');
    });
});

describe('creating', () => {
    test('sends the name, the scopes and 90 days, and shows the token once', async () => {
        const { host, user } = await open(withRegistry);
        const dialog = await startCreating(user);
        expect(within(dialog).getByLabelText('Name')).toHaveFocus();
        expect(within(dialog).getByLabelText('Expires')).toHaveDisplayValue(/^In 90 days, /u);
        expect(within(dialog).getByLabelText('API')).toHaveAccessibleDescription(
            'Grants access to the Latchkey API, which allows you to connect external applications to Latchkey.',
        );
        await user.type(within(dialog).getByLabelText('Name'), '  Nightly backups ');
        await user.click(within(dialog).getByLabelText('Registry'));
        await user.click(within(dialog).getByRole('button', { name: 'Create' }));
        const panel = await screen.findByRole('dialog', { name: 'Nightly backups is ready' });
        expect(host.asked('create_api_key')).toEqual([{ name: 'Nightly backups', scopes: ['api', 'registry'] }]);
        expect(panel).toHaveAccessibleDescription(
            'Save the token and your username somewhere safe. The token is not shown again.',
        );
        await user.click(within(panel).getByRole('button', { name: 'Copy username' }));
        expect(host.clipboard).toBe('maren');
        await user.click(within(panel).getByRole('button', { name: 'Copy command' }));
        expect(host.clipboard).toBe('docker login registry.northwind.example -u maren');
        expect(within(panel).getByRole('button', { name: 'Close' })).not.toHaveClass('primary');
        await user.click(within(panel).getByRole('button', { name: 'Copy token' }));
        expect(host.clipboard).toMatch(/^lkt_/u);
        const close = within(panel).getByRole('button', { name: 'Close' });
        expect(close).toHaveClass('primary');
        await user.click(close);
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(document.body).not.toHaveTextContent('lkt_9bQ2');
        await row('Nightly backups');
    });

    test('before the token was copied, closing asks once', async () => {
        const { user } = await open();
        const panel = await create(user);
        expect(within(panel).queryByText('Sign in with Docker')).toBeNull();
        await user.click(within(panel).getByRole('button', { name: 'Close' }));
        expect(within(panel).getByText('You have not copied the token')).toBeVisible();
        await user.click(within(panel).getByRole('button', { name: 'Go back' }));
        expect(within(panel).getByRole('button', { name: 'Copy token' })).toHaveFocus();
        await user.keyboard('{Escape}');
        await user.click(within(panel).getByRole('button', { name: 'Close without copying' }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    });

    test('nothing takes the token from the screen', async () => {
        const { host, user } = await open();
        await create(user);
        host.emit('request', { name: 'review_sign_in', session_id: 'safari' });
        await waitFor(() => expect(screen.getByRole('dialog', { name: 'Nightly backups is ready' })).toBeVisible());
        expect(screen.queryByRole('heading', { name: 'Sessions' })).toBeNull();
    });

    test('wants a name and a scope', async () => {
        const { host, user } = await open();
        const dialog = await startCreating(user);
        await user.click(within(dialog).getByLabelText('API'));
        await user.click(within(dialog).getByRole('button', { name: 'Create' }));
        expect(within(dialog).getByText('Enter a name.')).toBeVisible();
        expect(within(dialog).getByText('Choose what the key may be used for.')).toBeVisible();
        expect(within(dialog).getByLabelText('Name')).toHaveFocus();
        expect(host.asked('create_api_key')).toHaveLength(0);
    });

    test('without a registry that scope says why it cannot be chosen', async () => {
        const { user } = await open();
        const dialog = await startCreating(user);
        const registry = within(dialog).getByLabelText('Registry');
        expect(registry).toHaveAccessibleDescription('This server has no container registry.');
        await user.click(registry);
        expect(registry).not.toBeChecked();
    });

    test('what the service refuses stands at its field', async () => {
        const { host, user } = await open();
        const dialog = await startCreating(user);
        host.refuse('create_api_key', badField('expires_at', 'invalid'));
        await user.type(within(dialog).getByLabelText('Name'), 'x{Enter}');
        await waitFor(() =>
            expect(within(dialog).getByLabelText('Expires')).toHaveAccessibleDescription(/does not fit/u),
        );
        host.refuse('create_api_key', refusal('conflict'));
        await user.selectOptions(within(dialog).getByLabelText('Expires'), 'Never');
        await user.click(within(dialog).getByRole('button', { name: 'Create' }));
        expect(await within(dialog).findByRole('alert')).toHaveTextContent('It was changed in the meantime');
        expect(host.asked('create_api_key').at(-1)?.expires_at).toBeNull();
    });

    test('a policy bars what is longer, and says so', async () => {
        const { host, user } = await open((fresh) => {
            if (fresh.instance) fresh.instance = { ...fresh.instance, api_key_max_days: 45 };
        });
        const dialog = await startCreating(user);
        const select = within(dialog).getByLabelText('Expires');
        expect(select).toHaveDisplayValue(/^In 45 days/u);
        expect(select).toHaveAccessibleDescription('Your System Administrator lets API keys last 45 days at most.');
        expect(within(dialog).getByRole('option', { name: /^In 90 days/u })).toBeDisabled();
        expect(within(dialog).getByRole('option', { name: 'Never' })).toBeDisabled();
        await user.type(within(dialog).getByLabelText('Name'), 'x');
        await user.click(within(dialog).getByRole('button', { name: 'Create' }));
        await screen.findByRole('dialog', { name: 'x is ready' });
        expect(host.asked('create_api_key')).toEqual([{ name: 'x', scopes: ['api'] }]);
    });

    test('an expired key is created again with the same settings', async () => {
        const { host, user } = await open((fresh) => {
            const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
            fresh.apiKeys = [apiKey('old', { scopes: ['api'], created_at: day(60), expires_at: day(15) })];
        });
        const [again] = await screen.findAllByRole('button', { name: 'Create Build pipeline again' });
        if (!again) throw new Error('no button');
        await user.click(again);
        const dialog = await screen.findByRole('dialog', { name: 'Create API Key' });
        expect(within(dialog).getByLabelText('Name')).toHaveValue('Build pipeline');
        expect(within(dialog).getByLabelText('Expires')).toHaveDisplayValue(/^In 45 days/u);
        await user.click(within(dialog).getByRole('button', { name: 'Create' }));
        await screen.findByRole('dialog', { name: 'Build pipeline is ready' });
        const [{ name, expires_at } = { name: '', expires_at: null }] = host.asked('create_api_key');
        expect(name).toBe('Build pipeline');
        expect(Math.round((Date.parse(expires_at ?? '') - Date.now()) / 86_400_000)).toBe(45);
    });
});

test('the documentation opens', async () => {
    const { user } = await open((fresh) => fresh.signedIn(northwindPlace));
    await user.click(await screen.findByRole('button', { name: 'API documentation' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'API documentation' })).toHaveFocus();
});
