import { describe, expect, test } from 'vitest';
import { ago, clock, dateAndTime } from '$lib/dates';

const now = new Date(2026, 10, 22, 10, 37);
const at = (year: number, month: number, day: number, hour = 0, minute = 0) =>
    new Date(year, month - 1, day, hour, minute).toISOString();

test('a clock has 24 hours', () => {
    expect(clock(new Date(2026, 0, 1, 17, 5))).toBe('17:05');
    expect(clock(new Date(2026, 0, 1, 0, 0))).toBe('00:00');
});

test.each([
    [at(2026, 11, 22, 8, 51), 'Today, 08:51'],
    [at(2026, 11, 21, 17, 5), 'Yesterday, 17:05'],
    [at(2026, 11, 9, 14, 2), '9 Nov 2026, 14:02'],
    [at(2026, 12, 9, 14, 2), '9 Dec 2026, 14:02'],
])('%s is %s', (iso, expected) => {
    expect(dateAndTime(iso, now)).toBe(expected);
});

describe('ago', () => {
    test.each([
        [at(2026, 11, 22, 10, 37), 'just now'],
        [at(2026, 11, 22, 10, 36), '1 minute ago'],
        [at(2026, 11, 22, 9, 50), '47 minutes ago'],
        [at(2026, 11, 22, 8, 30), '2 hours ago'],
        [at(2026, 11, 21, 9, 0), 'yesterday'],
        [at(2026, 11, 19, 9, 0), '3 days ago'],
        [at(2026, 11, 15, 9, 0), 'on 15 Nov 2026'],
        // A clock that runs ahead elsewhere.
        [at(2026, 11, 22, 11, 0), 'just now'],
    ])('%s is %s', (iso, expected) => {
        expect(ago(iso, now)).toBe(expected);
    });

    test('just before midnight was hours ago, not yesterday', () => {
        expect(ago(at(2026, 11, 21, 23, 30), new Date(2026, 10, 22, 1, 0))).toBe('1 hour ago');
    });
});
