import type { Failure } from '$bindings/Failure';
import { asRefusal } from './refusal';
import type { Toasts } from './toasts.svelte';

/** Something that could not be removed, and why. */
export interface NotRemoved {
    id: string;
    name: string;
    failure: Failure;
}

/** A removal that was not sent yet, or is on its way. */
interface Removal {
    name: string;
    /** Takes its toast away. */
    withdraw: () => void;
    sent: Promise<boolean> | null;
}

/** How long leaving a page waits for what is still to be sent. */
const PATIENCE = 2_000;

/**
 * Removing rows of a list with a way back. A row is gone at once; it is only removed for good when its toast has ended,
 * or when the page is left. What could not be removed comes back, and says why.
 */
export class Removals {
    /** The rows that are not shown any more. */
    gone = $state.raw<ReadonlySet<string>>(new Set());
    /** What was refused last. */
    failure = $state.raw<NotRemoved | null>(null);

    readonly #waiting = new Map<string, Removal>();
    readonly #toasts: Toasts;
    readonly #verb: string;
    readonly #send: (id: string) => Promise<unknown>;
    #watched = false;

    /** `verb` says what is done, as in `deleted`; `send` does it. */
    constructor(toasts: Toasts, verb: string, send: (id: string) => Promise<unknown>) {
        this.#toasts = toasts;
        this.#verb = verb;
        this.#send = send;
    }

    /** Takes a row away; for a few seconds that can be undone. */
    remove(id: string, name: string): void {
        if (this.gone.has(id)) return;
        if (this.failure?.id === id) this.failure = null;
        this.gone = new Set([...this.gone, id]);
        const withdraw = this.#toasts.undoable(
            `${name} ${this.#verb}`,
            () => this.#undo(id),
            () => void this.#finish(id),
        );
        this.#waiting.set(id, { name, withdraw, sent: null });
    }

    /** Sends at once what still waits. Answers whether everything was removed, as far as that is known soon. */
    async settle(): Promise<boolean> {
        const sending = [...this.#waiting.keys()].map((id) => this.#finish(id));
        if (sending.length === 0) return true;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const patience = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(true), PATIENCE)));
        const all = Promise.all(sending).then((each) => each.every(Boolean));
        const removed = await Promise.race([all, patience]);
        clearTimeout(timer);
        return removed;
    }

    /** While the returned function was not called, a page shows `failure`; afterwards a toast says it. */
    watch(): () => void {
        this.#watched = true;
        // A window that is being closed or put away may not come back to it.
        const send = () => void this.settle();
        const hide = () => document.visibilityState === 'hidden' && send();
        window.addEventListener('pagehide', send);
        document.addEventListener('visibilitychange', hide);
        return () => {
            this.#watched = false;
            window.removeEventListener('pagehide', send);
            document.removeEventListener('visibilitychange', hide);
            send();
        };
    }

    #undo(id: string): void {
        this.#waiting.delete(id);
        this.#show(id);
    }

    #finish(id: string): Promise<boolean> {
        const removal = this.#waiting.get(id);
        if (!removal) return Promise.resolve(true);
        removal.withdraw();
        removal.sent ??= this.#remove(id, removal.name).finally(() => this.#waiting.delete(id));
        return removal.sent;
    }

    async #remove(id: string, name: string): Promise<boolean> {
        try {
            await this.#send(id);
        } catch (cause) {
            const failure = asRefusal(cause);
            // Somebody was quicker: gone is gone.
            if (failure.code === 'not_found') return true;
            this.#show(id);
            this.failure = { id, name, failure };
            if (!this.#watched) this.#toasts.note(`${name} was not ${this.#verb}, and is still there`);
            return false;
        }
        return true;
    }

    #show(id: string): void {
        this.gone = new Set([...this.gone].filter((other) => other !== id));
    }
}
