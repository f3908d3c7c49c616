import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openApp, openSection } from './open-app';
import { connection, deadConnection, failedRegistry, registry } from './sample-connections';
import { noPersonalKey } from './sample-keys';
import { session } from './samples';

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

/** Everything is as it should be. */
function allWell(host: FakeHost): void {
    host.withTwoFactor(10);
    host.backupCodesSince = ago(3);
    host.passwordChangedAt = ago(20);
    host.connections.integrations = [connection('gitlab')];
    host.connections.registries = [registry('ghcr', 'ghcr.io')];
    for (const { key } of host.sshKeys) key.last_used_at = ago(1);
}

const open = (prepare: (host: FakeHost) => void = () => undefined) =>
    openSection('Security check-up', (host) => {
        allWell(host);
        prepare(host);
    });

/** What is read for the page. */
const READ = [
    ...(['get_password_status', 'get_two_factor', 'list_sessions', 'list_api_keys', 'get_api_key'] as const),
    ...(['list_ssh_keys', 'list_integrations', 'list_container_registries'] as const),
];

/** The row that says this. */
async function row(title: string | RegExp) {
    // "Two-factor" is kept whole by an element of its own.
    const says = (text: string) => (typeof title === 'string' ? text === title : title.test(text));
    const said = await screen.findByText(
        (_, element) => element?.matches('main b') === true && says(element.textContent),
    );
    return within(said.closest('li') as HTMLElement);
}

const summary = () => document.querySelector<HTMLElement>('.summary');
const heard = () => screen.getAllByRole('status').map(({ textContent }) => textContent.trim());

describe('all is well', () => {
    test('is said calmly, and heard', async () => {
        await open();
        await waitFor(() => expect(summary()).toHaveTextContent('Your account stands well'));
        expect(heard()).toContain('Your account stands well');
        expect(screen.getByRole('img', { name: '8 of 9 in order' })).toBeVisible();
        // The strength of the password is rated on request alone.
        expect(screen.getAllByText('In order')).toHaveLength(8);
        expect(screen.getByText('Not rated')).toBeVisible();
        expect(screen.queryByText('Have a look')).toBeNull();
        expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
    });

    test('each row opens its page', async () => {
        const { user } = await open();
        const sessions = await row('No old or unknown sessions');
        expect(sessions.getByText('You are signed in at 4 places, all of them known and in use.')).toBeVisible();
        await user.click(sessions.getByRole('button', { name: 'Open Sessions' }));
        await waitFor(() => expect(screen.getByRole('heading', { level: 1, name: 'Sessions' })).toHaveFocus());
    });

    test('where there is nothing, that is well too', async () => {
        await open((host) => {
            host.sessions = host.sessions.filter(({ current }) => current);
            host.personalKey = noPersonalKey;
            host.apiKeys = [];
            host.sshKeys = [];
            host.connections.integrations = [];
            host.connections.registries = [];
        });
        for (const said of [
            'You are signed in on this device alone.',
            'No API keys',
            'No SSH keys',
            'No accounts at GitHub or GitLab',
            'No container registries',
        ]) {
            expect(await screen.findByText(said)).toBeVisible();
        }
        expect(summary()).toHaveTextContent('Your account stands well');
    });

    test('what has ended, and what is new, is no idle key', async () => {
        const { host } = await open((fresh) => {
            const [key] = fresh.apiKeys;
            if (!key) return;
            const never = { ...key, last_used_at: null };
            fresh.apiKeys = [
                { ...never, id: 'ended', created_at: ago(400), expires_at: ago(100) },
                { ...never, id: 'new', created_at: ago(10), expires_at: null },
            ];
        });
        await row('Every API key is in use');
        expect(host.asked('list_api_keys')).not.toHaveLength(0);
    });
});

