/** API keys and SSH keys of the tests. */

import type { ApiKey } from '$bindings/ApiKey';
import type { PersonalApiKey } from '$bindings/PersonalApiKey';
import type { SshKeyView } from '$bindings/SshKeyView';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (time: number) => new Date(Date.now() - time).toISOString();
/** The same time of the day before, whose date is yesterday's at any hour of the day. */
const yesterday = () => ago(DAY);

export function personalKey(): PersonalApiKey {
    return {
        exists: true,
        masked: 'lk_••••••••3f9a',
        created_at: '2026-01-12T09:30:00Z',
        last_used_at: ago(2 * HOUR),
    };
}

export const noPersonalKey: PersonalApiKey = { exists: false, masked: null, created_at: null, last_used_at: null };

export function apiKey(id: string, more: Partial<ApiKey> = {}): ApiKey {
    return {
        id,
        name: 'Build pipeline',
        scopes: ['api', 'registry'],
        last_four: 'Nk4t',
        created_at: ago(310 * DAY),
        expires_at: ago(-55 * DAY),
        last_used_at: ago(2 * HOUR),
        last_used_ip: '198.51.100.7',
        ...more,
    };
}

export function apiKeys(): ApiKey[] {
    return [
        apiKey('pipeline'),
        apiKey('terraform', {
            name: 'Terraform on the bastion host',
            scopes: ['api'],
            last_four: 'w2Qe',
            created_at: ago(260 * DAY),
            expires_at: null,
            last_used_at: yesterday(),
        }),
        apiKey('mirror', {
            name: 'Image mirror',
            scopes: ['registry'],
            last_four: '81Xc',
            created_at: ago(82 * DAY),
            expires_at: ago(-8 * DAY),
            last_used_at: ago(4 * DAY),
        }),
        apiKey('laptop', {
            name: 'Old laptop',
            scopes: ['api'],
            last_four: 'pR07',
            created_at: ago(530 * DAY),
            expires_at: ago(165 * DAY),
            last_used_at: ago(190 * DAY),
            last_used_ip: null,
        }),
    ];
}

export const PUBLIC_KEY =
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKx8tSgH1qJm7LwY2dPeR5fUa9oIi3TzN6hQk0nC4vZb maren@workshop';

export const PRIVATE_KEY = [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
    '-----END OPENSSH PRIVATE KEY-----',
].join('\n');

function sshKey(id: string, name: string, more: Partial<SshKeyView['key']> = {}): SshKeyView {
    return {
        key: {
            id,
            name,
            type: 'ssh-ed25519',
            bits: 256,
            fingerprint: 'SHA256:p2QMf7wYd1Rk0uTz8XhVn4cLs9eBjA3oGiK6yWmE5rU',
            public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKx8tSgH1qJm7LwY2dPeR5fUa9oIi3TzN6hQk0nC4vZb',
            added_at: '2026-01-12T09:40:00Z',
            last_used_at: ago(2 * HOUR),
            ...more,
        },
        passphrase_in_keychain: false,
    };
}

export function sshKeys(): SshKeyView[] {
    return [
        { ...sshKey('carbon', 'X1 Carbon'), passphrase_in_keychain: true },
        sshKey('server', 'Build server', {
            type: 'ssh-rsa',
            bits: 4096,
            fingerprint: 'SHA256:Zb0nC4vKx8tSgH1qJm7LwY2dPeR5fUa9oIi3TzN6hQk',
            public_key: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAACAQC0nC4vKx8tSgH1qJm7LwY2dPeR5fUa9oIi3TzN6hQk',
            added_at: '2026-03-03T14:00:00Z',
            last_used_at: yesterday(),
        }),
        sshKey('yubikey', 'YubiKey', {
            type: 'sk-ssh-ed25519@openssh.com',
            fingerprint: 'SHA256:e7TgWq3LbXn1KzVd9sYcRm5uHfJ0pA8oGi4E2kQtM6w',
            public_key: 'sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIKx8tSgH1qJm7LwY',
            added_at: '2026-08-28T08:00:00Z',
            last_used_at: null,
        }),
    ];
}
