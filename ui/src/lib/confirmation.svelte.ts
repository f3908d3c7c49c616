import { createContext } from 'svelte';

/** What somebody has to confirm. */
export interface Question {
    title: string;
    /** What will happen, in one sentence. */
    text: string;
    /** Names the action; never OK or Yes. */
    action: string;
    /** Names the way back; `Cancel` where nothing is said. */
    cancel?: string;
    /** Whether the action destroys something. */
    danger?: boolean;
}

/** One question at a time. */
export class Confirmation {
    question = $state.raw<Question | null>(null);
    #answer: ((yes: boolean) => void) | null = null;

    /** Asks, and answers true when it was confirmed. A question that was still open is answered no. */
    ask(question: Question): Promise<boolean> {
        this.settle(false);
        this.question = question;
        return new Promise((resolve) => (this.#answer = resolve));
    }

    settle(yes: boolean): void {
        const answer = this.#answer;
        this.#answer = null;
        this.question = null;
        answer?.(yes);
    }
}

export const [getConfirmation, setConfirmation] = createContext<Confirmation>();