describe('what asks for something leads to its remedy:', () => {
    test('an old password', async () => {
        const { user } = await open((host) => (host.passwordChangedAt = ago(800)));
        const old = await row('Your password is more than 2 years old');
        expect(old.getByText('Have a look')).toBeVisible();
        expect(summary()).toHaveTextContent('One thing to see to');
        await user.click(old.getByRole('button', { name: 'Change password' }));
        await screen.findByRole('heading', { level: 1, name: 'Password' });
        await waitFor(() => expect(screen.getByLabelText('Current password')).toHaveFocus());
    });

    test('no second factor', async () => {
        const { user } = await openSection('Security check-up');
        const off = await row('Two-factor authentication is off');
        expect(off.getByText('Act now')).toBeVisible();
        expect(screen.queryByText(/backup codes/u)).toBeNull();
        await user.click(off.getByRole('button', { name: 'Set it up' }));
        await waitFor(() =>
            expect(screen.getByRole('button', { name: 'Enable Two-Factor Authentication' })).toHaveFocus(),
        );
    });

    test.each([
        [3, '3 of 10 backup codes left', 'Have a look'],
        [0, 'No backup codes left', 'Act now'],
    ])('%i backup codes', async (left, title, verdict) => {
        const { user } = await open((host) => host.withTwoFactor(left));
        const codes = await row(title);
        expect(codes.getByText(verdict)).toBeVisible();
        await user.click(codes.getByRole('button', { name: 'Generate new ones' }));
        expect(await screen.findByRole('dialog', { name: 'Save your new backup codes' })).toBeVisible();
    });

    test('old and unknown sessions, however far down the list', async () => {
        const { user } = await open((host) => {
            host.pageSize = 2;
            host.sessions = [
                ...host.sessions,
                session('stale', { last_modified_at: ago(20) }),
                session('nobody', { browser: null, operating_system: null, last_modified_at: ago(2) }),
            ];
        });
        const sessions = await row('2 sessions to look at');
        expect(sessions.getByText('Firefox on macOS')).toBeVisible();
        expect(sessions.getByText('Unknown device')).toBeVisible();
        expect(sessions.getByText('last used 2 days ago')).toBeVisible();
        await user.click(sessions.getByRole('button', { name: 'Review sessions' }));
        await waitFor(() => expect(document.activeElement).toHaveAttribute('id', 'session-stale'));
    });

    test('idle API keys', async () => {
        const { user } = await open((host) => {
            host.apiKeys = host.apiKeys.map((key) =>
                key.id === 'terraform' ? { ...key, last_used_at: ago(120) } : key,
            );
            host.personalKey = { ...host.personalKey, created_at: ago(200), last_used_at: null };
        });
        const keys = await row('2 API keys have not been used for 90 days');
        expect(keys.getByText('Terraform on the bastion host')).toBeVisible();
        expect(keys.getByText('Personal API key')).toBeVisible();
        await user.click(keys.getByRole('button', { name: 'Review keys' }));
        await waitFor(() =>
            expect(screen.getByRole('button', { name: 'Delete Terraform on the bastion host' })).toHaveFocus(),
        );
    });

    test('an idle personal key alone', async () => {
        const { user } = await open(
            (host) => (host.personalKey = { ...host.personalKey, created_at: ago(200), last_used_at: ago(91) }),
        );
        const keys = await row('One API key has not been used for 90 days');
        await user.click(keys.getByRole('button', { name: 'Review keys' }));
        await waitFor(() => expect(screen.getByRole('button', { name: 'Generate new API Key' })).toHaveFocus());
    });

    test('idle SSH keys, of which three are named', async () => {
        const { user } = await open((host) => {
            const [first] = host.sshKeys;
            if (!first) return;
            host.sshKeys = ['one', 'two', 'three', 'four'].map((id) => ({
                ...first,
                key: { ...first.key, id, name: id, added_at: ago(300), last_used_at: null },
            }));
        });
        const keys = await row('4 SSH keys have not been used for 90 days');
        expect(keys.getAllByText(/^never used since/u)).toHaveLength(3);
        expect(keys.getByText('and one more')).toBeVisible();
        await user.click(keys.getByRole('button', { name: 'Review keys' }));
        await waitFor(() => expect(screen.getByRole('button', { name: 'Remove one' })).toHaveFocus());
    });

    test('a connection that stopped working', async () => {
        const { user } = await open((host) => (host.connections.integrations = [deadConnection()]));
        const dead = await row('One connected account has stopped working');
        expect(dead.getByText('GitLab')).toBeVisible();
        await user.click(dead.getByRole('button', { name: 'Put it right' }));
        await waitFor(() => expect(screen.getByRole('button', { name: 'Reconnect' })).toHaveFocus());
    });

    test('a connection whose provider was taken away', async () => {
        const { user } = await open((host) => (host.connections.integrations = [deadConnection({ methods: [] })]));
        await user.click((await row(/stopped working/u)).getByRole('button', { name: 'Put it right' }));
        await waitFor(() => expect(document.activeElement).toHaveAttribute('id', 'row-gitlab'));
    });

    test('a registry that refuses its password', async () => {
        const { user } = await open((host) => (host.connections.registries = [failedRegistry()]));
        const dead = await row('One container registry has stopped working');
        expect(dead.getByText(/refused this password/u)).toBeVisible();
        await user.click(dead.getByRole('button', { name: 'Put it right' }));
        await waitFor(() => expect(screen.getByRole('button', { name: /^Update password for/u })).toHaveFocus());
    });

    test('whoever moves the focus meanwhile keeps it', async () => {
        const { host, user } = await openSection('Security check-up');
        const off = await row('Two-factor authentication is off');
        await user.click(off.getByRole('button', { name: 'Set it up' }));
        await screen.findByRole('heading', { level: 1, name: 'Two-factor authentication' });
        const release = host.hold('get_two_factor');
        const bell = screen.getByRole('button', { name: 'Alerts' });
        bell.focus();
        release();
        await user.keyboard('{F5}');
        await screen.findByRole('button', { name: 'Enable Two-Factor Authentication' });
        expect(bell).toHaveFocus();
    });
});

