import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { badField, refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';
import { apiKey } from './sample-keys';

const open = (prepare?: (host: FakeHost) => void) => openSection('API keys', prepare);
const row = (name: string) => screen.findByRole('row', { name: new RegExp(`^${name}`, 'u') });

function withRegistry(host: FakeHost, at = 'registry.northwind.example') {
    if (!host.instance) throw new Error('nowhere');
    host.instance = { ...host.instance, registry: { service: 'registry', host: at } };
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

test('what was copied after the token has taken its place: closing asks again', async () => {
    const { host, user } = await open();
    const panel = within(await create(user));
    await user.click(panel.getByRole('button', { name: 'Copy token' }));
    await user.click(panel.getByRole('button', { name: 'Copy username' }));
    expect(host.clipboard).toBe('maren');
    expect(panel.getByRole('button', { name: 'Close' })).not.toHaveClass('primary');
    await user.click(panel.getByRole('button', { name: 'Close' }));
    expect(panel.getByRole('alert')).toHaveTextContent('The token is not on the clipboard any more');
    expect(panel.getByRole('button', { name: 'Close, I have saved it' })).toBeVisible();
    await user.click(panel.getByRole('button', { name: 'Go back' }));
    await user.keyboard('{Enter}');
    expect(host.clipboard).toMatch(/^lkt_/u);
    await user.click(panel.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('the token is the last thing to copy, after the username and the command', async () => {
    const { user } = await open(withRegistry);
    const dialog = within(await startCreating(user));
    await user.type(dialog.getByLabelText('Name'), 'x');
    await user.click(dialog.getByLabelText('Registry'));
    await user.click(dialog.getByRole('button', { name: 'Create' }));
    const panel = within(await screen.findByRole('dialog', { name: 'x is ready' }));
    const copying = panel.getAllByRole('button', { name: /^Copy/u }).map((button) => button.getAttribute('aria-label'));
    expect(copying).toEqual(['Copy username', 'Copy command', 'Copy token']);
});

test.each([
    ['registry.northwind.example:5000', true],
    ['[2001:db8::7]:5000', true],
    ['registry.example; rm -rf ~', false],
    ['registry.example$(id)', false],
    ['registry.example\nid', false],
    ['', false],
])('a command is only made of a registry that is a host: %j', async (registry, fits) => {
    const { user } = await open((host) => withRegistry(host, registry));
    const dialog = within(await startCreating(user));
    await user.type(dialog.getByLabelText('Name'), 'x');
    await user.click(dialog.getByLabelText('Registry'));
    await user.click(dialog.getByRole('button', { name: 'Create' }));
    const panel = within(await screen.findByRole('dialog', { name: 'x is ready' }));
    expect(panel.queryAllByRole('button', { name: 'Copy command' })).toHaveLength(fits ? 1 : 0);
});

test('while a key is being created, nothing leads away from the token that is about to come', async () => {
    const { host, user } = await open();
    const answer = host.hold('create_api_key');
    const dialog = within(await startCreating(user));
    await user.type(dialog.getByLabelText('Name'), 'x{Enter}');
    await waitFor(() => expect(host.asked('create_api_key')).toHaveLength(1));
    await user.click(dialog.getByRole('button', { name: 'Cancel' }));
    await user.keyboard('{Escape}');
    host.emit('request', { name: 'review_sign_in', session_id: 'safari' });
    await new Promise((resolve) => setTimeout(resolve));
    expect(screen.getByRole('dialog', { name: 'Create API Key' })).toBeVisible();
    answer();
    expect(await screen.findByRole('dialog', { name: 'x is ready' })).toBeVisible();
    expect(screen.queryByRole('heading', { name: 'Sessions' })).toBeNull();
});

test('where that is refused, the dialog can be closed again', async () => {
    const { host, user } = await open();
    const dialog = within(await startCreating(user));
    host.refuse('create_api_key', refusal('busy'));
    await user.type(dialog.getByLabelText('Name'), 'x{Enter}');
    await dialog.findByRole('alert');
    await user.click(dialog.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(screen.getByRole('button', { name: /^Sessions/u }));
    await screen.findByRole('heading', { level: 1, name: 'Sessions' });
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
    await waitFor(() => expect(within(dialog).getByLabelText('Expires')).toHaveAccessibleDescription(/does not fit/u));
    const detail = 'There are 100 API keys already. Delete one that is not used any more.';
    host.refuse('create_api_key', refusal('conflict', { detail }));
    await user.selectOptions(within(dialog).getByLabelText('Expires'), 'Never');
    await user.click(within(dialog).getByRole('button', { name: 'Create' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
        `You have as many API keys as there may be ${detail}`,
    );
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
