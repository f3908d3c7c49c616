import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { Deletion } from '$bindings/Deletion';
import { removed } from '$features/delete-account/removed';
import { badField, refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';

async function open(prepare?: (host: FakeHost) => void) {
    const app = await openSection('Delete account', prepare);
    await screen.findByRole('region', { name: 'What is removed' });
    return app;
}

const username = () => screen.getByLabelText('Type your username to confirm');
const password = () => screen.getByLabelText('Password');
const code = () => screen.getByLabelText('Authentication Code');
const submit = () =>
    within(screen.getByRole('region', { name: 'Confirm that it is you' })).getByRole('button', {
        name: 'Delete account',
    });

async function confirm(user: UserEvent) {
    const question = await screen.findByRole('dialog', { name: 'Delete the account maren?' });
    await user.click(within(question).getByRole('button', { name: 'Delete account' }));
}

describe('before', () => {
    test('says what goes, and for how long the username is held', async () => {
        await open((host) => {
            host.withTwoFactor(8);
            host.changeElsewhere({ avatar: { ...host.profile.avatar, custom: true } });
            host.signedIn();
        });
        expect(screen.getByText('This cannot be undone')).toBeVisible();
        const list = within(screen.getByRole('region', { name: 'What is removed' }));
        for (const what of ['Your profile', 'Your picture', '4 sessions', '12 events', '8 backup codes']) {
            expect(list.getByText(what)).toBeVisible();
        }
        expect(list.getByText(/nobody can take it for 30 days, then anybody can/u)).toBeVisible();
    });

    test('leaves out what there is none of', () => {
        const none: Deletion = {
            username: 'maren',
            avatar: false,
            sessions: 1,
            api_keys: 0,
            ssh_keys: 0,
            integrations: 0,
            container_registries: 0,
            events: 0,
            backup_codes: 0,
            code_required: false,
            username_held_days: 0,
        };
        expect(removed(none).map(({ what, means }) => `${what}: ${means}`)).toEqual([
            'Your profile: name, email, location and bio',
            '1 session: this device is signed out',
        ]);
        expect(removed({ ...none, api_keys: 3, ssh_keys: 1 }).map(({ what, means }) => `${what}: ${means}`)).toEqual(
            expect.arrayContaining([
                '3 API keys: calls made with them fail at once',
                '1 SSH key: it lets you in nowhere any more',
            ]),
        );
        const linked = { ...none, integrations: 2, container_registries: 1 };
        expect(removed(linked).map(({ what, means }) => `${what}: ${means}`)).toEqual(
            expect.arrayContaining([
                '2 source code connections: their tokens are revoked at the provider where that can be done',
                '1 container registry: its password is forgotten',
            ]),
        );
    });

    test('everything can be taken along', async () => {
        const { user } = await open();
        await user.click(screen.getByRole('button', { name: 'Download everything Latchkey holds about you' }));
        expect(await screen.findByText(/^Saved to latchkey-export-maren-.*\.json in Documents$/u)).toBeVisible();
    });

    test('a copy that could not be written says why', async () => {
        const { host, user } = await open();
        host.refuse('save_export', refusal('file_unwritable'));
        await user.click(screen.getByRole('button', { name: /^Download everything/u }));
        expect(await screen.findByRole('alert')).toHaveTextContent('The file could not be saved');
    });

    test('where it cannot be read, nothing can be deleted, and trying again helps', async () => {
        const { user } = await openSection('Delete account', (host) =>
            host.refuse('get_deletion', refusal('internal')),
        );
        expect(await screen.findByRole('alert')).toHaveTextContent('Something went wrong');
        expect(screen.queryByLabelText('Type your username to confirm')).toBeNull();
        await user.click(screen.getByRole('button', { name: 'Try again' }));
        expect(await screen.findByLabelText('Type your username to confirm')).toBeVisible();
    });
});

describe('the button', () => {
    test('says what is missing until the username fits and a password is there', async () => {
        const { host, user } = await open();
        expect(submit()).toHaveAttribute('aria-disabled', 'true');
        await user.click(submit());
        expect(await screen.findByText('Type your username, maren, to confirm.')).toBeVisible();
        await user.type(username(), 'mare');
        await user.type(password(), `${host.password}{Enter}`);
        expect(await screen.findByText('What you typed is not your username, maren.')).toBeVisible();
        expect(screen.queryByRole('dialog')).toBeNull();
        // What is missing has the focus.
        expect(username()).toHaveFocus();
        await user.type(username(), 'n');
        expect(submit()).not.toHaveAttribute('aria-disabled');
        await user.clear(password());
        await user.click(submit());
        expect(await screen.findByText('Enter your password.')).toBeVisible();
        expect(password()).toHaveFocus();
        expect(host.asked('delete_account')).toHaveLength(0);
    });

    test('asks once more, beginning on Cancel', async () => {
        const { host, user } = await open();
        await user.type(username(), 'maren');
        await user.type(password(), `${host.password}{Enter}`);
        const question = await screen.findByRole('dialog', { name: 'Delete the account maren?' });
        const cancel = within(question).getByRole('button', { name: 'Cancel' });
        expect(cancel).toHaveFocus();
        await user.click(cancel);
        expect(host.asked('delete_account')).toHaveLength(0);
        expect(password()).toHaveValue(host.password);
    });
});

describe('deleting', () => {
    test('ends on signing in, which says that it is done', async () => {
        const { host, user } = await open();
        await user.type(username(), ' maren ');
        await user.type(password(), `${host.password}{Enter}`);
        await confirm(user);
        expect(await screen.findByText('Your account was deleted')).toBeVisible();
        expect(screen.getByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
        expect(host.asked('delete_account')).toEqual([{ username: 'maren', password: host.password }]);
    });

    test('on the first-run screen says that it is done, too', async () => {
        const { host, user } = await open();
        host.next('delete_account', () => {
            host.phase = { name: 'first_run' };
            return host.view();
        });
        await user.type(username(), 'maren');
        await user.type(password(), `${host.password}{Enter}`);
        await confirm(user);
        expect(await screen.findByText('Your account was deleted')).toBeVisible();
        expect(screen.queryByRole('heading', { name: 'Delete account' })).toBeNull();
    });

    test('sends the code where one is asked for', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor(5).signedIn());
        await user.type(username(), 'maren');
        await user.type(password(), host.password);
        await user.click(submit());
        expect(await screen.findByText('Enter an Authentication Code or a backup code.')).toBeVisible();
        expect(code()).toHaveFocus();
        await user.keyboard(`${host.totp}{Enter}`);
        await confirm(user);
        expect(await screen.findByText('Your account was deleted')).toBeVisible();
        expect(host.asked('delete_account')[0]).toMatchObject({ code: host.totp });
    });

    test('what is not correct is said at its field, and nothing typed is lost', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor(5).signedIn());
        host.refuse(
            'delete_account',
            refusal('invalid_field', {
                errors: (['/username', '/password', '/code'] as const).map((pointer) => ({
                    pointer,
                    code: 'incorrect',
                    detail: '',
                })),
            }),
        );
        await user.type(username(), 'maren');
        await user.type(password(), 'wrong');
        await user.type(code(), '000000{Enter}');
        await confirm(user);
        await waitFor(() => expect(username()).toHaveAccessibleDescription('This is not your username.'));
        expect(password()).toHaveAccessibleDescription('That is not your password. Try again.');
        expect(code()).toBeInvalid();
        expect(password()).toHaveValue('wrong');
    });

    test('a code from a clock that is off says how far', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor(5).signedIn());
        host.refuse('delete_account', badField('code', 'incorrect', { clock_offset: 120 }));
        await user.type(username(), 'maren');
        await user.type(password(), host.password);
        await user.type(code(), '000000{Enter}');
        await confirm(user);
        await waitFor(() =>
            expect(code()).toHaveAccessibleDescription(
                /^The clock of your authenticator app is about 2 minutes ahead/u,
            ),
        );
        expect(code()).toHaveFocus();
    });

    test('any other failure is an alert', async () => {
        const { host, user } = await open();
        host.refuse('delete_account', refusal('too_many_requests'));
        await user.type(username(), 'maren');
        await user.type(password(), `${host.password}{Enter}`);
        await confirm(user);
        expect(await screen.findByRole('alert')).toHaveTextContent('Too many attempts');
        expect(screen.getByRole('heading', { name: 'Delete account' })).toBeVisible();
    });
});
