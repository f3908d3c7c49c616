import { createContext } from 'svelte';
import type { Integration } from '$bindings/Integration';
import type { Push } from '$bindings/Push';
import { PagedList } from '$lib/paged-list.svelte';
import { labelOf } from '$lib/providers';
import type { Alert } from '$lib/security.svelte';
import type { Session } from '$lib/session.svelte';
import { words } from '$words/words.svelte';

/** Names a row: the connection, or the provider that could be connected. */
export function rowOf({ id, provider, host }: Integration): string {
    return id ?? `${provider} ${host}`;
}

/** Whether a connection has stopped working for good; one that could not be reached may be in order. */
export function isDead({ connected, failure }: Integration): boolean {
    return connected && failure !== null && failure !== 'unreachable';
}

/** Connections with providers of source code, and providers that could be connected. Kept while the account is open. */
export class Integrations {
    readonly list: PagedList<Integration>;

    constructor(session: Session) {
        this.list = new PagedList(() => session.ask('list_integrations', {}), rowOf);
        this.list.show(session.saved?.integrations ?? null);
    }

    get items(): readonly Integration[] {
        return this.list.items ?? [];
    }

    /** What the bell says of those that have stopped working. */
    get alerts(): Alert[] {
        return this.items.filter(isDead).map((one) => ({
            kind: 'broken',
            key: `${one.id} ${one.failure}`,
            section: 'source-code',
            title: words.sourceCode.alert.stopped(labelOf(one, this.items)),
            text: one.methods.length > 0 ? words.sourceCode.alert.reconnect : words.sourceCode.alert.ask,
        }));
    }

    /** Puts a connection that was just answered into the list. */
    adopt(connection: Integration): void {
        const { provider, host, id } = connection;
        const at = this.items.findIndex((one) => one.id === id);
        const free = this.items.findIndex((one) => !one.connected && one.provider === provider && one.host === host);
        const place = at >= 0 ? at : free;
        this.list.items =
            place < 0
                ? [...this.items, connection]
                : this.items.map((one, index) => (index === place ? connection : one));
    }

    /** Reads again what a push is about. */
    hear(push: Push): void {
        if (push.event === 'activity.new' && push.category === 'source_code') void this.list.refresh();
    }
}

export const [getIntegrations, setIntegrations] = createContext<Integrations>();
