import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openApp, goToSection } from './open-app';
import { session, setup } from './samples';

async function open(prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        host.signedIn();
        prepare(host);
    });
    await goToSection(app.user, 'Two-factor authentication');
    return app;
}

const enable = () => screen.findByRole('button', { name: 'Enable Two-Factor Authentication' });
const disable = () => screen.findByRole('button', { name: 'Disable Two-Factor Authentication' });
const sidebar = () => within(screen.getByRole('navigation', { name: 'Account sections' }));

describe('setting it up', () => {
    test('by keyboard alone, from the button to the codes', async () => {
        const { host, user } = await open();
        const opener = await enable();
        opener.focus();
        await user.keyboard('{Enter}');
        const link = await screen.findByRole('dialog', { name: 'Set up two-factor authentication' });
        expect(within(link).getByText('Step 1 of 3')).toBeVisible();
        await waitFor(() => expect(within(link).getByRole('button', { name: 'Continue' })).toHaveFocus());
        await user.keyboard('{Enter}');
        expect(await screen.findByText('Step 2 of 3')).toBeVisible();
        await waitFor(() => expect(screen.getByRole('textbox', { name: 'Digit 1 of 6' })).toHaveFocus());
        await user.keyboard(host.totp);
        const codes = await screen.findByRole('dialog', { name: 'Save your backup codes' });
        expect(within(codes).getByText('Step 3 of 3')).toBeVisible();
        expect(
            within(codes)
                .getAllByRole('listitem')
                .map(({ textContent }) => textContent),
        ).toEqual(host.backupCodes);
        expect(host.asked('verify_two_factor')).toEqual([{ code: host.totp }]);
        expect(await screen.findByText('Two-factor authentication is on')).toBeInTheDocument();
        expect(sidebar().getByText('On')).toBeInTheDocument();
    });

    test('the QR code is a whole number of pixels a module, on an image the policy allows', async () => {
        const { user } = await open();
        await user.click(await enable());
        const qr = await screen.findByRole('img', { name: /QR code/u });
        expect(qr.getAttribute('src')).toMatch(/^data:image\/svg\+xml,%3Csvg/u);
        expect(Number(qr.getAttribute('width')) % 41).toBe(0);
        expect(qr.getAttribute('width')).toBe(qr.getAttribute('height'));
    });

    test('the manual code is shown in groups and copied whole, as a secret', async () => {
        const { host, user } = await open();
        await user.click(await enable());
        expect(await screen.findByText('JBSW Y3DP EHPK 3PXP')).toBeVisible();
        await user.click(screen.getByRole('button', { name: /Copy/u }));
        expect(await screen.findByText('Copied. It leaves the clipboard in 60 seconds.')).toBeVisible();
        expect(host.asked('copy_secret')).toEqual([{ text: 'JBSWY3DPEHPK3PXPK4TCQ2LM7WVNXA5R' }]);
        expect(host.asked('copy_text')).toHaveLength(0);
    });

    test('a wrong code is said with the clock, and the next one does', async () => {
        const { host, user } = await open((fresh) => (fresh.clockOffset = -45));
        await user.click(await enable());
        await user.click(await screen.findByRole('button', { name: 'Continue' }));
        await user.keyboard('000000');
        expect(await screen.findByText(/about 45 seconds behind/u)).toBeVisible();
        await waitFor(() => expect(screen.getByRole('textbox', { name: 'Digit 1 of 6' })).toHaveFocus());
        await user.keyboard(host.totp);
        expect(await screen.findByRole('dialog', { name: 'Save your backup codes' })).toBeVisible();
    });

    test('without a picture that reads back, the code is to be typed', async () => {
        const { host, user } = await open();
        host.next('start_two_factor', () => ({ ...setup(), qr: null }));
        await user.click(await enable());
        const dialog = await screen.findByRole('dialog', { name: 'Set up two-factor authentication' });
        expect(within(dialog).getByText('There is no QR code to scan')).toBeVisible();
        expect(within(dialog).getByText(/^The picture did not read back as it should/u)).toBeVisible();
        expect(within(dialog).getByText('Type this code')).toBeVisible();
        expect(within(dialog).getByText('JBSW Y3DP EHPK 3PXP')).toBeVisible();
        expect(within(dialog).queryByRole('img', { name: /QR code/u })).toBeNull();
        expect(within(dialog).queryByText('Scan this QR code')).toBeNull();
    });

    describe('the expected code', () => {
        async function atTheCode(prepare: (host: FakeHost) => void = () => undefined) {
            const app = await open(prepare);
            await app.user.click(await enable());
            await app.user.click(await screen.findByRole('button', { name: 'Continue' }));
            const ask = await screen.findByRole('button', { name: 'Which code is expected?' });
            return { ...app, ask };
        }

        test('is asked for on request alone, and forgotten when it is folded away', async () => {
            const { host, user, ask } = await atTheCode();
            expect(ask).toHaveAttribute('aria-expanded', 'false');
            expect(host.asked('get_expected_code')).toHaveLength(0);
            await user.click(ask);
            expect(await screen.findByText(host.totp)).toBeVisible();
            expect(screen.getByText(/^For (20|19) seconds$/u)).toBeVisible();
            expect(host.asked('get_expected_code')).toEqual([{ otpauth_uri: setup().otpauth_uri }]);
            expect(screen.queryByText(/clock is/u)).toBeNull();
            expect(screen.getByRole('textbox', { name: 'Digit 1 of 6' })).toHaveValue('');
            await user.click(ask);
            expect(ask).toHaveAttribute('aria-expanded', 'false');
            expect(screen.queryByText(host.totp)).toBeNull();
        });

        test('is followed by the next one', async () => {
            const { host, user, ask } = await atTheCode((fresh) => (fresh.codeLasts = 1));
            await user.click(ask);
            await screen.findByText(host.totp);
            host.totp = '654321';
            expect(await screen.findByText('654321')).toBeVisible();
            expect(screen.queryByText('123456')).toBeNull();
        });

        test.each([
            [40, 'This computer’s clock is 40 seconds ahead'],
            [-90, 'This computer’s clock is 1 minute 30 seconds behind'],
        ])('says that a clock that is off by %i seconds is to be set', async (off, said) => {
            const { user, ask } = await atTheCode((fresh) => (fresh.clockAhead = off));
            await user.click(ask);
            expect(await screen.findByText(said)).toBeVisible();
            expect(screen.getByText(/set the clock to automatic time\.$/u)).toBeVisible();
        });

        test.each([5, -5, null])('says nothing of a clock that is off by %s seconds', async (off) => {
            const { host, user, ask } = await atTheCode((fresh) => (fresh.clockAhead = off));
            await user.click(ask);
            await screen.findByText(host.totp);
            expect(screen.queryByText(/This computer’s clock/u)).toBeNull();
        });

        test('that cannot be had says why, and trying again helps', async () => {
            const { host, user, ask } = await atTheCode();
            host.refuse('get_expected_code', refusal('internal'));
            await user.click(ask);
            expect(await screen.findByText('Something went wrong')).toBeVisible();
            await user.click(screen.getByRole('button', { name: 'Try again' }));
            expect(await screen.findByText(host.totp)).toBeVisible();
        });

        test('is gone with the set-up', async () => {
            const { host, user, ask } = await atTheCode();
            await user.click(ask);
            await screen.findByText(host.totp);
            await user.click(screen.getByRole('textbox', { name: 'Digit 1 of 6' }));
            await user.keyboard(host.totp);
            await screen.findByRole('dialog', { name: 'Save your backup codes' });
            expect(screen.queryByText(host.totp)).toBeNull();
            expect(screen.queryByRole('button', { name: 'Which code is expected?' })).toBeNull();
        });
    });

    test('Back leads to the same QR code', async () => {
        const { host, user } = await open();
        await user.click(await enable());
        await user.click(await screen.findByRole('button', { name: 'Continue' }));
        await user.click(await screen.findByRole('button', { name: 'Back' }));
        expect(await screen.findByText('Step 1 of 3')).toBeVisible();
        expect(host.asked('start_two_factor')).toHaveLength(1);
    });

    test.each(['Cancel', 'Close', 'Esc'])('%s gives it up, and the focus goes back', async (way) => {
        const { host, user } = await open();
        const opener = await enable();
        await user.click(opener);
        await screen.findByRole('dialog');
        if (way === 'Esc') await user.keyboard('{Escape}');
        else await user.click(screen.getByRole('button', { name: way }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        await waitFor(() => expect(opener).toHaveFocus());
        expect(host.profile.two_factor_enabled).toBe(false);
    });

    test('that took too long begins again with a new QR code', async () => {
        const { host, user } = await open();
        await user.click(await enable());
        await user.click(await screen.findByRole('button', { name: 'Continue' }));
        host.refuse('verify_two_factor', refusal('conflict'));
        await user.keyboard(host.totp);
        expect(await screen.findByText('This took too long')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Begin again' }));
        expect(await screen.findByText('Step 1 of 3')).toBeVisible();
        expect(host.asked('start_two_factor')).toHaveLength(2);
    });

    const onAlready = async () => {
        const alert = (await screen.findByText('Two-factor authentication is on already')).closest('[role="alert"]');
        expect(alert).toHaveTextContent('Generate new backup codes if you have not saved any.');
        expect(screen.queryByRole('dialog')).toBeNull();
        expect(screen.queryByText('This took too long')).toBeNull();
        await waitFor(() =>
            expect(screen.getByRole('heading', { level: 1, name: 'Two-factor authentication' })).toHaveFocus(),
        );
        expect(screen.getByRole('button', { name: 'Generate New Backup Codes' })).toBeVisible();
    };

    test('that is done already by the time of the code says so on the page', async () => {
        const { host, user } = await open();
        await user.click(await enable());
        await user.click(await screen.findByRole('button', { name: 'Continue' }));
        host.withTwoFactor(2);
        await user.keyboard(host.totp);
        await onAlready();
        await user.click(screen.getByRole('button', { name: 'Generate New Backup Codes' }));
        await screen.findByRole('dialog', { name: 'Save your new backup codes' });
        expect(screen.queryByText('Two-factor authentication is on already')).toBeNull();
    });

    test('that is done already when it begins says so too, until the page is left', async () => {
        const { host, user } = await open();
        const opener = await enable();
        host.withTwoFactor();
        await user.click(opener);
        await onAlready();
        await user.keyboard('{Control>}1{/Control}');
        await screen.findByRole('heading', { level: 1, name: 'Password' });
        await user.keyboard('{Control>}2{/Control}');
        await screen.findByRole('button', { name: 'Generate New Backup Codes' });
        expect(screen.queryByText('Two-factor authentication is on already')).toBeNull();
    });

    test('that is done already where it was required opens the account at its page', async () => {
        const { host, user } = openApp((fresh) => fresh.signedIn().requireTwoFactor());
        await user.click(await enable());
        await user.click(await screen.findByRole('button', { name: 'Continue' }));
        host.withTwoFactor();
        await user.keyboard(host.totp);
        await onAlready();
    });

    test('that cannot begin says why, on the page', async () => {
        const { host, user } = await open();
        host.refuse('start_two_factor', refusal('sealing_unavailable'));
        await user.click(await enable());
        expect(await screen.findByRole('alert')).toHaveTextContent(/Tell your System Administrator/u);
        expect(screen.queryByRole('dialog')).toBeNull();
    });
});

describe('switching it off', () => {
    test('is confirmed with the consequence, then said', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor(7));
        await user.click(await disable());
        const dialog = await screen.findByRole('dialog', { name: 'Disable Two-Factor Authentication?' });
        expect(dialog).toHaveAccessibleDescription(
            'Your password alone will protect your account, and your 7 backup codes stop working.',
        );
        await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Cancel' })).toHaveFocus());
        await user.click(within(dialog).getByRole('button', { name: 'Disable Two-Factor Authentication' }));
        expect(await screen.findByText('Two-factor authentication is off', { selector: '.toast *' })).toBeVisible();
        expect(await enable()).toBeVisible();
        expect(sidebar().getByText('Off')).toBeVisible();
        expect(host.profile.two_factor_enabled).toBe(false);
        await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toHaveFocus());
    });

    test('is left alone by Cancel', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor());
        const opener = await disable();
        await user.click(opener);
        await user.click(await screen.findByRole('button', { name: 'Cancel' }));
        await waitFor(() => expect(opener).toHaveFocus());
        expect(host.asked('disable_two_factor')).toHaveLength(0);
    });

    test('is not there where it is required, and the page says by whom', async () => {
        await open((host) => host.withTwoFactor().requireTwoFactor());
        expect(await screen.findByText('Required by your administrator')).toBeVisible();
        expect(screen.getByText(/contact your System Administrator/u)).toBeVisible();
        expect(screen.queryByRole('button', { name: /^Disable/u })).toBeNull();
        expect(screen.queryByRole('heading', { name: 'Turn off' })).toBeNull();
    });

    test('refused because it has become required says so, and the button goes', async () => {
        const { host, user } = await open((fresh) => fresh.withTwoFactor());
        const opener = await disable();
        host.requireTwoFactor();
        await user.click(opener);
        const dialog = await screen.findByRole('dialog');
        await user.click(within(dialog).getByRole('button', { name: /^Disable/u }));
        expect(await screen.findByText('Your administrator requires this')).toBeVisible();
        await waitFor(() => expect(screen.queryByRole('button', { name: /^Disable/u })).toBeNull());
        await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toHaveFocus());
    });
});