describe('reading', () => {
    test('each row waits for itself, and everything is asked at once', async () => {
        const { host, user } = openApp((fresh) => {
            fresh.signedIn();
            allWell(fresh);
        });
        await screen.findByRole('button', { name: 'Edit profile' });
        const releases = (['get_password_status', 'list_ssh_keys'] as const).map((name) => host.hold(name));
        await user.keyboard('{Control>}5{/Control}');
        await row('Two-factor authentication is on');
        expect(screen.getByText('Looking at: Age of your password')).toBeInTheDocument();
        expect(screen.getByText('Looking at: SSH keys')).toBeInTheDocument();
        expect(summary()).toHaveTextContent('Looking at your account');
        expect(heard()).not.toContain('Your account stands well');
        for (const release of releases) release();
        await row(/^Password changed on/u);
        await waitFor(() => expect(heard()).toContain('Your account stands well'));
    });

    test('what fails says so, holds nothing up, and can be tried again', async () => {
        const { host, user } = openApp((fresh) => {
            fresh.signedIn();
            allWell(fresh);
        });
        await screen.findByRole('button', { name: 'Edit profile' });
        host.refuse('get_password_status', refusal('busy'));
        await user.keyboard('{Control>}5{/Control}');
        const failed = await row('Age of your password');
        expect(failed.getByText(/The server is busy/u)).toBeVisible();
        expect(failed.getByText('Not known')).toBeVisible();
        await row('Every connected account works');
        await waitFor(() => expect(summary()).toHaveTextContent('Not everything could be looked at'));
        await user.click(failed.getByRole('button', { name: 'Try again' }));
        await row(/^Password changed on/u);
        expect(summary()).toHaveTextContent('Your account stands well');
    });

    test('offline, what is known stays, and what is not comes by itself', async () => {
        const { host, user } = openApp((fresh) => {
            fresh.signedIn();
            allWell(fresh);
        });
        await screen.findByRole('button', { name: 'Edit profile' });
        const offline = () => Promise.reject(refusal('offline'));
        for (const name of READ) host.next(name, offline);
        await user.keyboard('{Control>}5{/Control}');
        expect(await screen.findByText(/You are offline/u)).toBeVisible();
        const age = await row('Age of your password');
        expect(age.getByText('This was not read before you went offline.')).toBeVisible();
        expect(age.queryByRole('button')).toBeNull();
        // The bell has read it.
        const codes = await row('10 of 10 backup codes left');
        expect(codes.getByRole('button', { name: 'Practise' })).toHaveAttribute('aria-disabled', 'true');
        window.dispatchEvent(new Event('online'));
        await row(/^Password changed on/u);
        await row('No old or unknown sessions');
    });

    test('again, by the button and by F5', async () => {
        const { host, user } = await open();
        await row('No old or unknown sessions');
        await waitFor(() => expect(summary()).toHaveTextContent('stands well'));
        host.sessions = [...host.sessions, session('stale', { last_modified_at: ago(45) })];
        await user.click(screen.getByRole('button', { name: 'Check again' }));
        await row('One session to look at');
        host.sessions = host.sessions.filter(({ id }) => id !== 'stale');
        await user.keyboard('{F5}');
        await row('No old or unknown sessions');
    });
});

