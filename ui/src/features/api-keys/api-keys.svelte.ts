import { createContext } from 'svelte';
import type { ApiKey } from '$bindings/ApiKey';
import type { Push } from '$bindings/Push';
import type { Closing } from '$lib/closing';
import { Draft } from '$lib/draft';
import { PagedList } from '$lib/paged-list.svelte';
import { Removals } from '$lib/removals.svelte';
import type { Session } from '$lib/session.svelte';
import type { Toasts } from '$lib/toasts.svelte';
import { PersonalKey } from './personal-key.svelte';

/** What was typed of a key to create. */
export type KeyToCreate = Record<'name' | 'scopes' | 'expires_at' | 'date', string>;

/** The API keys of the account. Kept while it is open. */
export class ApiKeys {
    readonly personal: PersonalKey;
    readonly named: PagedList<ApiKey>;
    readonly removals: Removals;
    /** For each key that is to be created again, and for a new one. */
    readonly toCreate = new Draft<KeyToCreate>();

    constructor(session: Session, toasts: Toasts, closing: Closing) {
        this.personal = new PersonalKey(session);
        this.named = new PagedList(
            (args) => session.ask('list_api_keys', args),
            ({ id }) => id,
        );
        this.named.show(session.saved?.api_keys ?? null);
        this.removals = new Removals({
            toasts,
            closing,
            verb: 'deleted',
            account: () => session.accountArgs,
            send: (key) => session.askFor(key.account, 'delete_api_key', key),
        });
    }

    /** The named keys that are shown; null until they were read. */
    get shown(): ApiKey[] | null {
        return this.named.items?.filter(({ id }) => !this.removals.gone.has(id)) ?? null;
    }

    /** How many named keys there are; null while not all of them are here. */
    get count(): number | null {
        return this.named.next === null ? (this.shown?.length ?? null) : null;
    }

    /** Reads everything of the page. */
    load(): void {
        void this.personal.load();
        void this.named.load();
    }

    /** Reads again what a push is about. */
    hear(push: Push): void {
        if (push.event !== 'activity.new' || push.category !== 'api_keys') return;
        void this.personal.refresh();
        void this.named.refresh();
    }
}

export const [getApiKeys, setApiKeys] = createContext<ApiKeys>();
