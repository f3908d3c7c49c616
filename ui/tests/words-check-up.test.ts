/** The words of the security check-up: all of them from the catalogue, in Arabic with its plurals. */

import { screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { ar } from '$words/ar';
import { pseudo } from '$words/pseudo';
import type { FakeHost } from './fake-host';
import { openForeign, plainInDialog, plainOnPage } from './foreign-page';
import { deadConnection, failedRegistry } from './sample-connections';
import { noPersonalKey } from './sample-keys';
import { session } from './samples';

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const said = pseudo.checkUp;

function troubled(host: FakeHost): void {
    host.signedIn().withTwoFactor(2);
    host.passwordChangedAt = ago(500);
    host.sessions = [...host.sessions, session('stale', { last_modified_at: ago(45) })];
    host.apiKeys = host.apiKeys.map((key) => ({ ...key, expires_at: null, last_used_at: ago(100) }));
    host.sshKeys = host.sshKeys.map((view) => ({ ...view, key: { ...view.key, last_used_at: ago(100) } }));
    host.connections.integrations = [deadConnection()];
    host.connections.registries = [failedRegistry()];
}

function bare(host: FakeHost): void {
    host.signedIn();
    host.sessions = host.sessions.filter(({ current }) => current);
    host.personalKey = noPersonalKey;
    host.apiKeys = [];
    host.sshKeys = [];
    host.connections.integrations = [];
    host.connections.registries = [];
}

test.each<[string, (host: FakeHost) => void]>([
    ['where much is to be done', troubled],
    ['where there is hardly anything', bare],
])('the page %s', async (_, prepare) => {
    await openForeign('check-up', prepare);
    await waitFor(() => expect(document.querySelectorAll('.page [aria-busy="true"]')).toHaveLength(0));
    expect(await plainOnPage()).toEqual([]);
});

test('a practice run, whatever comes of it', async () => {
    const { host, user } = await openForeign('check-up', troubled);
    const [good = '', used = ''] = host.backupCodes;
    await user.click(await screen.findByRole('button', { name: said.backupCodes.practise }));
    await screen.findByRole('dialog', { name: said.practice.title });
    host.proveSecondFactor(undefined, used);
    for (const [code, title] of [
        ['', said.practice.missing],
        [good, said.practice.works],
        [used, said.practice.used],
        ['nnnnn-nnnnn', said.practice.unknown],
    ] as const) {
        await user.keyboard(`${code}{Enter}`);
        await screen.findByText(title);
        expect(await plainInDialog()).toEqual([]);
    }
});

test('rating the password', async () => {
    const { user } = await openForeign('check-up', troubled);
    await user.click(await screen.findByRole('button', { name: said.passwordStrength.rate }));
    await screen.findByRole('dialog', { name: said.rating.title });
    await user.keyboard('trustno1trustno1');
    await screen.findByText((text) => text.includes(pseudo.components.passwordStrength.leaked));
    expect(await plainInDialog()).toEqual([]);
    await user.keyboard('{Enter}');
    await screen.findByText(said.passwordStrength.leaked);
    expect(await plainOnPage()).toEqual([]);
});

test('Arabic counts as it does', () => {
    expect([1, 2, 3, 11, 100].map((count) => ar.checkUp.summary.toDo(count))).toEqual([
        'أمر واحد يحتاج إلى عنايتك',
        'أمران يحتاجان إلى عنايتك',
        '3 أمور تحتاج إلى عنايتك',
        '11 أمرًا يحتاج إلى عنايتك',
        '100 أمر يحتاج إلى عنايتك',
    ]);
});
