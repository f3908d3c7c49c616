/**
 * What was typed into a dialog that was closed unsent: it stands there when the dialog is opened again. Belongs to what is
 * kept while an account is open, and goes with it. Whoever keeps something here leaves passwords and other secrets out.
 */
export class Draft<T> {
    readonly #kept = new Map<string, T>();

    /** Keeps what was typed, for each thing that the dialog can be about. */
    keep(typed: T, about = ''): void {
        this.#kept.set(about, typed);
    }

    /** Takes it back; null where nothing was kept. What is sent then is no draft any more. */
    take(about = ''): T | null {
        const kept = this.#kept.get(about) ?? null;
        this.#kept.delete(about);
        return kept;
    }
}
