/** What is said of how one signs in: the password, the second factor, backup codes. */

import type { PasswordRules } from '$bindings/PasswordRules';
import type { PasswordStrength } from '$bindings/PasswordStrength';
import type { TwoFactor } from '$bindings/TwoFactor';
import { longDate } from '$lib/dates';
import { wordFor } from '$lib/password-rating.svelte';
import { words } from '$words/words.svelte';
import { isOlder, well, type Finding, type Remedy } from './findings';

const YEAR = 365;

/** Codes of a set. */
const CODES = 10;

/** A password that was typed to be rated. */
export interface Rated extends PasswordStrength {
    /** Whether it is shorter than passwords have to be. */
    short: boolean;
}

export function ofPasswordAge(changedAt: string, now: Date): Finding {
    const said = words.checkUp.passwordAge;
    const date = longDate(changedAt);
    if (!isOlder(changedAt, YEAR, now)) {
        return well(said.well(date), said.wellText, words.shell.sections.password, 'password');
    }
    const years = Math.floor((now.getTime() - Date.parse(changedAt)) / (YEAR * 86_400_000));
    return {
        verdict: 'look',
        title: said.old(years),
        text: said.oldText(date),
        items: [],
        remedy: changing(),
    };
}

/** What was typed is judged as the service judges a new password. */
export function ofPasswordStrength(rated: Rated | null, rules: PasswordRules): Finding {
    const said = words.checkUp.passwordStrength;
    if (rated === null) {
        return { verdict: 'unknown', title: said.unknown, text: said.unknownText, items: [], remedy: null };
    }
    const bad = (verdict: 'look' | 'act', title: string, text: string): Finding => {
        return { verdict, title, text, items: [], remedy: changing() };
    };
    const { score, common, short } = rated;
    if (common) return bad('act', said.leaked, said.leakedText);
    if (short) return bad('act', said.well(words.components.passwordStrength.tooShort), said.weakText);
    const title = said.well(wordFor(score) ?? '');
    if (score < 2) return bad('act', title, said.weakText);
    if (score < 3 || score < rules.min_score) return bad('look', title, said.fairText);
    return well(title, said.wellText, words.shell.sections.password, 'password');
}

function changing(): Remedy {
    return { label: words.checkUp.passwordAge.change, section: 'password', at: ['change-password'] };
}

export function ofTwoFactor({ enabled, enabled_at }: TwoFactor): Finding {
    const said = words.checkUp.twoFactor;
    if (enabled) {
        const text = enabled_at === null ? said.onText : said.onSince(longDate(enabled_at));
        return well(said.on, text, words.shell.sections.twoFactor, 'two-factor');
    }
    return {
        verdict: 'act',
        title: said.off,
        text: said.offText,
        items: [],
        remedy: { label: said.enable, section: 'two-factor', at: ['enable-two-factor'] },
    };
}

export function ofBackupCodes(status: TwoFactor): Finding {
    const said = words.checkUp.backupCodes;
    const { backup_codes_remaining: left, backup_codes_low: low, backup_codes_created_at: made } = status;
    if (!low) {
        const text = made === null ? said.leftText : said.leftMade(longDate(made));
        return well(said.left(left, CODES), text, words.shell.sections.twoFactor, 'two-factor');
    }
    return {
        verdict: left === 0 ? 'act' : 'look',
        title: left === 0 ? said.none : said.left(left, CODES),
        text: said.lowText,
        items: [],
        remedy: { label: said.generate, section: 'two-factor', at: [], generates: true },
    };
}
