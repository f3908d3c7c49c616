import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { clockWords } from '$lib/second-factor.svelte';
import { refusal, type FakeHost } from './fake-host';
import { openApp } from './open-app';
import { northwindPlace } from './samples';

const boxes = () => screen.getAllByRole<HTMLInputElement>('textbox', { name: /^Digit/u });
const digits = () => boxes().map(({ value }) => value);

/** The password was right. */
async function secondStep(prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        host.withTwoFactor().at(northwindPlace, {
            name: 'second_factor',
            login: 'maren',
            methods: ['totp', 'backup_code'],
        });
        prepare(host);
    });
    expect(await screen.findByRole('heading', { name: 'Authentication code' })).toBeVisible();
    await waitFor(() => expect(boxes()[0]).toHaveFocus());
    return app;
}

describe('the boxes', () => {
    test('take digits alone, one each, and move on', async () => {
        const { user } = await secondStep();
        await user.keyboard('4x0 9');
        expect(digits()).toEqual(['4', '0', '9', '', '', '']);
        expect(boxes()[3]).toHaveFocus();
    });

    test('say what they are', async () => {
        await secondStep();
        expect(screen.getByRole('group', { name: 'Authentication Code' })).toBeVisible();
        expect(boxes().map(({ autocomplete }) => autocomplete)).toEqual([
            'one-time-code',
            'off',
            'off',
            'off',
            'off',
            'off',
        ]);
        for (const box of boxes()) expect(box).toHaveAttribute('inputmode', 'numeric');
    });

    test('Backspace clears, then moves back; Delete clears; arrows, Home and End move', async () => {
        const { user } = await secondStep();
        await user.keyboard('123{Backspace}');
        expect(digits()).toEqual(['1', '2', '', '', '', '']);
        expect(boxes()[2]).toHaveFocus();
        await user.keyboard('{ArrowLeft}{ArrowLeft}{Delete}');
        expect(digits()).toEqual(['', '2', '', '', '', '']);
        await user.keyboard('{End}');
        expect(boxes()[5]).toHaveFocus();
        await user.keyboard('{Home}7');
        expect(digits()).toEqual(['7', '2', '', '', '', '']);
        await user.keyboard('{ArrowRight}{ArrowLeft}{ArrowLeft}5');
        expect(digits()).toEqual(['5', '2', '', '', '', '']);
    });

    test('a digit over another takes its place', async () => {
        const { user } = await secondStep();
        await user.keyboard('12{Home}9');
        expect(digits()).toEqual(['9', '2', '', '', '', '']);
    });

    test.each(['123456', '123 456', '123-456', ' 12 34-56 '])('pasting %j anywhere fills all six', async (text) => {
        const { host, user } = await secondStep();
        await user.keyboard('{End}');
        await user.paste(text);
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
        expect(host.asked('verify_second_factor')).toEqual([{ code: '123456' }]);
    });

    test('pasting what is no code does nothing', async () => {
        const { user } = await secondStep();
        await user.paste('k4m7p-x2w9t');
        expect(digits()).toEqual(['', '', '', '', '', '']);
    });
});

describe('the code', () => {
    test('is sent with the sixth digit', async () => {
        const { host, user } = await secondStep();
        await user.keyboard('12345');
        expect(host.asked('verify_second_factor')).toHaveLength(0);
        await user.keyboard('6');
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
        expect(host.asked('verify_second_factor')).toEqual([{ code: '123456' }]);
    });

    test('is sent once, however often somebody asks meanwhile', async () => {
        const { host, user } = await secondStep();
        const release = host.hold('verify_second_factor');
        await user.keyboard('123456{Enter}');
        await user.click(screen.getByRole('button', { name: 'Verify Code' }));
        release();
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
        expect(host.asked('verify_second_factor')).toHaveLength(1);
    });

    test('that is wrong is said; the boxes are empty and the first has the focus', async () => {
        const { user } = await secondStep();
        await user.keyboard('000000');
        expect(await screen.findByRole('alert')).toHaveTextContent('That code did not match.');
        expect(digits()).toEqual(['', '', '', '', '', '']);
        await waitFor(() => expect(boxes()[0]).toHaveFocus());
        expect(boxes()[0]).toHaveAccessibleDescription(/did not match/u);
        expect(boxes()[0]).toBeInvalid();
        await user.keyboard('1');
        expect(screen.queryByText(/did not match/u)).toBeNull();
    });

    test('from a clock that is off says how far', async () => {
        const { user } = await secondStep((host) => (host.clockOffset = -90));
        await user.keyboard('000000');
        expect(
            await screen.findByText(
                'The clock of your authenticator app is about 1 minute 30 seconds behind. Set it to automatic time, then try again.',
            ),
        ).toBeVisible();
    });

    test('that is not all there is asked for', async () => {
        const { host, user } = await secondStep();
        await user.keyboard('12{Enter}');
        expect(await screen.findByText('Enter all 6 digits.')).toBeVisible();
        expect(host.asked('verify_second_factor')).toHaveLength(0);
    });

    test('too often wrong says how long to wait', async () => {
        const { user } = await secondStep((host) =>
            host.refuse('verify_second_factor', refusal('too_many_requests', { retry_after: 540 })),
        );
        await user.keyboard('000000');
        expect(await screen.findByText('Try again in 9 minutes.')).toBeVisible();
    });
});

