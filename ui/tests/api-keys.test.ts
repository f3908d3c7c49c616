import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';
import { noPersonalKey } from './sample-keys';
import { instance, localPlace } from './samples';

const open = (prepare?: (host: FakeHost) => void) => openSection('API keys', prepare);
const row = (name: string) => screen.findByRole('row', { name: new RegExp(`^${name}`, 'u') });
const copyPersonal = () => screen.findByRole('button', { name: 'Copy personal API key' });

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
        await user.click(await screen.findByRole('button', { name: 'Generate new API Key' }));
        const question = await screen.findByRole('dialog', { name: 'Generate new API Key' });
        expect(question).toHaveAccessibleDescription(
            'Please note: Generating a new API key will replace the existing API key. If a new API key is generated, then API calls made with the old API key will fail. Are you sure that you wish to proceed?',
        );
        expect(within(question).getByRole('button', { name: 'Cancel' })).toHaveFocus();
        await user.click(within(question).getByRole('button', { name: 'Cancel' }));
        expect(host.asked('generate_api_key')).toHaveLength(0);
        await user.click(screen.getByRole('button', { name: 'Generate new API Key' }));
        const again = await screen.findByRole('dialog', { name: 'Generate new API Key' });
        await user.click(within(again).getByRole('button', { name: 'Generate new API Key' }));
        expect(await screen.findByText('New API key generated. The old one no longer works.')).toBeVisible();
        expect(screen.getByText(/new1$/u)).toBeVisible();
    });

    test('is generated where there is none', async () => {
        const { host, user } = await open((fresh) => (fresh.personalKey = noPersonalKey));
        await user.click(await screen.findByRole('button', { name: 'Generate API Key' }));
        // The focus was on the button it took the place of.
        const copy = await copyPersonal();
        await waitFor(() => expect(copy).toHaveFocus());
        expect(host.asked('generate_api_key')).toHaveLength(1);
    });

    test('what was refused says why', async () => {
        const { host, user } = await open((fresh) => (fresh.personalKey = noPersonalKey));
        host.refuse('generate_api_key', refusal('sealing_unavailable'));
        await user.click(await screen.findByRole('button', { name: 'Generate API Key' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('The key for secrets cannot be used');
    });
});

describe('named keys', () => {
    test('say what they are for, when they end and where they were used', async () => {
        await open();
        const soon = await row('Image mirror');
        expect(within(soon).getByText('In 8 days')).toHaveClass('warn');
        expect(within(soon).getByText('4 days ago')).toHaveAttribute('title');
        expect(within(soon).getByText('from 198.51.100.7')).toBeInTheDocument();
        // In the row of two lines, where there is little room.
        expect(within(soon).getByText('used 4 days ago from 198.51.100.7')).toBeInTheDocument();
        expect(within(soon).getAllByText('81Xc')).toHaveLength(2);
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

    test('are for the registry too where there is one', async () => {
        await open((host) => {
            host.instance = { ...instance('Northwind'), registry: { service: 'registry', host: 'registry.example' } };
        });
        expect(await screen.findByText(/sign in to the registry or call the API\./u)).toBeVisible();
    });

    test('are for the API alone where there is no registry', async () => {
        await open();
        expect(await screen.findByText(/^Use a named key to call the API\./u)).toBeVisible();
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

test('the table stays one where its rows are laid out as lines', async () => {
    await open();
    await row('Old laptop');
    const parts = document.querySelectorAll('table, thead, tbody, tr, th, td');
    expect(parts.length).toBeGreaterThan(30);
    for (const part of parts) expect(part).toHaveAttribute('role');
});

test('the documentation opens, at the place of this computer too', async () => {
    const { user } = await open((fresh) => fresh.signedIn(localPlace));
    await user.click(await screen.findByRole('button', { name: 'API documentation' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'API documentation' })).toHaveFocus();
});
