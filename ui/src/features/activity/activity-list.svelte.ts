import { createContext } from 'svelte';
import type { Activity } from '$bindings/Activity';
import type { Category } from '$bindings/Category';
import type { Failure } from '$bindings/Failure';
import { asRefusal } from '$lib/refusal';
import type { Session } from '$lib/session.svelte';

/** What happened on the account, the newest first, as far as it was read. Kept while the account is open. */
export class ActivityList {
    /** Null until the list was read. */
    items = $state.raw<Activity[] | null>(null);
    /** What to ask for the next page with; null when everything is here. */
    next = $state.raw<string | null>(null);
    /** When it was read from the beginning. */
    readAt = $state.raw<Date | null>(null);
    /** Only what belongs to this; null for everything. */
    category = $state<Category | null>(null);
    /** Why reading failed. */
    failure = $state.raw<Failure | null>(null);
    loadingMore = $state(false);

    readonly #session: Session;
    /** Counts what was asked for, so that an answer that comes too late is dropped. */
    #asked = 0;
    /** What was there of all categories before one was chosen. */
    #all: { items: Activity[]; next: string | null } | null = null;

    constructor(session: Session) {
        this.#session = session;
        const kept = session.saved?.activity;
        if (!kept) return;
        this.items = kept.value.items;
        this.next = kept.value.next;
        this.readAt = new Date(kept.at);
    }

    /** Whoever comes to its page sees everything. */
    async open(): Promise<void> {
        if (this.category !== null) this.#turnTo(null);
        await this.load();
    }

    /** Reads the first page. What was there stays until the answer is. */
    async load(): Promise<void> {
        const asked = (this.#asked += 1);
        this.failure = null;
        this.loadingMore = false;
        try {
            const page = await this.#session.ask('list_activity', this.#query());
            if (asked !== this.#asked) return;
            this.items = page.items;
            this.next = page.next;
            this.readAt = new Date();
        } catch (cause) {
            if (asked === this.#asked) this.failure = asRefusal(cause);
        }
    }

    /** Shows one category, or everything. */
    async choose(category: Category | null): Promise<void> {
        if (category === this.category) return;
        this.#turnTo(category);
        await this.load();
    }

    /** What is known already is shown: all of it, or what of it belongs there where nothing else can be had. */
    #turnTo(category: Category | null): void {
        if (this.category === null) this.#all = this.items && { items: this.items, next: this.next };
        const all = this.#all;
        this.category = category;
        this.next = category === null ? (all?.next ?? null) : null;
        if (category === null) this.items = all?.items ?? null;
        else if (this.#session.offlineSince === null) this.items = null;
        else this.items = all?.items.filter((event) => event.category === category) ?? null;
    }

    /** Reads the next page. */
    async more(): Promise<void> {
        const { next } = this;
        if (next === null || this.loadingMore) return;
        const asked = this.#asked;
        this.failure = null;
        this.loadingMore = true;
        try {
            const page = await this.#session.ask('list_activity', { ...this.#query(), after: next });
            if (asked !== this.#asked) return;
            this.items = withoutDoubles([...(this.items ?? []), ...page.items]);
            this.next = page.next;
        } catch (cause) {
            if (asked === this.#asked) this.failure = asRefusal(cause);
        } finally {
            if (asked === this.#asked) this.loadingMore = false;
        }
    }

    /** Puts what is new before what was read. Fails silently: what is shown stays true. */
    async refresh(): Promise<void> {
        const { items } = this;
        if (items === null) return;
        const asked = this.#asked;
        try {
            const page = await this.#session.ask('list_activity', this.#query());
            if (asked !== this.#asked || this.items === null) return;
            const known = new Set(this.items.map(({ id }) => id));
            if (page.items.some(({ id }) => known.has(id))) {
                this.items = withoutDoubles([...page.items, ...this.items]);
            } else {
                // So much happened that there would be a gap.
                this.items = page.items;
                this.next = page.next;
            }
        } catch {
            // The next event, or reloading, tries again.
        }
    }

    #query(): { category?: Category } {
        return this.category === null ? {} : { category: this.category };
    }
}

function withoutDoubles(events: Activity[]): Activity[] {
    return [...new Map(events.map((event) => [event.id, event])).values()];
}

export const [getActivityList, setActivityList] = createContext<ActivityList>();
