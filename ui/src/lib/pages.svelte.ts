/** The pages behind the first one. They are read once something is pressed, and stay for every account from then on. */

type Pages = typeof import('../pages');

class LaterPages {
    /** Null until they were read. */
    all = $state.raw<Pages | null>(null);

    #reading: Promise<void> | null = null;

    /** Reads them, unless they were. */
    read(): Promise<void> {
        this.#reading ??= import('../pages').then((all) => void (this.all = all));
        return this.#reading;
    }
}

export const pages = new LaterPages();
