import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openApp } from './open-app';
import { localPlace, northwindPlace } from './samples';

const NEW = 'harbour-violet-spoon';

function signedOut(prepare: (host: FakeHost) => void = () => undefined) {
    return openApp((host) => {
        host.mail = true;
        prepare(host);
        host.at(northwindPlace);
    });
}

/** Up to the screen that asks for the code. */
async function sent(prepare?: (host: FakeHost) => void) {
    const app = signedOut(prepare);
    await app.user.type(await screen.findByLabelText('Username or email'), 'maren');
    await app.user.click(screen.getByRole('button', { name: 'Forgot password' }));
    await app.user.click(await screen.findByRole('button', { name: 'Send code' }));
    await screen.findByRole('heading', { name: 'Set a new password' });
    return app;
}

async function fill({ host, user }: ReturnType<typeof openApp>, code = host.mailedCode) {
    await user.type(screen.getByLabelText('Code'), code);
    await user.type(screen.getByLabelText('New password'), NEW);
    await user.type(screen.getByLabelText('Confirm new password'), NEW);
    await user.click(screen.getByRole('button', { name: 'Set New Password' }));
}

describe('where no mail is sent', () => {
    const HELP = 'Forgot your password? Ask your System Administrator.';

    test('it says who helps', async () => {
        signedOut((host) => (host.mail = false));
        expect(await screen.findByText(HELP)).toBeVisible();
        expect(screen.queryByRole('button', { name: /forgot/iu })).toBeNull();
    });

    test('there is no trace of it on this computer, which has no administrator', async () => {
        openApp((host) => host.at(localPlace, { name: 'signed_out', reason: null, login: 'maren' }));
        await screen.findByRole('button', { name: 'Sign in' });
        expect(screen.queryByText(/forgot/iu)).toBeNull();
    });

    test('after one that was not correct, it says what holds on this computer', async () => {
        const { host, user } = openApp((fresh) =>
            fresh.at(localPlace, { name: 'signed_out', reason: null, login: 'maren' }),
        );
        host.refuse('sign_in', refusal('invalid_credentials'));
        await user.type(await screen.findByLabelText('Password'), 'wrong{Enter}');
        expect(await screen.findByText('Nobody can reset a forgotten password on this computer.')).toBeVisible();
    });

    test('nor where the server was not reached yet, nor is anything claimed about accounts', async () => {
        openApp((host) => {
            host.at(northwindPlace);
            host.instance = null;
        });
        await screen.findByRole('button', { name: 'Sign in' });
        expect(screen.queryByText(/forgot/iu)).toBeNull();
        expect(screen.queryByText(/created by your System Administrator/u)).toBeNull();
    });
});

describe('asking for a code', () => {
    test('takes along what was typed, and tells nobody whether there is such an account', async () => {
        const { host, user } = signedOut();
        await user.type(await screen.findByLabelText('Username or email'), 'nobody');
        await user.click(screen.getByRole('button', { name: 'Forgot password' }));
        const login = await screen.findByLabelText('Username or email');
        expect(login).toHaveValue('nobody');
        expect(login).toHaveFocus();
        await user.keyboard('{Enter}');
        expect(
            await screen.findByText('If there is an account for nobody, a code is on its way to its address.'),
        ).toBeVisible();
        expect(host.asked('request_password_reset')).toEqual([{ login: 'nobody' }]);
        expect(screen.getByLabelText('Code')).toHaveFocus();
    });

    test('wants a name, and says what went wrong', async () => {
        const { host, user } = signedOut();
        await user.click(await screen.findByRole('button', { name: 'Forgot password' }));
        await user.click(await screen.findByRole('button', { name: 'Send code' }));
        const login = screen.getByLabelText('Username or email');
        expect(login).toHaveAccessibleDescription('Enter your username or email.');
        expect(host.asked('request_password_reset')).toHaveLength(0);
        host.refuse('request_password_reset', refusal('offline'));
        await user.type(login, 'maren{Enter}');
        expect(await screen.findByRole('alert')).toHaveTextContent('The server cannot be reached');
    });

    test('leads back, by the button and by Esc', async () => {
        const { user } = await sent();
        await user.click(screen.getByRole('button', { name: 'Back' }));
        expect(await screen.findByRole('heading', { name: 'Forgot password' })).toBeVisible();
        await user.keyboard('{Escape}');
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
        expect(screen.getByLabelText('Username or email')).toHaveValue('maren');
    });
});

