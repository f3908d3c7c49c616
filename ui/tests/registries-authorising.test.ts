import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { hintFor } from '$features/registries/words';
import { refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';
import { failedRegistry } from './sample-connections';

const dialog = () => within(screen.getByRole('dialog'));

async function authorise(prepare?: (host: FakeHost) => void) {
    const app = await openSection('Container registries', prepare);
    await app.user.click(await screen.findByRole('button', { name: 'Authorise registry' }));
    await screen.findByRole('dialog', { name: 'Authorise registry' });
    return app;
}

async function fill(user: UserEvent, host: string, password: string) {
    await user.type(dialog().getByLabelText('Registry host'), host);
    await user.type(dialog().getByLabelText('Username'), ' maren ');
    await user.type(dialog().getByLabelText('Password or token'), password);
    await user.click(dialog().getByRole('button', { name: 'Authorise registry' }));
}

describe('authorising', () => {
    test('keeps only what the registry takes', async () => {
        const { host, user } = await authorise();
        expect(dialog().getByLabelText('Registry host')).toHaveFocus();
        await fill(user, 'quay.io', 'right-token');
        expect(await screen.findByText('quay.io authorised')).toBeVisible();
        expect(screen.queryByRole('dialog')).toBeNull();
        expect(await screen.findByText('quay.io')).toBeVisible();
        expect(host.asked('authorise_registry')).toEqual([
            { host: 'quay.io', username: 'maren', password: 'right-token', only_if_verified: true },
        ]);
    });

    test('refused credentials are told below the password, which stays, until one of them is changed', async () => {
        const { user } = await authorise();
        await fill(user, 'quay.io', 'wrong');
        const said = 'quay.io refused these credentials. Check the token and try again.';
        expect(await dialog().findByText(said)).toBeVisible();
        const password = dialog().getByLabelText('Password or token');
        expect(password).toHaveValue('wrong');
        expect(password).toHaveFocus();
        expect(password).toHaveAccessibleDescription(said);
        await user.type(dialog().getByLabelText('Username'), 'x');
        expect(dialog().queryByText(said)).toBeNull();
    });

    test.each([
        ['nowhere.invalid', 'nowhere.invalid could not be reached. Check the name and try again.'],
        ['ghcr.io', 'You have authorised this registry already. Update its password in the list.'],
    ])('what is wrong with %s is told below it', async (host, said) => {
        const { user } = await authorise();
        await fill(user, host, 'right-token');
        expect(await dialog().findByText(said)).toBeVisible();
        expect(dialog().getByLabelText('Registry host')).toHaveFocus();
    });

    test('can be given up: nothing is asked', async () => {
        const { host, user } = await authorise();
        await user.type(dialog().getByLabelText('Registry host'), 'quay.io');
        await user.click(dialog().getByRole('button', { name: 'Cancel' }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(host.asked('authorise_registry')).toEqual([]);
    });

    test('blank fields are told before anybody is asked', async () => {
        const { host, user } = await authorise();
        await user.click(dialog().getByRole('button', { name: 'Authorise registry' }));
        expect(await dialog().findByText('Enter the host of the registry, as in ghcr.io.')).toBeVisible();
        expect(dialog().getByText('Enter your username at the registry.')).toBeVisible();
        expect(dialog().getByText('Enter the password, or a token.')).toBeVisible();
        expect(host.asked('authorise_registry')).toEqual([]);
    });

    test('asks who is there, and loses nothing', async () => {
        const { host, user } = await authorise((fresh) => (fresh.stale = ['password']));
        await fill(user, 'quay.io', 'right-token');
        const proof = within(await screen.findByRole('dialog', { name: 'Confirm it is you' }));
        await user.type(proof.getByLabelText('Password'), `${host.password}{Enter}`);
        expect(await screen.findByText('quay.io authorised')).toBeVisible();
    });

    test('while the registry is asked, it stays open', async () => {
        const { host, user } = await authorise();
        const release = host.hold('authorise_registry');
        await fill(user, 'quay.io', 'right-token');
        expect(await dialog().findByText('Asking quay.io')).toBeVisible();
        expect(dialog().getByRole('button', { name: 'Authorise registry' })).toHaveAttribute('aria-busy', 'true');
        await user.keyboard('{Escape}');
        expect(screen.getByRole('dialog')).toBeVisible();
        release();
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    });

    test('as many as there may be', async () => {
        const { host, user } = await authorise();
        host.refuse('authorise_registry', refusal('conflict', { detail: 'Remove one of your 50 registries first.' }));
        await fill(user, 'quay.io', 'right-token');
        expect(await dialog().findByText('You have as many container registries as there may be')).toBeVisible();
    });

    test('says what to enter, and that the own registry of the server needs nothing', async () => {
        const { user } = await authorise((host) => {
            const own = { service: 'registry.example.org', host: 'registry.example.org' };
            if (host.instance) host.instance = { ...host.instance, registry: own };
        });
        await user.type(dialog().getByLabelText('Registry host'), 'ghcr.io');
        expect(dialog().getByText(/read:packages/u)).toBeVisible();
        await user.clear(dialog().getByLabelText('Registry host'));
        await user.type(dialog().getByLabelText('Registry host'), 'registry.example.org');
        expect(dialog().getByText(/it needs no credentials of yours/u)).toBeVisible();
    });
});

describe('updating the password', () => {
    const save = () => dialog().getByRole('button', { name: 'Update password' });

    async function update(prepare?: (host: FakeHost) => void) {
        const app = await openSection('Container registries', (host) => {
            host.connections.registries = [failedRegistry()];
            prepare?.(host);
        });
        await app.user.click(await screen.findByRole('button', { name: 'Update password for ghcr.io' }));
        await screen.findByRole('dialog', { name: 'Update password' });
        return app;
    }

    test('is checked first; a failed row works again', async () => {
        const { host, user } = await update();
        const password = dialog().getByLabelText('Password or token');
        expect(password).toHaveFocus();
        await user.type(password, 'wrong');
        await user.click(save());
        expect(await dialog().findByText(/^ghcr\.io refused these credentials\./u)).toBeVisible();
        await user.clear(password);
        await user.type(password, 'right-token');
        await user.click(save());
        expect(await screen.findByText('Password for ghcr.io updated')).toBeVisible();
        expect(screen.getByText('Verified')).toBeVisible();
        await waitFor(() => expect(screen.getByRole('button', { name: 'More for ghcr.io' })).toHaveFocus());
        expect(host.asked('update_registry')[1]).toEqual({
            id: 'ghcr',
            update: { password: 'right-token', only_if_verified: true },
        });
    });

    test('another username goes along; what is wrong with the host has its own place', async () => {
        const { host, user } = await update();
        await user.clear(dialog().getByLabelText('Username'));
        await user.type(dialog().getByLabelText('Username'), 'robot');
        const detail = 'ghcr.io could not be reached. Try again later.';
        host.refuse(
            'update_registry',
            refusal('invalid_field', { errors: [{ pointer: '/host', code: 'invalid', detail }] }),
        );
        await user.type(dialog().getByLabelText('Password or token'), 'right-token');
        await user.click(save());
        expect(await dialog().findByText('The password could not be checked')).toBeVisible();
        expect(dialog().getByText(detail)).toBeVisible();
        await user.click(save());
        expect(await screen.findByText('robot')).toBeVisible();
        expect(host.asked('update_registry')[1]?.update.username).toBe('robot');
    });

    test('is in the menu of one that works, too', async () => {
        const { user } = await openSection('Container registries');
        await user.click(await screen.findByRole('button', { name: 'More for ghcr.io' }));
        await user.click(await screen.findByRole('menuitem', { name: 'Update password' }));
        await screen.findByRole('dialog', { name: 'Update password' });
        await user.keyboard('{Escape}');
        expect(screen.getByRole('button', { name: 'More for ghcr.io' })).toHaveFocus();
    });
});

test.each([
    ['https://GHCR.io/v2/', /read:packages/u],
    ['12345.dkr.ecr.eu-north-1.amazonaws.com', /twelve hours/u],
    ['docker.io', /access token/u],
])('what is said of %s', (host, hint) => expect(hintFor(host)).toMatch(hint));

test('nothing is said of registries nobody knows', () => expect(hintFor('registry.example.org')).toBeNull());
