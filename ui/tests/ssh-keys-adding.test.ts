import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { failureOf } from '$lib/refusal';
import { badField, refusal, type FakeHost } from './fake-host';
import { readKey } from './fake/keys';
import { openSection } from './open-app';
import { PRIVATE_KEY, PUBLIC_KEY } from './sample-keys';

const open = (prepare?: (host: FakeHost) => void) => openSection('SSH keys', prepare);

async function startAdding(user: UserEvent) {
    await user.click(await screen.findByRole('button', { name: 'Add key' }));
    return within(await screen.findByRole('dialog', { name: 'Add key' }));
}

test('reads what is pasted, proposes its comment as name, and adds it', async () => {
    const { host, user } = await open();
    const dialog = await startAdding(user);
    const field = dialog.getByLabelText('Public key');
    expect(field).toHaveFocus();
    await user.paste(PUBLIC_KEY);
    expect(await dialog.findByText('ED25519,')).toBeVisible();
    expect(dialog.getByTitle(readKey(PUBLIC_KEY).fingerprint)).toBeVisible();
    expect(dialog.getByLabelText('Name')).toHaveValue('workshop');
    await user.click(dialog.getByRole('button', { name: 'Add key' }));
    expect(await screen.findByText('workshop added')).toBeVisible();
    expect(host.asked('add_ssh_key')).toEqual([{ name: 'workshop', public_key: PUBLIC_KEY }]);
    await screen.findByText('workshop');
});

test('a name that was typed stays', async () => {
    const { user } = await open();
    const dialog = await startAdding(user);
    await user.type(dialog.getByLabelText('Name'), 'Attic');
    await user.click(dialog.getByLabelText('Public key'));
    await user.paste(PUBLIC_KEY);
    await dialog.findByText('ED25519,');
    expect(dialog.getByLabelText('Name')).toHaveValue('Attic');
});

test('a private key is refused on the spot, and nobody gets to see it', async () => {
    const { host, user } = await open();
    const dialog = await startAdding(user);
    const field = dialog.getByLabelText('Public key');
    await user.paste(PRIVATE_KEY);
    expect(field).toHaveValue('');
    expect(field).toHaveAccessibleDescription('That is a private key. Paste the .pub file instead.');
    await user.type(field, '-----BEGIN RSA PRIVATE KEY-----x');
    expect(field).toHaveValue('-----x');
    expect(JSON.stringify(host.calls)).not.toContain('PRIVATE KEY');
});

test('what is no key says why at the field, and is not sent', async () => {
    const { host, user } = await open();
    const dialog = await startAdding(user);
    await user.paste('ssh-dss AAAAB3NzaC1kc3MAAACBAJfmUk maren@attic');
    expect(await dialog.findByText('DSA keys are not safe any more. Generate an ED25519 key instead.')).toBeVisible();
    await user.type(dialog.getByLabelText('Name'), 'Attic{Enter}');
    await waitFor(() => expect(dialog.getByLabelText('Public key')).toHaveFocus());
    expect(dialog.getByLabelText('Public key')).toHaveAccessibleDescription(/^DSA keys/u);
    expect(host.asked('add_ssh_key')).toHaveLength(0);
});

test('an answer that comes too late is not listened to', async () => {
    const { host, user } = await open();
    const dialog = await startAdding(user);
    const release = host.hold('read_ssh_key');
    await user.paste(PUBLIC_KEY);
    await waitFor(() => expect(host.asked('read_ssh_key')).toHaveLength(1));
    await user.clear(dialog.getByLabelText('Public key'));
    await user.paste('ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAACAQC0nC4v ada@harbour');
    expect(await dialog.findByText('RSA 4096,')).toBeVisible();
    release();
    await user.click(dialog.getByRole('button', { name: 'Add key' }));
    await screen.findByText('harbour');
    expect(host.asked('add_ssh_key').map(({ name }) => name)).toEqual(['harbour']);
});

test('one that is there already says so', async () => {
    const { host, user } = await open();
    const dialog = await startAdding(user);
    host.refuse('add_ssh_key', badField('public_key', 'taken'));
    await user.paste(PUBLIC_KEY);
    await dialog.findByText('ED25519,');
    await user.click(dialog.getByRole('button', { name: 'Add key' }));
    expect(await dialog.findByText('You have added this key already.')).toBeVisible();
});

test('a file fills the dialog, from the page and in the dialog', async () => {
    const { host, user } = await open();
    await user.click(await screen.findByRole('button', { name: 'Choose file' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Add key' }));
    expect(dialog.getByLabelText('Public key')).toHaveValue(PUBLIC_KEY);
    host.keyFile = PUBLIC_KEY.replace('workshop', 'attic');
    await user.click(dialog.getByRole('button', { name: 'Choose file' }));
    await waitFor(() => expect(dialog.getByLabelText('Name')).toHaveValue('attic'));
    host.keyFile = PRIVATE_KEY;
    await user.click(dialog.getByRole('button', { name: 'Choose file' }));
    expect(await dialog.findByText('That is a private key. Paste the .pub file instead.')).toBeVisible();
    expect(dialog.getByLabelText('Public key')).toHaveValue('');
});

test('a file can be dropped anywhere', async () => {
    const { host } = await open();
    await screen.findByText('YubiKey');
    const regions = screen.getAllByRole('status');
    host.emit('ssh_key_drag', { step: 'over' });
    expect(await screen.findByText('Drop the file to add its public key')).toBeVisible();
    // What announces it was there before.
    expect(regions).toContain(screen.getByText('Drop the file to add its public key').parentElement);
    host.emit('ssh_key_drag', { step: 'left' });
    await waitFor(() => expect(screen.queryByText('Drop the file to add its public key')).toBeNull());
    host.emit('ssh_key_drag', { step: 'dropped', key: readKey(PUBLIC_KEY) });
    const dialog = within(await screen.findByRole('dialog', { name: 'Add key' }));
    expect(dialog.getByLabelText('Name')).toHaveValue('workshop');
    host.emit('ssh_key_drag', { step: 'refused', failure: failureOf('file_unreadable', 'It is a folder.') });
    expect(await dialog.findByText('The file cannot be read. It is a folder.')).toBeVisible();
    expect(dialog.getByLabelText('Public key')).toHaveValue('');
});

test('where there are as many as there may be, the service says what to do', async () => {
    const { host, user } = await open();
    const dialog = await startAdding(user);
    const detail = 'There are 100 SSH keys already. Remove one first.';
    host.refuse('add_ssh_key', refusal('conflict', { detail }));
    await user.paste(PUBLIC_KEY);
    await dialog.findByText('ED25519,');
    await user.click(dialog.getByRole('button', { name: 'Add key' }));
    const alert = await dialog.findByRole('alert');
    expect(alert).toHaveTextContent(`You have as many SSH keys as there may be ${detail}`);
    expect(alert).not.toHaveTextContent('meantime');
});
