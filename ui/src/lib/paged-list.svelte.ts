import type { Failure } from '$bindings/Failure';
import type { ListArgs } from '$bindings/ListArgs';
import type { Page } from '$bindings/Page';
import { asRefusal } from './refusal';

/** A list that comes in pages. Kept while the account is open, so that coming back to its page shows it at once. */
export class PagedList<T> {
    /** Null until the list was read. */
    items = $state.raw<readonly T[] | null>(null);
    /** What to ask for the next page with; null when everything is here. */
    next = $state.raw<string | null>(null);
    /** Why reading failed. */
    failure = $state.raw<Failure | null>(null);
    loadingMore = $state(false);

    readonly #read: (args: ListArgs) => Promise<Page<T>>;
    readonly #id: (item: T) => string;
    /** Counts what was asked for from the beginning, so that an answer that comes too late is dropped. */
    #asked = 0;

    constructor(read: (args: ListArgs) => Promise<Page<T>>, id: (item: T) => string) {
        this.#read = read;
        this.#id = id;
    }

    /** Reads the first page. What was there stays until the answer is. */
    async load(): Promise<void> {
        const asked = (this.#asked += 1);
        this.failure = null;
        this.loadingMore = false;
        try {
            const page = await this.#read({});
            if (asked !== this.#asked) return;
            this.items = page.items;
            this.next = page.next;
        } catch (cause) {
            if (asked === this.#asked) this.failure = asRefusal(cause);
        }
    }

    /** Reads it again, where it was read: it may have changed elsewhere. */
    async refresh(): Promise<void> {
        if (this.items !== null) await this.load();
    }

    /** Reads the next page. */
    async more(): Promise<void> {
        const { next } = this;
        if (next === null || this.loadingMore) return;
        const asked = this.#asked;
        this.failure = null;
        this.loadingMore = true;
        try {
            const page = await this.#read({ after: next });
            if (asked !== this.#asked) return;
            const known = new Set(this.items?.map(this.#id));
            this.items = [...(this.items ?? []), ...page.items.filter((item) => !known.has(this.#id(item)))];
            this.next = page.next;
        } catch (cause) {
            if (asked === this.#asked) this.failure = asRefusal(cause);
        } finally {
            if (asked === this.#asked) this.loadingMore = false;
        }
    }
}
