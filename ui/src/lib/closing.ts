import { createContext } from 'svelte';
import { call, listen } from '$lib/host';

/** What has to be over before the window closes. */
export class Closing {
    readonly #unfinished = new Set<() => Promise<unknown>>();

    /** Hears until the returned function is called. */
    open(): () => void {
        const hearing = listen('closing', () => void this.#finish());
        return () => void hearing.then((stop) => stop());
    }

    /** Has something finished before the window closes, until the returned function is called. */
    before(finish: () => Promise<unknown>): () => void {
        this.#unfinished.add(finish);
        return () => void this.#unfinished.delete(finish);
    }

    async #finish(): Promise<void> {
        await Promise.allSettled([...this.#unfinished].map((finish) => finish()));
        // Where even that fails, the window closes by itself a little later.
        await call('close_window', {}).catch(() => undefined);
    }
}

export const [getClosing, setClosing] = createContext<Closing>();
