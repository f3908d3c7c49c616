import { createContext } from 'svelte';
import type { AccountArgs } from '$bindings/AccountArgs';
import type { Commands } from '$bindings/Commands';
import type { Arrival } from '$bindings/Arrival';
import type { Failure } from '$bindings/Failure';
import type { ProfileView } from '$bindings/ProfileView';
import type { Snapshot } from '$bindings/Snapshot';
import type { View } from '$bindings/View';
import { call, listen, type Answer, type Args } from '$lib/host';
import { Proof } from './proof.svelte';
import { asRefusal } from './refusal';
import { words } from '$words/words.svelte';

/** Commands that answer what the window shows from then on. */
type ViewCommand = { [K in keyof Commands]: Commands[K][1] extends View ? K : never }[keyof Commands];

/** Commands somebody comes in by. */
const ARRIVING: ReadonlySet<ViewCommand> = new Set(['sign_in', 'create_account', 'verify_second_factor']);

/** Codes that say that nobody is signed in any more. The shell has put its own view right by then. */
const ENDED: ReadonlySet<string> = new Set([
    'unauthenticated',
    'session_expired',
    'session_closed',
    'account_disabled',
]);

/** Milliseconds between attempts to reach a server that is out of reach; the last one is repeated. */
const RETRY_AFTER = [2_000, 4_000, 8_000, 16_000, 30_000];

/**
 * The mirror of the shell's state machine. The view comes from the answers of commands and from the `view` event and is
 * never changed here, with one exception: a profile that was just read or written replaces the one in the view.
 */
export class Session {
    view = $state.raw<View | null>(null);
    /** Why not even the view could be read. */
    failure = $state.raw<Failure | null>(null);
    /** Set while the server is out of reach: when it last answered. */
    offlineSince = $state.raw<Date | null>(null);
    /** When it is asked for next while it is out of reach; null while it is being asked. */
    retryAt = $state.raw<Date | null>(null);
    /** Whether a command that leads to another view is on its way. */
    entering = $state(false);
    /** Why signing in has to begin anew; shown on the sign-in screen. */
    startedOver = $state.raw<Failure | null>(null);
    /** Asks who is there, for commands that want a fresh proof. */
    readonly proof = new Proof();

    /** Whether the service refused something until two-factor authentication is set up. */
    #setupDemanded = $state(false);
    #arrival: Arrival | null = null;
    #lastAnswer = new Date();
    #retry: ReturnType<typeof setTimeout> | undefined;

