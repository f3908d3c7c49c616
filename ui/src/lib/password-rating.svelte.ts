import type { PasswordRules } from '$bindings/PasswordRules';
import { call } from '$lib/host';
import { lengthOf } from './checks';

/** How long typing pauses before a password is rated. */
const PAUSE = 120;

const WORDS = ['Weak', 'Weak', 'Fair', 'Strong', 'Very strong'] as const;

/** What the meter says. */
export interface Rating {
    /** Bars that are on, 0 to 4. */
    bars: number;
    /** Carries the meaning; the bars only repeat it. Null while it is not known. */
    word: string | null;
    /** What would make it better; null where nothing needs to. */
    advice: string | null;
}

const UNKNOWN: Rating = { bars: 0, word: null, advice: null };

/** Rates a password while it is typed, by the estimate of the service itself. */
export class PasswordRating {
    #score = $state.raw<number | null>(null);
    #rated = '';
    #timer: ReturnType<typeof setTimeout> | undefined;

    /** Call whenever the password or what it had better not resemble has changed. */
    rate(password: string, identity: string[]): void {
        clearTimeout(this.#timer);
        if (password === '') {
            this.#score = null;
            return;
        }
        this.#timer = setTimeout(() => void this.#ask(password, identity), PAUSE);
    }

    stop(): void {
        clearTimeout(this.#timer);
    }

    /** What to show for a password under these rules. */
    rating(password: string, rules: PasswordRules): Rating {
        const length = lengthOf(password);
        if (length === 0) return UNKNOWN;
        if (length < rules.min_length) {
            return { bars: 0, word: 'Too short', advice: `Use at least ${rules.min_length} characters.` };
        }
        if (this.#score === null) return UNKNOWN;
        const enough = this.#score >= rules.min_score;
        return {
            bars: Math.max(1, this.#score),
            word: WORDS[this.#score] ?? null,
            advice: adviceFor(this.#score, enough),
        };
    }

    async #ask(password: string, identity: string[]): Promise<void> {
        this.#rated = password;
        let score: number | null;
        try {
            ({ score } = await call('rate_password', { password, identity: identity.filter((part) => part !== '') }));
        } catch {
            // The meter is only a help: the service decides in any case.
            score = null;
        }
        if (this.#rated === password) this.#score = score;
    }
}

function adviceFor(score: number, enough: boolean): string | null {
    if (score >= 4) return null;
    if (!enough) {
        return score < 2
            ? 'This is easy to guess. Add a few unrelated words.'
            : 'That is not enough yet. One or two more words would do.';
    }
    return score < 3 ? 'One or two more words would make it strong.' : 'One more word would make it very strong.';
}
