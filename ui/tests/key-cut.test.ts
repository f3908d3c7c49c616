import { expect, test } from 'vitest';
import { cutDepths, cutPath } from '$lib/key-cut';

test('depths come from SHA-256 of the origin', async () => {
    expect(await cutDepths('https://accounts.northwind.example')).toEqual([
        0, 2, 3, 1, 2, 4, 4, 1, 4, 2, 2, 1, 1, 3, 2, 1,
    ]);
    expect(await cutDepths('local')).not.toEqual(await cutDepths('https://accounts.northwind.example'));
});

test('flats are joined by flanks of 45 degrees on the borders of the cuts', () => {
    expect(cutPath([0, 2])).toBe('M0 168V96H704L736 64H1440V168Z');
    expect(cutPath([4, 4])).toBe('M0 168V32H720L720 32H1440V168Z');
});
