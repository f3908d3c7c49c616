/** axe-core on the pages of source code integration and container registries. */

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { failureOf } from '$lib/refusal';
import { openSection } from './open-app';
import { connection, deadConnection, failedRegistry } from './sample-connections';
import { localPlace } from './samples';

const screens: Record<string, () => Promise<unknown>> = {
    'source code, a dead connection': async () => {
        const { user } = await openSection('Source code integration', (host) => {
            host.connections.integrations.push(
                deadConnection({ id: 'dead' }),
                connection('ops', { login: 'northwind-ops', failure: 'unreachable', healthy: false }),
            );
        });
        for (const row of await screen.findAllByRole('button', { name: /^GitLab/u })) await user.click(row);
        await screen.findAllByText('northwind/handbook');
    },
    'no repositories': async () => {
        const { user } = await openSection('Source code integration', (host) => (host.connections.repositories = []));
        await user.click(await screen.findByRole('button', { name: /^GitLab/u }));
        await screen.findByText('No repositories');
    },
    'no provider, on this computer': async () => {
        await openSection('Source code integration', (host) => {
            host.signedIn(localPlace);
            host.connections.integrations = [];
        });
        await screen.findByText('integrations.toml');
    },
    'a code, with trouble': async () => {
        const { host, user } = await openSection('Source code integration');
        await user.click(await screen.findByRole('button', { name: 'Connect' }));
        await screen.findByText('WDJB-MJHT');
        await user.click(screen.getByRole('button', { name: 'Copy and open browser' }));
        host.emit('connection_trouble', { id: 'attempt-1', failure: failureOf('offline') });
        await screen.findByText('The server cannot be reached');
    },
    'a code that has expired': async () => {
        const { host, user } = await openSection('Source code integration');
        await user.click(await screen.findByRole('button', { name: 'Connect' }));
        await screen.findByText('WDJB-MJHT');
        host.connections.end('expired');
        await screen.findByRole('button', { name: 'Get a new code' });
    },
    'waiting for the browser': async () => {
        const { user } = await openSection('Source code integration');
        await user.click(await screen.findByRole('button', { name: 'Connect' }));
        await user.click(await screen.findByRole('button', { name: 'Use the browser instead' }));
        await screen.findByRole('button', { name: 'Open the browser again' });
    },
    'disconnected, not revoked': async () => {
        const { user } = await openSection('Source code integration', (host) => (host.connections.revokes = false));
        await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
        await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Disconnect' }));
        await screen.findByText('GitLab did not take the access back');
    },
    'container registries, one failed, its menu open': async () => {
        const { user } = await openSection('Container registries', ({ connections }) => {
            connections.registries = [...connections.registries, failedRegistry({ id: 'failed', host: 'quay.io' })];
            connections.tools = { ...connections.tools, hosts: ['ghcr.io'], not_on_path: '~/.local/bin' };
        });
        await user.click(await screen.findByRole('button', { name: 'More for quay.io' }));
        await screen.findByRole('menuitem', { name: 'Check again' });
    },
    'no container registries': async () => {
        await openSection('Container registries', (host) => (host.connections.registries = []));
        await screen.findByText('No registries yet');
    },
    'authorising a registry, refused': async () => {
        const { user } = await openSection('Container registries');
        await user.click(await screen.findByRole('button', { name: 'Authorise registry' }));
        await user.type(screen.getByLabelText('Registry host'), 'quay.io');
        await user.type(screen.getByLabelText('Username'), 'maren');
        await user.type(screen.getByLabelText('Password or token'), 'wrong');
        await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Authorise registry' }));
        await screen.findByText(/^quay\.io refused these credentials\./u);
    },
    'updating a password, blank': async () => {
        const { user } = await openSection('Container registries', (host) => {
            host.connections.registries = [failedRegistry()];
        });
        await user.click(await screen.findByRole('button', { name: /^Update password/u }));
        const dialog = within(await screen.findByRole('dialog', { name: 'Update password' }));
        await user.click(dialog.getByRole('button', { name: 'Update password' }));
        await waitFor(() => expect(dialog.getByText('Enter the password, or a token.')).toBeVisible());
    },
};

test.each(Object.entries(screens))('%s', async (_name, open) => {
    await open();
    const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
