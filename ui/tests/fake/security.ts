/** Sessions, proofs, password, activity, leaving for good, and what goes to the clipboard or a file. */

import type { SavedFile } from '$bindings/SavedFile';
import type { FakeHost } from '../fake-host';
import { badField, refusal, type Handlers } from './answers';

type Part = Pick<
    Handlers,
    | 'list_sessions'
    | 'close_session'
    | 'close_other_sessions'
    | 'reauthenticate'
    | 'get_password_status'
    | 'change_password'
    | 'list_activity'
    | 'save_activity'
    | 'get_deletion'
    | 'save_export'
    | 'delete_account'
    | 'copy_text'
    | 'copy_secret'
    | 'use_words'
    | 'close_window'
    | 'take_request'
    | 'press_close'
    | 'quit'
    | 'get_app_settings'
    | 'set_app_setting'
>;

export function securityHandlers(host: FakeHost): Part {
    const day = () => new Date().toISOString().slice(0, 10);
    const saved = (name: string): SavedFile | null => (host.folder === null ? null : { name, folder: host.folder });
    return {
        list_sessions: ({ after }) => host.page(host.sessions, after),
        close_session: ({ id }) => {
            if (!host.sessions.some((session) => session.id === id)) throw refusal('not_found');
            host.sessions = host.sessions.filter((session) => session.id !== id);
            return null;
        },
        close_other_sessions: () => {
            const closed = host.sessions.filter(({ current }) => !current).length;
            host.sessions = host.sessions.filter(({ current }) => current);
            return { closed };
        },
        reauthenticate: ({ password, code, backup_code }) => {
            if (password !== host.password) throw refusal('invalid_credentials');
            if (code !== undefined || backup_code !== undefined) host.proveSecondFactor(code, backup_code);
            const proved = code === undefined && backup_code === undefined ? ['password'] : ['password', 'totp'];
            host.stale = host.stale.filter((method) => !proved.includes(method));
            return null;
        },
        get_password_status: () => ({ changed_at: host.passwordChangedAt }),
        change_password: ({ current_password, new_password, close_other_sessions = true }) => {
            // The password stands in the body: only the second factor has to be fresh.
            if (host.profile.two_factor_enabled && host.stale.includes('totp')) {
                throw refusal('insufficient_user_authentication', { methods: ['totp'] });
            }
            if (current_password !== host.password) throw badField('current_password', 'incorrect');
            if (new_password === current_password) throw badField('new_password', 'unchanged');
            if (new_password.includes(host.profile.username)) throw badField('new_password', 'like_identity');
            host.password = new_password;
            host.passwordChangedAt = new Date().toISOString();
            if (close_other_sessions) host.sessions = host.sessions.filter(({ current }) => current);
            return null;
        },
        list_activity: ({ after, category }) =>
            host.page(
                host.activity.filter((event) => category === undefined || event.category === category),
                after,
            ),
        save_activity: () => saved(`latchkey-activity-${host.profile.username}-${day()}.json`),
        get_deletion: () => ({
            username: host.profile.username,
            avatar: host.profile.avatar.custom,
            sessions: host.sessions.length,
            api_keys: host.apiKeys.length + (host.personalKey.exists ? 1 : 0),
            ssh_keys: host.sshKeys.length,
            integrations: host.connections.integrations.filter(({ connected }) => connected).length,
            container_registries: host.connections.registries.length,
            events: host.activity.length,
            backup_codes: host.backupCodes.length,
            code_required: host.profile.two_factor_enabled,
            username_held_days: 30,
        }),
        save_export: () => {
            host.needFresh();
            return saved(`latchkey-export-${host.profile.username}-${day()}.json`);
        },
        delete_account: ({ username, password, code }) => {
            if (username !== host.profile.username) throw badField('username', 'incorrect');
            if (password !== host.password) throw badField('password', 'incorrect');
            if (host.profile.two_factor_enabled) {
                if (code === undefined) throw badField('code', 'missing');
                if (code !== host.totp && !host.backupCodes.includes(code)) throw badField('code', 'incorrect');
            }
            host.accounts = host.accounts.filter(({ current }) => !current);
            host.phase = { name: 'signed_out', reason: { kind: 'deleted' }, login: null };
            return host.view();
        },
        copy_text: ({ text }) => {
            host.clipboard = text;
            return null;
        },
        copy_secret: ({ text }) => {
            host.clipboard = text;
            return { clears_after: 60 };
        },
        use_words: () => null,
        take_request: () => {
            const { request } = host;
            host.request = null;
            return request;
        },
        press_close: () => null,
        quit: () => null,
        get_app_settings: () => host.appSettings,
        set_app_setting: ({ name, on }) => {
            const { blocked } = host.appSettings[name];
            if (!on || blocked === null) host.appSettings = { ...host.appSettings, [name]: { on, blocked } };
            return host.appSettings;
        },
        close_window: () => {
            host.closed = true;
            return null;
        },
    };
}
