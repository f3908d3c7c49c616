/** The words of API keys and SSH keys: all of them from the catalogue, in German and Arabic too. */

import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { ar } from '$words/ar';
import { de } from '$words/de';
import { pseudo } from '$words/pseudo';
import { useLanguage } from '$words/words.svelte';
import type { FakeHost } from './fake-host';
import { openForeign, plainInDialog, plainOnPage, PLACES } from './foreign-page';
import { openApp } from './open-app';
import { noPersonalKey, PRIVATE_KEY } from './sample-keys';
import { localPlace } from './samples';

/** Goes to a section by its key, whatever it is called. */
async function goTo(user: UserEvent, section: keyof typeof PLACES, title: string) {
    await screen.findByRole('heading', { level: 1 });
    await user.keyboard(`{Control>}${PLACES[section]}{/Control}`);
    await screen.findByRole('heading', { level: 1, name: title });
}

const button = (name: string) => screen.findByRole('button', { name });

describe('API keys in the pseudo-locale', () => {
    const said = pseudo.apiKeys;
    const local = (host: FakeHost) => host.signedIn(localPlace);

    test.each<[string, (host: FakeHost) => void]>([
        ['with keys', (host) => host.signedIn()],
        [
            'without a key',
            (host) => {
                host.signedIn();
                host.apiKeys = [];
                host.personalKey = noPersonalKey;
            },
        ],
        [
            'on this computer',
            (host) => {
                local(host);
                host.restApi = { enabled: true, port: 7070, url: 'http://127.0.0.1:7070', failure: null };
            },
        ],
        [
            'at another place, while this computer serves its own',
            (host) => {
                host.signedIn();
                host.restApi = { enabled: true, port: 7070, url: 'http://127.0.0.1:7070', failure: null };
            },
        ],
    ])('the page %s', async (_, prepare) => {
        await openForeign('api-keys', prepare);
        expect(await plainOnPage()).toEqual([]);
    });

    test('the dialog for a new key, and the one with its token', async () => {
        const { user } = await openForeign('api-keys');
        await user.click(await button(said.named.create));
        expect(await plainInDialog()).toEqual([]);
        await user.selectOptions(screen.getByLabelText(said.creating.expires), 'date');
        await user.click(screen.getByLabelText(said.creating.lastDay));
        await user.click(screen.getByRole('button', { name: said.creating.create }));
        expect(await plainInDialog()).toEqual([]);
        await user.selectOptions(screen.getByLabelText(said.creating.expires), 'never');
        await user.type(screen.getByLabelText(said.creating.name), 'Build pipeline');
        await user.click(screen.getByRole('button', { name: said.creating.create }));
        await button(said.token.copyToken);
        expect(await plainInDialog()).toEqual([]);
        await user.click(screen.getByRole('button', { name: said.token.close }));
        expect(await plainInDialog()).toEqual([]);
    });

    test('the question before the personal key is replaced', async () => {
        const { user } = await openForeign('api-keys');
        await user.click(await button(said.personal.replace));
        expect(await plainInDialog()).toEqual([]);
    });
});

describe('SSH keys in the pseudo-locale', () => {
    const said = pseudo.sshKeys;

    test('the page with keys, and while a file hangs over it', async () => {
        const { host } = await openForeign('ssh-keys');
        expect(await plainOnPage()).toEqual([]);
        host.emit('ssh_key_drag', { step: 'over' });
        expect(await screen.findByText(said.here.drop)).toBeVisible();
    });

    test('the page without a key', async () => {
        await openForeign('ssh-keys', (host) => {
            host.signedIn();
            host.sshKeys = [];
        });
        expect(await plainOnPage()).toEqual([]);
    });

    test('the dialog for a key, empty, with one that was read, and with a private one', async () => {
        const { user } = await openForeign('ssh-keys');
        await user.click(await button(said.add.title));
        expect(await plainInDialog()).toEqual([]);
        await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: said.add.chooseFile }));
        await screen.findByText(said.add.read('ED25519'));
        expect(await plainInDialog()).toEqual([]);
        await user.click(screen.getByLabelText(said.add.publicKey));
        await user.paste(PRIVATE_KEY);
        await screen.findByText(said.add.privateKey);
    });

    test('the dialog that generates a pair, and the one that says where it is', async () => {
        const { user } = await openForeign('ssh-keys');
        await user.click(await button(said.here.generateKey));
        const folder = await screen.findByLabelText(said.generate.folder);
        await waitFor(() => expect(folder).not.toHaveValue(''));
        await user.type(screen.getByLabelText(said.generate.passphrase), 'harbour-violet');
        await user.click(screen.getByLabelText(said.generate.withHost));
        await user.type(screen.getByLabelText(said.generate.port), 'x');
        await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: said.generate.submit }));
        expect(await plainInDialog()).toEqual([]);
        await user.type(screen.getByLabelText(said.generate.confirmation), 'harbour-violet');
        await user.type(screen.getByLabelText(said.generate.alias), 'workshop');
        await user.clear(screen.getByLabelText(said.generate.port));
        await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: said.generate.submit }));
        await button(said.generated.copyPath);
        expect(await plainInDialog()).toEqual([]);
        await user.click(screen.getByRole('button', { name: said.generated.undo }));
        await waitFor(() => expect(screen.queryByRole('button', { name: said.generated.undo })).toBeNull());
        expect(await plainInDialog()).toEqual([]);
    });
});

describe('in German', () => {
    test('API keys say when they end and were used, and what a new one is asked for', async () => {
        await useLanguage('de');
        const { user } = openApp((host) => host.signedIn());
        await goTo(user, 'api-keys', de.apiKeys.title);
        expect(await screen.findAllByText('In 8 Tagen')).not.toHaveLength(0);
        expect(screen.getByText('Läuft nie ab')).toBeInTheDocument();
        expect(screen.getByText('verwendet vor 2 Stunden von 198.51.100.7')).toBeInTheDocument();
        await user.click(screen.getByRole('button', { name: 'API-Schlüssel erstellen' }));
        await user.click(screen.getByRole('button', { name: 'Erstellen' }));
        expect(screen.getByRole('dialog', { name: 'API-Schlüssel erstellen' })).toHaveTextContent(
            'Geben Sie einen Namen ein.',
        );
        expect(screen.getByRole('option', { name: /^In 7 Tagen, \d+\. \S+ \d{4}$/u })).toBeInTheDocument();
    });
});

describe('in Arabic', () => {
    test('SSH keys keep their names and fingerprints as they are', async () => {
        await useLanguage('ar');
        const { user } = openApp((host) => host.signedIn());
        await goTo(user, 'ssh-keys', ar.sshKeys.title);
        expect(await screen.findByText('X1 Carbon', { selector: 'bdi' })).toBeVisible();
        expect(screen.getByTitle(/^SHA256:p2QM/u).tagName).toBe('CODE');
        // The name is set apart from the words around it.
        expect(screen.getByRole('button', { name: 'إزالة \u2068X1 Carbon\u2069' })).toBeVisible();
        expect(screen.getAllByText(/^استُخدم قبل ساعتين، أُضيف في/u)).toHaveLength(1);
    });

    test('days take the words of their number', () => {
        expect([1, 2, 3, 11, 100].map((days) => ar.apiKeys.expiry.expiresInDays(days))).toEqual([
            'ينتهي خلال يوم واحد',
            'ينتهي خلال يومين',
            'ينتهي خلال 3 أيام',
            'ينتهي خلال 11 يومًا',
            'ينتهي خلال 100 يوم',
        ]);
    });
});
