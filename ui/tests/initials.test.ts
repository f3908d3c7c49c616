import { expect, test } from 'vitest';
import { avatarColour, initials } from '$lib/initials';

// The same cases as the tests of crates/avatar.
test.each([
    ['Ada Lovelace', 'AL'],
    ['  ada   king  lovelace ', 'AL'],
    ['Jean-Luc', 'JL'],
    ['"Ada" (Countess) Lovelace', 'AL'],
    ['Зоя Космодемьянская', 'ЗК'],
    ['محمد علي', 'مع'],
    ['山田 太郎', '山太'],
    ['E\u0301milie du Châtelet', 'E\u0301C'],
    ['ßeta', 'ß'],
    ['4chan user', '4U'],
    ['🦊 fox', 'F'],
    ['🦊', ''],
    ['', ''],
    ['<script>', 'S'],
])('%s is %s', (name, expected) => {
    expect(initials(name)).toBe(expected);
});

// FNV-1a of the empty string is 0x811c9dc5, of `a` 0xe40c292c, of `foobar` 0xbf9cf968 (the authors' own vectors).
test.each([
    ['', 0x811c9dc5 % 6],
    ['a', 0xe40c292c % 6],
    ['foobar', 0xbf9cf968 % 6],
])('the colour of %j', (username, colour) => {
    expect(avatarColour(username)).toBe(colour);
});