describe('a practice run', () => {
    async function practising(prepare?: (host: FakeHost) => void) {
        const app = await open(prepare);
        const codes = await row(/backup codes left$/u);
        const opener = codes.getByRole('button', { name: 'Practise' });
        opener.focus();
        await app.user.keyboard('{Enter}');
        const dialog = within(await screen.findByRole('dialog', { name: 'Practise with a backup code' }));
        const field = dialog.getByRole('textbox', { name: 'Backup code' });
        await waitFor(() => expect(field).toHaveFocus());
        return { ...app, opener, dialog, field };
    }

    test('by keyboard alone: the code works, is not spent, and is gone from the field', async () => {
        const { host, user, opener, dialog, field } = await practising();
        const [code = ''] = host.backupCodes;
        await user.keyboard(`${code.toUpperCase().replace('-', ' ')}{Enter}`);
        const said = (await dialog.findByText('This code works')).closest('[role="status"]');
        expect(said).toHaveTextContent('It was not spent: it still signs you in, once.');
        await waitFor(() => expect(field).toHaveFocus());
        expect(field).toHaveValue('');
        expect(field).not.toBeInvalid();
        expect(host.backupCodes).toHaveLength(10);
        expect(host.asked('check_backup_code')).toEqual([{ backup_code: code.toUpperCase().replace('-', ' ') }]);
        await user.keyboard('{Escape}');
        await waitFor(() => expect(opener).toHaveFocus());
    });

    test('a used one is said to be used', async () => {
        const { host, user, dialog } = await practising();
        const [code = ''] = host.backupCodes;
        host.proveSecondFactor(undefined, code);
        await user.keyboard(`${code}{Enter}`);
        expect(await dialog.findByText('This code has been used')).toBeVisible();
    });

    test('one that is none stays where it can be put right, and new ones are offered', async () => {
        const { user, dialog, field } = await practising();
        await user.keyboard('nnnnn-nnnnn{Enter}');
        expect(await dialog.findByText('This is none of your codes')).toBeVisible();
        expect(field).toHaveValue('nnnnn-nnnnn');
        await user.click(dialog.getByRole('button', { name: 'Generate New Backup Codes' }));
        expect(await screen.findByRole('dialog', { name: 'Save your new backup codes' })).toBeVisible();
    });

    test('nothing is sent where nothing was typed', async () => {
        const { host, user, field } = await practising();
        await user.keyboard('{Enter}');
        await waitFor(() => expect(field).toHaveAccessibleDescription('Enter one of your backup codes.'));
        expect(host.asked('check_backup_code')).toHaveLength(0);
    });

    test('too many wrong ones are told to wait', async () => {
        const { host, user, dialog } = await practising();
        host.refuse('check_backup_code', refusal('too_many_requests', { retry_after: 900 }));
        await user.keyboard('nnnnn-nnnnn{Enter}');
        expect(await dialog.findByText(/15 minutes/u)).toBeVisible();
        expect(dialog.queryByText('This is none of your codes')).toBeNull();
    });
});

