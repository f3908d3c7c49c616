import { screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { refusal } from './fake-host';
import { openSection } from './open-app';

const trash = (name: string) => screen.findByRole('button', { name: `Delete ${name}` });

test('what waits for its undo is sent before the window closes', async () => {
    const { host, user } = await openSection('API keys');
    await user.click(await trash('Old laptop'));
    await user.click(await trash('Image mirror'));
    const answer = host.hold('delete_api_key');
    host.emit('closing', null);
    await waitFor(() => expect(host.asked('delete_api_key').map(({ id }) => id)).toEqual(['laptop', 'mirror']));
    expect(host.closed).toBe(false);
    answer();
    await waitFor(() => expect(host.closed).toBe(true));
    expect(host.apiKeys.map(({ id }) => id)).toEqual(['pipeline', 'terraform']);
});

test('one that is on its way from a page left before is waited for', async () => {
    const { host, user } = await openSection('SSH keys');
    await user.click(await screen.findByRole('button', { name: 'Remove YubiKey' }));
    const answer = host.hold('remove_ssh_key');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(host.asked('remove_ssh_key')).toHaveLength(1));
    host.emit('closing', null);
    await new Promise((resolve) => setTimeout(resolve));
    expect(host.closed).toBe(false);
    answer();
    await waitFor(() => expect(host.closed).toBe(true));
});

test('a removal that is refused keeps no window open', async () => {
    const { host, user } = await openSection('API keys');
    await user.click(await trash('Old laptop'));
    host.refuse('delete_api_key', refusal('offline'));
    host.emit('closing', null);
    await waitFor(() => expect(host.closed).toBe(true));
});

test('with nothing to wait for it closes at once, wherever it is', async () => {
    const { host } = await openSection('Password');
    host.emit('closing', null);
    await waitFor(() => expect(host.closed).toBe(true));
});
