import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { badField, refusal, type FakeHost } from './fake-host';
import { openApp } from './open-app';

const signedIn = (prepare: (host: FakeHost) => void = () => undefined) =>
    openApp((host) => {
        prepare(host);
        host.signedIn();
    });

async function edit(prepare?: (host: FakeHost) => void) {
    const app = signedIn(prepare);
    await app.user.click(await screen.findByRole('button', { name: 'Edit profile' }));
    expect(screen.getByRole('heading', { name: 'Edit profile' })).toBeVisible();
    return app;
}

const update = () => screen.getByRole('button', { name: 'Update User Information' });

test('whoever opens it, and whoever saves it, is told where they are', async () => {
    const { user } = await edit();
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Edit profile' })).toHaveFocus());
    await user.type(screen.getByLabelText('Location'), ', Norway');
    await user.click(update());
    await waitFor(() => expect(screen.getByRole('heading', { level: 1, name: 'Maren Oyelaran' })).toHaveFocus());
});

describe('the view', () => {
    test('shows what there is, and nothing of what there is not', async () => {
        signedIn((host) => (host.profile = { ...host.profile, bio: null, location: null }));
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
        expect(screen.getByText('Username')).toBeVisible();
        expect(screen.queryByText('Location')).toBeNull();
        expect(screen.queryByText('Bio:')).toBeNull();
    });

    test.each([
        ['Copy username', 'maren'],
        ['Copy email', 'maren@northwind.example'],
    ])('%s', async (label, text) => {
        const { host, user } = signedIn();
        await user.click(await screen.findByRole('button', { name: label }));
        expect(await screen.findByText('Copied')).toBeInTheDocument();
        expect(host.clipboard).toBe(text);
    });

    test('a clipboard that cannot be used is said', async () => {
        const { host, user } = signedIn();
        host.refuse('copy_text', refusal('clipboard_unavailable'));
        await user.click(await screen.findByRole('button', { name: 'Copy email' }));
        expect(await screen.findByText(/The clipboard cannot be used/u)).toBeVisible();
    });
});

describe('editing', () => {
    test('sends only what changed, with the version it was made on', async () => {
        const { host, user } = await edit();
        await user.clear(screen.getByLabelText(/^Name/u));
        await user.type(screen.getByLabelText(/^Name/u), 'Maren O.');
        await user.clear(screen.getByLabelText(/^Bio/u));
        await user.click(update());
        expect(await screen.findByRole('heading', { name: 'Maren O.' })).toBeVisible();
        expect(screen.getByText('Profile updated')).toBeVisible();
        expect(host.asked('update_profile')).toEqual([{ etag: '"1"', patch: { name: 'Maren O.', bio: null } }]);
    });

    test('with nothing changed nothing is sent', async () => {
        const { host, user } = await edit();
        await user.click(update());
        expect(await screen.findByRole('button', { name: 'Edit profile' })).toBeVisible();
        expect(host.asked('update_profile')).toHaveLength(0);
    });

    test('says what is wrong at the field, and sends nothing', async () => {
        const { host, user } = await edit();
        const email = screen.getByLabelText(/^Email/u);
        await user.clear(email);
        await user.type(email, 'maren@northwind');
        await user.click(update());
        expect(email).toHaveAccessibleDescription('Enter a full address, such as name@example.com.');
        expect(email).toHaveFocus();
        expect(host.asked('update_profile')).toHaveLength(0);
    });

    test('a refusal lands on its field and keeps the rest', async () => {
        const { host, user } = await edit();
        host.refuse('update_profile', badField('email', 'taken'));
        const email = screen.getByLabelText(/^Email/u);
        await user.clear(email);
        await user.type(email, 'other@example.com');
        await user.type(screen.getByLabelText('Location'), ' too');
        await user.click(update());
        await waitFor(() => expect(email).toBeInvalid());
        expect(email).toHaveValue('other@example.com');
        expect(screen.getByLabelText('Location')).toHaveValue('Bergen, Norway too');
    });

    test.each(['timed_out', 'connection_lost', 'internal', 'busy'] as const)(
        'after %s what was typed is still there, and it can be sent again',
        async (code) => {
            const { host, user } = await edit();
            host.refuse('update_profile', refusal(code, { request_id: 'request-7' }));
            await user.type(screen.getByLabelText('Location'), ' too');
            await user.click(update());
            expect(await screen.findByRole('alert')).toHaveTextContent('request-7');
            expect(screen.getByLabelText('Location')).toHaveValue('Bergen, Norway too');
            await user.click(update());
            expect(await screen.findByText('Bergen, Norway too')).toBeVisible();
        },
    );

    test('the bio counts its characters and refuses too many', async () => {
        const { user } = await edit((host) => (host.profile = { ...host.profile, bio: 'x'.repeat(249) }));
        const bio = screen.getByLabelText(/^Bio/u);
        expect(screen.getByText('249 of 250')).toBeVisible();
        await user.type(bio, '👍👍');
        expect(screen.getByText('251 of 250')).toBeVisible();
        await user.click(update());
        expect(bio).toHaveAccessibleDescription(/Use at most 250 characters\./u);
    });

    test('Ctrl+Enter in the bio saves', async () => {
        const { host, user } = await edit();
        await user.type(screen.getByLabelText(/^Bio/u), ' Also tea.{Control>}{Enter}{/Control}');
        await screen.findByText(/Also tea\./u);
        expect(host.asked('update_profile')).toHaveLength(1);
    });

    test('Enter in a field saves', async () => {
        const { host, user } = await edit();
        await user.type(screen.getByLabelText('Location'), ' too{Enter}');
        expect(await screen.findByText('Bergen, Norway too')).toBeVisible();
        expect(host.asked('update_profile')).toHaveLength(1);
    });
});

