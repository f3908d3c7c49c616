import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FailureCode } from '$bindings/FailureCode';
import { fieldErrorMessage } from '$lib/field-messages';
import { messageFor } from '$lib/messages';
import { failureOf } from '$lib/refusal';
import { saidByService } from '$lib/service-words';
import { tooMany } from '$lib/too-many';
import { ar } from '$words/ar';
import { de } from '$words/de';
import { useLanguage } from '$words/words.svelte';

/** The sentences in the sources of the service and the shell; what is filled in is a bare gap. */
function sentences(): Set<string> {
    const found = new Set<string>();
    for (const root of ['../crates', '../src-tauri']) {
        for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
            if (!entry.isFile() || !entry.name.endsWith('.rs')) continue;
            const source = readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8').replace(/\\\n\s*/gu, '');
            for (const [, text] of source.matchAll(/"((?:[^"\\\n]|\\.)*)"/gu)) {
                if (text !== undefined) found.add(text.replace(/\{[^}]*\}/gu, '{}'));
            }
        }
    }
    return found;
}

const known = Object.keys(de.errors.details);

test('every language has the same sentences of the service', () => {
    expect(Object.keys(ar.errors.details).sort()).toEqual([...known].sort());
});

test('the service and the shell still say them', () => {
    const said = sentences();
    expect(said.size).toBeGreaterThan(1_000);
    expect(known.filter((sentence) => !said.has(sentence.replace(/\{\d\}/gu, '{}')))).toEqual([]);
});

test('what is filled in stands in other languages too', async () => {
    const sentence = 'This RSA key has 1024 bits; at least 2048 are needed. Make a new key with ssh-keygen -t ed25519.';
    expect(saidByService(sentence)).toBe(sentence);
    await useLanguage('de');
    expect(saidByService(sentence)).toBe(
        'Dieser RSA-Schlüssel hat 1024 Bits; nötig sind mindestens 2048. Erzeugen Sie einen neuen mit ssh-keygen -t ed25519.',
    );
    expect(saidByService('A sentence of a newer service.')).toBe('A sentence of a newer service.');
    await useLanguage('ar');
    expect(saidByService('/mnt/stick is read-only. Choose another folder.')).toBe(
        '\u2068/mnt/stick\u2069 للقراءة فقط. اختر مجلدًا آخر.',
    );
    expect(saidByService('A sentence of a newer service.')).toBe('\u2068A sentence of a newer service.\u2069');
});

test('of failures, of fields and of full lists', async () => {
    await useLanguage('de');
    expect(messageFor(failureOf('invalid_image', 'The file is empty. Choose a PNG or JPEG file.')).text).toBe(
        'Die Datei ist leer. Wählen Sie eine PNG- oder JPEG-Datei.',
    );
    expect(fieldErrorMessage({ pointer: '/password', code: 'too_short', detail: 'Use at least 14 characters.' })).toBe(
        'Verwenden Sie mindestens 14 Zeichen.',
    );
    expect(tooMany(failureOf('conflict', 'There are 50 SSH keys already. Remove one first.'), 'SSH keys')).toEqual({
        title: 'Sie haben so viele SSH-Schlüssel, wie es geben darf',
        text: 'Es gibt schon 50 SSH-Schlüssel. Entfernen Sie zuerst einen.',
    });
});

test('a code the app does not know is told in the sentence of the service', () => {
    const newer = failureOf('moon_phase_wrong' as FailureCode, 'Wait for the full moon.');
    expect(messageFor(newer)).toEqual({ title: 'Something went wrong', text: 'Wait for the full moon.' });
    expect(messageFor({ ...newer, detail: null }).text).toMatch(/^Try again/u);
});
