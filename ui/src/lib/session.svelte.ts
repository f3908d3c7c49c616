import { createContext } from 'svelte';
import type { Commands } from '$bindings/Commands';
import type { Failure } from '$bindings/Failure';
import type { ProfileView } from '$bindings/ProfileView';
import type { View } from '$bindings/View';
import { call, listen, type Answer, type Args } from '$lib/host';
import { asRefusal } from './refusal';

/** Commands that answer what the window shows from then on. */
type ViewCommand = { [K in keyof Commands]: Commands[K][1] extends View ? K : never }[keyof Commands];

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
    /** Whether a command that leads to another view is on its way. */
    entering = $state(false);

    #lastAnswer = new Date();
    #retry: ReturnType<typeof setTimeout> | undefined;

    /** Reads the view and follows it until the returned function is called. */
    open(): () => void {
        const stopping = listen('view', (view) => this.#adopt(view));
        const retryNow = () => void this.reconnect();
        window.addEventListener('online', retryNow);
        void this.start();
        return () => {
            window.removeEventListener('online', retryNow);
            clearTimeout(this.#retry);
            void stopping.then((stop) => stop());
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

    /** Why what needs the server cannot be done now; null where it can. */
    get blocked(): string | null {
        return this.offlineSince === null ? null : 'You are offline. This needs the server.';
    }

    /** Sends a command that leads to another view. */
    async enter<K extends ViewCommand>(name: K, args: Args<K>): Promise<void> {
        this.entering = true;
        try {
            this.#adopt(await call(name, args));
        } finally {
            this.entering = false;
        }
    }

    /** Sends any other command to the service and notices when that is out of reach or the session has ended. */
    async ask<K extends keyof Commands>(name: K, args: Args<K>): Promise<Answer<K>> {
        try {
            const answer = await call(name, args);
            this.#reached();
            return answer;
        } catch (cause) {
            const refusal = asRefusal(cause);
            if (refusal.code === 'offline') this.#lost();
            if (ENDED.has(refusal.code) && this.profile) await this.start();
            throw refusal;
        }
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
        this.view = { ...this.view, phase: { ...phase, profile } };
    }

    /** Asks whether the server is back, if it was out of reach. */
    async reconnect(): Promise<void> {
        if (this.offlineSince === null) return;
        try {
            await this.reload();
        } catch {
            // Still out of reach: the bar stays, and the next attempt is already set.
        }
    }

    #adopt(view: View): void {
        this.view = view;
        this.failure = null;
        this.#reached();
    }

    #reached(): void {
        this.#lastAnswer = new Date();
        this.offlineSince = null;
        clearTimeout(this.#retry);
        this.#attempts = 0;
    }

    #attempts = 0;

    #lost(): void {
        this.offlineSince ??= this.#lastAnswer;
        clearTimeout(this.#retry);
        const wait = RETRY_AFTER[Math.min(this.#attempts, RETRY_AFTER.length - 1)];
        this.#attempts += 1;
        this.#retry = setTimeout(() => void this.reconnect(), wait);
    }
}

export const [getSession, setSession] = createContext<Session>();
