/** axe-core on every screen. Colours need a real engine: contrast.test.ts computes them, the desktop tests look. */

import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { failureOf } from '$lib/refusal';
import { openApp, goToSection } from './open-app';
import { PRIVATE_KEY, PUBLIC_KEY, noPersonalKey } from './sample-keys';
import { localPlace, northwindPlace } from './samples';

type App = ReturnType<typeof openApp>;

async function signedIn(): Promise<App> {
    const app = openApp((host) => host.signedIn());
    await screen.findByRole('button', { name: 'Edit profile' });
    return app;
}

const screens: Record<string, () => Promise<unknown>> = {
    'first run': async () => {
        const { user } = openApp();
        await user.click(await screen.findByRole('radio', { name: 'Connect to a server' }));
    },
    'sign in': () => {
        openApp((host) => {
            host.at(northwindPlace, { name: 'signed_out', reason: { kind: 'expired' }, login: 'maren' });
            host.keychain = { available: false, detail: null };
        });
        return screen.findByRole('button', { name: 'Sign in' });
    },
    'create account': async () => {
        const { user } = openApp((host) => host.at(localPlace));
        await user.click(await screen.findByRole('button', { name: 'Create account' }));
    },
    unavailable: () => {
        openApp((host) =>
            host.at(localPlace, {
                name: 'unavailable',
                failure: failureOf('storage_locked', 'Held.'),
            }),
        );
        return screen.findByRole('button', { name: 'Try again' });
    },
    profile: signedIn,
    'account menu': async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
    },
    'app settings': async () => {
        const { user } = await signedIn();
        await user.keyboard('{Control>}{Shift>}[Comma]{/Shift}{/Control}');
        await screen.findByRole('switch', { name: 'Notifications' });
    },
    shortcuts: async () => {
        const { user } = await signedIn();
        await user.keyboard('{F1}');
        await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    },
    about: async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: 'Settings and help' }));
        await user.click(screen.getByRole('menuitem', { name: 'About Latchkey' }));
        await user.click(await screen.findByRole('button', { name: 'Show packages and licences' }));
        await user.type(await screen.findByRole('searchbox'), 'lucide');
        await user.keyboard('{ArrowDown}{Enter}');
    },
    'switching accounts': async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: 'Switch account' }));
    },
    'edit profile': async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Edit profile' }));
        await user.clear(screen.getByLabelText(/^Name/u));
        await user.click(screen.getByRole('button', { name: 'Update User Information' }));
    },
    crop: async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Edit profile' }));
        await user.click(screen.getByRole('button', { name: 'Select Image' }));
        await screen.findByRole('dialog');
    },
    conflict: async () => {
        const { host, user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Edit profile' }));
        host.changeElsewhere({ location: 'Oslo' });
        await user.type(screen.getByLabelText('Location'), '!{Enter}');
        await screen.findByRole('dialog');
    },
    'security check-up': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'Security check-up');
        await screen.findByRole('button', { name: 'Set it up' });
    },
    'practice with a backup code': async () => {
        const { user } = openApp((host) => host.signedIn().withTwoFactor(9));
        await goToSection(user, 'Security check-up');
        await user.click(await screen.findByRole('button', { name: 'Practise' }));
        await user.keyboard('nnnnn-nnnnn{Enter}');
        await screen.findByText('This is none of your codes');
    },
    sessions: async () => {
        const { user } = await signedIn();
        await goToSection(user, 'Sessions');
        await user.click(await screen.findByRole('button', { name: /^Firefox/u }));
    },
    confirmation: async () => {
        const { user } = await signedIn();
        await goToSection(user, 'Sessions');
        await user.click(await screen.findByRole('button', { name: 'Close all other sessions' }));
        await screen.findByRole('dialog');
    },
    'second step': async () => {
        const { user } = openApp((host) =>
            host.withTwoFactor().at(northwindPlace, { name: 'second_factor', login: 'maren', methods: ['totp'] }),
        );
        await screen.findByRole('group', { name: 'Authentication Code' });
        await user.keyboard('000000');
        await screen.findByText(/did not match/u);
    },
    'two-factor off': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'Two-factor authentication');
        await screen.findByRole('button', { name: 'Enable Two-Factor Authentication' });
    },
    'two-factor on, few codes left': async () => {
        const { user } = openApp((host) => host.withTwoFactor(2).signedIn());
        await goToSection(user, 'Two-factor authentication');
        await screen.findByText('2 of 10 left');
    },
    'setting two-factor up': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'Two-factor authentication');
        await user.click(await screen.findByRole('button', { name: 'Enable Two-Factor Authentication' }));
        await screen.findByRole('img', { name: /QR code/u });
    },
    'the first code': async () => {
        await screens['setting two-factor up']?.();
        await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
        await screen.findByRole('group', { name: 'Authentication Code' });
    },
    'the expected code': async () => {
        await screens['the first code']?.();
        await userEvent.click(screen.getByRole('button', { name: 'Which code is expected?' }));
        await screen.findByText('Your app should show this code now:');
    },
    'backup codes, unsaved': async () => {
        const { user } = openApp((host) => host.withTwoFactor().signedIn());
        await goToSection(user, 'Two-factor authentication');
        await user.click(await screen.findByRole('button', { name: 'Generate New Backup Codes' }));
        await user.click(await screen.findByRole('button', { name: 'Close' }));
        await screen.findByRole('button', { name: 'Close without saving' });
    },
    'a fresh proof': async () => {
        const { host, user } = openApp((fresh) => fresh.withTwoFactor().signedIn());
        host.stale = ['password', 'totp'];
        await goToSection(user, 'Two-factor authentication');
        await user.click(await screen.findByRole('button', { name: 'Generate New Backup Codes' }));
        await screen.findByRole('dialog', { name: 'Confirm it is you' });
    },
    'two-factor required': async () => {
        openApp((host) => host.signedIn().requireTwoFactor());
        await screen.findByRole('button', { name: 'Enable Two-Factor Authentication' });
    },
    'no alerts': async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Alerts' }));
        await screen.findByRole('dialog', { name: 'Alerts' });
    },
    alerts: async () => {
        const { host, user } = openApp((fresh) => fresh.withTwoFactor(1).signedIn());
        const bell = await screen.findByRole('button', { name: 'Alerts, 1 unread' });
        host.emit('push', { event: 'sign_in.new', session_id: 'safari', device: 'Safari on iOS', ip_address: null });
        await user.click(bell);
        await screen.findByRole('dialog', { name: 'Alerts' });
    },
    'a sign-in to look at': async () => {
        const { host } = await signedIn();
        host.emit('request', { name: 'review_sign_in', session_id: 'safari' });
        await screen.findByRole('button', { name: 'Close that session' });
    },
    'password, with errors': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'Password');
        await user.type(screen.getByLabelText('New password'), 'short');
        await user.click(screen.getByRole('button', { name: 'Change Password' }));
    },
    activity: async () => {
        const { user } = openApp((host) => {
            host.pageSize = 6;
            host.signedIn();
        });
        await goToSection(user, 'Activity');
        await screen.findByRole('button', { name: 'Load more' });
    },
    'API documentation': async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: 'API documentation' }));
        for (const name of [/AvatarLink/u, /Scope/u, /Your key/u, /Change the profile/u, /Create a named API key/u]) {
            await user.click(await screen.findByRole('button', { name }));
        }
    },
    'activity, nothing of a kind': async () => {
        const { user } = openApp((host) => {
            host.activity = [];
            host.signedIn();
        });
        await goToSection(user, 'Activity');
        await user.click(screen.getByRole('radio', { name: 'Password' }));
        await screen.findByRole('button', { name: 'Show all' });
    },
    'deleting the account': async () => {
        const { user } = openApp((host) => host.withTwoFactor().signedIn());
        await goToSection(user, 'Delete account');
        await screen.findByLabelText('Authentication Code');
    },
    'API keys': async () => {
        const { user } = openApp((host) => host.signedIn(localPlace));
        await goToSection(user, 'API keys');
        await user.click(await screen.findByRole('switch'));
        await user.click(await screen.findByRole('button', { name: 'Delete Image mirror' }));
    },
    'no API keys': async () => {
        const { user } = openApp((host) => {
            host.signedIn();
            host.personalKey = noPersonalKey;
            host.apiKeys = [];
        });
        await goToSection(user, 'API keys');
        await screen.findByText('No named keys yet');
    },
    'creating an API key, with errors': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'API keys');
        await user.click(await screen.findByRole('button', { name: 'Create API Key' }));
        const dialog = within(await screen.findByRole('dialog', { name: 'Create API Key' }));
        await user.click(dialog.getByLabelText('API'));
        await user.selectOptions(dialog.getByLabelText('Expires'), 'On a date');
        await user.click(dialog.getByRole('button', { name: 'Create' }));
        await dialog.findByText('Enter a date.');
    },
    'a token, not copied': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'API keys');
        await user.click(await screen.findByRole('button', { name: 'Create API Key' }));
        await user.type(await screen.findByLabelText('Name'), 'Nightly backups');
        await user.click(screen.getByRole('button', { name: 'Create' }));
        const panel = within(await screen.findByRole('dialog', { name: 'Nightly backups is ready' }));
        await user.click(panel.getByRole('button', { name: 'Close' }));
    },
    'SSH keys': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'SSH keys');
        await screen.findByText('YubiKey');
    },
    'adding an SSH key': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'SSH keys');
        await user.click(await screen.findByRole('button', { name: 'Add key' }));
        await user.paste(PUBLIC_KEY);
        await screen.findByText('ED25519,');
    },
    'a private key, refused': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'SSH keys');
        await user.click(await screen.findByRole('button', { name: 'Add key' }));
        await user.paste(PRIVATE_KEY);
    },
    'generating an SSH key': async () => {
        const { user } = await signedIn();
        await goToSection(user, 'SSH keys');
        await user.click(await screen.findByRole('button', { name: 'Generate key' }));
        await user.type(await screen.findByLabelText('Passphrase (optional)'), 'harbour-violet');
        await user.click(screen.getByLabelText('Add a host to your SSH configuration'));
    },
    'a generated SSH key': async () => {
        await screens['generating an SSH key']?.();
        await userEvent.type(screen.getByLabelText('Confirm passphrase'), 'harbour-violet');
        await userEvent.type(screen.getByLabelText('Alias'), 'workshop');
        const dialog = within(screen.getByRole('dialog'));
        await userEvent.click(dialog.getByRole('button', { name: 'Generate key' }));
        await screen.findByRole('button', { name: 'Undo' });
    },
    'forgotten password': async () => {
        const { user } = openApp((host) => {
            host.mail = true;
            host.at(northwindPlace);
        });
        await user.click(await screen.findByRole('button', { name: 'Forgot password' }));
        await screen.findByRole('button', { name: 'Send code' });
    },
    'forgotten password, second step': async () => {
        const { host, user } = openApp((fresh) => {
            fresh.mail = true;
            fresh.withTwoFactor().at(northwindPlace);
        });
        await user.click(await screen.findByRole('button', { name: 'Forgot password' }));
        await user.type(await screen.findByLabelText('Username or email'), 'maren{Enter}');
        await user.type(await screen.findByLabelText('Code'), host.mailedCode);
        await user.type(screen.getByLabelText('New password'), 'harbour-violet-spoon');
        await user.type(screen.getByLabelText('Confirm new password'), 'harbour-violet-spoon{Enter}');
        await screen.findByRole('region', { name: 'Second step' });
    },
    'a new email to confirm': async () => {
        const { user } = openApp((host) => {
            host.mail = true;
            host.profile = { ...host.profile, pending_email: 'maren@fjord.example' };
            host.signedIn();
        });
        await user.click(await screen.findByRole('button', { name: 'Edit profile' }));
        await user.click(screen.getByRole('button', { name: 'Confirm' }));
    },
};

test.each(Object.entries(screens))('%s', async (_name, open) => {
    await open();
    const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
