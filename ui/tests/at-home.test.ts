/** Links, the tray's sections, keys of the window, and the dialogs about the app itself. */

import { readFileSync } from 'node:fs';
import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { Section } from '$bindings/Section';
import { found, packagesOf } from '$features/app/licences';
import { pseudo } from '$words/pseudo';
import { useLanguage } from '$words/words.svelte';
import { openApp, openSection } from './open-app';
import { refusal } from './fake-host';
import { northwindPlace } from './samples';
import { untranslated } from './untranslated';

const heading = (name: string) => screen.findByRole('heading', { level: 1, name });
const profile = () => screen.findByRole('button', { name: 'Edit profile' });

describe('somebody asks for a section from outside of the window', () => {
    test('every section of the contract is one of the sidebar, in its order', async () => {
        const source = readFileSync('src/bindings/Section.ts', 'utf8');
        const ids = [...source.matchAll(/"([a-z-]+)"/gu)].map(([, id]) => id as Section);
        expect(ids.length).toBeGreaterThan(8);
        const { host, user } = openApp((fresh) => fresh.signedIn());
        await profile();
        await user.keyboard('{Control>}1{/Control}');
        await heading('Password');
        const sidebar = within(screen.getByRole('navigation', { name: 'Account sections' })).getAllByRole('button');
        expect(sidebar).toHaveLength(ids.length);
        for (const [place, section] of ids.entries()) {
            host.emit('request', { name: 'show_section', section });
            await waitFor(() => expect(sidebar[place]).toHaveAttribute('aria-current', 'page'));
        }
    });

    test('before the page listened', async () => {
        openApp((host) => {
            host.signedIn();
            host.request = { name: 'show_section', section: 'sessions' };
        });
        expect(await heading('Sessions')).toBeVisible();
    });

    test('before anybody is signed in', async () => {
        const { host, user } = openApp((fresh) => {
            fresh.at(northwindPlace, { name: 'signed_out', reason: null, login: 'maren' });
            fresh.request = { name: 'show_section', section: 'ssh-keys' };
        });
        await user.type(await screen.findByLabelText('Password'), host.password);
        expect(host.asked('list_ssh_keys')).toEqual([]);
        await user.click(screen.getByRole('button', { name: 'Sign in' }));
        expect(await heading('SSH keys')).toBeVisible();
    });

    test('while a dialog is open: it stays, and nothing comes after it', async () => {
        const { host, user } = await openSection('API keys');
        await user.click(screen.getByRole('button', { name: 'Create API Key' }));
        const dialog = await screen.findByRole('dialog');
        host.emit('request', { name: 'show_section', section: 'delete' });
        await waitFor(() => expect(dialog).toBeVisible());
        await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(await heading('API keys')).toBeVisible();
    });

    test('while something was typed: it is asked about first', async () => {
        const { host, user } = openApp((fresh) => fresh.signedIn());
        await user.click(await profile());
        await user.type(screen.getByLabelText('Location'), ' too');
        host.emit('request', { name: 'show_section', section: 'activity' });
        const question = await screen.findByRole('dialog', { name: 'Discard your changes?' });
        await user.click(within(question).getByRole('button', { name: 'Keep editing' }));
        expect(screen.getByLabelText('Location')).toHaveValue('Bergen, Norway too');
    });

    test('while two-factor authentication has to be set up first', async () => {
        const { host } = openApp((fresh) => {
            fresh.signedIn().requireTwoFactor();
            fresh.request = { name: 'show_section', section: 'delete' };
        });
        await waitFor(() => expect(host.asked('take_request')).toHaveLength(1));
        expect(host.asked('get_deletion')).toEqual([]);
    });
});

test.each([
    ['w', 'press_close'],
    ['q', 'quit'],
] as const)('Ctrl+%s is told the shell, on every screen', async (key, command) => {
    const { host, user } = openApp();
    await heading('Where is your account?');
    await user.keyboard(`{Control>}${key}{/Control}`);
    expect(host.asked(command)).toHaveLength(1);
});

