import type { Failure } from '$bindings/Failure';
import { asRefusal } from './refusal';
import type { Session } from './session.svelte';
import type { Toasts } from './toasts.svelte';
import { words } from '$words/words.svelte';

/** Saving what the service holds to a file, by the desktop's own dialog. */
export class FileSaving {
    busy = $state(false);
    /** Why it was not saved. */
    failure = $state.raw<Failure | null>(null);

    constructor(
        private readonly session: Session,
        private readonly toasts: Toasts,
    ) {}

    /** Asks where, saves, and says where it is. Changing one's mind is no failure. */
    async save(command: 'save_activity' | 'save_export'): Promise<void> {
        this.failure = null;
        this.busy = true;
        try {
            const file = await this.session.ask(command, {});
            if (file) this.toasts.done(words.components.savedTo(file.name, file.folder));
        } catch (cause) {
            const refusal = asRefusal(cause);
            if (refusal.code !== 'cancelled') this.failure = refusal;
        } finally {
            this.busy = false;
        }
    }
}
