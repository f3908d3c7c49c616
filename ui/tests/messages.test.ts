import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FailureCode } from '$bindings/FailureCode';
import type { FieldCode } from '$bindings/FieldCode';
import { fieldErrorMessage, fieldMessage } from '$lib/field-messages';
import { messageFor, sentenceFor } from '$lib/messages';
import { failureOf } from '$lib/refusal';

/** The members of a generated union of strings. */
function members(name: string): string[] {
    const source = readFileSync(`src/bindings/${name}.ts`, 'utf8');
    const union = source.slice(source.lastIndexOf('export type'));
    return [...union.matchAll(/"([^"]+)"/gu)].map((match) => match[1] ?? '');
}

const codes = [...members('ErrorCode'), ...members('ShellCode')] as FailureCode[];
const fieldCodes = members('FieldCode') as FieldCode[];

const fields = [
    ...['username', 'email', 'name', 'location', 'bio', 'login'],
    ...['password', 'current_password', 'new_password', 'code', 'second_factor_code', 'backup_code'],
    ...[
        'scopes',
        'expires_at',
        'public_key',
        'folder',
        'file_name',
        'passphrase',
        'alias',
        'host_name',
        'user',
        'port',
        'host',
    ],
];

test('the codes were found', () => {
    expect(codes.length).toBeGreaterThan(30);
    expect(codes).toContain('stale');
    expect(codes).toContain('storage_locked');
    expect(fieldCodes).toContain('taken');
});

describe.each(codes)('%s', (code) => {
    const { title, text } = messageFor(failureOf(code));

    test('says what happened and what to do', () => {
        expect(title).toMatch(/^[A-Z].*[^.!?]$/u);
        expect(text).toMatch(/^[A-Z].*\.$/su);
    });

    test('keeps to the tone of the app', () => {
        expect(sentenceFor(failureOf(code))).not.toMatch(/please|sorry|!|\boops\b|\berror\b/iu);
    });
});

test('a wait is said in seconds or minutes', () => {
    const wait = (retry_after: number) => messageFor({ ...failureOf('too_many_requests'), retry_after }).text;
    expect(wait(1)).toBe('Try again in 1 second.');
    expect(wait(45)).toBe('Try again in 45 seconds.');
    expect(wait(600)).toBe('Try again in 10 minutes.');
});

test.each(['file_unwritable', 'disk_full', 'sealing_unavailable', 'storage_permission', 'file_unreadable'] as const)(
    'of %s the shell knows more',
    (code) => {
        expect(messageFor(failureOf(code, 'It says why.')).text).toBe('It says why.');
        expect(messageFor(failureOf(code)).text).not.toBe('It says why.');
    },
);

test('a sheet is not printed, whatever became of the print dialog', () => {
    expect(messageFor(failureOf('printer_unavailable')).title).toBe('The sheet could not be printed');
});

test('a refused picture says its own reason', () => {
    expect(messageFor(failureOf('invalid_image', 'The picture is larger than 100 megapixels.')).text).toBe(
        'The picture is larger than 100 megapixels.',
    );
    expect(messageFor(failureOf('internal', 'index out of bounds')).text).not.toContain('bounds');
});

describe.each(fieldCodes)('field code %s', (code) => {
    test.each([...fields, 'another'])('at %s', (field) => {
        expect(fieldMessage(field, code)).toMatch(/^[A-Z].*\.$/su);
    });
});

test('limits the service knows better are told in its words', () => {
    const error = { pointer: '/password', code: 'too_short', detail: 'Use at least 14 characters.' } as const;
    expect(fieldErrorMessage(error)).toBe('Use at least 14 characters.');
    expect(fieldErrorMessage({ ...error, pointer: '/username', code: 'taken' })).toBe('That username is taken.');
});
