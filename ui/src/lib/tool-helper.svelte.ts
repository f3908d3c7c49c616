import type { Failure } from '$bindings/Failure';
import { asRefusal } from './refusal';
import { language } from '$words/words.svelte';

/** Signing a tool on this computer in: how that stands, and switching it on and off. */
export class ToolHelper<T> {
    /** Null until it was read. */
    state = $state.raw<T | null>(null);
    /** Why it could not be read or switched. */
    failure = $state.raw<Failure | null>(null);
    busy = $state(false);

    readonly #read: () => Promise<T>;
    readonly #set: (enabled: boolean) => Promise<T>;
    /** Counts what was asked for, so that a reading that comes too late is dropped. */
    #asked = 0;
    /** Whether the failure is that of a reading: a later one that succeeds takes it back. */
    #unread = false;

    constructor(read: () => Promise<T>, set: (enabled: boolean) => Promise<T>) {
        this.#read = read;
        this.#set = set;
    }

    async load(): Promise<void> {
        // What is being switched answers how it stands then.
        if (this.busy) return;
        const asked = (this.#asked += 1);
        try {
            const state = await this.#read();
            if (asked !== this.#asked) return;
            this.state = state;
            if (this.#unread) this.failure = null;
        } catch (cause) {
            if (asked !== this.#asked) return;
            this.failure = asRefusal(cause);
            this.#unread = true;
        }
    }

    /** Switches it; answers whether that was done. */
    async turn(enabled: boolean): Promise<boolean> {
        if (this.busy) return false;
        this.busy = true;
        this.#asked += 1;
        this.failure = null;
        this.#unread = false;
        try {
            this.state = await this.#set(enabled);
            return true;
        } catch (cause) {
            const refusal = asRefusal(cause);
            // Whoever gave up the proof knows it.
            if (refusal.code !== 'cancelled') this.failure = refusal;
            return false;
        } finally {
            this.busy = false;
        }
    }
}

/** `github.com`, `github.com and gitlab.com`, `a, b and c` */
export function listed(items: readonly string[]): string {
    return new Intl.ListFormat(language.locale).format(items);
}