describe('the new password', () => {
    test('is set, and signing in says so with the login filled in', async () => {
        const app = await sent();
        await fill(app);
        expect(await screen.findByText('Your password was changed')).toBeVisible();
        expect(screen.getByText('Sign in with the new one.')).toBeVisible();
        expect(screen.getByLabelText('Username or email')).toHaveValue('maren');
        await waitFor(() => expect(screen.getByLabelText('Password')).toHaveFocus());
        expect(app.host.asked('reset_password')).toEqual([
            { login: 'maren', code: app.host.mailedCode, new_password: NEW },
        ]);
        await app.user.type(screen.getByLabelText('Password'), `${NEW}{Enter}`);
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
    });

    test('a wrong code is said at its field, and nothing typed is lost', async () => {
        const app = await sent();
        await fill(app, 'wrong');
        const code = screen.getByLabelText('Code');
        await waitFor(() => expect(code).toHaveAccessibleDescription(/^That code is not correct, or it has expired/u));
        expect(code).toHaveFocus();
        expect(screen.getByLabelText('New password')).toHaveValue(NEW);
    });

    test('has to be typed twice alike', async () => {
        const { host, user } = await sent();
        await user.type(screen.getByLabelText('Code'), host.mailedCode);
        await user.type(screen.getByLabelText('New password'), NEW);
        await user.type(screen.getByLabelText('Confirm new password'), 'another{Enter}');
        expect(screen.getByLabelText('Confirm new password')).toHaveAccessibleDescription(
            'The passwords do not match yet.',
        );
        expect(host.asked('reset_password')).toHaveLength(0);
    });

    test('asks for the second step where the account does, and sends everything again with it', async () => {
        const app = await sent((host) => host.withTwoFactor(5));
        await fill(app);
        const boxes = await screen.findAllByRole('textbox', { name: /digit/iu });
        await waitFor(() => expect(boxes[0]).toHaveFocus());
        await app.user.keyboard(app.host.totp);
        expect(await screen.findByText('Your password was changed')).toBeVisible();
        expect(app.host.asked('reset_password')[1]).toEqual({
            login: 'maren',
            code: app.host.mailedCode,
            new_password: NEW,
            second_factor_code: app.host.totp,
        });
    });

    test('takes a backup code as well; a wrong one is said there', async () => {
        const app = await sent((host) => host.withTwoFactor(5));
        await fill(app);
        await app.user.click(await screen.findByRole('button', { name: 'Use a backup code' }));
        const field = screen.getByLabelText('Backup code');
        await app.user.type(field, 'wrong{Enter}');
        await waitFor(() => expect(field).toHaveAccessibleDescription(/That backup code is not correct/u));
        expect(screen.getByLabelText('Code')).not.toBeInvalid();
        await app.user.clear(field);
        await app.user.type(field, `${app.host.backupCodes[0] ?? ''}{Enter}`);
        expect(await screen.findByText('Your password was changed')).toBeVisible();
    });

    test('a new code has to wait half a minute', async () => {
        const { host, user } = await sent();
        const again = screen.getByRole('button', { name: 'Send a new code' });
        expect(again).toHaveAttribute('aria-disabled', 'true');
        await user.click(again);
        expect(await screen.findByText(/^You can have a new code sent in \d+ seconds?\.$/u)).toBeVisible();
        expect(host.asked('request_password_reset')).toHaveLength(1);
    });
});
