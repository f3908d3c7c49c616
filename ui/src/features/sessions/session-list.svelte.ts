import { createContext } from 'svelte';
import type { Failure } from '$bindings/Failure';
import type { Session as Device } from '$bindings/Session';
import { asRefusal } from '$lib/refusal';
import type { Session } from '$lib/session.svelte';

/** How far looking for the session of a sign-in is: `done` where the whole list was looked through, or it was found. */
type Search = 'looking' | 'done' | 'failed';

/** The devices that are signed in. Kept while the account is open, so that coming back to the page shows it at once. */
export class SessionList {
    /** Null until the list was read. */
    items = $state.raw<Device[] | null>(null);
    /** What to ask for the next page with; null when everything is here. */
    next = $state.raw<string | null>(null);
    /** When it was read from the beginning. */
    readAt = $state.raw<Date | null>(null);
    /** Why reading failed. */
    failure = $state.raw<Failure | null>(null);
    /** The sessions that are being closed. */
    closing = $state.raw<ReadonlySet<string>>(new Set());
    closingOthers = $state(false);
    /** The session of a sign-in that may not be the person's own. */
    reviewed = $state.raw<string | null>(null);

    #search = $state<Search>('done');
    /** The next page that is on its way; answers whether it came. */
    #reading = $state.raw<Promise<boolean> | null>(null);
    /** Counts the readings from the beginning: of two at once, the later one is believed. */
    #loads = 0;
    readonly #session: Session;

    constructor(session: Session) {
        this.#session = session;
        const kept = session.saved?.sessions;
        if (!kept) return;
        this.items = kept.value.items;
        this.next = kept.value.next;
        this.readAt = new Date(kept.at);
    }

    /** How many there are; null while not all of them are here. */
    get count(): number | null {
        return this.next === null ? (this.items?.length ?? null) : null;
    }

    get current(): Device | undefined {
        return this.items?.find((device) => device.current);
    }

    get others(): Device[] {
        return this.items?.filter((device) => !device.current) ?? [];
    }

    /** Whether the current session is known to be the only one. */
    get alone(): boolean {
        return this.items !== null && this.next === null && this.others.length === 0;
    }

    get loadingMore(): boolean {
        return this.#reading !== null;
    }

    /** Whether the session of the sign-in is known to be closed. What was not looked through says nothing. */
    get reviewedClosed(): boolean {
        return this.reviewed !== null && this.#search === 'done' && !this.#has(this.reviewed);
    }

    /**
     * Reads as many pages as were read before, at least the first one, and later ones up to the session to look at. What was
     * there stays until the answer is.
     */
    load(): Promise<void> {
        return this.#readTo(this.items?.length ?? 0);
    }

    /** Reads all of it. */
    loadAll(): Promise<void> {
        return this.#readTo(Infinity);
    }

    async #readTo(count: number): Promise<void> {
        const load = (this.#loads += 1);
        const newest = () => load === this.#loads;
        // What is closed stays closed; anything else may stand elsewhere by now.
        if (!this.reviewedClosed) this.#search = 'looking';
        let came = await this.#readFirst(count, newest);
        while (came && newest() && this.#missing()) came = await this.more();
        if (newest() && this.#search === 'looking') this.#search = came ? 'done' : 'failed';
    }

    /** Reads it again, where it was read: something may have closed sessions. */
    async refresh(): Promise<void> {
        if (this.items !== null) await this.load();
    }

    /** Reads the next page; answers whether it came. Whoever asks meanwhile waits for the same one. */
    more(): Promise<boolean> {
        this.#reading ??= this.#readMore().finally(() => (this.#reading = null));
        return this.#reading;
    }

    /** Looks at the session of a sign-in, which may stand on a later page. */
    review(id: string): void {
        this.reviewed = id;
        this.#search = 'looking';
        void this.load();
    }

    endReview(): void {
        this.reviewed = null;
    }

    #has(id: string): boolean {
        return this.items?.some((device) => device.id === id) ?? false;
    }

    /** Whether the session to look at has to be looked for on the next page. */
    #missing(): boolean {
        return this.#search === 'looking' && this.reviewed !== null && this.next !== null && !this.#has(this.reviewed);
    }

    async #readFirst(count: number, wanted: () => boolean): Promise<boolean> {
        this.failure = null;
        try {
            let page = await this.#session.ask('list_sessions', {});
            let { items } = page;
            while (wanted() && page.next !== null && items.length < count) {
                page = await this.#session.ask('list_sessions', { after: page.next });
                items = joined(items, page.items);
            }
            if (!wanted()) return true;
            this.items = items;
            this.next = page.next;
            this.readAt = new Date();
            return true;
        } catch (cause) {
            if (wanted()) this.failure = asRefusal(cause);
            return false;
        }
    }

    async #readMore(): Promise<boolean> {
        const after = this.next;
        if (after === null) return true;
        this.failure = null;
        try {
            const page = await this.#session.ask('list_sessions', { after });
            // The list began anew meanwhile: this page does not follow what is there.
            if (this.next !== after) return true;
            this.items = joined(this.items ?? [], page.items);
            this.next = page.next;
            return true;
        } catch (cause) {
            this.failure = asRefusal(cause);
            return false;
        }
    }

    /** Closes one; answers whether it is closed now. */
    async close(id: string): Promise<boolean> {
        if (this.closing.has(id)) return false;
        this.failure = null;
        this.closing = new Set([...this.closing, id]);
        try {
            await this.#session.ask('close_session', { id });
        } catch (cause) {
            const refusal = asRefusal(cause);
            // Somebody was quicker: closed is closed.
            if (refusal.code !== 'not_found') {
                this.failure = refusal;
                return false;
            }
        } finally {
            this.closing = new Set([...this.closing].filter((other) => other !== id));
        }
        this.items = this.items?.filter((device) => device.id !== id) ?? null;
        return true;
    }

    /** Closes all others; answers how many there were, or null where it failed. */
    async closeOthers(): Promise<number | null> {
        this.failure = null;
        this.closingOthers = true;
        try {
            const { closed } = await this.#session.ask('close_other_sessions', {});
            this.items = this.items?.filter((device) => device.current) ?? null;
            this.next = null;
            return closed;
        } catch (cause) {
            this.failure = asRefusal(cause);
            return null;
        } finally {
            this.closingOthers = false;
        }
    }
}

/** Rows that moved to the next page meanwhile are in both. */
function joined(items: Device[], more: Device[]): Device[] {
    const known = new Set(items.map(({ id }) => id));
    return [...items, ...more.filter(({ id }) => !known.has(id))];
}

export const [getSessionList, setSessionList] = createContext<SessionList>();
