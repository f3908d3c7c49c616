import { tick } from 'svelte';
import type { BackupCodesView } from '$bindings/BackupCodesView';
import type { Failure } from '$bindings/Failure';
import { call } from '$lib/host';
import { asRefusal } from '$lib/refusal';
import { words } from '$words/words.svelte';
import type { TwoFactorFlow } from './flow.svelte';

type Way = 'download' | 'copy' | 'print';

/**
 * Saving a set of backup codes. Copying, downloading and printing each count. New codes take the place of the old ones
 * with the first of them, not before: until then the old ones stay in use.
 */
export class Saving {
    /** What is being done. */
    busy = $state<Way | 'confirm' | null>(null);
    saved = $state(false);
    /** Whether the codes are in use: at once when two-factor authentication was just switched on. */
    inUse = $state(false);
    /** Whether other codes took their place before they were in use: they never will be. */
    replaced = $state(false);
    /** What was done last, in words. */
    said = $state('');
    failure = $state.raw<Failure | null>(null);
    /** Whether the sheet for the printer is laid out. */
    printing = $state(false);

    constructor(
        readonly codes: BackupCodesView,
        private readonly flow: TwoFactorFlow,
    ) {
        this.inUse = codes.set_id === null;
    }

    async copy(): Promise<void> {
        await this.#save('copy', async () => {
            const { clears_after } = await call('copy_secret', { text: this.codes.codes.join('\n') });
            return words.twoFactor.saving.copied(clears_after);
        });
    }

    async download(): Promise<void> {
        const { codes, created_at } = this.codes;
        await this.#save('download', async () => {
            const file = await call('save_backup_codes', { codes, created_at });
            return file && words.twoFactor.saving.downloaded(file.name, file.folder);
        });
    }

    async print(): Promise<void> {
        await this.#save('print', async () => {
            this.printing = true;
            await tick();
            await call('print_page', {});
            return words.twoFactor.saving.printed;
        });
    }

    /** Puts new codes into use, once they were saved. */
    async confirm(): Promise<void> {
        const { set_id } = this.codes;
        if (set_id === null || this.inUse || this.busy !== null) return;
        this.busy = 'confirm';
        this.failure = null;
        try {
            await this.flow.confirm(set_id);
            this.inUse = true;
        } catch (cause) {
            const refusal = asRefusal(cause);
            if (refusal.code === 'not_found') this.replaced = true;
            else this.failure = refusal;
        } finally {
            this.busy = null;
        }
    }

    /** Saves in one way; a null answer means that it was given up. */
    async #save(way: Way, act: () => Promise<string | null>): Promise<void> {
        if (this.busy !== null) return;
        this.busy = way;
        this.failure = null;
        this.said = '';
        try {
            const said = await act();
            if (said === null) return;
            this.said = said;
            this.saved = true;
        } catch (cause) {
            const refusal = asRefusal(cause);
            if (refusal.code !== 'cancelled') this.failure = refusal;
            return;
        } finally {
            this.busy = null;
        }
        await this.confirm();
    }
}
