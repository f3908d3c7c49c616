/** API keys, SSH keys, and the REST API of the service in the app. */

import type { SshFolder } from '$bindings/SshFolder';
import type { SshKey } from '$bindings/SshKey';
import type { SshKeyPreview } from '$bindings/SshKeyPreview';
import type { FakeHost } from '../fake-host';
import { failureOf } from '../../src/lib/refusal';
import { badField, refusal, type Handlers } from './answers';

type Part = Pick<
    Handlers,
    | 'get_api_key'
    | 'generate_api_key'
    | 'copy_api_key'
    | 'list_api_keys'
    | 'create_api_key'
    | 'delete_api_key'
    | 'get_rest_api'
    | 'set_rest_api'
    | 'list_ssh_keys'
    | 'read_ssh_key'
    | 'choose_ssh_key'
    | 'add_ssh_key'
    | 'remove_ssh_key'
    | 'get_ssh_folder'
    | 'choose_ssh_folder'
    | 'generate_ssh_key'
    | 'undo_ssh_config'
    | 'copy_ssh_passphrase'
>;

const DAY = 86_400_000;

/** What is refused of a public key, in the words of the one who knows. */
function badKey(detail: string) {
    return refusal('invalid_field', { errors: [{ pointer: '/public_key', code: 'invalid', detail }] });
}

/** A key that looks real where the text does. */
export function readKey(text: string): SshKeyPreview {
    const [kind = '', body = '', comment = ''] = text.trim().split(/\s+/u);
    if (text.includes('PRIVATE KEY')) throw badKey('That is a private key. Paste the .pub file instead.');
    if (kind === 'ssh-dss') throw badKey('DSA keys are not safe any more. Generate an ED25519 key instead.');
    if (!/^(ssh|ecdsa|sk)-/u.test(kind) || body.length < 20) {
        throw badKey(
            'This is not an SSH public key. Paste the line of a .pub file; it begins with a word such as ssh-ed25519.',
        );
    }
    return {
        public_key: text.trim(),
        kind,
        bits: kind === 'ssh-rsa' ? 4096 : 256,
        fingerprint: `SHA256:${body.slice(-43)}`,
        name: comment.replace(/^.*@/u, ''),
    };
}

export function keyHandlers(host: FakeHost): Part {
    let made = 0;
    const now = () => new Date().toISOString();
    const folder = (path: string): SshFolder => ({
        folder: path,
        file_name: 'id_ed25519_latchkey',
        name: 'ThinkPad X1 Carbon',
        host: host.place?.host ?? null,
    });

    function add(name: string, { public_key, kind, bits, fingerprint }: SshKeyPreview): SshKey {
        if (host.sshKeys.some(({ key }) => key.fingerprint === fingerprint)) throw badField('public_key', 'taken');
        made += 1;
        const line = public_key.split(' ').slice(0, 2).join(' ');
        const key = {
            ...{ id: `ssh-${made}`, name, type: kind, bits, fingerprint, public_key: line },
            ...{ added_at: now(), last_used_at: null },
        };
        host.sshKeys = [{ key, passphrase_in_keychain: false }, ...host.sshKeys];
        return key;
    }

    return {
        get_api_key: () => ({ key: host.personalKey, in_keychain: host.keyInKeychain }),
        generate_api_key: () => {
            host.needFresh();
            made += 1;
            host.personalKey = { exists: true, masked: `lk_••••••••new${made}`, created_at: now(), last_used_at: null };
            host.keyInKeychain = true;
            return { key: host.personalKey, in_keychain: true };
        },
        copy_api_key: () => {
            if (!host.keyInKeychain) host.needFresh();
            host.clipboard = 'the personal key';
            return { clears_after: 60 };
        },
        list_api_keys: ({ after }) => host.page(host.apiKeys, after),
        create_api_key: ({ name, scopes, expires_at }) => {
            host.needFresh();
            made += 1;
            const end = expires_at === undefined ? new Date(Date.now() + 90 * DAY).toISOString() : expires_at;
            const key = { id: `key-${made}`, name, scopes, last_four: 'h2Nk', created_at: now(), expires_at: end };
            host.apiKeys = [{ ...key, last_used_at: null, last_used_ip: null }, ...host.apiKeys];
            const token = 'lkt_9bQ2vX7mK4tR8wYcZ1nH5jL0pD3fGs6aTuEeVh2Nk';
            return { ...key, token, username: host.profile.username };
        },
        delete_api_key: ({ id, account }) => {
            host.mindAccount(account);
            if (!host.apiKeys.some((key) => key.id === id)) throw refusal('not_found');
            host.apiKeys = host.apiKeys.filter((key) => key.id !== id);
            return null;
        },
        get_rest_api: () => host.restApi,
        set_rest_api: ({ enabled, port }) => {
            const at = port ?? host.restApi.port ?? 43_117;
            const taken = enabled && host.takenPorts.includes(at);
            if (taken && port !== undefined) throw badField('port', 'taken');
            host.restApi = {
                enabled,
                port: at,
                url: enabled && !taken ? `http://127.0.0.1:${at}` : null,
                failure: taken
                    ? { ...failureOf('invalid_field'), errors: [{ pointer: '/port', code: 'taken', detail: '' }] }
                    : null,
            };
            return host.restApi;
        },
        list_ssh_keys: ({ after }) => host.page(host.sshKeys, after),
        read_ssh_key: ({ text }) => readKey(text),
        choose_ssh_key: () => (host.keyFile === null ? null : readKey(host.keyFile)),
        add_ssh_key: ({ name, public_key }) => add(name, readKey(public_key)),
        remove_ssh_key: ({ id, account }) => {
            host.mindAccount(account);
            if (!host.sshKeys.some(({ key }) => key.id === id)) throw refusal('not_found');
            host.sshKeys = host.sshKeys.filter(({ key }) => key.id !== id);
            return null;
        },
        get_ssh_folder: () => folder('/home/maren/.ssh'),
        choose_ssh_folder: () => (host.folder === null ? null : folder('/home/maren/Keys')),
        generate_ssh_key: ({ name, folder: path, file_name, keep_passphrase, host: block }) => {
            if (file_name === 'id_ed25519') throw badField('file_name', 'taken');
            if (block?.alias.includes(' ')) {
                throw refusal('invalid_field', {
                    errors: [{ pointer: '/host/alias', code: 'invalid', detail: 'Use no spaces.' }],
                });
            }
            const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGq4yTnR0bHs2VdKfWm9ExLpUo7CjZaQ5iYvN8tB3rMc';
            const key = add(name, readKey(line));
            host.sshKeys = host.sshKeys.map((view) =>
                view.key.id === key.id ? { ...view, passphrase_in_keychain: keep_passphrase } : view,
            );
            return {
                key,
                path: `${path}/${file_name}`,
                passphrase_in_keychain: keep_passphrase,
                config: block ? { id: 'block-1', path: '/home/maren/.ssh/config', alias: block.alias } : null,
                config_failure: null,
            };
        },
        undo_ssh_config: () => null,
        copy_ssh_passphrase: () => {
            host.clipboard = 'the passphrase';
            return { clears_after: 60 };
        },
    };
}
