import { describe, expect, test } from 'vitest';
import { inTextField, shortcutOf } from '$lib/shortcuts';

const press = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key, ...more });
const ctrl = (key: string, more: KeyboardEventInit = {}) => press(key, { ctrlKey: true, ...more });

test.each([
    [ctrl(','), { name: 'account' }],
    [ctrl('P', { shiftKey: true }), { name: 'profile' }],
    [ctrl('1'), { name: 'section', index: 0 }],
    [ctrl('9'), { name: 'section', index: 8 }],
    [ctrl('+'), { name: 'text_size', step: 1 }],
    [ctrl('='), { name: 'text_size', step: 1 }],
    [ctrl('-'), { name: 'text_size', step: -1 }],
    [ctrl('0'), { name: 'text_size', step: 0 }],
    [press('F6'), { name: 'next_pane', backwards: false }],
    [press('F6', { shiftKey: true }), { name: 'next_pane', backwards: true }],
    [press('F5'), { name: 'reload' }],
    [ctrl('r'), { name: 'reload' }],
    [ctrl('v'), { name: 'paste' }],
    [ctrl('z'), { name: 'undo' }],
    [ctrl('<', { shiftKey: true, code: 'Comma' }), { name: 'app_settings' }],
    [ctrl(';', { shiftKey: true, code: 'Comma' }), { name: 'app_settings' }],
    [press('F1'), { name: 'shortcuts' }],
    [ctrl('/'), { name: 'shortcuts' }],
    [ctrl('/', { shiftKey: true }), { name: 'shortcuts' }],
    [ctrl('w'), { name: 'close' }],
    [ctrl('q'), { name: 'quit' }],
])('%#', (event, expected) => {
    expect(shortcutOf(event)).toEqual(expected);
});

test.each([
    press(','),
    ctrl('c'),
    ctrl('V', { shiftKey: true }),
    ctrl('Z', { shiftKey: true }),
    ctrl('p'),
    ctrl(',', { altKey: true }),
    ctrl('R', { shiftKey: true }),
    ctrl('W', { shiftKey: true }),
    ctrl('Q', { shiftKey: true }),
])('nobody takes %#', (event) => {
    expect(shortcutOf(event)).toBeNull();
});

describe('text fields', () => {
    test.each(['text', 'email', 'password'])('%s takes what is pasted', (type) => {
        expect(inTextField(Object.assign(document.createElement('input'), { type }))).toBe(true);
    });

    test.each(['range', 'radio'])('%s does not', (type) => {
        expect(inTextField(Object.assign(document.createElement('input'), { type }))).toBe(false);
    });

    test('neither do buttons and the page', () => {
        expect(inTextField(document.createElement('button'))).toBe(false);
        expect(inTextField(document.body)).toBe(false);
        expect(inTextField(document.createElement('textarea'))).toBe(true);
    });
});