describe('unsaved changes', () => {
    async function changed() {
        const app = await edit();
        await app.user.type(screen.getByLabelText('Location'), ' too');
        return app;
    }

    test('without changes Esc goes straight back', async () => {
        const { user } = await edit();
        await user.keyboard('{Escape}');
        expect(await screen.findByRole('button', { name: 'Edit profile' })).toBeVisible();
    });

    test('Esc asks, and can be taken back', async () => {
        const { user } = await changed();
        await user.keyboard('{Escape}');
        const question = await screen.findByRole('dialog', { name: 'Discard your changes?' });
        expect(within(question).getByRole('button', { name: 'Keep editing' })).toHaveFocus();
        await user.keyboard('{Escape}');
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(screen.getByLabelText('Location')).toHaveValue('Bergen, Norway too');
    });

    test('discarding leads back to what was saved', async () => {
        const { host, user } = await changed();
        await user.click(screen.getByRole('button', { name: 'Cancel' }));
        await user.click(await screen.findByRole('button', { name: 'Discard' }));
        expect(await screen.findByText('Bergen, Norway')).toBeVisible();
        expect(host.asked('update_profile')).toHaveLength(0);
    });

    test.each([
        ['Profile', undefined],
        ['Account', undefined],
        ['Sign out', 'sign_out'],
    ] as const)('%s in the menu asks first', async (item, command) => {
        const { host, user } = await changed();
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: new RegExp(`^${item}`, 'u') }));
        await user.click(await screen.findByRole('button', { name: 'Keep editing' }));
        expect(screen.getByLabelText('Location')).toHaveValue('Bergen, Norway too');
        if (command) expect(host.asked(command)).toHaveLength(0);
    });

    test('adding a server asks first', async () => {
        const { user } = await changed();
        await user.click(screen.getByRole('button', { name: /Northwind/u }));
        await user.click(screen.getByRole('menuitem', { name: 'Add a server…' }));
        await user.click(await screen.findByRole('button', { name: 'Discard' }));
        expect(await screen.findByRole('heading', { name: 'Where is your account?' })).toBeVisible();
    });

    test('shortcuts ask too', async () => {
        const { user } = await changed();
        await user.keyboard('{Control>},{/Control}');
        expect(await screen.findByRole('dialog', { name: 'Discard your changes?' })).toBeVisible();
    });
});

describe('a profile that was changed elsewhere', () => {
    async function conflict() {
        const app = await edit();
        app.host.changeElsewhere({ location: 'Oslo, Norway', bio: null });
        const location = screen.getByLabelText('Location');
        await app.user.clear(location);
        await app.user.type(location, 'Tromsø');
        await app.user.click(update());
        const dialog = await screen.findByRole('dialog', { name: 'Your profile was changed elsewhere' });
        return { ...app, dialog };
    }

    test('shows what differs', async () => {
        const { dialog } = await conflict();
        expect(within(dialog).getByRole('row', { name: 'Location Tromsø Oslo, Norway' })).toBeVisible();
        expect(within(dialog).getByRole('row', { name: 'Bio Left alone Empty' })).toBeVisible();
        expect(within(dialog).queryByRole('row', { name: /^Name/u })).toBeNull();
    });

    test('Keep editing changes nothing, and the next attempt asks again', async () => {
        const { dialog, user } = await conflict();
        await user.click(within(dialog).getByRole('button', { name: 'Keep editing' }));
        expect(screen.getByLabelText('Location')).toHaveValue('Tromsø');
        await user.click(update());
        expect(await screen.findByRole('dialog', { name: 'Your profile was changed elsewhere' })).toBeVisible();
    });

    test('Reload takes the saved version', async () => {
        const { dialog, host, user } = await conflict();
        await user.click(within(dialog).getByRole('button', { name: 'Reload' }));
        expect(screen.getByLabelText('Location')).toHaveValue('Oslo, Norway');
        expect(screen.getByLabelText(/^Bio/u)).toHaveValue('');
        expect(host.asked('update_profile')).toHaveLength(1);
        await user.keyboard('{Escape}');
        expect(await screen.findByText('Oslo, Norway')).toBeVisible();
    });

    test('Overwrite saves what was typed here and leaves the rest as it was saved', async () => {
        const { dialog, host, user } = await conflict();
        await user.click(within(dialog).getByRole('button', { name: 'Overwrite' }));
        expect(await screen.findByText('Tromsø')).toBeVisible();
        expect(host.asked('update_profile').at(-1)).toEqual({ etag: '"2"', patch: { location: 'Tromsø' } });
        expect(host.profile).toMatchObject({ location: 'Tromsø', bio: null });
    });
});
