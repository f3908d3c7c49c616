import type { AccountArgs } from '$bindings/AccountArgs';
import type { Failure } from '$bindings/Failure';
import type { RemoveKey } from '$bindings/RemoveKey';
import type { Closing } from './closing';
import { asRefusal } from './refusal';
import type { Toasts } from './toasts.svelte';
import { listed } from './tool-helper.svelte';
import { words } from '$words/words.svelte';

/** Something that could not be removed, and why. */
export interface NotRemoved {
    id: string;
    name: string;
    failure: Failure;
}

/** What removing a row is called. */
export type RemovalVerb = keyof typeof words.components.removals;

/** How rows of one list are removed. */
export interface RemovalOptions {
    toasts: Toasts;
    closing: Closing;
    /** What is done. */
    verb: RemovalVerb;
    /** Whose rows are shown; null where nobody is in. */
    account: () => AccountArgs | null;
    /** Does it, for the account the row belonged to. */
    send: (key: RemoveKey) => Promise<unknown>;
}

/** A removal that was not sent yet, or is on its way. */
interface Removal {
    name: string;
    /** Whose row it was; by the time it is sent somebody else may be in the window. */
    account: AccountArgs;
    /** Takes its toast away. */
    withdraw: () => void;
    sent: Promise<boolean> | null;
}

/** How long leaving a page waits for what is still to be sent. */
const PATIENCE = 2_000;

/** Refusals after which it is gone all the same: somebody was quicker, or nobody waits for the answer any more. */
const GONE: ReadonlySet<string> = new Set(['not_found', 'cancelled']);

/**
 * Removing rows of a list with a way back. A row is gone at once; it is only removed for good when its toast has ended,
 * or when the page is left. What could not be removed comes back, and says why.
 */
export class Removals {
    /** The rows that are not shown any more. */
    gone = $state.raw<ReadonlySet<string>>(new Set());
    /** What was refused and not tried again since. */
    failures = $state.raw<readonly NotRemoved[]>([]);

    readonly #waiting = new Map<string, Removal>();
    readonly #options: RemovalOptions;
    #watched = false;
    /** Called with a row that was brought back by its undo. */
    #returned: (id: string) => void = () => undefined;
    /** Lets the window close without this. */
    #release: (() => void) | null = null;

    constructor(options: RemovalOptions) {
        this.#options = options;
    }

    /** Takes a row away; for a few seconds that can be undone. */
    remove(id: string, name: string): void {
        const { toasts, closing, verb } = this.#options;
        const account = this.#options.account();
        if (account === null || this.gone.has(id)) return;
        this.failures = this.failures.filter((failure) => failure.id !== id);
        this.gone = new Set([...this.gone, id]);
        const withdraw = toasts.undoable(
            words.components.removals[verb].done(name),
            () => this.#undo(id),
            () => void this.#finish(id),
        );
        this.#waiting.set(id, { name, account, withdraw, sent: null });
        this.#release ??= closing.before(() => this.settle());
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

    /**
     * While the returned function was not called, a page shows `failures`, and is told of rows that come back by their
     * undo; afterwards a toast says what failed.
     */
    watch(returned: (id: string) => void = () => undefined): () => void {
        this.#watched = true;
        this.#returned = returned;
        // A window that is being closed or put away may not come back to it.
        const send = () => void this.settle();
        const hide = () => document.visibilityState === 'hidden' && send();
        window.addEventListener('pagehide', send);
        document.addEventListener('visibilitychange', hide);
        return () => {
            this.#watched = false;
            this.#returned = () => undefined;
            window.removeEventListener('pagehide', send);
            document.removeEventListener('visibilitychange', hide);
            send();
        };
    }

    #undo(id: string): void {
        this.#settled(id);
        this.#show(id);
        this.#returned(id);
    }

    #finish(id: string): Promise<boolean> {
        const removal = this.#waiting.get(id);
        if (!removal) return Promise.resolve(true);
        removal.withdraw();
        removal.sent ??= this.#send(id, removal).finally(() => this.#settled(id));
        return removal.sent;
    }

    async #send(id: string, { name, account }: Removal): Promise<boolean> {
        try {
            await this.#options.send({ id, account });
        } catch (cause) {
            const failure = asRefusal(cause);
            if (GONE.has(failure.code)) return true;
            this.#show(id);
            this.failures = [...this.failures, { id, name, failure }];
            if (!this.#watched) this.#tell();
            return false;
        }
        return true;
    }

    /** Says all that failed: a toast of its own for each would cover the one before. */
    #tell(): void {
        const names = this.failures.map(({ name }) => name);
        const { stillThere } = words.components.removals[this.#options.verb];
        this.#options.toasts.note(stillThere(listed(names), names.length));
    }

    /** Nothing of it waits any more. */
    #settled(id: string): void {
        this.#waiting.delete(id);
        if (this.#waiting.size > 0) return;
        this.#release?.();
        this.#release = null;
    }

    #show(id: string): void {
        this.gone = new Set([...this.gone].filter((other) => other !== id));
    }
}
