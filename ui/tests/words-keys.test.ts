/** The words of API keys and SSH keys: all of them from the catalogue, in German and Arabic too. */

import { screen } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { pseudo } from '$words/pseudo';
import type { FakeHost } from './fake-host';
import { openForeign, plainInDialog, plainOnPage } from './foreign-page';
import { noPersonalKey } from './sample-keys';
import { localPlace } from './samples';

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
