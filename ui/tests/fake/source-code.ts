/** Source code integration: connections, repositories, and git on this computer. */

import type { GitHelper } from '$bindings/GitHelper';
import type { Integration } from '$bindings/Integration';
import type { IntegrationArgs } from '$bindings/IntegrationArgs';
import type { FakeHost } from '../fake-host';
import { offered } from '../sample-connections';
import { refusal, type Handlers } from './answers';

type Part = Pick<
    Handlers,
    | 'list_integrations'
    | 'connect_integration'
    | 'open_connection_page'
    | 'wait_for_connection'
    | 'cancel_connection'
    | 'check_integration'
    | 'open_integration_page'
    | 'disconnect_integration'
    | 'list_repositories'
    | 'open_repository'
    | 'get_git_helper'
    | 'set_git_helper'
>;

export function sourceCodeHandlers(host: FakeHost): Part {
    const held = host.connections;

    function find({ provider, id }: IntegrationArgs): Integration {
        const found = held.integrations.find((one) => one.provider === provider && one.id === id);
        if (!found) throw refusal('not_found');
        return found;
    }

    function git(): GitHelper {
        const connected = held.connectedHosts;
        const hosts = held.git.hosts.filter((one) => connected.includes(one));
        held.git = { ...held.git, hosts, enabled: hosts.length > 0, connected_hosts: connected };
        return held.git;
    }

    return {
        list_integrations: () => ({ items: held.integrations, next: null }),
        connect_integration: (args) => {
            host.needFresh();
            return held.begin(args);
        },
        open_connection_page: ({ id }) => {
            const { started } = held.theAttempt(id);
            const copied = started.user_code !== null && held.copies;
            if (copied) host.clipboard = started.user_code;
            if (held.agreesAfter !== null) setTimeout(() => held.agree(), held.agreesAfter);
            return { copied };
        },
        wait_for_connection: ({ id }) => held.theAttempt(id).ended,
        cancel_connection: ({ id }) => {
            const attempt = held.theAttempt(id);
            held.attempt = null;
            attempt.give_up();
            return null;
        },
        check_integration: (args) => {
            const found = find(args);
            const checked = { ...found, checked_at: new Date().toISOString() };
            held.integrations = held.integrations.map((one) => (one.id === args.id ? checked : one));
            return checked;
        },
        open_integration_page: (args) => {
            find(args);
            return null;
        },
        disconnect_integration: (args) => {
            const { provider, host: at, manage_url } = find(args);
            const others = held.integrations.filter(({ id }) => id !== args.id);
            const last = !others.some((one) => one.provider === provider && one.host === at);
            held.integrations = last ? [...others, offered({ provider, host: at })] : others;
            return { revoked: held.revokes, manage_url };
        },
        list_repositories: ({ search, after, ...args }) => {
            find(args);
            const all = held.repositories.filter(({ name }) => search === undefined || name.includes(search));
            return host.page(all, after);
        },
        open_repository: (args) => {
            find(args);
            return null;
        },
        get_git_helper: git,
        set_git_helper: ({ enabled }) => {
            if (enabled) host.needFresh();
            held.git = { ...held.git, allowed: enabled, hosts: enabled ? held.connectedHosts : [] };
            return git();
        },
    };
}
