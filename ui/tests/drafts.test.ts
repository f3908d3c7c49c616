import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { goToPlace, openSection } from './open-app';
import { apiKey, PUBLIC_KEY } from './sample-keys';

async function openDialog(user: UserEvent, button: string, name = button) {
    await user.click(await screen.findByRole('button', { name: button }));
    return within(await screen.findByRole('dialog', { name }));
}

async function closed() {
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

test('Esc keeps what was typed of an SSH key, and that it was read', async () => {
    const { user } = await openSection('SSH keys');
    const dialog = await openDialog(user, 'Add key');
    await user.paste(PUBLIC_KEY);
    await waitFor(() => expect(dialog.getByLabelText('Name')).toHaveValue('workshop'));
    await user.keyboard('{Escape}');
    await closed();
    const again = await openDialog(user, 'Add key');
    expect(again.getByLabelText('Public key')).toHaveValue(PUBLIC_KEY);
    expect(await again.findByText('ED25519,')).toBeVisible();
    // The name was only proposed: another key proposes its own.
    await user.clear(again.getByLabelText('Public key'));
    await user.paste(PUBLIC_KEY.replace('workshop', 'attic'));
    await waitFor(() => expect(again.getByLabelText('Name')).toHaveValue('attic'));
});

test('a file does not take the name of a key that was typed before', async () => {
    const { user } = await openSection('SSH keys');
    const dialog = await openDialog(user, 'Add key');
    await user.type(dialog.getByLabelText('Name'), 'Cellar');
    await user.click(dialog.getByRole('button', { name: 'Cancel' }));
    await closed();
    const fromFile = await openDialog(user, 'Choose file', 'Add key');
    await waitFor(() => expect(fromFile.getByLabelText('Name')).toHaveValue('workshop'));
});

test('what was added is no draft any more', async () => {
    const { host, user } = await openSection('SSH keys');
    const dialog = await openDialog(user, 'Add key');
    await user.paste(PUBLIC_KEY);
    await waitFor(() => expect(dialog.getByLabelText('Name')).toHaveValue('workshop'));
    // Closed while the answer is on its way, too.
    const answer = host.hold('add_ssh_key');
    await user.click(dialog.getByRole('button', { name: 'Add key' }));
    await waitFor(() => expect(host.asked('add_ssh_key')).toHaveLength(1));
    await user.keyboard('{Escape}');
    answer();
    await screen.findByText('workshop added');
    const again = await openDialog(user, 'Add key');
    expect(again.getByLabelText('Public key')).toHaveValue('');
    expect(again.getByLabelText('Name')).toHaveValue('');
});

test('what was typed of a pair to generate is kept, but no passphrase', async () => {
    const { user } = await openSection('SSH keys');
    const name = 'Generate on this computer';
    const dialog = await openDialog(user, 'Generate key', name);
    await waitFor(() => expect(dialog.getByLabelText('Folder')).toHaveValue('/home/maren/.ssh'));
    await user.clear(dialog.getByLabelText('Name'));
    await user.type(dialog.getByLabelText('Name'), 'Lighthouse');
    await user.type(dialog.getByLabelText('Passphrase (optional)'), 'harbour-violet');
    await user.type(dialog.getByLabelText('Confirm passphrase'), 'harbour-violet');
    await user.click(dialog.getByLabelText('Add a host to your SSH configuration'));
    await user.type(dialog.getByLabelText('Alias'), 'lamp');
    await user.keyboard('{Escape}');
    await closed();
    const again = await openDialog(user, 'Generate key', name);
    expect(again.getByLabelText('Name')).toHaveValue('Lighthouse');
    expect(again.getByLabelText('Folder')).toHaveValue('/home/maren/.ssh');
    expect(again.getByLabelText('Alias')).toHaveValue('lamp');
    expect(again.getByLabelText('Passphrase (optional)')).toHaveValue('');
    expect(again.getByLabelText('Confirm passphrase')).toHaveValue('');
});

test('what was typed of an API key is kept while other pages are looked at, and gone once it is created', async () => {
    const { user } = await openSection('API keys');
    const dialog = await openDialog(user, 'Create API Key');
    await user.type(dialog.getByLabelText('Name'), 'Nightly backups');
    await user.selectOptions(dialog.getByLabelText('Expires'), 'never');
    await user.keyboard('{Escape}');
    await closed();
    await goToPlace(user, 4);
    await screen.findByRole('heading', { level: 1, name: 'Sessions' });
    await goToPlace(user, 3);
    const again = await openDialog(user, 'Create API Key');
    expect(again.getByLabelText('Name')).toHaveValue('Nightly backups');
    expect(again.getByLabelText('Expires')).toHaveDisplayValue(/^Never/u);
    await user.click(again.getByRole('button', { name: 'Create' }));
    const token = within(await screen.findByRole('dialog', { name: 'Nightly backups is ready' }));
    await user.click(token.getByRole('button', { name: 'Copy token' }));
    await user.click(token.getByRole('button', { name: 'Close' }));
    await closed();
    expect((await openDialog(user, 'Create API Key')).getByLabelText('Name')).toHaveValue('');
});

test('a key to create again and a new one do not take each other’s words', async () => {
    const { user } = await openSection('API keys', (host) => {
        const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
        host.apiKeys = [apiKey('old', { scopes: ['api'], created_at: day(60), expires_at: day(15) })];
    });
    const [button] = await screen.findAllByRole('button', { name: 'Create Build pipeline again' });
    await user.click(button as HTMLElement);
    const like = within(await screen.findByRole('dialog', { name: 'Create API Key' }));
    await user.type(like.getByLabelText('Name'), ' 2');
    await user.keyboard('{Escape}');
    await closed();
    expect((await openDialog(user, 'Create API Key')).getByLabelText('Name')).toHaveValue('');
    await user.keyboard('{Escape}');
    await closed();
    await user.click(button as HTMLElement);
    expect(screen.getByLabelText('Name')).toHaveValue('Build pipeline 2');
});

test('what was typed of a registry is kept, but not its password', async () => {
    const { user } = await openSection('Container registries');
    const dialog = await openDialog(user, 'Authorise registry');
    await user.type(dialog.getByLabelText('Registry host'), 'quay.io');
    await user.type(dialog.getByLabelText('Username'), 'maren');
    await user.type(dialog.getByLabelText('Password or token'), 'right-token');
    await user.keyboard('{Escape}');
    await closed();
    const again = await openDialog(user, 'Authorise registry');
    expect(again.getByLabelText('Registry host')).toHaveValue('quay.io');
    expect(again.getByLabelText('Username')).toHaveValue('maren');
    expect(again.getByLabelText('Password or token')).toHaveValue('');
});
