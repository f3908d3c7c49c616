/** Contrast of every pair of colours in use (WCAG 2.2 AA), computed from the tokens. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Colour = [red: number, green: number, blue: number, alpha: number];
type Tokens = Map<string, string>;

const usual = readFileSync('src/styles/tokens.css', 'utf8');
const more = readFileSync('src/styles/more-contrast.css', 'utf8');

/** The custom properties of the rule that a selector begins. */
function tokens(selector: string, css = usual): Tokens {
    const at = css.indexOf(selector);
    expect(at, selector).toBeGreaterThan(-1);
    const block = css.slice(css.indexOf('{', at) + 1, css.indexOf('}', at));
    return new Map([...block.matchAll(/--([\w-]+):\s*([^;]+);/gu)].map(([, name, value]) => [name ?? '', value ?? '']));
}

function parse(value: string): Colour {
    const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/iu.exec(value);
    if (hex) return [parseInt(hex[1] ?? '', 16), parseInt(hex[2] ?? '', 16), parseInt(hex[3] ?? '', 16), 1];
    const rgba = /^rgba?\(([^)]+)\)$/u.exec(value);
    if (!rgba) throw new Error(`no colour: ${value}`);
    const [red = 0, green = 0, blue = 0, alpha = 1] = (rgba[1] ?? '').split(',').map(Number);
    return [red, green, blue, alpha];
}

/** A translucent colour laid upon another one. */
function upon([red, green, blue, alpha]: Colour, below: Colour): Colour {
    const mix = (top: number, bottom: number) => top * alpha + bottom * (1 - alpha);
    return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
}

function luminance([red, green, blue]: Colour): number {
    const linear = (value: number) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function contrast(one: Colour, other: Colour): number {
    const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const CONTROL = 3;
/** What is asked of those where the system wants more contrast (for text WCAG 2.2, 1.4.6). */
const MORE = new Map([
    [TEXT, 7],
    [CONTROL, 4.5],
]);

/** Foreground, background (`fill on surface` for a translucent fill), least contrast. */
const pairs: [foreground: string, background: string, least: number][] = [
    ...['text', 'text-2', 'text-3'].flatMap((text) =>
        ['chrome', 'canvas', 'surface', 'raised', 'sunken'].map((on): [string, string, number] => [text, on, TEXT]),
    ),
    ...['canvas', 'surface', 'raised', 'sunken', 'chrome', 'accent-soft'].map((on): [string, string, number] => [
        'accent-text',
        on,
        TEXT,
    ]),
    ...['canvas', 'surface', 'raised', 'danger-soft'].map((on): [string, string, number] => ['danger-text', on, TEXT]),
    ...['surface', 'canvas', 'warn-soft', 'cut-2'].map((on): [string, string, number] => ['warn-text', on, TEXT]),
    ...['accent-soft', 'danger-soft', 'warn-soft', 'cut-2'].flatMap((on): [string, string, number][] => [
        ['text', on, TEXT],
        ['text-2', on, TEXT],
    ]),
    ['on-accent', 'accent', TEXT],
    ['on-accent', 'accent-hover', TEXT],
    ['on-accent', 'accent-active', TEXT],
    ['on-danger', 'danger', TEXT],
    ['on-danger', 'danger-hover', TEXT],
    ['on-danger', 'danger-active', TEXT],
    ['surface', 'text', TEXT],
    ['text', 'selected on chrome', TEXT],
    ['text-2', 'selected on chrome', TEXT],
    ['text-2', 'hover on chrome', TEXT],
    ['text', 'selected on raised', TEXT],
    ['text-2', 'selected on raised', TEXT],
    ['text', 'hover on surface', TEXT],
    ['text-2', 'hover on surface', TEXT],
    ['accent-text', 'selected on chrome', CONTROL],
    ['accent-text', 'selected on raised', CONTROL],
    ...['surface', 'canvas', 'raised'].map((on): [string, string, number] => ['line-input', on, CONTROL]),
    ...['surface', 'canvas', 'raised', 'chrome', 'sunken'].map((on): [string, string, number] => [
        'focus',
        on,
        CONTROL,
    ]),
    ['accent', 'surface', CONTROL],
    ['accent', 'canvas', CONTROL],
    ['meter', 'raised', CONTROL],
    ['meter', 'surface', CONTROL],
    ['text-3', 'sunken', TEXT],
    ['warn-text', 'raised', CONTROL],
    ['warn-text', 'selected on raised', CONTROL],
    ['warn-text', 'selected on chrome', CONTROL],
    ['danger', 'chrome', CONTROL],
];

type Theme = 'light' | 'dark';

/** The tokens of a rule as a theme has them: of `light-dark(a, b)` its side. */
function themed(rule: Tokens, theme: Theme): Tokens {
    const side = (value: string) =>
        value.replace(
            /light-dark\(((?:[^(),]|\([^)]*\))*), ((?:[^(),]|\([^)]*\))*)\)/gu,
            theme === 'light' ? '$1' : '$2',
        );
    return new Map([...rule].map(([name, value]) => [name, side(value)]));
}

