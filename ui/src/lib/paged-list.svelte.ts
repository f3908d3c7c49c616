import type { Failure } from '$bindings/Failure';
import type { Kept } from '$bindings/Kept';
import type { ListArgs } from '$bindings/ListArgs';
import type { Page } from '$bindings/Page';
import { asRefusal } from './refusal';

/** A list that comes in pages. Kept while the account is open, so that coming back to its page shows it at once. */
export class PagedList<T> {
    /** Null until the list was read. */
    items = $state.raw<readonly T[] | null>(null);
    /** What to ask for the next page with; null when everything is here. */
    next = $state.raw<string | null>(null);
    /** When it was read from the beginning. */
    readAt = $state.raw<Date | null>(null);
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

    /** Shows what was seen of it before, until it is read. */
    show(kept: Kept<Page<T>> | null): void {
        if (kept === null || this.items !== null) return;
        this.items = kept.value.items;
        this.next = kept.value.next;
        this.readAt = new Date(kept.at);
    }

    /**
     * Reads it from the beginning, as far as it was read before; the first page where it was not. What was there stays
     * until all of that is here.
     */
    load(): Promise<void> {
        return this.#readTo(this.items?.length ?? 0);
    }

    /** Reads all of it from the beginning. */
    loadAll(): Promise<void> {
        return this.#readTo(Infinity);
    }

    /** Reads from the beginning until so many are here. */
    async #readTo(count: number): Promise<void> {
        const asked = (this.#asked += 1);
        this.failure = null;
        this.loadingMore = false;
        try {
            let page = await this.#read({});
            let items: readonly T[] = page.items;
            while (asked === this.#asked && page.next !== null && items.length < count) {
                page = await this.#read({ after: page.next });
                items = this.#joined(items, page.items);
            }
            if (asked !== this.#asked) return;
            this.items = items;
            this.next = page.next;
            this.readAt = new Date();
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
            this.items = this.#joined(this.items ?? [], page.items);
            this.next = page.next;
        } catch (cause) {
            if (asked === this.#asked) this.failure = asRefusal(cause);
        } finally {
            if (asked === this.#asked) this.loadingMore = false;
        }
    }

    /** Rows that moved to the next page meanwhile are in both. */
    #joined(items: readonly T[], more: readonly T[]): T[] {
        const known = new Set(items.map(this.#id));
        return [...items, ...more.filter((item) => !known.has(this.#id(item)))];
    }
}
