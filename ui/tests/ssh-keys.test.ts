import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { keyType } from '$features/ssh-keys/key-words';
import { badField, refusal, type FakeHost } from './fake-host';
import { readKey } from './fake/keys';
import { failureOf } from '$lib/refusal';
import { openSection } from './open-app';
import { PRIVATE_KEY, PUBLIC_KEY } from './sample-keys';

const open = (prepare?: (host: FakeHost) => void) => openSection('SSH keys', prepare);

async function row(name: string) {
    const item = (await screen.findByText(name)).closest('li');
    if (!item) throw new Error('no row');
    return within(item);
}

async function startAdding(user: UserEvent) {
    await user.click(await screen.findByRole('button', { name: 'Add key' }));
    return within(await screen.findByRole('dialog', { name: 'Add key' }));
}

async function startGenerating(user: UserEvent) {
    await user.click(await screen.findByRole('button', { name: 'Generate key' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Generate on this computer' }));
    await waitFor(() => expect(dialog.getByLabelText('Folder')).toHaveValue('/home/maren/.ssh'));
    return dialog;
}

describe('the list', () => {
    test('says what each key is, and when it was used', async () => {
        const { host, user } = await open();
        const server = await row('Build server');
        expect(server.getByText('RSA 4096')).toBeVisible();
        expect(server.getByTitle('SHA256:Zb0nC4vKx8tSgH1qJm7LwY2dPeR5fUa9oIi3TzN6hQk')).toHaveTextContent(
            'SHA256:Zb0nC4vKx8tSgH1qJm7LwY2dPeR5fUa9oIi3TzN6hQk',
        );
        expect(server.getByText('Used yesterday')).toBeVisible();
        expect((await row('YubiKey')).getByText('Never used')).toBeVisible();
        await user.click(server.getByRole('button', { name: 'Copy public key of Build server' }));
        expect(host.clipboard).toMatch(/^ssh-rsa /u);
    });

    test('copies a passphrase the keychain holds', async () => {
        const { host, user } = await open();
        expect((await row('YubiKey')).queryByRole('button', { name: /passphrase/u })).toBeNull();
        await user.click((await row('X1 Carbon')).getByRole('button', { name: 'Copy passphrase of X1 Carbon' }));
        expect(await screen.findByText('Passphrase copied. It leaves the clipboard in 60 seconds.')).toBeVisible();
        expect(host.asked('copy_ssh_passphrase')).toEqual([{ id: 'carbon' }]);
    });

    test('removing can be undone until the toast is gone', async () => {
        const { host, user } = await open();
        await user.click((await row('YubiKey')).getByRole('button', { name: 'Remove YubiKey' }));
        expect(screen.queryByText('YubiKey')).toBeNull();
        expect(screen.getByRole('button', { name: 'SSH keys 2' })).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Undo' }));
        await user.click((await row('YubiKey')).getByRole('button', { name: 'Remove YubiKey' }));
        await user.click(screen.getByRole('button', { name: 'Dismiss' }));
        await waitFor(() => expect(host.asked('remove_ssh_key')).toMatchObject([{ id: 'yubikey' }]));
    });

    test('empty, it offers to generate one', async () => {
        const { user } = await open((host) => (host.sshKeys = []));
        expect(await screen.findByText('No SSH keys yet')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Generate on this computer' }));
        await screen.findByRole('dialog', { name: 'Generate on this computer' });
    });

    test('skeletons, a failure, trying again, and more than a page', async () => {
        let release: () => void = () => undefined;
        const { host, user } = await open((fresh) => {
            fresh.pageSize = 2;
            fresh.refuse('list_ssh_keys', refusal('internal'));
            release = fresh.hold('list_ssh_keys');
        });
        await user.click(await screen.findByRole('button', { name: 'Try again' }));
        expect(await screen.findByText('Loading SSH keys')).toBeInTheDocument();
        release();
        await row('X1 Carbon');
        await user.click(screen.getByRole('button', { name: 'Load more' }));
        await row('YubiKey');
        expect(host.asked('list_ssh_keys')).toEqual([{}, {}, { after: '2' }]);
    });

    test('is read again when the stream says so', async () => {
        const { host } = await open();
        await row('YubiKey');
        host.sshKeys = [];
        host.emit('push', { event: 'activity.new', category: 'ssh_keys' });
        expect(await screen.findByText('No SSH keys yet')).toBeVisible();
    });

    test('back online, what could not be read is read', async () => {
        const { user } = await open((host) => {
            for (const name of ['list_ssh_keys', 'list_api_keys', 'list_sessions'] as const) {
                host.refuse(name, refusal('offline'));
            }
        });
        expect(await screen.findByText(/^You are offline\./u)).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Try again' }));
        await row('YubiKey');
    });
});

describe('adding', () => {
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
        await row('workshop');
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
        expect(
            await dialog.findByText('DSA keys are not safe any more. Generate an ED25519 key instead.'),
        ).toBeVisible();
        await user.type(dialog.getByLabelText('Name'), 'Attic{Enter}');
        await waitFor(() => expect(host.asked('read_ssh_key').length).toBeGreaterThan(1));
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
        await row('harbour');
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
        await row('YubiKey');
        host.emit('ssh_key_drag', { step: 'over' });
        expect(await screen.findByText('Drop the file to add its public key')).toBeVisible();
        host.emit('ssh_key_drag', { step: 'left' });
        await waitFor(() => expect(screen.queryByText('Drop the file to add its public key')).toBeNull());
        host.emit('ssh_key_drag', { step: 'dropped', key: readKey(PUBLIC_KEY) });
        const dialog = within(await screen.findByRole('dialog', { name: 'Add key' }));
        expect(dialog.getByLabelText('Name')).toHaveValue('workshop');
        host.emit('ssh_key_drag', { step: 'refused', failure: failureOf('file_unreadable', 'It is a folder.') });
        expect(await dialog.findByText('The file cannot be read. It is a folder.')).toBeVisible();
        expect(dialog.getByLabelText('Public key')).toHaveValue('');
    });
});

describe('generating', () => {
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
        await row('ThinkPad X1 Carbon');
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
});

test.each([
    ['ssh-ed25519', 256, 'ED25519'],
    ['sk-ssh-ed25519@openssh.com', 256, 'ED25519-SK'],
    ['sk-ecdsa-sha2-nistp256@openssh.com', 256, 'ECDSA-SK'],
    ['ssh-rsa', 3072, 'RSA 3072'],
    ['ecdsa-sha2-nistp384', 384, 'ECDSA 384'],
    ['ssh-new', 1, 'ssh-new'],
])('%s of %i bits is called %s', (type, bits, name) => expect(keyType(type, bits)).toBe(name));
