import { createContext } from 'svelte';
import type { Failure } from '$bindings/Failure';
import type { Push } from '$bindings/Push';
import type { TwoFactor } from '$bindings/TwoFactor';
import type { News, SignIn } from './inbox.svelte';
import { asRefusal } from './refusal';
import type { Session } from './session.svelte';
import { words } from '$words/words.svelte';

/** Something the person should see to, behind the bell. */
export type Alert =
    | { kind: 'backup_codes_low'; key: string; remaining: number }
    | ({ kind: 'broken'; key: string } & Broken)
    | ({ kind: 'sign_in'; key: string } & SignIn);

/** Something the person set up that has stopped working. */
interface Broken {
    /** The page it is on. */
    section: 'source-code' | 'registries';
    title: string;
    /** What to do. */
    text: string;
}

/** How two-factor authentication stands, and what the bell has to say. Kept while the account is open. */
export class Security {
    /** Null until it was read. */
    twoFactor = $state.raw<TwoFactor | null>(null);
    /** When it was read. */
    readAt = $state.raw<Date | null>(null);
    /** Why reading failed. */
    failure = $state.raw<Failure | null>(null);

    readonly #session: Session;
    readonly #news: News;
    readonly #broken: () => Alert[];

    /** `broken` answers what has stopped working, as far as that is known. */
    constructor(session: Session, news: News, broken: () => Alert[]) {
        this.#session = session;
        this.#news = news;
        this.#broken = broken;
        const kept = session.saved?.two_factor;
        if (!kept) return;
        this.twoFactor = kept.value;
        this.readAt = new Date(kept.at);
    }

    /** What there is, the most pressing first. */
    get alerts(): Alert[] {
        const { backup_codes_low = false, backup_codes_remaining: remaining = 0 } = this.twoFactor ?? {};
        const low: Alert[] = backup_codes_low
            ? [{ kind: 'backup_codes_low', key: `backup codes ${remaining}`, remaining }]
            : [];
        const signIns = this.#news.signIns.map((signIn): Alert => ({
            kind: 'sign_in',
            key: signIn.sessionId,
            ...signIn,
        }));
        return [...low, ...this.#broken(), ...signIns];
    }

    get unread(): number {
        return this.alerts.filter(({ key }) => !this.#news.seen.has(key)).length;
    }

    /** Everything there is was looked at. */
    see(): void {
        this.#news.seen = new Set([...this.#news.seen, ...this.alerts.map(({ key }) => key)]);
    }

    /** A sign-in was seen to. */
    settle(sessionId: string): void {
        this.#news.settle(sessionId);
    }

    /** Reads how it stands. What there was stays until the answer is. */
    async load(): Promise<void> {
        try {
            this.twoFactor = await this.#session.ask('get_two_factor', {});
            this.readAt = new Date();
            this.failure = null;
        } catch (cause) {
            this.failure = asRefusal(cause);
        }
    }

    /** Reads what a push is about. */
    hear(push: Push): void {
        if (push.event === 'backup_codes.low' || (push.event === 'activity.new' && push.category === 'two_factor')) {
            void this.load();
        }
    }
}

/** `2 backup codes left` */
export function codesLeft(remaining: number): string {
    return words.components.backupCodesLeft(remaining);
}

export const [getSecurity, setSecurity] = createContext<Security>();
