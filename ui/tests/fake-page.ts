/** Stands for `src/lib/host.ts` in `npm run dev:fake`: `?scene=` chooses what the window begins with. */

import type { Commands } from '$bindings/Commands';
import type { Events } from '$bindings/Events';
import { failureOf } from '../src/lib/refusal';
import { seen } from './fake/offline';
import { FakeHost, refusal } from './fake-host';
import * as connections from './sample-connections';
import * as sampleKeys from './sample-keys';
import * as sample from './samples';

const scenes: Record<string, (host: FakeHost) => void> = {
    'first-run': () => undefined,
    'sign-in': (host) => host.at(sample.northwindPlace, { name: 'signed_out', reason: null, login: 'maren' }),
    closed: (host) =>
        host.at(sample.northwindPlace, {
            name: 'signed_out',
            reason: { kind: 'closed', by: 'closed_elsewhere' },
            login: 'maren',
        }),
    'no-keychain': (host) => {
        host.at(sample.northwindPlace);
        host.keychain = { available: false, detail: 'No secret service is running.' };
    },
    'create-account': (host) => host.at(sample.localPlace),
    unavailable: (host) => {
        const failure = failureOf('offline', 'Connection refused.');
        host.at(sample.northwindPlace, { name: 'unavailable', failure });
    },
    'storage-locked': (host) => {
        host.at(sample.localPlace, { name: 'unavailable', failure: failureOf('storage_locked') });
    },
    starting: (host) => host.next('get_view', () => new Promise(() => undefined)),
    profile: (host) => host.signedIn(),
    local: (host) => host.signedIn(sample.localPlace),
    places: (host) => {
        host.at(
            sample.placeOf({ ...sample.northwind, origin: 'http://10.0.0.7:8787', name: 'Lab', transport: 'plain' }),
        );
        host.at(sample.localPlace);
        host.signedIn();
        host.accounts.push({
            place: 'local',
            place_name: 'This computer',
            username: 'ada',
            name: 'Ada Lovelace',
            current: false,
        });
    },
    'second-step': (host) => {
        host.withTwoFactor().at(sample.northwindPlace, {
            name: 'second_factor',
            login: 'maren',
            methods: ['totp', 'backup_code'],
        });
        host.clockOffset = -90;
    },
    'two-factor': (host) => host.withTwoFactor(7).signedIn(),
    'low-codes': (host) => {
        host.withTwoFactor(2).signedIn();
        setTimeout(() => {
            host.emit('push', {
                event: 'sign_in.new',
                session_id: 'safari',
                device: 'Safari on iOS',
                ip_address: '203.0.113.19',
            });
        }, 500);
    },
    required: (host) => host.withTwoFactor(7).signedIn().requireTwoFactor(),
    'setup-required': (host) => host.signedIn().requireTwoFactor(),
    stale: (host) => {
        host.withTwoFactor(7).signedIn();
        host.stale = ['password', 'totp'];
    },
    forgot: (host) => {
        host.mail = true;
        host.at(sample.northwindPlace, { name: 'signed_out', reason: null, login: 'maren' });
    },
    'pending-email': (host) => {
        host.mail = true;
        host.profile = { ...host.profile, pending_email: 'maren@fjord.example' };
        host.signedIn();
    },
    'long-activity': (host) => {
        host.signedIn();
        host.pageSize = 4;
    },
    'no-activity': (host) => {
        host.signedIn();
        host.activity = [];
    },
    'many-sessions': (host) => {
        host.signedIn();
        host.pageSize = 3;
    },
    'no-sessions': (host) => {
        host.signedIn();
        host.sessions = host.sessions.slice(0, 1);
    },
    'loading-sessions': (host) => {
        host.signedIn();
        host.next('list_sessions', () => new Promise(() => undefined));
    },
    offline: (host) => {
        host.signedIn();
        for (const name of [
            'list_sessions',
            'list_integrations',
            'list_container_registries',
            'get_profile',
        ] as const) {
            for (let attempts = 0; attempts < 50; attempts += 1) host.refuse(name, refusal('offline'));
        }
    },
    'opened-offline': (host) => {
        host.offline(seen(host, new Date(Date.now() - 2 * 3_600_000), ['ssh_keys']));
    },
    failing: (host) => {
        host.signedIn();
        host.refuse('list_sessions', refusal('internal', { request_id: '0193a1b2-4c5d-7000-8000-1f2e3d4c5b6a' }));
    },
    keys: (host) => withRegistry(host.signedIn()),
    'keys-policy': (host) => {
        host.signedIn();
        if (host.instance) host.instance = { ...host.instance, api_key_max_days: 45 };
    },
    'no-keys': (host) => {
        host.signedIn();
        host.personalKey = sampleKeys.noPersonalKey;
        host.apiKeys = [];
        host.sshKeys = [];
    },
    'loading-keys': (host) => {
        host.signedIn();
        for (const name of ['get_api_key', 'list_api_keys', 'list_ssh_keys'] as const) {
            for (let times = 0; times < 3; times += 1) host.next(name, () => new Promise(() => undefined));
        }
    },
    'many-keys': (host) => {
        host.signedIn();
        host.pageSize = 2;
    },
    'keys-stale': (host) => {
        host.withTwoFactor(7).signedIn();
        host.stale = ['password', 'totp'];
        host.keyInKeychain = false;
    },
    'keys-offline': (host) => {
        host.signedIn();
        setTimeout(() => {
            for (const name of ['list_ssh_keys', 'list_api_keys', 'get_api_key', 'get_profile'] as const) {
                for (let attempts = 0; attempts < 50; attempts += 1) host.refuse(name, refusal('offline'));
            }
        }, 2_500);
    },
    'rest-api': (host) => host.signedIn(sample.localPlace),
    connections: (host) => {
        withRegistry(host.signedIn());
        host.connections.agreesAfter = 5_000;
        host.connections.registries = [host.connections.registries[0], connections.failedRegistry()].flatMap(
            (one) => one ?? [],
        );
    },
    'broken-connections': (host) => {
        host.signedIn();
        host.connections.revokes = false;
        host.connections.integrations = [
            connections.connection('hub', {
                ...{ provider: 'github', host: 'github.com', scopes: ['public_repo'], missing_scopes: ['repo'] },
                ...{ expires_at: null, refreshable: false, manage_url: 'https://github.com/settings/applications' },
            }),
            connections.offered({ host: 'git.northwind.example', methods: ['authorization_code'] }),
            connections.deadConnection(),
            connections.connection('ops', { login: 'northwind-ops', failure: 'unreachable', healthy: false }),
        ];
        host.connections.registries = [
            connections.failedRegistry(),
            connections.failedRegistry({ id: 'lab', host: 'lab.northwind.example:5000', failure: 'not_encrypted' }),
        ];
    },
    'no-connections': (host) => {
        host.signedIn();
        host.connections.integrations = [];
        host.connections.registries = [];
    },
    'no-connections-here': (host) => {
        host.signedIn(sample.localPlace);
        host.connections.integrations = [];
        host.connections.git = { ...host.connections.git, installed: false };
    },
    'tools-off-path': (host) => {
        withRegistry(host.signedIn());
        const { tools, git } = host.connections;
        const hosts = ['ghcr.io', 'registry.northwind.example'];
        host.connections.tools = { ...tools, hosts, not_on_path: '~/.local/bin' };
        host.connections.git = { ...git, hosts: ['gitlab.com'] };
    },
    'loading-connections': (host) => {
        host.signedIn();
        for (const name of ['list_integrations', 'list_container_registries'] as const) {
            for (let times = 0; times < 20; times += 1) host.next(name, () => new Promise(() => undefined));
        }
    },
    'connections-stale': (host) => {
        host.withTwoFactor(7).signedIn();
        host.stale = ['password', 'totp'];
    },
    'connections-offline': (host) => {
        host.signedIn();
        setTimeout(() => {
            for (const name of ['list_integrations', 'list_container_registries', 'get_profile'] as const) {
                for (let attempts = 0; attempts < 50; attempts += 1) host.refuse(name, refusal('offline'));
            }
        }, 2_500);
    },
    conflict: (host) => {
        host.signedIn();
        host.next('update_profile', () => {
            host.changeElsewhere({ location: 'Oslo, Norway', bio: null });
            throw refusal('stale');
        });
    },
};

function withRegistry(host: FakeHost): void {
    const registry = { service: 'registry.northwind.example', host: 'registry.northwind.example' };
    if (host.instance) host.instance = { ...host.instance, registry };
}

const host = new FakeHost();
host.latency = 60;
host.servers.push({ ...sample.northwind, origin: 'http://lab.northwind.example', name: 'Lab', transport: 'plain' });
scenes[new URLSearchParams(location.search).get('scene') ?? 'first-run']?.(host);
Object.assign(window, { fakeHost: host });

export function call<K extends keyof Commands>(name: K, args: Commands[K][0]): Promise<Commands[K][1]> {
    return host.call(name, args);
}

export function listen<K extends keyof Events>(name: K, heard: (payload: Events[K]) => void): Promise<() => void> {
    return host.listen(name, heard);
}
