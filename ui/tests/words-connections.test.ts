/** The words of source code, registries and the API documentation: all of them from the catalogue. */

import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { pseudo } from '$words/pseudo';
import type { FakeHost } from './fake-host';
import { openForeign, plainInDialog, plainOnPage } from './foreign-page';
import { failedRegistry, registry } from './sample-connections';

const inDialog = () => within(screen.getByRole('dialog'));

describe('container registries in the pseudo-locale', () => {
    const said = pseudo.registries;
    const failures = ['unreachable', 'not_encrypted', 'unreadable'] as const;

    test.each<[string, (host: FakeHost) => void]>([
        ['with registries', () => undefined],
        ['without one', (host) => (host.connections.registries = [])],
        [
            'with those that failed',
            (host) => {
                host.connections.registries = [
                    failedRegistry(),
                    ...failures.map((failure) => registry(failure, 'ghcr.io', { status: 'failed', failure })),
                ];
            },
        ],
    ])('the page %s', async (_, prepare) => {
        await openForeign('registries', (host) => {
            host.signedIn();
            prepare(host);
        });
        await screen.findByRole('heading', { name: said.tools.title });
        expect(await plainOnPage()).toEqual([]);
    });

    test('container tools that are signed in, and the registry of the server', async () => {
        await openForeign('registries', (host) => {
            host.signedIn();
            if (host.instance) host.instance.registry = { host: 'registry.northwind.example' };
            host.connections.tools = {
                ...host.connections.tools,
                hosts: ['registry.northwind.example', 'ghcr.io'],
                not_on_path: '~/.local/bin',
            };
        });
        await screen.findByText(said.tools.notFound);
        expect(await plainOnPage()).toEqual([]);
    });

    test('the menu of a registry', async () => {
        const { user } = await openForeign('registries');
        const [row] = screen.getAllByRole('button', { name: said.row.more('registry.northwind.example') });
        await user.click(row as HTMLElement);
        await screen.findByRole('menuitem', { name: said.row.checkAgain });
        expect(await plainOnPage()).toEqual([]);
    });

    test('the dialog that authorises one', async () => {
        const { user } = await openForeign('registries');
        await user.click(screen.getByRole('button', { name: said.authorise }));
        expect(await plainInDialog()).toEqual([]);
        await user.click(inDialog().getByRole('button', { name: said.authorise }));
        await screen.findByText(said.credentials.passwordMissing);
        await user.type(inDialog().getByLabelText(said.credentials.host), 'ghcr.io');
        expect(await plainInDialog()).toEqual([]);
    });

    test('the dialog for another password, and why one was refused', async () => {
        const { user } = await openForeign('registries', (host) => {
            host.signedIn();
            host.connections.registries = [failedRegistry()];
        });
        await user.click(screen.getByRole('button', { name: said.row.updatePasswordFor('ghcr.io') }));
        expect(await plainInDialog()).toEqual([]);
        await user.type(inDialog().getByLabelText(said.credentials.password), 'wrong');
        await user.click(inDialog().getByRole('button', { name: said.credentials.update }));
        await waitFor(() => expect(screen.getByText(said.credentials.refused('ghcr.io'))).toBeVisible());
        expect(await plainInDialog()).toEqual([]);
    });
});
