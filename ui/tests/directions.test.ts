/** Styles say where lines begin and end, not left and right, so that languages written to the left are laid out too. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What names a side of the screen; `50%` is the middle from either. */
const PHYSICAL =
    /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)\b|border-(?:top|bottom)-(?:left|right)-radius|(?:left|right):(?!\s*50%)|(?:text-align|float|clear):\s*(?:left|right)|linear-gradient\(to (?:left|right))/u;

/** Four lengths, of which the second and the fourth are the sides. */
const FOUR = /\b(?:margin|padding|inset): (?<sides>[^;]+);/u;

function sidesDiffer(line: string): boolean {
    const sides = FOUR.exec(line)?.groups?.sides?.match(/(?:calc|var)\((?:[^()]|\([^()]*\))*\)|[^\s()]+/gu) ?? [];
    return sides.length === 4 && sides[1] !== sides[3];
}

/** The lines of styles in a file that name a side. */
function sided(path: string): string[] {
    const text = readFileSync(path, 'utf8');
    const css = path.endsWith('.css') ? text : (text.split('<style>')[1] ?? '');
    return css
        .replace(/\/\*[^]*?\*\//gu, '')
        .split('\n')
        .filter((line) => PHYSICAL.test(line) || sidesDiffer(line))
        .map((line) => `${path}: ${line.trim()}`);
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:svelte|css)$/u.test(path))
    .map((path) => `src/${path}`);

test('the files were found', () => {
    expect(files.length).toBeGreaterThan(80);
});

test('no style names left or right', () => {
    expect(files.flatMap(sided)).toEqual([]);
});

test.each([
    'margin-left: 1rem;',
    '  left: 0;',
    'text-align: right;',
    'border-top-left-radius: 4px;',
    'padding: 0 var(--s2) calc(-1 * var(--s4)) 0;',
    'background: linear-gradient(to right, red, blue);',
])('%j does', (line) => {
    expect(PHYSICAL.test(line) || sidesDiffer(line)).toBe(true);
});

test.each(['margin-inline-start: 1rem;', 'left: 50%;', 'text-align: start;', 'padding: 0 var(--s2) 1rem var(--s2);'])(
    '%j does not',
    (line) => {
        expect(PHYSICAL.test(line) || sidesDiffer(line)).toBe(false);
    },
);
