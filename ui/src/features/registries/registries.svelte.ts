import { createContext } from 'svelte';
import type { ContainerRegistry } from '$bindings/ContainerRegistry';
import type { Push } from '$bindings/Push';
import type { Closing } from '$lib/closing';
import { Draft } from '$lib/draft';
import { PagedList } from '$lib/paged-list.svelte';
import { Removals } from '$lib/removals.svelte';
import type { Alert } from '$lib/security.svelte';
import type { Session } from '$lib/session.svelte';
import { words } from '$words/words.svelte';
import type { Toasts } from '$lib/toasts.svelte';

/** Whether its owner has to do something; one that could not be reached, or was busy, may be in order. */
export function isDead({ status, failure }: ContainerRegistry): boolean {
    return status === 'failed' && failure !== 'unreachable' && failure !== 'unavailable';
}

/** What was typed of a registry to authorise, but its password. */
export type ToAuthorise = Record<'host' | 'username', string>;

/** The container registries of the account. Kept while it is open. */
export class Registries {
    readonly list: PagedList<ContainerRegistry>;
    readonly removals: Removals;
    readonly toAuthorise = new Draft<ToAuthorise>();

    constructor(session: Session, toasts: Toasts, closing: Closing) {
        this.list = new PagedList(
            (args) => session.ask('list_container_registries', args),
            ({ id }) => id,
        );
        this.list.show(session.saved?.registries ?? null);
        this.removals = new Removals({
            toasts,
            closing,
            verb: 'removed',
            account: () => session.accountArgs,
            send: (key) => session.askFor(key.account, 'remove_registry', key),
        });
    }

    /** Those that are shown; null until they were read. */
    get shown(): ContainerRegistry[] | null {
        return this.list.items?.filter(({ id }) => !this.removals.gone.has(id)) ?? null;
    }

    /** How many there are; null while not all of them are here. */
    get count(): number | null {
        return this.list.next === null ? (this.shown?.length ?? null) : null;
    }

    /** What the bell says of those that have stopped working. */
    get alerts(): Alert[] {
        const said = words.registries.alert;
        return (this.shown ?? []).filter(isDead).map(({ id, host, failure }) => ({
            kind: 'broken',
            key: `${id} ${failure}`,
            section: 'registries',
            title: failure === 'credentials_refused' ? said.refused(host) : said.stopped(host),
            text: failure === 'credentials_refused' ? said.refusedText : said.stoppedText,
        }));
    }

    /** Puts a registry that was just answered in the place of what was known of it. */
    replace(registry: ContainerRegistry): void {
        this.list.items = this.list.items?.map((one) => (one.id === registry.id ? registry : one)) ?? null;
    }

    /** Reads again what a push is about. */
    hear(push: Push): void {
        if (push.event === 'activity.new' && push.category === 'registries') void this.list.refresh();
    }
}

export const [getRegistries, setRegistries] = createContext<Registries>();
