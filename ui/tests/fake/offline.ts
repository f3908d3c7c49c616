/** The fake host without its server: what is asked of it then, and what was seen before. */

import type { Kept } from '$bindings/Kept';
import type { Snapshot } from '$bindings/Snapshot';
import type { FakeHost } from '../fake-host';
import type { Name } from './answers';

/** What the shell does by itself. */
const BY_ITSELF: ReadonlySet<Name> = new Set<Name>([
    'get_view',
    'use_words',
    'close_window',
    'copy_text',
    'copy_secret',
    'rate_password',
    'sign_out',
    'add_account',
    'switch_account',
    'choose_place',
    'get_api_documentation',
    'get_rest_api',
    'get_ssh_folder',
    'read_ssh_key',
]);

export function needsServer(name: Name): boolean {
    return !BY_ITSELF.has(name);
}

/** Everything a host has, as it was seen then; without the parts that were not. */
export function seen(host: FakeHost, at: Date, without: (keyof Snapshot)[] = []): Snapshot {
    const kept = <T>(value: T): Kept<T> => ({ at: at.toISOString(), value: structuredClone(value) });
    const all: Snapshot = {
        profile: kept(host.profileView()),
        instance: host.instance && kept(host.instance),
        avatar: {},
        password: kept({ changed_at: host.passwordChangedAt }),
        two_factor: kept({
            enabled: false,
            enabled_at: null,
            required_by_policy: false,
            can_disable: false,
            backup_codes_remaining: 0,
            backup_codes_low: false,
            backup_codes_created_at: null,
        }),
        api_key: kept({ key: host.personalKey, in_keychain: host.keyInKeychain }),
        api_keys: kept(host.page(host.apiKeys, undefined)),
        sessions: kept(host.page(host.sessions, undefined)),
        ssh_keys: kept(host.page(host.sshKeys, undefined)),
        integrations: kept({ items: host.connections.integrations, next: null }),
        registries: kept(host.page(host.connections.registries, undefined)),
        activity: kept(host.page(host.activity, undefined)),
    };
    return { ...all, ...Object.fromEntries(without.map((part) => [part, null])) };
}