    /** Reads the view and follows it until the returned function is called. */
    open(): () => void {
        const stopping = [listen('view', (view) => this.#adopt(view, false)), listen('lost', () => void this.#look())];
        const retryNow = () => void this.reconnect();
        const look = () => void this.#look();
        window.addEventListener('online', retryNow);
        window.addEventListener('offline', look);
        void this.start();
        return () => {
            window.removeEventListener('online', retryNow);
            window.removeEventListener('offline', look);
            clearTimeout(this.#retry);
            for (const stopped of stopping) void stopped.then((stop) => stop());
        };
    }

    /** Reads the view for the first time, or again after that failed. */
    async start(): Promise<void> {
        this.failure = null;
        try {
            this.#adopt(await call('get_view', {}));
        } catch (cause) {
            this.failure = asRefusal(cause);
        }
    }

    /** The profile of the person who is signed in. */
    get profile(): ProfileView | null {
        return this.view?.phase.name === 'signed_in' ? this.view.phase.profile : null;
    }

    /** What was seen of the account before, where the server was not reached since it was opened. */
    get saved(): Snapshot | null {
        return this.view?.phase.name === 'signed_in' ? this.view.phase.saved : null;
    }

    /** Names the account in the window among all there are; null where nobody is in. */
    get account(): string | null {
        const { profile } = this;
        return profile && `${this.view?.place?.id ?? ''} ${profile.profile.id}`;
    }

    /** The account in the window, as commands name it; null where nobody is in. */
    get accountArgs(): AccountArgs | null {
        const current = this.view?.accounts.find((account) => account.current);
        return this.profile && current ? { place: current.place, username: current.username } : null;
    }

    /** Whether the account is on this computer, where nobody but the person looks after it. */
    get local(): boolean {
        return this.view?.place?.transport === 'local';
    }

    /** Whether two-factor authentication has to be set up before anything else. */
    get setupRequired(): boolean {
        const enabled = this.profile?.profile.two_factor_enabled ?? true;
        return !enabled && (this.#setupDemanded || this.view?.instance?.two_factor === 'required');
    }

    /** What the sign-in just now said; once. */
    takeArrival(): Arrival | null {
        const arrival = this.#arrival;
        this.#arrival = null;
        return arrival;
    }

    /** Why what needs the server cannot be done now; null where it can. */
    get blocked(): string | null {
        return this.offlineSince === null ? null : words.components.offline;
    }

    /** Sends a command that leads to another view. */
    async enter<K extends ViewCommand>(name: K, args: Args<K>): Promise<void> {
        this.entering = true;
        this.startedOver = null;
        try {
            const view = await this.#send(name, args);
            // The view of an account that was in already still holds what its sign-in said.
            this.#arrival = ARRIVING.has(name) && view.phase.name === 'signed_in' ? view.phase.arrival : null;
            this.#adopt(view);
        } catch (cause) {
            const refusal = asRefusal(cause);
            if (refusal.code === 'transaction_ended') await this.#startOver(refusal);
            throw refusal;
        } finally {
            this.entering = false;
        }
    }

    /** Sends any other command to the service and notices when that is out of reach or the session has ended. */
    async ask<K extends keyof Commands>(name: K, args: Args<K>): Promise<Answer<K>> {
        const { account } = this;
        try {
            const answer = await this.#send(name, args);
            if (this.account === account) this.#reached();
            return answer;
        } catch (cause) {
            const refusal = asRefusal(cause);
            // It says nothing about whoever is in by now.
            if (this.account !== account) throw refusal;
            if (refusal.code === 'offline') this.#lost();
            if (refusal.code === 'two_factor_setup_required') this.#setupDemanded = true;
            if (ENDED.has(refusal.code) && this.profile) await this.start();
            throw refusal;
        }
    }

    /**
     * Sends a command for an account that may not be the one in the window any more; what becomes of it says nothing
     * about the one that is.
     */
    async askFor<K extends keyof Commands>(account: AccountArgs, name: K, args: Args<K>): Promise<Answer<K>> {
        const now = this.accountArgs;
        const here = now?.place === account.place && now.username === account.username;
        return here ? this.ask(name, args) : call(name, args);
    }

    /** Reads the profile again. */
    async reload(): Promise<ProfileView> {
        const profile = await this.ask('get_profile', {});
        this.replaceProfile(profile);
        return profile;
    }

    /** Puts a profile that was just answered into the view, unless somebody else is signed in by now. */
    replaceProfile(profile: ProfileView): void {
        const phase = this.view?.phase;
        if (!this.view || phase?.name !== 'signed_in' || phase.profile.profile.id !== profile.profile.id) return;
        this.view = { ...this.view, phase: { ...phase, profile, saved: null } };
    }

    /** Asks whether the server is back, if it was out of reach. */
    async reconnect(): Promise<void> {
        if (this.offlineSince === null) return;
        this.#forgetRetry();
        await this.#look();
        // Whatever else it was: as long as there is no answer, it is asked again.
        if (this.blocked !== null) this.#lost();
    }

    /** Asks whether the server is there. */
    async #look(): Promise<void> {
        if (!this.profile) return;
        try {
            await this.reload();
        } catch {
            // Where it is out of reach, the bar says so, and the next attempt is set.
        }
    }

    /** Sends a command; where it wants a fresh proof, asks for that and sends it again. */
    async #send<K extends keyof Commands>(name: K, args: Args<K>): Promise<Answer<K>> {
        for (;;) {
            try {
                return await call(name, args);
            } catch (cause) {
                const refusal = asRefusal(cause);
                if (refusal.code !== 'insufficient_user_authentication') throw refusal;
                await this.proof.ask(refusal.methods);
            }
        }
    }

    /** The second step took too long: back to the password, whatever the shell shows. */
    async #startOver(refusal: Failure): Promise<void> {
        await this.start();
        try {
            if (this.view?.phase.name === 'second_factor') this.#adopt(await call('leave_second_factor', {}));
        } catch {
            // The second step stays on the screen, with its own way back.
        }
        this.startedOver = refusal;
    }

    /** `answered` where a command that led here had to reach the server, or somebody else is in; the rest is news. */
    #adopt(view: View, answered = true): void {
        const before = this.profile?.profile.id;
        const shown = this.saved !== null;
        this.view = view;
        const another = this.profile?.profile.id !== before;
        if (another) {
            // What one person was asked is not for the next one to answer.
            this.proof.cancel();
            this.#setupDemanded = false;
        }
        this.failure = null;
        const { saved } = this;
        if (saved) {
            if (another) this.#reached();
            this.#lost(new Date(saved.profile?.at ?? Date.now()));
        } else if (answered || another || shown) {
            this.#reached();
        }
    }

    #reached(): void {
        this.#lastAnswer = new Date();
        this.offlineSince = null;
        this.#forgetRetry();
        this.#attempts = 0;
    }

    #attempts = 0;

    /** Sets the next attempt, unless one is set. */
    #lost(lastAnswer = this.#lastAnswer): void {
        this.offlineSince ??= lastAnswer;
        if (this.retryAt !== null) return;
        const wait = RETRY_AFTER[Math.min(this.#attempts, RETRY_AFTER.length - 1)] ?? 0;
        this.#attempts += 1;
        this.retryAt = new Date(Date.now() + wait);
        this.#retry = setTimeout(() => void this.reconnect(), wait);
    }

    #forgetRetry(): void {
        clearTimeout(this.#retry);
        this.retryAt = null;
    }
}

export const [getSession, setSession] = createContext<Session>();