const both = (rule: Tokens) => ({ light: themed(rule, 'light'), dark: themed(rule, 'dark') });
const themes = both(tokens(':root {\n    color-scheme'));

/** The same where the system asks for more contrast. */
const stronger = both(tokens('    :root {\n        --e1', more));

/** The contrast of a pair, by the tokens of a theme. */
function contrastIn(theme: Tokens, foreground: string, on: string): number {
    const colour = (name: string): Colour => {
        const value = theme.get(name);
        if (value === undefined) throw new Error(`no token --${name}`);
        return parse(value);
    };
    const [fill, below] = on.split(' on ') as [string, string?];
    return contrast(colour(foreground), below === undefined ? colour(fill) : upon(colour(fill), colour(below)));
}

describe.each(Object.entries(themes))('%s', (_name, theme) => {
    test.each(pairs)('%s on %s is at least %d', (foreground, on, least) => {
        expect(contrastIn(theme, foreground, on)).toBeGreaterThanOrEqual(least);
    });
});

describe.each(Object.entries(stronger))('%s, more contrast', (_name, theme) => {
    test.each(pairs)('%s on %s has more than the %d it has to have', (foreground, on, least) => {
        expect(contrastIn(theme, foreground, on)).toBeGreaterThanOrEqual(MORE.get(least) ?? Infinity);
    });

    test.each(['line', 'line-strong', 'accent-line', 'danger-line', 'warn-line'])('%s can be seen', (line) => {
        for (const on of ['chrome', 'canvas', 'surface', 'raised', 'sunken']) {
            expect(contrastIn(theme, line, on)).toBeGreaterThanOrEqual(4.5);
        }
    });
});

test('each theme is chosen by its name, and otherwise by the system', () => {
    const scheme = (selector: string) => /color-scheme: ([^;]+);/u.exec(usual.slice(usual.indexOf(selector)))?.[1];
    expect(scheme(':root {\n    color-scheme')).toBe('light dark');
    expect(scheme(":root[data-theme='light']")).toBe('light');
    expect(scheme(":root[data-theme='dark']")).toBe('dark');
});

test('both themes have colours of their own', () => {
    expect(themes.light.get('text')).toBe('#18201c');
    expect(themes.dark.get('text')).toBe('#e9edea');
    expect(stronger.dark.get('hover')).toBe('rgba(255, 255, 255, 0.12)');
});

test('white initials can be read on every avatar colour', () => {
    const fixed = tokens(':root {');
    for (let index = 0; index < 6; index += 1) {
        const pair = [fixed.get('on-avatar'), fixed.get(`avatar-${index}`)].map((value) => parse(value ?? ''));
        expect(contrast(...(pair as [Colour, Colour]))).toBeGreaterThanOrEqual(5.4);
    }
});

test('the measure itself is right', () => {
    expect(contrast([0, 0, 0, 1], [255, 255, 255, 1])).toBeCloseTo(21, 5);
    expect(contrast([255, 255, 255, 1], [255, 255, 255, 1])).toBe(1);
});
