import { describe, expect, test } from 'vitest';
import { checkBio, checkEmail, checkName, checkNewPassword, checkUsername, lengthOf } from '$lib/checks';

test('characters are counted as the service counts them', () => {
    expect(lengthOf('naïve')).toBe(5);
    expect(lengthOf('👍')).toBe(1);
});

describe('a username', () => {
    test.each(['ada', 'Ada', 'a1', 'ada.king-lovelace_2', ' ada '])('%j is fine', (value) => {
        expect(checkUsername(value)).toBeNull();
    });

    test.each([
        ['', 'Choose a username.'],
        ['a', 'Use at least 2 characters.'],
        ['a'.repeat(40), 'Use at most 39 characters.'],
        ['-ada', 'Use letters, digits, dots, hyphens and underscores; begin and end with a letter or digit.'],
        ['ada.', 'Use letters, digits, dots, hyphens and underscores; begin and end with a letter or digit.'],
        ['zoë', 'Use letters, digits, dots, hyphens and underscores; begin and end with a letter or digit.'],
    ])('%j: %s', (value, complaint) => {
        expect(checkUsername(value)).toBe(complaint);
    });
});

describe('an email address', () => {
    test.each(['a@b.example', 'first.last+tag@mail.example.com', ' a@b.example '])('%j is fine', (value) => {
        expect(checkEmail(value)).toBeNull();
    });

    test.each(['maren@northwind', 'maren', '@b.example', 'a b@c.example', 'a@b..example', 'a@b@c.example'])(
        '%j is not whole',
        (value) => {
            expect(checkEmail(value)).toBe('Enter a full address, such as name@example.com.');
        },
    );

    test('is not longer than mail allows', () => {
        expect(checkEmail(`${'a'.repeat(250)}@b.example`)).toBe('Use an address of at most 254 characters.');
    });
});

test('a name is not blank and not endless', () => {
    expect(checkName('   ')).toBe('Enter your name.');
    expect(checkName('x'.repeat(100))).toBeNull();
    expect(checkName('x'.repeat(101))).toBe('Use at most 100 characters.');
});

test('a bio may be empty, and 250 characters long', () => {
    expect(checkBio('')).toBeNull();
    expect(checkBio('👍'.repeat(250))).toBeNull();
    expect(checkBio('👍'.repeat(251))).toBe('Use at most 250 characters.');
});

test('a new password is as long as the server wants', () => {
    expect(checkNewPassword(12)('')).toBe('Enter a password.');
    expect(checkNewPassword(12)('eleven chrs')).toBe('Use at least 12 characters.');
    expect(checkNewPassword(12)('twelve chars')).toBeNull();
});
