/** Connections with providers of source code, repositories and container registries of the tests. */

import type { ContainerHelper } from '$bindings/ContainerHelper';
import type { ContainerRegistry } from '$bindings/ContainerRegistry';
import type { GitHelper } from '$bindings/GitHelper';
import type { Integration } from '$bindings/Integration';
import type { Repository } from '$bindings/Repository';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

/** A provider nobody is connected with. */
export function offered(more: Partial<Integration> = {}): Integration {
    return {
        provider: 'github',
        host: 'github.com',
        connected: false,
        id: null,
        login: null,
        scopes: [],
        missing_scopes: [],
        connected_at: null,
        checked_at: null,
        healthy: null,
        failure: null,
        detail: null,
        expires_at: null,
        refreshable: false,
        manage_url: null,
        methods: ['device', 'authorization_code'],
        ...more,
    };
}

/** A connection that works. */
export function connection(id: string, more: Partial<Integration> = {}): Integration {
    return {
        ...offered({ provider: 'gitlab', host: 'gitlab.com' }),
        connected: true,
        id,
        login: 'maren',
        scopes: ['read_api', 'read_repository'],
        connected_at: '2026-03-03T09:30:00Z',
        checked_at: ago(0),
        healthy: true,
        expires_at: ago(-1.5),
        refreshable: true,
        manage_url: 'https://gitlab.com/-/user_settings/applications',
        ...more,
    };
}

/** A connection whose token was revoked. */
export function deadConnection(more: Partial<Integration> = {}): Integration {
    return connection('gitlab', {
        healthy: false,
        failure: 'revoked',
        detail: 'The token was revoked at gitlab.com, or has ended. Reconnect the account.',
        checked_at: ago(24),
        ...more,
    });
}

export function integrations(): Integration[] {
    return [offered(), connection('gitlab')];
}

function repository(name: string, more: Partial<Repository> = {}): Repository {
    return {
        name,
        description: null,
        visibility: 'private',
        default_branch: 'main',
        clone_url: `https://gitlab.com/${name}.git`,
        web_url: `https://gitlab.com/${name}`,
        ...more,
    };
}

export function repositories(): Repository[] {
    return [
        repository('northwind/accounts', { description: 'The account service and its desktop app' }),
        repository('northwind/build-images', { visibility: 'internal', description: 'Base images of the pipelines' }),
        repository('northwind/handbook', { visibility: 'public', default_branch: 'trunk' }),
        repository('maren/greenhouse', { description: 'Waters too many house plants' }),
        repository('maren/scratch', { default_branch: null }),
    ];
}

export function gitHelper(): GitHelper {
    return {
        installed: true,
        enabled: false,
        allowed: true,
        hosts: [],
        connected_hosts: [],
        path: '~/.gitconfig',
    };
}

export function registry(id: string, host: string, more: Partial<ContainerRegistry> = {}): ContainerRegistry {
    return {
        id,
        host,
        username: 'maren',
        status: 'verified',
        failure: null,
        detail: null,
        checked_at: ago(2),
        created_at: '2026-05-20T11:00:00Z',
        ...more,
    };
}

/** One that takes the password no longer. */
export function failedRegistry(more: Partial<ContainerRegistry> = {}): ContainerRegistry {
    return registry('ghcr', 'ghcr.io', {
        username: 'maren-oyelaran',
        status: 'failed',
        failure: 'credentials_refused',
        detail: 'ghcr.io refused the user name and the password. Update the password.',
        checked_at: '2026-11-21T08:15:00Z',
        ...more,
    });
}

export function registries(): ContainerRegistry[] {
    return [
        registry('northwind', 'registry.northwind.example'),
        registry('ghcr', 'ghcr.io', { username: 'maren-oyelaran' }),
    ];
}

export function containerHelper(): ContainerHelper {
    return {
        enabled: false,
        allowed: true,
        hosts: [],
        authorised_hosts: [],
        paths: ['~/.docker/config.json', '~/.config/containers/auth.json'],
        not_on_path: null,
    };
}
