import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { keyType } from '$features/ssh-keys/key-words';
import { refusal, type FakeHost } from './fake-host';
import { BELL, openSection } from './open-app';

const open = (prepare?: (host: FakeHost) => void) => openSection('SSH keys', prepare);

async function row(name: string) {
    const item = (await screen.findByText(name)).closest('li');
    if (!item) throw new Error('no row');
    return within(item);
}

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

test('empty, it offers to generate one, once', async () => {
    const { user } = await open((host) => (host.sshKeys = []));
    expect(await screen.findByText('No SSH keys yet')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Generate key' })).toBeNull();
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
        for (const name of ['list_ssh_keys', 'list_api_keys', 'list_sessions', ...BELL] as const) {
            host.refuse(name, refusal('offline'));
        }
    });
    expect(await screen.findByText(/^You are offline\./u)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    await row('YubiKey');
});

test.each([
    ['ssh-ed25519', 256, 'ED25519'],
    ['sk-ssh-ed25519@openssh.com', 256, 'ED25519-SK'],
    ['sk-ecdsa-sha2-nistp256@openssh.com', 256, 'ECDSA-SK'],
    ['ssh-rsa', 3072, 'RSA 3072'],
    ['ecdsa-sha2-nistp384', 384, 'ECDSA 384'],
    ['ssh-new', 1, 'ssh-new'],
])('%s of %i bits is called %s', (type, bits, name) => expect(keyType(type, bits)).toBe(name));
