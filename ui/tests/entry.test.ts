import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { badField, refusal } from './fake-host';
import { failureOf } from '../src/lib/refusal';
import { openApp } from './open-app';
import { localPlace, northwindPlace } from './samples';

describe('signing in', () => {
    const signedOut = (login: string | null = null) =>
        openApp((host) => host.at(northwindPlace, { name: 'signed_out', reason: null, login }));

    test('by username and password', async () => {
        const { host, user } = signedOut();
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
        await user.type(screen.getByLabelText('Username or email'), 'maren');
        await user.type(screen.getByLabelText('Password'), `${host.password}{Enter}`);
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
        expect(host.asked('sign_in')).toEqual([{ login: 'maren', password: host.password }]);
    });

    test('begins at the password when the name is known', async () => {
        signedOut('maren');
        expect(await screen.findByLabelText('Username or email')).toHaveValue('maren');
        expect(screen.getByLabelText('Password')).toHaveFocus();
    });

    test('wrong credentials are one error under the password, which keeps what was typed', async () => {
        const { user } = signedOut('maren');
        const password = await screen.findByLabelText('Password');
        await user.type(password, 'wrong{Enter}');
        await waitFor(() => expect(password).toHaveAccessibleDescription('Username or password is not correct.'));
        expect(password).toBeInvalid();
        expect(password).toHaveValue('wrong');
        expect(password).toHaveFocus();
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('any other failure is an alert above the form', async () => {
        const { host, user } = signedOut('maren');
        host.refuse('sign_in', refusal('too_many_requests', { retry_after: 30 }));
        await user.type(await screen.findByLabelText('Password'), 'something{Enter}');
        expect(await screen.findByRole('alert')).toHaveTextContent('Too many attempts');
        expect(screen.getByRole('alert')).toHaveTextContent('Try again in 30 seconds.');
        expect(screen.getByLabelText('Password')).toHaveValue('something');
    });

    test('the eye shows and hides the password', async () => {
        const { user } = signedOut('maren');
        const password = await screen.findByLabelText('Password');
        await user.click(screen.getByRole('button', { name: 'Show password' }));
        expect(password).toHaveAttribute('type', 'text');
        expect(screen.getByRole('button', { name: 'Hide password' })).toHaveAttribute('aria-pressed', 'true');
        await user.click(screen.getByRole('button', { name: 'Hide password' }));
        expect(password).toHaveAttribute('type', 'password');
    });

    test.each([
        [{ kind: 'closed', by: 'closed_elsewhere' }, 'closed from another device'],
        [{ kind: 'closed', by: 'closed_by_administrator' }, 'System Administrator closed'],
        [{ kind: 'expired' }, 'has expired'],
        [{ kind: 'unknown' }, 'no longer knows'],
        [{ kind: 'disabled' }, 'is disabled'],
        [{ kind: 'deleted' }, 'Your account was deleted'],
        [{ kind: 'closed', by: 'password_changed' }, 'password was changed on another device'],
        [{ kind: 'closed', by: 'two_factor_changed' }, 'Two-factor authentication was changed'],
        [{ kind: 'closed', by: 'account_deleted' }, 'This account was deleted'],
    ] as const)('says why after %j', async (reason, words) => {
        openApp((host) => host.at(northwindPlace, { name: 'signed_out', reason, login: 'maren' }));
        expect(await screen.findByText(new RegExp(words, 'u'))).toBeVisible();
        expect(screen.getByRole('alert')).toHaveTextContent(words);
    });

    test('says when there is no keychain', async () => {
        openApp((host) => {
            host.at(northwindPlace);
            host.keychain = { available: false, detail: 'No secret service is running.' };
        });
        expect(await screen.findByText('You will be signed out when Latchkey closes')).toBeVisible();
        expect(screen.getByText('No secret service is running.')).toBeVisible();
    });

    test('offers no account where the administrator creates them', async () => {
        openApp((host) => {
            host.at(northwindPlace);
            if (host.instance) host.instance.sign_up = 'closed';
        });
        expect(await screen.findByText(/created by your System Administrator/u)).toBeVisible();
        expect(screen.queryByRole('button', { name: 'Create account' })).toBeNull();
    });

    test('offers the accounts that are signed in', async () => {
        const { host, user } = openApp((fresh) => {
            fresh.signedIn();
            fresh.at(northwindPlace);
        });
        await user.click(await screen.findByRole('button', { name: 'Switch account' }));
        await user.click(screen.getByRole('menuitem', { name: /Maren Oyelaran/u }));
        expect(host.asked('switch_account')).toEqual([{ place: northwindPlace.id, username: 'maren' }]);
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
    });

    test('the foot says how the connection is', async () => {
        signedOut();
        expect(await screen.findByText('Encrypted connection to accounts.northwind.example')).toBeVisible();
    });
});

describe('creating an account', () => {
    const fill = async (user: ReturnType<typeof openApp>['user'], values: Partial<Record<string, string>> = {}) => {
        const typed = {
            Name: 'Ada King',
            Username: 'ada',
            Email: 'ada@example.com',
            Password: 'copper-lantern-tide',
            ...values,
        };
        for (const [label, value] of Object.entries(typed)) {
            await user.type(await screen.findByLabelText(label), value);
        }
    };

    test('is the first thing on a computer without accounts', async () => {
        const { host, user } = openApp((fresh) => fresh.at(localPlace));
        expect(await screen.findByRole('heading', { name: 'Create account' })).toBeVisible();
        expect(screen.getByLabelText('Name')).toHaveFocus();
        await fill(user, { Username: ' ada ' });
        await user.click(screen.getByRole('button', { name: 'Create account' }));
        expect(await screen.findByRole('heading', { name: 'Ada King' })).toBeVisible();
        expect(host.asked('create_account')).toEqual([
            { name: 'Ada King', username: 'ada', email: 'ada@example.com', password: 'copper-lantern-tide' },
        ]);
    });

    test('what the service refuses lands on its field, and nothing typed is lost', async () => {
        const { user } = openApp((host) => host.at(localPlace));
        await fill(user, { Username: 'taken' });
        await user.click(screen.getByRole('button', { name: 'Create account' }));
        const username = screen.getByLabelText('Username');
        await waitFor(() => expect(username).toHaveAccessibleDescription('That username is taken.'));
        expect(username).toHaveFocus();
        expect(username).toHaveValue('taken');
        expect(screen.getByLabelText('Email')).toHaveValue('ada@example.com');
        expect(screen.getByLabelText('Password')).toHaveValue('copper-lantern-tide');
    });

    test('several bad fields: all are marked, the first has the focus', async () => {
        const { host, user } = openApp((fresh) => fresh.at(localPlace));
        host.refuse(
            'create_account',
            refusal('invalid_field', {
                errors: [
                    { pointer: '/password', code: 'common', detail: '' },
                    { pointer: '/email', code: 'taken', detail: '' },
                ],
            }),
        );
        await fill(user);
        await user.click(screen.getByRole('button', { name: 'Create account' }));
        await waitFor(() => expect(screen.getByLabelText('Email')).toHaveFocus());
        expect(screen.getByLabelText('Email')).toHaveAccessibleDescription('That address belongs to another account.');
        expect(screen.getByLabelText('Password')).toBeInvalid();
    });

    test('a bad value is said when the field is left, not before', async () => {
        const { user } = openApp((host) => host.at(localPlace));
        const email = await screen.findByLabelText('Email');
        await user.type(email, 'ada@example');
        expect(email).not.toBeInvalid();
        await user.tab();
        expect(email).toHaveAccessibleDescription('Enter a full address, such as name@example.com.');
        await user.type(email, '.com');
        expect(email).not.toBeInvalid();
    });

    test('the meter says too short, then how strong it is by the service', async () => {
        const { host, user } = openApp((fresh) => fresh.at(localPlace));
        const password = await screen.findByLabelText('Password');
        await user.type(password, 'short');
        expect(screen.getByText('Too short')).toBeVisible();
        host.next('rate_password', () => ({ score: 4, common: false }));
        await user.type(password, ' and then longer');
        expect(await screen.findByText('Very strong')).toBeVisible();
    });

    test('the meter warns of a password the service will refuse', async () => {
        const { user } = openApp((host) => host.at(localPlace));
        await user.type(await screen.findByLabelText('Username'), 'maren');
        await user.type(screen.getByLabelText('Password'), 'maren-maren-maren');
        expect(await screen.findByText('Weak')).toBeVisible();
        expect(screen.getByText(/easy to guess/u)).toBeVisible();
    });

    test('can be reached from signing in, and left again', async () => {
        const { user } = openApp((host) => host.at(northwindPlace));
        await user.click(await screen.findByRole('button', { name: 'Create account' }));
        expect(screen.getByRole('heading', { name: 'Create account' })).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Sign in instead' }));
        expect(screen.getByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
    });

    test('a full disk is said, and the form is as it was', async () => {
        const { host, user } = openApp((fresh) => fresh.at(localPlace));
        host.refuse('create_account', refusal('storage_full'));
        await fill(user);
        await user.click(screen.getByRole('button', { name: 'Create account' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('There is no space left');
        expect(screen.getByLabelText('Username')).toHaveValue('ada');
    });

    test('a refusal of a field that is not on the page is an alert', async () => {
        const { host, user } = openApp((fresh) => fresh.at(localPlace));
        host.refuse('create_account', badField('no_such_field', 'invalid'));
        await fill(user);
        await user.click(screen.getByRole('button', { name: 'Create account' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('Something does not fit');
    });
});

describe('a place that cannot be used', () => {
    test.each([
        ['offline', 'The server cannot be reached'],
        ['certificate_invalid', 'The certificate of this server cannot be trusted'],
        ['storage_newer', 'Your account data was made by a newer Latchkey'],
        ['storage_locked', 'Another program is using your account data'],
        ['storage_damaged', 'Your account data is damaged'],
    ] as const)('%s', async (code, title) => {
        openApp((host) =>
            host.at(code.startsWith('storage') ? localPlace : northwindPlace, {
                name: 'unavailable',
                failure: failureOf(code),
            }),
        );
        expect(await screen.findByRole('heading', { name: title })).toBeVisible();
        expect(screen.getByRole('button', { name: 'Change server' })).toBeVisible();
    });

    test('trying again goes on once it works', async () => {
        const { host, user } = openApp((fresh) => {
            fresh.at(northwindPlace, { name: 'unavailable', failure: failureOf('offline') });
        });
        const retry = await screen.findByRole('button', { name: 'Try again' });
        host.phase = { name: 'signed_out', reason: null, login: null };
        await user.click(retry);
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
        expect(host.asked('retry')).toHaveLength(1);
    });
});