describe('a backup code', () => {
    test('takes the place of the boxes, and they come back', async () => {
        const { user } = await secondStep();
        await user.click(screen.getByRole('button', { name: 'Use a backup code' }));
        expect(screen.getByRole('heading', { name: 'Backup code' })).toBeVisible();
        await waitFor(() => expect(screen.getByLabelText('Backup code')).toHaveFocus());
        await user.click(screen.getByRole('button', { name: 'Use your authenticator app' }));
        await waitFor(() => expect(boxes()[0]).toHaveFocus());
    });

    test('signs in, and new ones are offered', async () => {
        const { host, user } = await secondStep();
        const code = host.backupCodes[0] ?? '';
        await user.click(screen.getByRole('button', { name: 'Use a backup code' }));
        await user.type(screen.getByLabelText('Backup code'), `${code}{Enter}`);
        const dialog = await screen.findByRole('dialog', { name: 'You signed in with a backup code' });
        expect(dialog).toHaveTextContent('9 are left.');
        expect(host.asked('verify_second_factor')).toEqual([{ backup_code: code }]);
        await user.click(screen.getByRole('button', { name: 'Generate New Backup Codes' }));
        expect(await screen.findByRole('dialog', { name: 'Save your new backup codes' })).toBeVisible();
        expect(screen.getByRole('heading', { name: 'Two-factor authentication', hidden: true })).toBeInTheDocument();
    });

    test('is offered new ones for once, although the account is come back to', async () => {
        const { host, user } = await secondStep();
        await user.click(screen.getByRole('button', { name: 'Use a backup code' }));
        await user.type(screen.getByLabelText('Backup code'), `${host.backupCodes[0] ?? ''}{Enter}`);
        await user.click(await screen.findByRole('button', { name: 'Not now' }));
        await user.click(screen.getByRole('button', { name: /^Server: / }));
        await user.click(screen.getByRole('menuitem', { name: 'Add a server…' }));
        host.next('choose_place', () => host.view());
        await user.click(await screen.findByRole('button', { name: 'Continue' }));
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(screen.queryByRole('dialog')).toBeNull();
    });

    test('that is wrong stays to be corrected', async () => {
        const { user } = await secondStep();
        await user.click(screen.getByRole('button', { name: 'Use a backup code' }));
        const field = screen.getByLabelText('Backup code');
        await user.type(field, 'aaaaa-aaaaa{Enter}');
        expect(await screen.findByText(/That backup code is not correct/u)).toBeVisible();
        expect(field).toHaveValue('aaaaa-aaaaa');
        expect(field).toHaveFocus();
    });

    test('is not offered where it will not do', async () => {
        await secondStep((host) => {
            host.phase = { name: 'second_factor', login: 'maren', methods: ['totp'] };
        });
        expect(screen.queryByRole('button', { name: 'Use a backup code' })).toBeNull();
    });
});

describe('back to the password', () => {
    test.each(['Back', 'Esc'])('by %s, with the name filled in', async (way) => {
        const { host, user } = await secondStep();
        if (way === 'Back') await user.click(screen.getByRole('button', { name: 'Back' }));
        else await user.keyboard('{Escape}');
        expect(await screen.findByLabelText('Username or email')).toHaveValue('maren');
        expect(host.asked('leave_second_factor')).toHaveLength(1);
    });

    test('when the second step took too long, with the reason, until somebody signs in', async () => {
        const { host, user } = await secondStep();
        host.next('verify_second_factor', () => {
            host.phase = { name: 'signed_out', reason: null, login: 'maren' };
            throw refusal('transaction_ended');
        });
        await user.keyboard('123456');
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
        expect(screen.getByRole('alert')).toHaveTextContent('Signing in took too long');
        await user.type(screen.getByLabelText('Password'), `${host.password}{Enter}`);
        expect(await screen.findByRole('heading', { name: 'Authentication code' })).toBeVisible();
    });

    test('even where the shell still shows the second step', async () => {
        const { host, user } = await secondStep();
        host.refuse('verify_second_factor', refusal('transaction_ended'));
        await user.keyboard('123456');
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
        expect(screen.getByRole('alert')).toHaveTextContent('Signing in took too long');
    });
});

test.each([
    [45, '45 seconds ahead'],
    [-1, '1 second behind'],
    [120, '2 minutes ahead'],
    [-3_661, '1 hour 1 minute behind'],
    [7_205, '2 hours ahead'],
])('a clock that is off by %i seconds', (offset, words) => {
    expect(clockWords(offset)).toContain(`is about ${words}. Set it to automatic time`);
});
