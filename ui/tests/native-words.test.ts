/** What the shell says itself is handed over by the page, in its language. */

import { readFileSync } from 'node:fs';
import { waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import { nativeWords } from '$lib/native-words';
import { LANGUAGE_CODES } from '$words/languages';
import { chooseLanguage, useLanguage } from '$words/words.svelte';
import { openApp } from './open-app';

/** Every sentence by its path, without `language`. */
function sentences(value: unknown, path = ''): [string, string][] {
    if (typeof value === 'string') return path === '.language' ? [] : [[path, value]];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => sentences(inner, `${path}.${key}`));
}

/** What the shell fills in, by the path of its sentence. */
const placeholders = () =>
    sentences(nativeWords()).map(([path, sentence]) => [path, [...sentence.matchAll(/\{\w*\}/gu)].flat().sort()]);

let english: ReturnType<typeof placeholders>;

beforeEach(() => {
    english = placeholders();
});

test('the shell fills in what it knows', () => {
    const filled = english.filter(([, names]) => names?.length !== 0);
    expect(filled).toEqual([
        ['.notices.new_sign_in', ['{server}']],
        ['.notices.not_yours', ['{address}', '{device}']],
        ['.backup_codes.account', ['{username}']],
        ['.backup_codes.server', ['{server}']],
        ['.backup_codes.created', ['{day}', '{month}', '{time}', '{year}']],
    ]);
});

test.each([...LANGUAGE_CODES, 'pseudo'] as const)('the shell takes what %s says', async (code) => {
    await useLanguage(code);
    expect(placeholders()).toEqual(english);
    const said = nativeWords();
    expect([said.notices.codes_left.length, said.backup_codes.months.length]).toEqual([11, 12]);
    for (const [path, sentence] of sentences(said)) {
        expect(sentence.trim(), path).not.toBe('');
        expect(Array.from(sentence).length, path).toBeLessThanOrEqual(200);
        expect(sentence, path).not.toMatch(/\p{Cc}/u);
    }
});

test('the English the shell has of itself is that of the catalogue', () => {
    const source = readFileSync('../crates/api/src/desktop/native.rs', 'utf8');
    const counted = /^\.notices\.codes_left\.(?:[2-9]|10)$/u;
    const unlike = sentences(nativeWords()).filter(
        ([path, sentence]) => !counted.test(path) && !source.includes(`"${sentence}"`),
    );
    expect(unlike).toEqual([]);
    expect(nativeWords().notices.codes_left[2]).toBe('2 backup codes left');
    expect(source).toContain('"{many} backup codes left"');
});

test('months and numbers are those of the language', async () => {
    await useLanguage('de');
    expect(nativeWords().backup_codes.months[2]).toBe('März');
    await useLanguage('ar');
    const { right_to_left, notices } = nativeWords();
    expect([right_to_left, notices.codes_left[2]]).toEqual([true, 'بقي رمزان احتياطيان']);
});

test('the shell itself speaks English, in the same words', async () => {
    await useLanguage('en');
    const rust = readFileSync('../crates/api/src/desktop/native.rs', 'utf8');
    for (const [path, sentence] of sentences(nativeWords())) {
        // That of many is put together there.
        const literal = sentence.replace(/^(?!1 )\d+/u, '{many}');
        expect(rust.includes(`"${literal}"`), `${path}: ${literal}`).toBe(true);
    }
});

test('they are handed over wherever they are not English, and whenever the language changes', async () => {
    await useLanguage('ar');
    const { host } = openApp((fresh) => fresh.signedIn());
    const languages = () => host.asked('use_words').map(({ language, dialogs }) => [language, dialogs.all_files]);
    const arabic = ['ar', 'كل الملفات'];
    await waitFor(() => expect(languages()).toEqual([arabic]));
    await chooseLanguage('en');
    const english = ['en', 'All files'];
    await waitFor(() => expect(languages()).toEqual([arabic, english]));
    await chooseLanguage('de');
    await waitFor(() => expect(languages()).toEqual([arabic, english, ['de', 'Alle Dateien']]));
});

test('English is not handed over to a shell that speaks it', async () => {
    await useLanguage('en');
    const { host } = openApp((fresh) => fresh.signedIn());
    await waitFor(() => expect(document.querySelector('.page')).not.toBeNull());
    expect(host.asked('use_words')).toEqual([]);
});

test('that the shell does not take them stops nothing', async () => {
    await useLanguage('de');
    const { host } = openApp((fresh) => {
        fresh.signedIn();
        fresh.next('use_words', () => Promise.reject(new Error('an older shell')));
    });
    await waitFor(() => expect(host.asked('use_words')).toHaveLength(1));
    await waitFor(() => expect(document.querySelector('.page')).not.toBeNull());
});
