import { language } from '$words/words.svelte';

/** One after the other, beside something: `Location, Bio`. */
export function inARow(items: readonly string[]): string {
    return new Intl.ListFormat(language.locale, { type: 'unit', style: 'short' }).format(items);
}
