import type { Failure } from '$bindings/Failure';
import type { ServerFound } from '$bindings/ServerFound';
import { call } from '$lib/host';
import { asRefusal } from '$lib/refusal';

/** How long typing pauses before the server is asked. */
const PAUSE = 400;

export type CheckState =
    | { name: 'empty' }
    | { name: 'looking' }
    | { name: 'found'; server: ServerFound }
    | { name: 'failed'; failure: Failure };

/** Looks at the address somebody types, when they pause. */
export class ServerCheck {
    address = $state('');
    state = $state.raw<CheckState>({ name: 'empty' });

    #timer: ReturnType<typeof setTimeout> | undefined;
    /** Counts the questions, so that a late answer to an old one is not taken for the present one. */
    #question = 0;

    /** Call whenever the address has changed. */
    typed(): void {
        clearTimeout(this.#timer);
        this.#question += 1;
        if (this.address.trim() === '') {
            this.state = { name: 'empty' };
            return;
        }
        this.state = { name: 'looking' };
        this.#timer = setTimeout(() => void this.now(), PAUSE);
    }

    /** Asks at once. */
    async now(): Promise<void> {
        clearTimeout(this.#timer);
        if (this.address.trim() === '') return;
        const question = (this.#question += 1);
        this.state = { name: 'looking' };
        let state: CheckState;
        try {
            state = { name: 'found', server: await call('check_server', { address: this.address.trim() }) };
        } catch (cause) {
            state = { name: 'failed', failure: asRefusal(cause) };
        }
        if (question === this.#question) this.state = state;
    }

    stop(): void {
        clearTimeout(this.#timer);
        this.#question += 1;
    }
}