test('the sidebar counts the sessions anew when it was switched on or off', async () => {
    const { host, user } = await open();
    expect(await sidebar().findByRole('button', { name: 'Sessions 4' })).toBeVisible();
    await user.click(await enable());
    await user.click(await screen.findByRole('button', { name: 'Continue' }));
    await user.keyboard(host.totp);
    await user.click(await screen.findByRole('button', { name: 'Copy' }));
    await screen.findByText(/^Copied/u);
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(await sidebar().findByRole('button', { name: 'Sessions 1' })).toBeVisible();
    host.sessions.push(session('new'));
    host.next('disable_two_factor', () => null);
    await user.click(await disable());
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: /^Disable/u }));
    expect(await sidebar().findByRole('button', { name: 'Sessions 2' })).toBeVisible();
});

test.each([
    [
        'its dialog',
        () => open().then(async ({ user }) => user.click(await enable())),
        'Set up two-factor authentication',
    ],
    ['its page', () => open(), 'Two-factor authentication'],
] as const)('two-factor is not torn apart in the heading of %s', async (_where, show, name) => {
    await show();
    const heading = await screen.findByRole('heading', { name });
    expect(within(heading).getByText(/^two-factor$/iu)).toHaveClass('whole');
});

test('nor where it is required', async () => {
    openApp((host) => host.signedIn().requireTwoFactor());
    expect(await screen.findByText('two-factor')).toHaveClass('whole');
});

