import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { dateAndTime, longDate } from '$lib/dates';
import { ar } from '$words/ar';
import { grammar as arabic } from '$words/ar/grammar';
import { de } from '$words/de';
import { grammar as german } from '$words/de/grammar';
import { en } from '$words/en';
import { grammar as english } from '$words/en/grammar';
import { bestOf, LANGUAGES } from '$words/languages';
import { foreign } from '$words/pseudo';
import { partsOf } from '$words/sentence';
import { chooseLanguage, language, useFirstLanguage, useLanguage, words } from '$words/words.svelte';
import { goToPlace, openApp, openSection } from './open-app';
import { untranslated } from './untranslated';

type Leaf = string | ((...given: unknown[]) => string);

/** Every leaf of a catalogue by its path: `password.title`. */
function leaves(words: object, above = ''): Map<string, Leaf> {
    return new Map(
        Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
            typeof value === 'object' && value !== null
                ? [...leaves(value, `${above}${key}.`)]
                : [[above + key, value as Leaf]],
        ),
    );
}

/** The tags of a text in the order of the alphabet, since another language may have another order. */
function tags(leaf: Leaf | undefined): (string | null)[] {
    const text = typeof leaf === 'function' ? leaf(...Array<number>(leaf.length).fill(3)) : (leaf ?? '');
    return partsOf(text)
        .map(({ tag }) => tag)
        .filter((tag) => tag !== null)
        .sort();
}

const measure = leaves(en);

describe.each([
    ['German', de],
    ['Arabic', ar],
])('%s', (_, catalogue) => {
    const said = leaves(catalogue);

    // `errors.details` may have words for what English says as the service does.
    test('has what English has', () => {
        expect([...measure.keys()].filter((path) => !said.has(path))).toEqual([]);
    });

    test('has the parameters and the tags of English', () => {
        const shape = (all: Map<string, Leaf>, path: string) => {
            const leaf = all.get(path);
            return { path, parameters: typeof leaf === 'function' ? leaf.length : null, tags: tags(leaf) };
        };
        const paths = [...measure.keys()];
        expect(paths.map((path) => shape(said, path))).toEqual(paths.map((path) => shape(measure, path)));
    });

    test('leaves nothing blank', () => {
        expect([...said].filter(([, leaf]) => leaf === '').map(([path]) => path)).toEqual([]);
    });
});

test.each([
    ['en', english],
    ['de', german],
    ['ar', arabic],
] as const)('%s has words for every category of numbers', (code, { categories }) => {
    const { pluralCategories } = new Intl.PluralRules(LANGUAGES[code].locale).resolvedOptions();
    expect([...categories].sort()).toEqual([...pluralCategories].sort());
});

test('numbers take the words of their category', () => {
    const { passwordStrength: said } = ar.components;
    expect([1, 2, 3, 11, 100].map((count) => said.atLeast(count))).toEqual([
        'لا تقل عن حرف واحد.',
        'لا تقل عن حرفين.',
        'لا تقل عن 3 أحرف.',
        'لا تقل عن 11 حرفًا.',
        'لا تقل عن 100 حرف.',
    ]);
});

test('a sentence is taken apart at its tags', () => {
    expect(partsOf('See <link>here</link>, <name/>.')).toEqual([
        { tag: null, words: 'See ' },
        { tag: 'link', words: 'here' },
        { tag: null, words: ', ' },
        { tag: 'name', words: '' },
        { tag: null, words: '.' },
    ]);
    expect(partsOf('1 < 2 and <b>')).toEqual([{ tag: null, words: '1 < 2 and <b>' }]);
});

describe('the language in use', () => {
    test.each([
        [['de-AT', 'en'], 'de'],
        [['fr', 'ar-EG'], 'ar'],
        [['fr'], 'en'],
        [[], 'en'],
    ])('of %j, %s is offered', (wanted, code) => {
        expect(bestOf(wanted)).toBe(code);
    });

    test('is what was chosen, the next time too', async () => {
        await chooseLanguage('ar');
        expect(document.documentElement).toHaveAttribute('lang', 'ar');
        expect(document.documentElement).toHaveAttribute('dir', 'rtl');
        await useLanguage('en');
        expect(document.documentElement).toHaveAttribute('dir', 'ltr');
        await useFirstLanguage();
        expect(words.password.title).toBe(ar.password.title);
    });

    test('is English where a stored one is not known', async () => {
        localStorage.setItem('latchkey.language', 'tlh');
        await useFirstLanguage();
        expect(language.code).toBe('en');
    });

    test('is the one chosen last, whichever is there first', async () => {
        const first = useLanguage('de');
        await Promise.all([useLanguage('en'), first]);
        expect(words.password.title).toBe('Password');
    });

    test('says dates its own way', async () => {
        const now = new Date(2026, 10, 22, 10, 37);
        await useLanguage('de');
        expect(longDate('2026-01-12T12:00:00Z')).toBe('12. Januar 2026');
        expect(dateAndTime(new Date(2026, 10, 22, 8, 51).toISOString(), now)).toBe('Heute, 08:51');
        await useLanguage('ar');
        expect(longDate('2026-01-12T12:00:00Z')).toBe('12 يناير 2026');
    });

    test('changes in the menu, in what is shown already', async () => {
        const { user } = await openSection('Password');
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: 'Language' }));
        expect(screen.getByRole('menuitemradio', { name: 'As the system' })).toBeChecked();
        expect(screen.getByRole('menuitemradio', { name: 'English' })).not.toBeChecked();
        await user.click(screen.getByRole('menuitemradio', { name: 'Deutsch' }));
        expect(await screen.findByRole('heading', { level: 1, name: 'Passwort' })).toBeVisible();
        expect(screen.getByRole('button', { name: 'Passwort ändern' })).toBeVisible();
        expect(localStorage.getItem('latchkey.language')).toBe('de');
    });
});

describe('in the pseudo-locale', () => {
    /** The areas whose words are all in the catalogue, by their place in the sidebar. */
    const CONVERTED = [
        ['password', 1],
        ['two-factor', 2],
        ['sessions', 4],
        ['check-up', 5],
        ['activity', 9],
        ['delete-account', 10],
    ] as const;

    test('words are told from what is no words', () => {
        document.body.innerHTML = `<main>
            <p title="Plain title">${foreign('Translated')}</p>
            <input placeholder="Plain hint" aria-label="${foreign('Label')}" />
            <p>Plain words</p> <p>Maren Oyelaran</p> <p>12 January 2026</p> <code>plain code</code>
            <p>${foreign('See <link>here</link>.').replace(/<\/?link>/gu, '')} too</p>
        </main>`;
        expect(untranslated(document.body)).toEqual([
            'Plain title',
            'Plain hint',
            'Plain words',
            expect.stringMatching(/ too$/u),
        ]);
    });

    test.each(CONVERTED)('all words of %s are from the catalogue', async (_, place) => {
        await useLanguage('pseudo');
        const { user } = openApp((host) => host.signedIn());
        const page = () => document.querySelector<HTMLElement>('.page');
        await waitFor(() => expect(page()).not.toBeNull());
        const before = page();
        await goToPlace(user, place);
        await waitFor(() => expect(page()).not.toBe(before));
        await waitFor(() => expect(page()?.querySelector('[aria-busy="true"]')).toBeNull());
        expect(untranslated(page() ?? document.body)).toEqual([]);
    });
});
