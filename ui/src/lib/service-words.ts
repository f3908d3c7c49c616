/** What the service and the shell say in English besides their codes, in the language in use. */

import { language, words } from '$words/words.svelte';

/** A gap in a sentence of the catalogue, for what is different each time: a host, a number. */
const GAP = /\{(\d)\}/gu;

/** A sentence with gaps, as what finds it and which gap each group is. Made once. */
const made = new Map<string, { pattern: RegExp; gaps: string[] }>();

function patternOf(sentence: string): { pattern: RegExp; gaps: string[] } {
    const known = made.get(sentence);
    if (known) return known;
    const gaps = [...sentence.matchAll(GAP)].map(([, gap]) => gap ?? '');
    const between = sentence.split(/\{\d\}/u).map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
    const fresh = { pattern: new RegExp(`^${between.join('(.+)')}$`, 'u'), gaps };
    made.set(sentence, fresh);
    return fresh;
}

/** What is not Arabic within Arabic keeps its own direction (Unicode's first strong isolate): full stops, slashes. */
function apart(text: string): string {
    return language.direction === 'rtl' ? `\u2068${text}\u2069` : text;
}

/** A sentence of the service in the words of the catalogue; as it is where that has none. */
export function saidByService(sentence: string): string {
    const { details } = words.errors;
    const whole = details[sentence];
    if (whole !== undefined) return whole;
    for (const [english, said] of Object.entries(details)) {
        if (!english.includes('{1}') || said === undefined) continue;
        const { pattern, gaps } = patternOf(english);
        const found = pattern.exec(sentence);
        if (found) return said.replace(GAP, (_, gap: string) => apart(found[gaps.indexOf(gap) + 1] ?? ''));
    }
    return apart(sentence);
}
