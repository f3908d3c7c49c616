import { createContext } from 'svelte';

/** What is asked about the app itself, whoever is signed in. */
export type AppDialogName = 'settings' | 'shortcuts' | 'about';

/** Which of the dialogs about the app is open. */
export class AppDialogs {
    shown = $state<AppDialogName | null>(null);

    /** Opens one, unless a dialog is open already: that one is not done yet. */
    open(name: AppDialogName): void {
        if (document.querySelector('dialog[open]') === null) this.shown = name;
    }

    close(): void {
        this.shown = null;
    }
}

export const [getAppDialogs, setAppDialogs] = createContext<AppDialogs>();
