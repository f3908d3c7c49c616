/** How the account stands altogether. */

import { words } from '$words/words.svelte';
import type { Check } from './check-up.svelte';
import type { Verdict } from './findings';

export interface Overall {
    state: 'checking' | 'well' | 'toDo' | 'notKnown';
    /** The gravest of what was found. */
    worst: Verdict;
    title: string;
    text: string;
    /** How each stands, in the order of the page. */
    bars: Verdict[];
}

export function overallOf(checks: readonly Check[], busy: boolean): Overall {
    const said = words.checkUp.summary;
    const bars = checks.map((check): Verdict => check.finding?.verdict ?? 'unknown');
    const toDo = bars.filter((verdict) => verdict === 'look' || verdict === 'act').length;
    const missing = checks.some(({ finding }) => finding === null);
    if (missing && busy) {
        return { state: 'checking', worst: 'unknown', title: said.checking, text: said.checkingText, bars };
    }
    if (toDo > 0) {
        const worst = bars.includes('act') ? 'act' : 'look';
        return { state: 'toDo', worst, title: said.toDo(toDo), text: said.toDoText, bars };
    }
    if (missing) {
        return { state: 'notKnown', worst: 'unknown', title: said.notKnown, text: said.notKnownText, bars };
    }
    return { state: 'well', worst: 'well', title: said.well, text: said.wellText, bars };
}
