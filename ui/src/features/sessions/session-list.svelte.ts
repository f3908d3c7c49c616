import { createContext } from 'svelte';
import type { Failure } from '$bindings/Failure';
import type { Session as Device } from '$bindings/Session';
import { asRefusal } from '$lib/refusal';
import type { Session } from '$lib/session.svelte';

/** The devices that are signed in. Kept while the account is open, so that coming back to the page shows it at once. */
export class SessionList {
    /** Null until the list was read. */
    items = $state.raw<Device[] | null>(null);
    /** What to ask for the next page with; null when everything is here. */
    next = $state.raw<string | null>(null);
    /** Why reading failed. */
    failure = $state.raw<Failure | null>(null);
    loadingMore = $state(false);
    /** The sessions that are being closed. */
    closing = $state.raw<ReadonlySet<string>>(new Set());
    closingOthers = $state(false);
    /** The session of a sign-in that may not be the person's own. */
    reviewed = $state.raw<string | null>(null);

    readonly #session: Session;

    constructor(session: Session) {
        this.#session = session;
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

    /** Reads the first page. What was there stays until the answer is. */
    async load(): Promise<void> {
        this.failure = null;
        try {
            const page = await this.#session.ask('list_sessions', {});
            this.items = page.items;
            this.next = page.next;
        } catch (cause) {
            this.failure = asRefusal(cause);
        }
    }

    /** Reads the next page. */
    async more(): Promise<void> {
        if (this.next === null || this.loadingMore) return;
        this.failure = null;
        this.loadingMore = true;
        try {
            const page = await this.#session.ask('list_sessions', { after: this.next });
            const known = new Set(this.items?.map(({ id }) => id));
            this.items = [...(this.items ?? []), ...page.items.filter(({ id }) => !known.has(id))];
            this.next = page.next;
        } catch (cause) {
            this.failure = asRefusal(cause);
        } finally {
            this.loadingMore = false;
        }
    }

    /** Looks at the session of a sign-in, which may stand on a later page. */
    review(id: string): void {
        this.reviewed = id;
        void this.#find(id);
    }

    endReview(): void {
        this.reviewed = null;
    }

    async #find(id: string): Promise<void> {
        await this.load();
        const missing = () => !this.items?.some((device) => device.id === id);
        while (missing() && this.next !== null && this.failure === null) await this.more();
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

export const [getSessionList, setSessionList] = createContext<SessionList>();
