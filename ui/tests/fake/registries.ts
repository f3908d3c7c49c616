/** Container registries, and container tools on this computer. */

import type { ContainerHelper } from '$bindings/ContainerHelper';
import type { ContainerRegistry } from '$bindings/ContainerRegistry';
import type { FakeHost } from '../fake-host';
import { registry } from '../sample-connections';
import { badField, refusal, type Handlers } from './answers';

type Part = Pick<
    Handlers,
    | 'list_container_registries'
    | 'authorise_registry'
    | 'update_registry'
    | 'check_registry'
    | 'remove_registry'
    | 'get_container_helper'
    | 'set_container_helper'
>;

export function registryHandlers(host: FakeHost): Part {
    const held = host.connections;
    const now = () => new Date().toISOString();
    let made = 0;

    function find(id: string): ContainerRegistry {
        const found = held.registries.find((one) => one.id === id);
        if (!found) throw refusal('not_found');
        return found;
    }

    function replace(registry: ContainerRegistry): ContainerRegistry {
        held.registries = held.registries.map((one) => (one.id === registry.id ? registry : one));
        return registry;
    }

    function tryPassword(at: string, password: string): void {
        if (at.endsWith('.invalid')) {
            const detail = `${at} could not be reached. Check the name and try again.`;
            throw refusal('invalid_field', { errors: [{ pointer: '/host', code: 'invalid', detail }] });
        }
        if (password !== held.registryPassword) throw badField('password', 'incorrect');
    }

    function tools(): ContainerHelper {
        const own = host.instance?.registry?.host;
        const authorised = [...(own === undefined ? [] : [own]), ...held.registries.map((one) => one.host)];
        const hosts = held.tools.hosts.filter((one) => authorised.includes(one));
        held.tools = {
            ...held.tools,
            hosts,
            enabled: hosts.length > 0,
            authorised_hosts: [...new Set(authorised)],
        };
        return held.tools;
    }

    return {
        list_container_registries: ({ after }) => host.page(held.registries, after),
        authorise_registry: ({ host: given, username, password }) => {
            host.needFresh();
            const at = given.replace(/^https?:\/\//u, '').toLowerCase();
            if (held.registries.some((one) => one.host === at)) throw badField('host', 'taken');
            tryPassword(at, password);
            made += 1;
            const added = registry(`registry-${made}`, at, { username, checked_at: now(), created_at: now() });
            held.registries = [added, ...held.registries];
            return added;
        },
        update_registry: ({ id, update: { username, password } }) => {
            host.needFresh();
            const found = find(id);
            tryPassword(found.host, password);
            return replace({
                ...found,
                username: username ?? found.username,
                status: 'verified',
                failure: null,
                detail: null,
                checked_at: now(),
            });
        },
        check_registry: ({ id }) => replace({ ...find(id), checked_at: now() }),
        remove_registry: ({ id, account }) => {
            host.mindAccount(account);
            find(id);
            held.registries = held.registries.filter((one) => one.id !== id);
            return null;
        },
        get_container_helper: tools,
        set_container_helper: ({ enabled }) => {
            if (enabled) host.needFresh();
            held.tools = { ...held.tools, allowed: enabled, hosts: enabled ? tools().authorised_hosts : [] };
            return tools();
        },
    };
}
