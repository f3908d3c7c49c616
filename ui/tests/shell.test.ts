import { tick } from 'svelte';
import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openApp, openSection } from './open-app';
import { localPlace, northwindPlace } from './samples';

async function open(prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        host.at(localPlace);
        host.signedIn();
        prepare(host);
    });
    await screen.findByRole('heading', { name: 'Maren Oyelaran' });
    return app;
}

const avatar = () => screen.getByRole('button', { name: 'Maren Oyelaran' });

describe('the account menu', () => {
    test('opens with Down, moves with arrows, Home, End and letters, closes with Esc', async () => {
        const { user } = await open();
        avatar().focus();
        await user.keyboard('{ArrowDown}');
        expect(screen.getByRole('menuitem', { name: 'Profile' })).toHaveFocus();
        await user.keyboard('{ArrowDown}');
        expect(screen.getByRole('menuitem', { name: 'Account' })).toHaveFocus();
        await user.keyboard('{End}');
        expect(screen.getByRole('menuitem', { name: 'Sign out' })).toHaveFocus();
        await user.keyboard('{ArrowDown}');
        expect(screen.getByRole('menuitem', { name: 'Profile' })).toHaveFocus();
        await user.keyboard('sw');
        expect(screen.getByRole('menuitem', { name: 'Switch account' })).toHaveFocus();
        await user.keyboard('{Escape}');
        expect(screen.queryByRole('menu')).toBeNull();
        expect(avatar()).toHaveFocus();
    });

    test('Tab and a press elsewhere close it', async () => {
        const { user } = await open();
        await user.click(avatar());
        await user.keyboard('{Tab}');
        expect(screen.queryByRole('menu')).toBeNull();
        await user.click(avatar());
        await user.click(screen.getByRole('heading', { name: 'Maren Oyelaran' }));
        expect(screen.queryByRole('menu')).toBeNull();
    });

    test('chooses the theme', async () => {
        const { user } = await open();
        await user.click(avatar());
        await user.click(screen.getByRole('menuitemradio', { name: 'Dark' }));
        expect(document.documentElement.dataset.theme).toBe('dark');
        expect(screen.getByRole('menuitemradio', { name: 'Dark' })).toBeChecked();
        await user.keyboard('{ArrowRight}{Enter}');
        expect(document.documentElement.dataset.theme).toBeUndefined();
    });

    test('switches accounts', async () => {
        const { host, user } = await open((fresh) =>
            fresh.accounts.push({
                place: 'local',
                place_name: 'This computer',
                username: 'ada',
                name: 'Ada King',
                current: false,
            }),
        );
        await user.click(avatar());
        await user.click(screen.getByRole('menuitem', { name: 'Switch account' }));
        expect(screen.getByRole('menuitemradio', { name: /Maren Oyelaran/u })).toBeChecked();
        await user.click(screen.getByRole('menuitemradio', { name: /Ada King/u }));
        expect(await screen.findByRole('heading', { name: 'Ada King' })).toBeVisible();
        expect(host.asked('switch_account')).toEqual([{ place: 'local', username: 'ada' }]);
    });

    test('adds an account', async () => {
        const { user } = await open();
        await user.click(avatar());
        await user.click(screen.getByRole('menuitem', { name: 'Switch account' }));
        await user.click(screen.getByRole('menuitem', { name: 'Add account' }));
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
    });

    test('signs out, or says why not', async () => {
        const { host, user } = await open();
        host.refuse('sign_out', refusal('busy'));
        await user.click(avatar());
        await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));
        expect(await screen.findByText(/The server is busy/u)).toBeVisible();
        await user.click(avatar());
        await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
        expect(screen.getByLabelText('Username or email')).toHaveValue('maren');
    });
});

describe('the server menu', () => {
    test('goes to another place', async () => {
        const { host, user } = await open();
        await user.click(screen.getByRole('button', { name: /^Server: Northwind/u }));
        const menu = screen.getByRole('menu', { name: 'Servers' });
        expect(within(menu).getByRole('menuitemradio', { name: /Northwind/u })).toBeChecked();
        await user.click(within(menu).getByRole('menuitemradio', { name: /This computer/u }));
        await waitFor(() => expect(host.asked('choose_place')).toEqual([{ id: 'local', accept_plain: false }]));
    });

    test('adds one, and leads back', async () => {
        const { user } = await open();
        await user.click(screen.getByRole('button', { name: /^Server: Northwind/u }));
        await user.click(screen.getByRole('menuitem', { name: 'Add a server…' }));
        await user.click(await screen.findByRole('button', { name: `Back to ${northwindPlace.name}` }));
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
    });
});

