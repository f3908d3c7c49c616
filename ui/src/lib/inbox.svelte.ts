import { createContext } from 'svelte';
import type { Push } from '$bindings/Push';
import type { Request } from '$bindings/Request';
import { call, listen } from '$lib/host';
import type { Session } from './session.svelte';

/** A sign-in that was told of. */
export interface SignIn {
    sessionId: string;
    device: string | null;
    at: string;
}

/** What was told of one account, and what of it was seen. */
export class News {
    /** The newest first. */
    signIns = $state.raw<readonly SignIn[]>([]);
    /** The keys of the alerts that were looked at. */
    seen = $state.raw<ReadonlySet<string>>(new Set());

    /** A sign-in was seen to. */
    settle(sessionId: string): void {
        this.signIns = this.signIns.filter((signIn) => signIn.sessionId !== sessionId);
    }

    add(signIn: SignIn): void {
        this.settle(signIn.sessionId);
        this.signIns = [signIn, ...this.signIns];
    }
}

/** What somebody asked for by way of a notification, a link or the tray, and the account that was in the window then, if one was. */
interface Asked {
    request: Request;
    place: string | null;
    account: string | null;
}

/** What comes in unasked, kept for each account as long as the app runs, whatever screen is shown. */
export class Inbox {
    #asked = $state.raw<Asked | null>(null);
    readonly #news = new Map<string, News>();
    readonly #session: Session;

    constructor(session: Session) {
        this.#session = session;
    }

    /** Hears until the returned function is called. */
    open(): () => void {
        const hearing = [
            listen('push', (push) => this.#hear(push)),
            listen('request', (request) => this.#ask(request)),
        ];
        // Whoever came by a link, say, may have asked before anybody listened.
        void Promise.all(hearing)
            .then(() => call('take_request', {}))
            .then((request) => request && this.#ask(request))
            .catch(() => undefined);
        return () => hearing.forEach((one) => void one.then((stop) => stop()));
    }

    /** What was told of an account. */
    of(account: string): News {
        const news = this.#news.get(account) ?? new News();
        this.#news.set(account, news);
        return news;
    }

    /** What somebody waits for who is in now; the newest alone. */
    get request(): Request | null {
        if (this.#asked === null) return null;
        const { request, place, account } = this.#asked;
        const here = place === null || place === this.#session.view?.place?.id;
        const theirs = account === null || account === this.#session.account;
        return this.#session.account !== null && here && theirs ? request : null;
    }

    /** It was seen to. */
    done(): void {
        this.#asked = null;
    }

    #hear(push: Push): void {
        const { account } = this.#session;
        if (push.event !== 'sign_in.new' || account === null) return;
        const { session_id: sessionId, device } = push;
        this.of(account).add({ sessionId, device, at: new Date().toISOString() });
    }

    #ask(request: Request): void {
        const { account, view } = this.#session;
        this.#asked = { request, place: view?.place?.id ?? null, account };
    }
}

export const [getInbox, setInbox] = createContext<Inbox>();
