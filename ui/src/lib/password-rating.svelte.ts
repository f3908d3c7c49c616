import type { PasswordRules } from '$bindings/PasswordRules';
import type { PasswordStrength } from '$bindings/PasswordStrength';
import { call } from '$lib/host';
import { words } from '$words/words.svelte';
import { lengthOf } from './checks';

/** How long typing pauses before a password is rated. */
const PAUSE = 120;

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
    #strength = $state.raw<PasswordStrength | null>(null);
    #rated = '';
    #timer: ReturnType<typeof setTimeout> | undefined;

    /** Call whenever the password or what it had better not resemble has changed. */
    rate(password: string, identity: string[]): void {
        clearTimeout(this.#timer);
        if (password === '') {
            this.#strength = null;
            return;
        }
        this.#timer = setTimeout(() => void this.#ask(password, identity), PAUSE);
    }

    stop(): void {
        clearTimeout(this.#timer);
    }

    /** What is to be said of a password, asked at once where it is not known yet; null where it cannot be told. */
    async now(password: string, identity: string[]): Promise<PasswordStrength | null> {
        clearTimeout(this.#timer);
        if (this.#rated !== password || this.#strength === null) await this.#ask(password, identity);
        return this.#rated === password ? this.#strength : null;
    }

    /** What to show for a password under these rules. */
    rating(password: string, rules: PasswordRules): Rating {
        const length = lengthOf(password);
        if (length === 0) return UNKNOWN;
        if (length < rules.min_length) {
            const { tooShort, useAtLeast } = words.components.passwordStrength;
            return { bars: 0, word: tooShort, advice: useAtLeast(rules.min_length) };
        }
        if (this.#strength === null) return UNKNOWN;
        const { score, common } = this.#strength;
        if (common) return { bars: 1, word: wordFor(0), advice: words.components.passwordStrength.leaked };
        return { bars: Math.max(1, score), word: wordFor(score), advice: adviceFor(score, score >= rules.min_score) };
    }

    async #ask(password: string, identity: string[]): Promise<void> {
        this.#rated = password;
        let strength: PasswordStrength | null;
        try {
            strength = await call('rate_password', { password, identity: identity.filter((part) => part !== '') });
        } catch {
            // The meter is only a help: the service decides in any case.
            strength = null;
        }
        if (this.#rated === password) this.#strength = strength;
    }
}

/** `Strong` */
export function wordFor(score: number): string | null {
    const { weak, fair, strong, veryStrong } = words.components.passwordStrength;
    return [weak, weak, fair, strong, veryStrong][score] ?? null;
}

function adviceFor(score: number, enough: boolean): string | null {
    if (score >= 4) return null;
    const { easyToGuess, notEnough, twoMoreWords, oneMoreWord } = words.components.passwordStrength;
    if (!enough) return score < 2 ? easyToGuess : notEnough;
    return score < 3 ? twoMoreWords : oneMoreWord;
}
