import type { ConnectMethod } from '$bindings/ConnectMethod';
import type { ConnectionStarted } from '$bindings/ConnectionStarted';
import type { ConnectionTrouble } from '$bindings/ConnectionTrouble';
import type { Failure } from '$bindings/Failure';
import type { Integration } from '$bindings/Integration';
import type { Provider } from '$bindings/Provider';
import { call } from '$lib/host';
import { asRefusal } from '$lib/refusal';
import type { Session } from '$lib/session.svelte';

/** What is to be connected. */
export interface Target {
    provider: Provider;
    host: string;
    methods: readonly ConnectMethod[];
    /** The connection that is to work again; null for another one. */
    reconnect: string | null;
}

/** How far an attempt is. */
type Step =
    | { name: 'starting' }
    | { name: 'waiting'; started: ConnectionStarted }
    /** It ended without a connection. */
    | { name: 'ended'; how: 'denied' | 'expired' | 'failed'; detail: string | null }
    /** It could not begin, or nobody knows how it ended. */
    | { name: 'refused'; failure: Failure };

/** Who hears how it ended. */
interface Listener {
    connected: (integration: Integration) => void;
    /** The proof that was asked for was given up. */
    givenUp: () => void;
}

/** Connecting an account: one attempt after another, until one succeeds or the person gives up. */
export class Connecting {
    step = $state.raw<Step>({ name: 'starting' });
    method = $state() as ConnectMethod;
    /** What waiting ran into; it goes on. */
    trouble = $state.raw<Failure | null>(null);
    /** Whether the browser is being opened. */
    opening = $state(false);
    /** Whether the browser was opened for this attempt. */
    opened = $state(false);
    /** Whether the code is on the clipboard since. */
    copied = $state(false);
    /** Why it was not opened. */
    unopened = $state.raw<Failure | null>(null);

    readonly #session: Session;
    readonly #target: Target;
    readonly #listener: Listener;
    /** Counts attempts, so that what is told of an earlier one is dropped. */
    #attempt = 0;
    /** The attempt the shell waits for. */
    #underway: string | null = null;

    constructor(session: Session, target: Target, method: ConnectMethod, listener: Listener) {
        this.#session = session;
        this.#target = target;
        this.#listener = listener;
        this.method = method;
    }

    /** Begins an attempt by this flow; one that was underway is given up. */
    async begin(method: ConnectMethod = this.method): Promise<void> {
        const attempt = this.#next();
        this.method = method;
        this.step = { name: 'starting' };
        const { provider, host, reconnect } = this.#target;
        try {
            const args = { provider, host, method, ...(reconnect === null ? {} : { reconnect }) };
            const started = await this.#session.ask('connect_integration', args);
            if (attempt !== this.#attempt) {
                this.#cancel(started.id);
                return;
            }
            this.opened = started.method === 'authorization_code';
            this.step = { name: 'waiting', started };
            this.#underway = started.id;
            const state = await this.#session.ask('wait_for_connection', { id: started.id });
            if (attempt !== this.#attempt) return;
            this.#underway = null;
            if (state.status === 'connected' && state.integration !== null) {
                this.#listener.connected(state.integration);
                return;
            }
            const how = state.status === 'denied' || state.status === 'expired' ? state.status : 'failed';
            this.step = { name: 'ended', how, detail: state.detail };
        } catch (cause) {
            if (attempt !== this.#attempt) return;
            this.#underway = null;
            this.#refused(asRefusal(cause));
        }
    }

    /** Copies the code, where there is one, and opens the provider's page. */
    async open(): Promise<void> {
        if (this.step.name !== 'waiting' || this.opening) return;
        const { id } = this.step.started;
        this.opening = true;
        this.unopened = null;
        try {
            this.copied = (await call('open_connection_page', { id })).copied;
            this.opened = true;
        } catch (cause) {
            this.unopened = asRefusal(cause);
        } finally {
            this.opening = false;
        }
    }

    /** Gives up. */
    stop(): void {
        this.#next();
    }

    /** What waiting ran into was told. */
    hear({ id, failure }: ConnectionTrouble): void {
        if (this.step.name === 'waiting' && this.step.started.id === id) this.trouble = failure;
    }

    /** Nothing of the attempt before counts any more. */
    #next(): number {
        if (this.#underway !== null) this.#cancel(this.#underway);
        this.#underway = null;
        this.trouble = null;
        this.unopened = null;
        this.opened = false;
        this.copied = false;
        this.#attempt += 1;
        return this.#attempt;
    }

    /** Where that fails it ends by itself. */
    #cancel(id: string): void {
        call('cancel_connection', { id }).catch(() => undefined);
    }

    #refused(refusal: Failure): void {
        // An attempt nobody knows of any more has taken too long.
        const lost = refusal.code === 'not_found' && this.step.name === 'waiting';
        if (refusal.code === 'cancelled') this.#listener.givenUp();
        else this.step = lost ? { name: 'ended', how: 'expired', detail: null } : { name: 'refused', failure: refusal };
    }
}