describe('the settings of the app', () => {
    const open = async (prepare: Parameters<typeof openApp>[0] = () => undefined) => {
        const app = openApp((host) => {
            host.signedIn();
            prepare(host);
        });
        await app.user.click(await screen.findByRole('button', { name: 'Maren Oyelaran' }));
        await app.user.click(screen.getByRole('menuitem', { name: 'Settings and help' }));
        await app.user.click(screen.getByRole('menuitem', { name: 'App settings…' }));
        return { ...app, dialog: await screen.findByRole('dialog', { name: 'App settings' }) };
    };
    const turned = (name: string) => screen.findByRole('switch', { name });

    test('are switched, and say what they do', async () => {
        const { host, user } = await open();
        expect(await turned('Notifications')).toBeChecked();
        expect(screen.getByText('Latchkey starts with the desktop, and shows its window.')).toBeVisible();
        await user.click(await turned('Show Latchkey in the tray'));
        expect(host.asked('set_app_setting')).toEqual([{ name: 'tray', on: true }]);
        await waitFor(async () => expect(await turned('Show Latchkey in the tray')).toBeChecked());
        expect(screen.getByText('Latchkey starts with the desktop, in the tray.')).toBeVisible();
        await user.click(await turned('Start at login'));
        await waitFor(async () => expect(await turned('Start at login')).toBeChecked());
        await user.click(await turned('Start at login'));
        await waitFor(async () => expect(await turned('Start at login')).not.toBeChecked());
    });

    test('say why they cannot be had, and can be switched off all the same', async () => {
        const { host, user } = await open((fresh) => {
            fresh.appSettings = {
                tray: { on: false, blocked: 'no_tray' },
                start_at_login: { on: false, blocked: 'path_unsayable' },
                notifications: { on: true, blocked: 'no_notifications' },
            };
        });
        const tray = await turned('Show Latchkey in the tray');
        expect(tray).toHaveAttribute('aria-disabled', 'true');
        expect(screen.getByText(/^Nothing on this desktop shows a tray\./u)).toBeVisible();
        expect(screen.getByText('Nothing on this desktop shows notifications.')).toBeVisible();
        await user.click(tray);
        expect(host.asked('set_app_setting')).toEqual([]);
        await user.click(await turned('Notifications'));
        await waitFor(async () => expect(await turned('Notifications')).not.toBeChecked());
    });

    test('say what went wrong, and can be tried again', async () => {
        const { host, user, dialog } = await open((fresh) => fresh.refuse('get_app_settings', refusal('internal')));
        await user.click(await within(dialog).findByRole('button', { name: 'Try again' }));
        await turned('Notifications');
        host.refuse('set_app_setting', refusal('file_unwritable', { detail: 'The disk is read-only.' }));
        await user.click(await turned('Start at login'));
        expect(await within(dialog).findByText(/The disk is read-only\./u)).toBeVisible();
        expect(await turned('Start at login')).not.toBeChecked();
    });

    test('open by a key before anybody is signed in, and from the foot of that screen', async () => {
        const { user } = openApp();
        await heading('Where is your account?');
        await user.keyboard('{Control>}{Shift>}[Comma]{/Shift}{/Control}');
        const dialog = await screen.findByRole('dialog', { name: 'App settings' });
        // One is enough.
        await user.keyboard('{F1}');
        expect(screen.getAllByRole('dialog')).toEqual([dialog]);
        await user.click(within(dialog).getAllByRole('button', { name: 'Close' })[0] as HTMLElement);
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        await user.click(screen.getByRole('button', { name: 'Settings and help' }));
        await user.click(screen.getByRole('menuitem', { name: 'About Latchkey' }));
        expect(await screen.findByRole('dialog', { name: 'About Latchkey' })).toBeVisible();
    });
});

