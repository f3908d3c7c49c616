import { createContext } from 'svelte';

/** A short message at the edge of the window. */
export interface Toast {
    text: string;
    /** Whether it reports that something was done, or only notes something. */
    kind: 'done' | 'note';
    /** What can be done about it. */
    action?: ToastAction | undefined;
}

/** The button of a toast. */
export interface ToastAction {
    label: string;
    act: () => void;
}

/** How long a toast stays, unless it is hovered or focused. */
const STAYS = 5_000;

/** One toast at a time: the newest. */
export class Toasts {
    current = $state.raw<Toast | null>(null);
    #timer: ReturnType<typeof setTimeout> | undefined;

    /** Reports that something was done. */
    done(text: string, action?: ToastAction): void {
        this.current = { kind: 'done', text, action };
        this.resume();
    }

    /** Notes something that needs no action. */
    note(text: string, action?: ToastAction): void {
        this.current = { kind: 'note', text, action };
        this.resume();
    }

    dismiss(): void {
        this.hold();
        this.current = null;
    }

    /** Keeps the toast while somebody reads it. */
    hold(): void {
        clearTimeout(this.#timer);
    }

    resume(): void {
        this.hold();
        this.#timer = setTimeout(() => this.dismiss(), STAYS);
    }
}

export const [getToasts, setToasts] = createContext<Toasts>();
