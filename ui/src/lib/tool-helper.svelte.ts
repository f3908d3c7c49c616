import type { Failure } from '$bindings/Failure';
import { asRefusal } from './refusal';

/** Signing a tool on this computer in: how that stands, and switching it on and off. */
export class ToolHelper<T> {
    /** Null until it was read. */
    state = $state.raw<T | null>(null);
    /** Why it could not be read or switched. */
    failure = $state.raw<Failure | null>(null);
    busy = $state(false);

    readonly #read: () => Promise<T>;
    readonly #set: (enabled: boolean) => Promise<T>;

    constructor(read: () => Promise<T>, set: (enabled: boolean) => Promise<T>) {
        this.#read = read;
        this.#set = set;
    }

    async load(): Promise<void> {
        try {
            this.state = await this.#read();
            this.failure = null;
        } catch (cause) {
            this.failure = asRefusal(cause);
        }
    }

    /** Switches it; answers whether that was done. */
    async turn(enabled: boolean): Promise<boolean> {
        if (this.busy) return false;
        this.busy = true;
        this.failure = null;
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
export function listed(words: readonly string[]): string {
    const last = words.at(-1) ?? '';
    return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