describe('how many codes are left', () => {
    test('is said in words and bars', async () => {
        await open((host) => host.withTwoFactor(7));
        expect(await screen.findByText('7 of 10 left')).toBeVisible();
        const bars = screen.getByRole('img', { name: '7 of 10 left' });
        expect(bars.querySelectorAll('i')).toHaveLength(10);
        expect(bars.querySelectorAll('i.on')).toHaveLength(7);
        expect(screen.queryByText('7 backup codes left')).toBeNull();
    });

    test.each([
        [3, '3 backup codes left', 'Generate new ones before you run out. The old ones stop working.'],
        [1, '1 backup code left', 'Generate new ones before you run out. The old ones stop working.'],
        [
            0,
            'No backup codes left',
            'Generate new ones now: without them and your authenticator app, only your System Administrator can let you back in.',
        ],
    ])('%i of ten warn at the top and in the sidebar', async (remaining, words, advice) => {
        const { user } = await open((host) => host.withTwoFactor(remaining));
        expect(await sidebar().findByRole('button', { name: `Two-factor authentication ${words}` })).toBeVisible();
        const button = await screen.findByRole('button', { name: 'Generate New Backup Codes' });
        expect(button.closest('.alert')).toHaveTextContent(words);
        expect(screen.getByText(advice)).toBeVisible();
        await user.click(button);
        expect(await screen.findByRole('dialog', { name: 'Save your new backup codes' })).toBeVisible();
    });
});

