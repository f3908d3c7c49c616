import type { ApiKeyView } from '$bindings/ApiKeyView';
import type { Failure } from '$bindings/Failure';
import { asRefusal } from '$lib/refusal';
import type { Session } from '$lib/session.svelte';

/** The personal API key. The key itself never gets here. */
export class PersonalKey {
    /** Null until it was read. */
    view = $state.raw<ApiKeyView | null>(null);
    /** Why reading failed. */
    failure = $state.raw<Failure | null>(null);
    /** Why none was generated. */
    refused = $state.raw<Failure | null>(null);
    generating = $state(false);

    /** Of two readings at once the later one is believed. */
    #asked = 0;
    readonly #session: Session;

    constructor(session: Session) {
        this.#session = session;
        this.view = session.saved?.api_key?.value ?? null;
    }

    /** Reads what is known of it. What there was stays until the answer is. */
    async load(): Promise<void> {
        const asked = (this.#asked += 1);
        this.failure = null;
        try {
            const view = await this.#session.ask('get_api_key', {});
            if (asked === this.#asked) this.view = view;
        } catch (cause) {
            if (asked === this.#asked) this.failure = asRefusal(cause);
        }
    }

    /** Reads it again, where it was read: it may have changed elsewhere. */
    async refresh(): Promise<void> {
        if (this.view !== null) await this.load();
    }

    /** Generates one, in the place of the one there is; answers whether it did. */
    async generate(): Promise<boolean> {
        if (this.generating) return false;
        this.refused = null;
        this.generating = true;
        try {
            const view = await this.#session.ask('generate_api_key', {});
            this.#asked += 1;
            this.view = view;
            this.failure = null;
            return true;
        } catch (cause) {
            const refusal = asRefusal(cause);
            // Whoever gave up the proof knows it.
            if (refusal.code !== 'cancelled') this.refused = refusal;
            return false;
        } finally {
            this.generating = false;
        }
    }

    /** Puts it on the clipboard; answers seconds until it is taken off again. */
    async copy(): Promise<number> {
        const { clears_after } = await this.#session.ask('copy_api_key', {});
        return clears_after;
    }
}
