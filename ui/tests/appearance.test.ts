import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Appearance } from '$lib/appearance.svelte';

const root = document.documentElement;

/** What runs in the page's head, before the first paint. */
function firstPaint() {
    delete root.dataset.theme;
    root.style.fontSize = '';
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- a script of ours
    new Function(readFileSync('public/first-paint.js', 'utf8'))();
}

describe('the theme', () => {
    test.each(['light', 'dark'] as const)('%s is applied, kept, and there before the next first paint', (theme) => {
        new Appearance().choose(theme);
        expect(root.dataset.theme).toBe(theme);
        firstPaint();
        expect(root.dataset.theme).toBe(theme);
        expect(new Appearance().theme).toBe(theme);
    });

    test('system leaves the choice to the system', () => {
        new Appearance().choose('dark');
        new Appearance().choose('system');
        expect(root.dataset.theme).toBeUndefined();
        firstPaint();
        expect(root.dataset.theme).toBeUndefined();
        expect(new Appearance().theme).toBe('system');
    });
});

describe('the text size', () => {
    test('grows and shrinks in steps between 80 and 200 percent', () => {
        const appearance = new Appearance();
        for (let steps = 0; steps < 20; steps += 1) appearance.resize(1);
        expect(appearance.textSize).toBe(200);
        expect(root.style.fontSize).toBe('200%');
        for (let steps = 0; steps < 20; steps += 1) appearance.resize(-1);
        expect(appearance.textSize).toBe(80);
        appearance.resize(0);
        expect(root.style.fontSize).toBe('');
    });

    test('is there before the next first paint', () => {
        new Appearance().resize(1);
        firstPaint();
        expect(root.style.fontSize).toBe('110%');
        expect(new Appearance().textSize).toBe(110);
    });

    test.each(['7', '1000', 'huge'])('a stored %s is not obeyed', (stored) => {
        localStorage.setItem('latchkey.text-size', stored);
        firstPaint();
        expect(root.style.fontSize).toBe('');
        expect(new Appearance().textSize).toBe(100);
    });
});
