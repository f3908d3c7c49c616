/** The languages there are. To add one, see CONTRIBUTING.md. */

export interface Language {
    /** Its name in itself, by which its speakers find it. */
    name: string;
    /** How it writes dates and numbers (BCP 47). */
    locale: string;
    direction: 'ltr' | 'rtl';
}

export const LANGUAGES = {
    en: { name: 'English', locale: 'en-GB', direction: 'ltr' },
    de: { name: 'Deutsch', locale: 'de-DE', direction: 'ltr' },
    // Digits as in codes, addresses and keys, which have no others.
    ar: { name: 'العربية', locale: 'ar-u-ca-gregory-nu-latn', direction: 'rtl' },
} as const satisfies Record<string, Language>;

export type LanguageCode = keyof typeof LANGUAGES;

export const LANGUAGE_CODES = Object.keys(LANGUAGES) as LanguageCode[];

/** The first of the wanted languages (BCP 47, best first) that there is; English where there is none. */
export function bestOf(wanted: readonly string[]): LanguageCode {
    const bare = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
    return bare.map((code) => LANGUAGE_CODES.find((known) => known === code)).find((code) => code) ?? 'en';
}
