/** The words in use. What reads them in markup, or in a function called from there, changes with the language. */

import { en, type Words } from './en';
import { bestOf, LANGUAGE_CODES, LANGUAGES, type LanguageCode } from './languages';

/** Where the choice is kept. */
const STORED = 'latchkey.language';

/** A language, or `pseudo`: English that looks foreign, which builds for people do not have. */
type Code = LanguageCode | 'pseudo';

/** English is at hand from the beginning, the others are files of their own. */
const catalogues: Record<Exclude<LanguageCode, 'en'>, () => Promise<Words>> = {
    de: async () => (await import('./de')).de,
    ar: async () => (await import('./ar')).ar,
};

let inUse = $state.raw<{ code: Code; words: Words; chosen: Code | null }>({ code: 'en', words: en, chosen: null });
/** The latest wish: a catalogue that arrives after another one was chosen is not used. */
let wanted: Code = 'en';

/** `words.password.title`. Read it where it is said: what is read once, at the beginning, stays in that language. */
export const words = new Proxy(en, { get: (_, area) => inUse.words[area as keyof Words] });

/** The language in use. */
export const language = {
    get code(): Code {
        return inUse.code;
    },
    /** The one that was chosen; null where it is that of the system. */
    get chosen(): Code | null {
        return inUse.chosen;
    },
    /** For `Intl`. */
    get locale(): string {
        return about(inUse.code).locale;
    },
    get direction(): 'ltr' | 'rtl' {
        return about(inUse.code).direction;
    },
};

function about(code: Code) {
    return LANGUAGES[code === 'pseudo' ? 'en' : code];
}

/** The language that was chosen and is known; null where there is none. */
function stored(): Code | null {
    const found = localStorage.getItem(STORED);
    const known: readonly string[] =
        import.meta.env.MODE === 'production' ? LANGUAGE_CODES : [...LANGUAGE_CODES, 'pseudo'];
    return found !== null && known.includes(found) ? (found as Code) : null;
}

/**
 * Says everything in a language from now on, and remembers it; with null in that of the system. Throws where its words
 * cannot be loaded.
 */
export async function chooseLanguage(code: Code | null): Promise<void> {
    await use(code ?? bestOf(navigator.languages), () => {
        if (code === null) localStorage.removeItem(STORED);
        else localStorage.setItem(STORED, code);
    });
}

/** The language that was chosen, or else what the system prefers, before the first thing is shown. */
export async function useFirstLanguage(): Promise<void> {
    // A window in English is better than none.
    await useLanguage(stored() ?? bestOf(navigator.languages)).catch(() => undefined);
}

/** A language without remembering it. English is in use when this returns, others when the promise resolves. */
export async function useLanguage(code: Code): Promise<void> {
    await use(code);
}

/** Uses a language unless another one is wanted by the time its words are there; `remember` is called before it shows. */
async function use(code: Code, remember?: () => void): Promise<void> {
    wanted = code;
    const found = code === 'en' ? en : await load(code);
    if (wanted !== code) return;
    remember?.();
    inUse = { code, words: found, chosen: stored() };
    const root = document.documentElement;
    root.lang = code === 'pseudo' ? 'en' : code;
    root.dir = about(code).direction;
}

async function load(code: Exclude<Code, 'en'>): Promise<Words> {
    if (code !== 'pseudo') return catalogues[code]();
    if (import.meta.env.MODE === 'production') return en;
    return (await import('./pseudo')).pseudo;
}
