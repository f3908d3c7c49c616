import { createContext } from 'svelte';
import { words } from '$words/words.svelte';

/** A short message at the edge of the window. */
export interface Toast {
    text: string;
    /** Whether it reports that something was done, or only notes something. */
    kind: 'done' | 'note';
    /** What can be done about it. */
    action?: ToastAction | undefined;
    /** Called when its time is over, or it was closed, without its action having been taken. */
    ended?: (() => void) | undefined;
}

/** The button of a toast. */
export interface ToastAction {
    label: string;
    act: () => void;
}

/** How long a toast stays, unless it is hovered or focused. */
const STAYS = 5_000;

/**
 * One toast at a time: the newest. One that somebody waits for the end of is not lost beneath another: beneath one of its
 * own kind it keeps its own time, and shows again where some of that is left; beneath any other it stands still, so that
 * nobody misses its action.
 */
export class Toasts {
    #stack = $state.raw<readonly Toast[]>([]);
    /** Whether somebody reads the one that is shown. */
    #held = false;
    readonly #timers = new Map<Toast, ReturnType<typeof setTimeout>>();

    /** The one to show. */
    get current(): Toast | null {
        return this.#stack.at(-1) ?? null;
    }

    /** Reports that something was done. */
    done(text: string, action?: ToastAction): void {
        this.#show({ kind: 'done', text, action });
    }

    /** Notes something that needs no action. */
    note(text: string, action?: ToastAction): void {
        this.#show({ kind: 'note', text, action });
    }

    /**
     * Reports something that can be taken back for a while; `ended` is called once it cannot any more. Answers a
     * function that takes the toast away without calling either.
     */
    undoable(text: string, undo: () => void, ended: () => void): () => void {
        const toast: Toast = { kind: 'done', text, action: { label: words.components.undo, act: undo }, ended };
        this.#show(toast);
        return () => this.#take(toast);
    }

    /** Closes the one that is shown. */
    dismiss(): void {
        if (this.current) this.#end(this.current);
    }

    /** Takes the action of the one that is shown. */
    act(): void {
        const toast = this.current;
        if (!toast?.action) return;
        this.#take(toast);
        toast.action.act();
    }

    /** Takes the last thing back that still can be, whatever lies above it; answers whether there was one. */
    undo(): boolean {
        const toast = this.#stack.findLast((one) => one.ended);
        if (!toast?.action) return false;
        this.#take(toast);
        toast.action.act();
        return true;
    }

    /** Keeps the toast while somebody reads it. */
    hold(): void {
        this.#held = true;
        if (this.current) clearTimeout(this.#timers.get(this.current));
    }

    /** Its time begins anew. */
    resume(): void {
        this.#held = false;
        if (this.current) this.#start(this.current);
    }

    #show(toast: Toast): void {
        // Nobody comes back to what was only said.
        for (const other of this.#stack) if (!other.ended) this.#take(other);
        // One that was being read is no longer: its time goes on.
        if (this.#held && this.current) this.#start(this.current);
        this.#held = false;
        if (!toast.ended) for (const other of this.#stack) clearTimeout(this.#timers.get(other));
        this.#stack = [...this.#stack, toast];
        this.#start(toast);
    }

    #start(toast: Toast): void {
        clearTimeout(this.#timers.get(toast));
        this.#timers.set(
            toast,
            setTimeout(() => this.#end(toast), STAYS),
        );
    }

    #end(toast: Toast): void {
        this.#take(toast);
        toast.ended?.();
    }

    #take(toast: Toast): void {
        clearTimeout(this.#timers.get(toast));
        this.#timers.delete(toast);
        this.#stack = this.#stack.filter((other) => other !== toast);
        // What stood still beneath it goes on.
        if (!toast.ended) for (const other of this.#stack) this.#start(other);
        // Whoever reads reads the next one now.
        if (this.#held && this.current) clearTimeout(this.#timers.get(this.current));
    }
}

export const [getToasts, setToasts] = createContext<Toasts>();
