import { expect, test } from 'vitest';
import { avatarColour, initials } from '$lib/initials';

test.each([
    ['Maren Oyelaran', 'MO'],
    ['maren', 'M'],
    ['  Ada  King  Lovelace ', 'AL'],
    ['Émile Zola', 'ÉZ'],
    ['e\u0301mile zola', 'E\u0301Z'],
    ['李 小龙', '李小'],
    ['👩‍👩‍👧 Family', '👩‍👩‍👧F'],
    ['', ''],
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
