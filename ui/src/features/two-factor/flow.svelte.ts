import { createContext } from 'svelte';
import type { BackupCodesView } from '$bindings/BackupCodesView';
import type { Failure } from '$bindings/Failure';
import type { TwoFactorSetupView } from '$bindings/TwoFactorSetupView';
import type { SessionList } from '$features/sessions/session-list.svelte';
import { asRefusal } from '$lib/refusal';
import type { Security } from '$lib/security.svelte';
import type { Session } from '$lib/session.svelte';

/** The dialog that is open. */
type Step =
    | { name: 'link'; setup: TwoFactorSetupView }
    | { name: 'code'; setup: TwoFactorSetupView }
    | { name: 'codes'; codes: BackupCodesView };

type Job = 'start' | 'generate' | 'disable';

/** Switching two-factor authentication on and off, and new backup codes: from the page, the bell or a notification. */
export class TwoFactorFlow {
    step = $state.raw<Step | null>(null);
    /** What is being asked of the service. */
    job = $state<Job | null>(null);
    /** Why that was refused. */
    failure = $state.raw<Failure | null>(null);
    /** Whether it was to be switched on and turned out to be on already. */
    onAlready = $state(false);

    readonly #session: Session;
    readonly #security: Security;
    readonly #sessions: SessionList;

    constructor(session: Session, security: Security, sessions: SessionList) {
        this.#session = session;
        this.#security = security;
        this.#sessions = sessions;
    }

    /** Begins to set two-factor authentication up, or begins anew. */
    async start(): Promise<void> {
        await this.#run('start', async () => {
            this.step = { name: 'link', setup: await this.#session.ask('start_two_factor', {}) };
        });
    }

    /** From the QR code to the first code. */
    proceed(): void {
        if (this.step?.name === 'link') this.step = { name: 'code', setup: this.step.setup };
    }

    back(): void {
        if (this.step?.name === 'code') this.step = { name: 'link', setup: this.step.setup };
    }

    /** Switches it on with a first code. Rejects where that is refused. */
    async verify(code: string): Promise<void> {
        try {
            const codes = await this.#session.ask('verify_two_factor', { code });
            this.step = { name: 'codes', codes };
            void this.#refresh();
        } catch (cause) {
            if (asRefusal(cause).code !== 'conflict' || !(await this.#turnsOutOn())) throw cause;
        }
    }

    /** Makes new backup codes, unless a dialog is open already. */
    async generate(): Promise<void> {
        if (this.step !== null) return;
        await this.#run('generate', async () => {
            this.step = { name: 'codes', codes: await this.#session.ask('generate_backup_codes', {}) };
        });
    }

    /** Puts a set of new backup codes into use. Rejects where that is refused. */
    async confirm(set_id: string): Promise<void> {
        await this.#session.ask('confirm_backup_codes', { set_id });
        void this.#security.load();
    }

    /** Switches it off; answers whether it is off now. */
    async disable(): Promise<boolean> {
        return this.#run('disable', async () => {
            await this.#session.ask('disable_two_factor', {});
            await this.#refresh();
        });
    }

    close(): void {
        this.step = null;
    }

    async #run(job: Job, act: () => Promise<void>): Promise<boolean> {
        if (this.job !== null) return false;
        this.job = job;
        this.failure = null;
        this.onAlready = false;
        try {
            await act();
            return true;
        } catch (cause) {
            const refusal = asRefusal(cause);
            if (job === 'start' && refusal.code === 'conflict' && (await this.#turnsOutOn())) return false;
            // Whoever gave up the proof knows it.
            if (refusal.code !== 'cancelled') this.failure = refusal;
            // It stands otherwise than the page says.
            if (refusal.code === 'conflict' || refusal.code === 'required_by_policy') await this.#refresh();
            return false;
        } finally {
            this.job = null;
        }
    }

    /** Reads how it stands; where it is on there is nothing to set up, and the page says so. */
    async #turnsOutOn(): Promise<boolean> {
        await this.#refresh();
        if (!this.#security.twoFactor?.enabled) return false;
        this.step = null;
        this.onAlready = true;
        return true;
    }

    async #refresh(): Promise<void> {
        // What cannot be read now is read with the next page; it is no reason to say that nothing was done.
        // Switching it on or off signs other devices out.
        await Promise.allSettled([this.#security.load(), this.#session.reload(), this.#sessions.refresh()]);
    }
}

export const [getTwoFactorFlow, setTwoFactorFlow] = createContext<TwoFactorFlow>();
