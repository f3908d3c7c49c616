/** The words of source code, registries and the API documentation: all of them from the catalogue. */

import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { captionOf, timeLeft, troubleOf } from '$features/source-code/words';
import { ar } from '$words/ar';
import { pseudo } from '$words/pseudo';
import { useLanguage } from '$words/words.svelte';
import type { FakeHost } from './fake-host';
import { openForeign, plainInDialog, plainOnPage } from './foreign-page';
import { connection, deadConnection, failedRegistry, registry } from './sample-connections';
import { localPlace } from './samples';

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
            const at = 'registry.northwind.example';
            if (host.instance) host.instance.registry = { service: 'registry', host: at };
            host.connections.tools = {
                ...host.connections.tools,
                hosts: [at, 'ghcr.io'],
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

describe('source code in the pseudo-locale', () => {
    const said = pseudo.sourceCode;

    test.each<[string, (host: FakeHost) => void]>([
        ['with connections', (host) => host.signedIn()],
        [
            'with one that is broken',
            (host) => {
                host.signedIn();
                host.connections.integrations = [
                    deadConnection(),
                    connection('away', { healthy: false, failure: 'unreachable' }),
                ];
            },
        ],
        [
            'where nothing is set up',
            (host) => {
                host.signedIn();
                host.connections.integrations = [];
            },
        ],
        [
            'where nothing is set up on this computer',
            (host) => {
                host.signedIn(localPlace);
                host.connections.integrations = [];
            },
        ],
    ])('the page %s', async (_, prepare) => {
        await openForeign('source-code', prepare);
        expect(await plainOnPage()).toEqual([]);
    });

    test.each([
        ['that works', connection('gitlab', { missing_scopes: ['read_user'] })],
        ['that is broken', deadConnection({ detail: null })],
        ['that was never checked and does not end', connection('gitlab', { checked_at: null, expires_at: null })],
    ])('the details of a connection %s, and its repositories', async (_, integration) => {
        const { user } = await openForeign('source-code', (host) => {
            host.signedIn();
            host.connections.integrations = [integration];
        });
        await user.click(screen.getByRole('button', { name: /GitLab/u }));
        await screen.findByText(said.details.lastCheck);
        expect(await plainOnPage()).toEqual([]);
    });

    test('repositories, searched for in vain', async () => {
        const { user } = await openForeign('source-code');
        await user.click(screen.getByRole('button', { name: /GitLab/u }));
        await user.type(await screen.findByRole('searchbox', { name: said.repositories.search }), 'q9');
        await screen.findByText(said.repositories.nothingFound);
        expect(await plainOnPage()).toEqual([]);
    });

    test('the dialog that connects by a code, once it was copied, and after a no', async () => {
        const { host, user } = await openForeign('source-code');
        await user.click(screen.getByRole('button', { name: said.connect }));
        await user.click(await screen.findByRole('button', { name: said.connecting.copyAndOpen }));
        await screen.findByText(said.connecting.codeCopied);
        expect(await plainInDialog()).toEqual([]);
        host.connections.end('denied');
        await screen.findByText(said.connecting.denied('GitHub'));
        expect(await plainInDialog()).toEqual([]);
    });

    test('the dialog that connects by the browser, and what takes too long', async () => {
        const { host, user } = await openForeign('source-code');
        await user.click(screen.getByRole('button', { name: said.connect }));
        await user.click(await screen.findByRole('button', { name: said.connecting.useBrowser }));
        await screen.findByRole('button', { name: said.connecting.useCode });
        expect(await plainInDialog()).toEqual([]);
        host.connections.end('expired');
        await screen.findByText(said.connecting.tooLong);
        expect(await plainInDialog()).toEqual([]);
    });

    test('the question before one is disconnected, and what was left there', async () => {
        const { user } = await openForeign('source-code', (host) => {
            host.signedIn();
            host.connections.revokes = false;
        });
        await user.click(screen.getByRole('button', { name: said.disconnect }));
        expect(await plainInDialog()).toEqual([]);
        await user.click(inDialog().getByRole('button', { name: said.disconnect }));
        await screen.findByText(said.disconnecting.left('GitLab'));
        expect(await plainOnPage()).toEqual([]);
    });
});

describe('the API documentation in the pseudo-locale', () => {
    const said = pseudo.apiDocumentation;

    /** Goes there by the page API keys. */
    async function openDocumentation(prepare?: (host: FakeHost) => void) {
        const app = await openForeign('api-keys', prepare);
        await app.user.click(screen.getByRole('button', { name: pseudo.apiKeys.named.documentation }));
        await screen.findByRole('heading', { level: 1, name: said.title });
        await screen.findByRole('searchbox', { name: said.search });
        return app;
    }

    test('has the words of its frame, everything unfolded; what it says itself is English', async () => {
        const { user } = await openDocumentation();
        const entries = [...document.querySelectorAll<HTMLElement>('.page [aria-expanded="false"]')];
        for (const entry of entries) await user.click(entry);
        expect(await plainOnPage()).toEqual([]);
        expect(screen.getByText('Read the profile')).toHaveAttribute('lang', 'en');
        await user.type(screen.getByRole('searchbox', { name: said.search }), 'no such thing');
        await screen.findByRole('button', { name: said.showAll });
        expect(await plainOnPage()).toEqual([]);
    });

    test('says why nothing listens on this computer', async () => {
        await openDocumentation((host) => host.signedIn(localPlace));
        await screen.findByText(said.nothingListens);
        expect(await plainOnPage()).toEqual([]);
    });
});

test('in Arabic, a file in a sentence keeps its own direction', () => {
    expect(ar.registries.tools.on('ghcr.io', '~/.docker/config.json')).toContain(' \u2068~/.docker/config.json\u2069،');
});

test('in German, a connection says since when, and what is wrong with it', async () => {
    await useLanguage('de');
    expect(captionOf(connection('gitlab'))).toBe('Verbunden als @maren seit 3. März 2026');
    expect(troubleOf(deadConnection(), new Date())).toBe(
        'GitLab hat das Token gestern abgelehnt. Verbinden Sie sich neu, um fortzufahren.',
    );
    expect(timeLeft(new Date(Date.now() + 60_500).toISOString(), new Date())).toBe('noch 1 Minute');
});