describe('reading', () => {
    test('skeletons until the answer is there', async () => {
        const { host, user } = openApp((fresh) => fresh.signedIn());
        const releases = [host.hold('get_two_factor'), host.hold('get_two_factor')];
        await goToSection(user, 'Two-factor authentication');
        expect(await screen.findByText('Loading two-factor authentication')).toBeInTheDocument();
        for (const release of releases) release();
        expect(await enable()).toBeVisible();
    });

    test('a failure says why, and trying again helps', async () => {
        const { user } = openApp((host) => {
            host.signedIn();
            host.refuse('get_two_factor', refusal('internal'));
            host.refuse('get_two_factor', refusal('internal'));
        });
        await goToSection(user, 'Two-factor authentication');
        expect(await screen.findByRole('alert')).toHaveTextContent('Something went wrong');
        await user.click(screen.getByRole('button', { name: 'Try again' }));
        expect(await enable()).toBeVisible();
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('offline, what needs the server says why it cannot be done', async () => {
        const { host, user } = await open();
        await enable();
        host.refuse('get_profile', refusal('offline'));
        host.refuse('get_two_factor', refusal('offline'));
        await user.keyboard('{F5}');
        await screen.findByText(/^You are offline/u);
        await user.click(await enable());
        expect(host.asked('start_two_factor')).toHaveLength(0);
        expect(await screen.findByText('You are offline. This needs the server.')).toBeVisible();
    });
});

describe('where it is required and not set up', () => {
    async function required() {
        const app = openApp((host) => host.signedIn().requireTwoFactor());
        expect(await screen.findByRole('heading', { name: 'A second step is required' })).toBeVisible();
        expect(screen.getByRole('button', { name: 'Enable Two-Factor Authentication' })).toHaveFocus();
        return app;
    }

    test('nothing else can be reached', async () => {
        const { host, user } = await required();
        expect(screen.getAllByRole('button').map(({ textContent, title }) => title || textContent.trim())).toEqual([
            'Enable Two-Factor Authentication',
            'Sign out',
            'Settings and help',
            'Language',
        ]);
        await user.keyboard('{Control>},{/Control}{Control>}3{/Control}');
        expect(screen.getByRole('heading', { name: 'A second step is required' })).toBeVisible();
        expect(host.asked('list_sessions')).toHaveLength(0);
    });

    test('signs out', async () => {
        const { user } = await required();
        await user.click(screen.getByRole('button', { name: 'Sign out' }));
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
    });

    test('the account opens once it is on and the codes were seen', async () => {
        const { host, user } = await required();
        await user.click(screen.getByRole('button', { name: 'Enable Two-Factor Authentication' }));
        await user.click(await screen.findByRole('button', { name: 'Continue' }));
        await user.keyboard(host.totp);
        await screen.findByRole('dialog', { name: 'Save your backup codes' });
        await user.click(screen.getByRole('button', { name: 'Copy' }));
        await screen.findByText(/^Copied/u);
        await user.click(screen.getByRole('button', { name: 'Close' }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(await screen.findByRole('heading', { name: 'Maren Oyelaran' })).toBeVisible();
    });

    test('a refusal says so too, when the administrator has just decided it', async () => {
        const { host, user } = openApp((fresh) => fresh.signedIn());
        await screen.findByRole('button', { name: 'Edit profile' });
        host.refuse('list_sessions', refusal('two_factor_setup_required'));
        await user.keyboard('{Control>}3{/Control}');
        expect(await screen.findByRole('heading', { name: 'A second step is required' })).toBeVisible();
    });
});
