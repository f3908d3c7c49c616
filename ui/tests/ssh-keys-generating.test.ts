import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { failureOf } from '$lib/refusal';
import type { FakeHost } from './fake-host';
import { openSection } from './open-app';

const open = (prepare?: (host: FakeHost) => void) => openSection('SSH keys', prepare);

async function startGenerating(user: UserEvent) {
    await user.click(await screen.findByRole('button', { name: 'Generate key' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Generate on this computer' }));
    await waitFor(() => expect(dialog.getByLabelText('Folder')).toHaveValue('/home/maren/.ssh'));
    return dialog;
}

test('with what is proposed alone', async () => {
    const { host, user } = await open();
    const dialog = await startGenerating(user);
    expect(dialog.queryByLabelText('Keep the passphrase in the keychain')).toBeNull();
    await user.click(dialog.getByRole('button', { name: 'Generate key' }));
    const panel = within(await screen.findByRole('dialog', { name: 'ThinkPad X1 Carbon is ready' }));
    expect(host.asked('generate_ssh_key')).toEqual([
        {
            name: 'ThinkPad X1 Carbon',
            folder: '/home/maren/.ssh',
            file_name: 'id_ed25519_latchkey',
            keep_passphrase: false,
        },
    ]);
    expect(panel.getByText('/home/maren/.ssh/id_ed25519_latchkey')).toBeVisible();
    expect(panel.getByText(/The private key never left this computer\./u)).toBeVisible();
    expect(panel.queryByText('Connect')).toBeNull();
    await user.click(panel.getByRole('button', { name: 'Close' }));
    await screen.findByText('ThinkPad X1 Carbon');
});

test('with a passphrase, which has to be typed twice, and a host, which can be undone', async () => {
    const { host, user } = await open();
    const dialog = await startGenerating(user);
    await user.type(dialog.getByLabelText('Passphrase (optional)'), 'harbour-violet');
    expect(dialog.getByLabelText('Keep the passphrase in the keychain')).toBeChecked();
    await user.click(dialog.getByLabelText('Add a host to your SSH configuration'));
    expect(dialog.getByLabelText('Host name or address')).toHaveValue('accounts.northwind.example');
    await user.type(dialog.getByLabelText('Port'), '2222');
    await user.click(dialog.getByRole('button', { name: 'Generate key' }));
    expect(dialog.getByText('Enter the passphrase once more.')).toBeVisible();
    expect(dialog.getByText('Enter what you want to type behind ssh.')).toBeVisible();
    expect(host.asked('generate_ssh_key')).toHaveLength(0);
    await user.type(dialog.getByLabelText('Confirm passphrase'), 'harbour-violet');
    await user.type(dialog.getByLabelText('Alias'), 'my shop');
    await user.click(dialog.getByRole('button', { name: 'Generate key' }));
    expect(await dialog.findByText('Use no spaces.')).toBeVisible();
    await user.clear(dialog.getByLabelText('Alias'));
    await user.type(dialog.getByLabelText('Alias'), 'workshop');
    await user.click(dialog.getByRole('button', { name: 'Generate key' }));
    const panel = within(await screen.findByRole('dialog', { name: 'ThinkPad X1 Carbon is ready' }));
    expect(host.asked('generate_ssh_key').at(-1)).toMatchObject({
        passphrase: 'harbour-violet',
        keep_passphrase: true,
        host: { alias: 'workshop', host_name: 'accounts.northwind.example', user: 'maren', port: 2222 },
    });
    await user.click(panel.getByRole('button', { name: 'Copy command' }));
    expect(host.clipboard).toBe('ssh workshop');
    await user.click(panel.getByRole('button', { name: 'Undo' }));
    expect(await panel.findByText('workshop was taken out of /home/maren/.ssh/config again.')).toBeVisible();
    expect(host.asked('undo_ssh_config')).toHaveLength(1);
    expect(panel.queryByRole('button', { name: 'Copy command' })).toBeNull();
    expect(panel.getByRole('button', { name: 'Close' })).toHaveFocus();
});

test('without a keychain the passphrase is not offered to it', async () => {
    const { user } = await open((host) => (host.keychain = { available: false, detail: null }));
    const dialog = await startGenerating(user);
    await user.type(dialog.getByLabelText('Passphrase (optional)'), 'harbour-violet');
    expect(dialog.queryByLabelText('Keep the passphrase in the keychain')).toBeNull();
});

test('another folder is chosen, and a file that is there is not replaced', async () => {
    const { user } = await open();
    const dialog = await startGenerating(user);
    const file = dialog.getByLabelText('File name');
    await user.clear(file);
    await user.type(file, 'id_ed25519');
    await user.click(dialog.getByRole('button', { name: 'Change folder…' }));
    await waitFor(() => expect(dialog.getByLabelText('Folder')).toHaveValue('/home/maren/Keys'));
    expect(file).toHaveValue('id_ed25519');
    await user.click(dialog.getByRole('button', { name: 'Generate key' }));
    expect(await dialog.findByText('There is such a file already. Choose another name.')).toBeVisible();
});

test('a configuration that could not be written is no reason to say that there is no key', async () => {
    const { host, user } = await open();
    const dialog = await startGenerating(user);
    const [made] = host.sshKeys;
    if (!made) throw new Error('no key');
    host.next('generate_ssh_key', ({ name }) => ({
        key: { ...made.key, name },
        path: '/home/maren/.ssh/id_ed25519_latchkey',
        passphrase_in_keychain: false,
        config: null,
        config_failure: failureOf('file_unwritable', 'It belongs to somebody else.'),
    }));
    await user.click(dialog.getByRole('button', { name: 'Generate key' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('It belongs to somebody else.');
});