describe('keys', () => {
    test('Ctrl+, Ctrl+Shift+P and Ctrl+1 open pages, whose heading has the focus', async () => {
        const { user } = await open();
        await user.keyboard('{Control>},{/Control}');
        await waitFor(() => expect(screen.getByRole('heading', { name: 'Password' })).toHaveFocus());
        expect(screen.getByRole('navigation', { name: 'Account sections' })).toBeVisible();
        await user.keyboard('{Control>}{Shift>}P{/Shift}{/Control}');
        await waitFor(() => expect(screen.getByRole('heading', { name: 'Maren Oyelaran' })).toHaveFocus());
        await user.keyboard('{Control>}1{/Control}');
        await waitFor(() => expect(screen.getByRole('heading', { name: 'Password' })).toHaveFocus());
    });

    test('Ctrl with plus, minus and zero change the text size', async () => {
        const { user } = await open();
        await user.keyboard('{Control>}+{/Control}');
        expect(document.documentElement.style.fontSize).toBe('110%');
        await user.keyboard('{Control>}0{/Control}');
        expect(document.documentElement.style.fontSize).toBe('');
    });

    test('the first stop is the way past the navigation', async () => {
        const { user } = await open();
        (document.activeElement as HTMLElement | null)?.blur();
        await user.tab();
        expect(screen.getByRole('link', { name: 'Skip to content' })).toHaveFocus();
        expect(screen.getByRole('link', { name: 'Skip to content' })).toHaveAttribute('href', '#content');
        expect(document.getElementById('content')).toBe(screen.getByRole('main'));
    });

    test('keys of pages wait while a dialog is open', async () => {
        const { host, user } = await open();
        await user.click(screen.getByRole('button', { name: 'Edit profile' }));
        await user.click(screen.getByRole('button', { name: 'Select Image' }));
        await screen.findByRole('dialog');
        await user.keyboard('{Control>},{/Control}');
        expect(screen.getByRole('dialog')).toBeVisible();
        expect(host.asked('list_sessions')).toHaveLength(0);
    });

    test('F5 says why the profile could not be read', async () => {
        const { host, user } = await open();
        host.refuse('get_profile', refusal('busy'));
        await user.keyboard('{F5}');
        expect(await screen.findByText(/The server is busy/u)).toBeVisible();
    });

    test('F5 reads the profile again and keeps the page', async () => {
        const { host, user } = await open();
        host.changeElsewhere({ name: 'Maren O.' });
        await user.keyboard('{F5}');
        expect(await screen.findByRole('heading', { name: 'Maren O.' })).toBeVisible();
    });
});

test('the sidebar counts the sessions, says what is on, and marks the open page', async () => {
    const { user } = await open();
    await user.keyboard('{Control>},{/Control}');
    const sidebar = within(screen.getByRole('navigation'));
    expect(sidebar.getByRole('button', { name: 'Password' })).toHaveAttribute('aria-current', 'page');
    expect(await sidebar.findByRole('button', { name: 'Sessions 4' })).not.toHaveAttribute('aria-current');
    expect(sidebar.getByRole('button', { name: 'Two-factor authentication Off' })).toBeVisible();
});

test('Ctrl and a digit follow the order of the sidebar', async () => {
    const { user } = await open();
    const pages = [
        ...['Password', 'Two-factor authentication', 'API keys', 'Sessions', 'Security check-up'],
        ...['SSH keys', 'Source code integration', 'Container registries', 'Activity'],
    ];
    for (const [index, page] of pages.entries()) {
        await user.keyboard(`{Control>}${index + 1}{/Control}`);
        await waitFor(() => expect(screen.getByRole('heading', { level: 1, name: page })).toHaveFocus());
    }
});

test('a session that is closed elsewhere ends on signing in, with the reason', async () => {
    const { host } = await open();
    host.at(northwindPlace, {
        name: 'signed_out',
        reason: { kind: 'closed', by: 'closed_elsewhere' },
        login: 'maren',
    });
    host.emit('view', host.view());
    expect(await screen.findByText('This session was closed from another device')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Edit profile' })).toBeNull();
});

test('a question that is open then goes with the page it was about', async () => {
    const { host, user } = await open();
    await user.click(screen.getByRole('button', { name: 'Edit profile' }));
    await user.type(screen.getByLabelText('Location'), ' too');
    await user.keyboard('{Escape}');
    await screen.findByRole('dialog', { name: 'Discard your changes?' });
    host.at(northwindPlace, { name: 'signed_out', reason: { kind: 'expired' }, login: 'maren' });
    host.emit('view', host.view());
    expect(await screen.findByText('Your session has expired')).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('while the app opens there is a skeleton', async () => {
    let release: () => void = () => undefined;
    openApp((host) => (release = host.hold('get_view')));
    expect(screen.getByText('Opening Latchkey')).toBeInTheDocument();
    release();
    expect(await screen.findByRole('heading', { name: 'Where is your account?' })).toBeVisible();
});

test('the window appears with the first screen, once', async () => {
    let release: () => void = () => undefined;
    const { host } = openApp((fresh) => (release = fresh.hold('get_view')));
    await Promise.resolve();
    expect(host.asked('show_window')).toEqual([]);
    release();
    await screen.findByRole('heading', { name: 'Where is your account?' });
    expect(host.asked('show_window')).toHaveLength(1);
    host.emit('view', host.view());
    await tick();
    expect(host.asked('show_window')).toHaveLength(1);
});

test('a field that gets the focus comes into view whole, once nothing is pressed any more', async () => {
    const { user } = await openSection('Password');
    const into = vi.spyOn(Element.prototype, 'scrollIntoView');
    screen.getByLabelText('Current password').focus();
    expect(into).toHaveBeenCalledWith({ block: 'nearest' });
    expect(into.mock.contexts).toEqual([screen.getByLabelText('Current password')]);
    into.mockClear();
    await user.pointer({ keys: '[MouseLeft>]', target: screen.getByLabelText('New password') });
    expect(screen.getByLabelText('New password')).toHaveFocus();
    expect(into).not.toHaveBeenCalled();
    await user.pointer('[/MouseLeft]');
    await waitFor(() => expect(into.mock.contexts).toEqual([screen.getByLabelText('New password')]));
    into.mockRestore();
});
