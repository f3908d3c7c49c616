import type { Method } from '$bindings/Method';
import { Refusal, failureOf } from './refusal';

/** What waits until somebody has proved who they are. */
interface Waiting {
    resolve: () => void;
    reject: (refusal: Refusal) => void;
}

/**
 * The question "is it you?". Some commands are refused until the password, and the second factor where it is on, were
 * proved not long ago. One dialog asks for all that wait; whoever asked then repeats the command.
 */
export class Proof {
    /** What has to be proved; null while nobody asks. */
    methods = $state.raw<readonly Method[] | null>(null);
    #waiting: Waiting[] = [];

    /** Resolves once these are proved; rejects with `cancelled` where that was given up. */
    ask(methods: readonly Method[]): Promise<void> {
        const asked = methods.length > 0 ? methods : (['password'] as const);
        this.methods = [...new Set([...(this.methods ?? []), ...asked])];
        return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    }

    proved(): void {
        for (const { resolve } of this.#settle()) resolve();
    }

    cancel(): void {
        for (const { reject } of this.#settle()) reject(new Refusal(failureOf('cancelled')));
    }

    #settle(): Waiting[] {
        const waiting = this.#waiting;
        this.#waiting = [];
        this.methods = null;
        return waiting;
    }
}