describe('the strength of the password', () => {
    async function rated(password: string) {
        const app = await open();
        await app.user.click((await row('Your password has not been rated')).getByRole('button', { name: 'Rate it' }));
        const dialog = within(await screen.findByRole('dialog', { name: 'How strong is your password?' }));
        await waitFor(() => expect(dialog.getByLabelText('Password')).toHaveFocus());
        await app.user.keyboard(password);
        await waitFor(() => expect(app.host.asked('rate_password').at(-1)).toMatchObject({ password }));
        await waitFor(() => expect(dialog.getByText(/^(Too short|Weak|Fair|Strong|Very strong)$/u)).toBeVisible());
        await app.user.keyboard('{Enter}');
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        return app;
    }

    test('a strong one is in order, and nothing but the rating was asked', async () => {
        const { host } = await rated('copper lantern tide quay');
        const strong = await row('Strength of your password: Very strong');
        expect(strong.getByText('In order')).toBeVisible();
        expect(screen.getByRole('img', { name: '9 of 9 in order' })).toBeVisible();
        const told = host.calls.filter(({ args }) => JSON.stringify(args).includes('copper lantern'));
        expect(new Set(told.map(({ name }) => name))).toEqual(new Set(['rate_password']));
    });

    test.each([
        ['maren-maren-maren', 'Strength of your password: Weak', 'Act now'],
        ['abcabcabcfff', 'Strength of your password: Weak', 'Act now'],
        ['abcdefabcdef', 'Strength of your password: Fair', 'Have a look'],
        ['short', 'Strength of your password: Too short', 'Act now'],
        ['trustno1trustno1', 'Your password is on the list of leaked ones', 'Act now'],
    ])('%s is to be changed', async (password, title, verdict) => {
        const { user } = await rated(password);
        const bad = await row(title);
        expect(bad.getByText(verdict)).toBeVisible();
        expect(bad.getByRole('button', { name: 'Rate again' })).toBeVisible();
        await user.click(bad.getByRole('button', { name: 'Change password' }));
        await waitFor(() => expect(screen.getByLabelText('Current password')).toHaveFocus());
    });

    test('what was typed is rated, however soon Enter comes after it', async () => {
        const { user, host } = await open();
        await user.click((await row('Your password has not been rated')).getByRole('button', { name: 'Rate it' }));
        const dialog = within(await screen.findByRole('dialog', { name: 'How strong is your password?' }));
        await waitFor(() => expect(dialog.getByLabelText('Password')).toHaveFocus());
        await user.keyboard('maren-maren-maren');
        await waitFor(() => expect(dialog.getByText('Weak')).toBeVisible());
        await user.clear(dialog.getByLabelText('Password'));
        await user.keyboard('copper lantern tide quay{Enter}');
        await row('Strength of your password: Very strong');
        expect(host.asked('rate_password').at(-1)).toMatchObject({ password: 'copper lantern tide quay' });
    });

    test('closing it without a word leaves it unrated', async () => {
        const { user } = await open();
        await user.click((await row('Your password has not been rated')).getByRole('button', { name: 'Rate it' }));
        await screen.findByRole('dialog');
        await user.keyboard('{Escape}');
        await row('Your password has not been rated');
    });
});

describe('the way there', () => {
    test('from the bell', async () => {
        const { user } = openApp((host) => host.signedIn());
        await user.click(await screen.findByRole('button', { name: 'Alerts' }));
        await user.click(await screen.findByRole('button', { name: 'Open the security check-up' }));
        await waitFor(() => expect(screen.getByRole('heading', { level: 1, name: 'Security check-up' })).toHaveFocus());
    });

    test('from the profile', async () => {
        const { user } = openApp((host) => host.signedIn());
        await user.click(await screen.findByRole('button', { name: /^Security check-up/u }));
        expect(await screen.findByRole('heading', { level: 1, name: 'Security check-up' })).toBeVisible();
    });
});