test('F1 lists the shortcuts, and so does Ctrl+/', async () => {
    const { user } = openApp((host) => host.signedIn());
    await profile();
    for (const keys of ['{F1}', '{Control>}/{/Control}']) {
        await user.keyboard(keys);
        const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
        expect(within(dialog).getByText('Ctrl+Q')).toBeVisible();
        await user.keyboard('{Escape}');
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    }
});

describe('the licences', () => {
    const document = readFileSync('../THIRD-PARTY-LICENSES.md', 'utf8');

    test('of every package in the document have a text', () => {
        const packages = packagesOf(document);
        const rows = document.split('\n').filter((line) => line.startsWith('| [')).length;
        expect(packages).toHaveLength(rows);
        expect(rows).toBeGreaterThan(100);
        expect(packages.filter(({ texts }) => texts.length === 0).map(({ name }) => name)).toEqual([]);
        expect(new Set(packages.map(({ name, version }) => `${name} ${version}`)).size).toBe(rows);
    });

    test('keep the backticks of their texts, and those of their own', () => {
        const small = [
            '| [a](https://a.example) | 1.0 | MIT |',
            '| [b](https://b.example) | 2.0 | Apache-2.0 |',
            '',
            '## Apache License 2.0',
            '',
            '```text',
            'Apache',
            '```',
            '',
            '### a 1.0, c 3.0',
            '',
            '````text',
            '```',
            'MIT',
            '```',
            '````',
            '',
        ].join('\n');
        expect(packagesOf(small)).toEqual([
            { name: 'a', version: '1.0', licence: 'MIT', texts: ['```\nMIT\n```'] },
            { name: 'b', version: '2.0', licence: 'Apache-2.0', texts: ['Apache'] },
        ]);
        expect(found(packagesOf(small), ' apache B ')).toHaveLength(1);
        expect(found(packagesOf(small), 'c')).toHaveLength(1);
    });

    test('are loaded when they are asked for, searched, and read with the keyboard alone', async () => {
        const { user } = openApp((host) => host.signedIn());
        await user.click(await screen.findByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: 'Settings and help' }));
        await user.click(screen.getByRole('menuitem', { name: 'About Latchkey' }));
        const dialog = await screen.findByRole('dialog', { name: 'About Latchkey' });
        expect(within(dialog).getByText('Version 1.4.0')).toBeVisible();
        expect(within(dialog).getByText('Northwind')).toBeVisible();
        await user.click(within(dialog).getByRole('button', { name: 'Show packages and licences' }));
        const search = await within(dialog).findByRole('searchbox', { name: 'Search packages' });
        expect(search).toHaveFocus();
        await user.keyboard('tauri mit');
        await user.clear(search);
        await user.keyboard('lucide');
        expect(await within(dialog).findByText('1 package')).toBeVisible();
        await user.keyboard('{ArrowDown}{Enter}');
        expect(within(dialog).getByRole('group', { name: 'Licence of @lucide/svelte' })).toHaveTextContent(
            'ISC License',
        );
        await user.clear(search);
        await user.type(search, 'no such package');
        expect(within(dialog).getByText('No package has that in its name or licence')).toBeVisible();
    });
});

test.each([
    ['settings', () => pseudo.app.settings.open, () => pseudo.app.settings.title],
    ['shortcuts', () => pseudo.app.shortcuts.title, () => pseudo.app.shortcuts.title],
    ['about', () => pseudo.app.about.title, () => pseudo.app.about.title],
] as const)('in the pseudo-locale, all words of %s are from the catalogue', async (_, entry, title) => {
    await useLanguage('pseudo');
    const { user } = openApp();
    await user.click(await screen.findByRole('button', { name: pseudo.app.menu }));
    expect(untranslated(screen.getByRole('menu'))).toEqual([]);
    await user.click(screen.getByRole('menuitem', { name: entry() }));
    const dialog = await screen.findByRole('dialog', { name: title() });
    await waitFor(() => expect(dialog.querySelector('[aria-busy="true"]')).toBeNull());
    expect(untranslated(dialog)).toEqual([]);
});
