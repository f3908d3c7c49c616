import { describe, expect, test } from 'vitest';
import { expiryCell, expiryOf, expiryWords } from '$features/api-keys/expiry';
import { checkDate, dayOf, endOf, firstLife, lifeOf, lives } from '$features/api-keys/life';
import { apiKey } from './sample-keys';

const now = new Date(2026, 10, 22, 12, 0, 0);
const at = (days: number, hours = 0) => new Date(2026, 10, 22 + days, 12 + hours).toISOString();

describe('when a key ends', () => {
    test.each([
        [null, 'never', 'Never', 'Never expires'],
        [at(0, -1), 'expired', 'Expired', 'Expired 22 Nov 2026'],
        [at(0, 1), 'soon', 'Today', 'Expires today'],
        [at(1), 'soon', 'Tomorrow', 'Expires tomorrow'],
        [at(14), 'soon', 'In 14 days', 'Expires in 14 days'],
        [at(15), 'later', '7 Dec 2026', 'Expires 7 Dec 2026'],
    ])('%s is %s', (end, expiry, cell, words) => {
        expect(expiryOf(end, now)).toBe(expiry);
        expect(expiryCell(end, now)).toBe(cell);
        expect(expiryWords(end, now)).toBe(words);
    });
});

describe('how long it is to last', () => {
    const offered = (most: number | null, wanted: number | null = null) =>
        lives(most, wanted, now)
            .filter(({ barred }) => !barred)
            .map(({ value }) => value);

    test('offers what is allowed, and the longest where that is short', () => {
        expect(offered(null)).toEqual(['7', '30', '90', 'date', 'never']);
        expect(offered(365)).toEqual(['7', '30', '90', 'date']);
        expect(offered(45)).toEqual(['7', '30', '45', 'date']);
        expect(offered(3)).toEqual(['3', 'date']);
        expect(offered(null, 45)).toEqual(['7', '30', '45', '90', 'date', 'never']);
        expect(offered(30, 45)).toEqual(['7', '30', 'date']);
    });

    test('begins with 90 days, or what comes closest', () => {
        expect(firstLife(null, null)).toBe('90');
        expect(firstLife(30, null)).toBe('30');
        expect(firstLife(365, 'never')).toBe('90');
        expect(firstLife(null, 'never')).toBe('never');
        expect(firstLife(60, 45)).toBe('45');
        expect(firstLife(30, 45)).toBe('30');
    });

    test('remembers how long one was made to last', () => {
        expect(lifeOf(apiKey('a', { created_at: at(-60), expires_at: at(-15) }))).toBe(45);
        expect(lifeOf(apiKey('a', { expires_at: null }))).toBe('never');
    });

    test('leaves the usual to the service, whose clock counts', () => {
        expect(endOf('90', '', null, now)).toEqual({});
        expect(endOf('30', '', 30, now)).toEqual({});
        expect(endOf('never', '', null, now)).toEqual({ expires_at: null });
        expect(endOf('7', '', null, now)).toEqual({
            expires_at: new Date(now.getTime() + 7 * 86_400_000).toISOString(),
        });
    });

    test('a date lasts until its end, but not longer than allowed', () => {
        const endOfDay = new Date(2026, 11, 24, 23, 59, 59).toISOString();
        expect(endOf('date', '2026-12-24', null, now)).toEqual({ expires_at: endOfDay });
        const { expires_at } = endOf('date', '2026-11-29', 7, now);
        expect(new Date(expires_at ?? '').getTime()).toBeLessThan(now.getTime() + 7 * 86_400_000);
        expect(dayOf(new Date(expires_at ?? ''))).toBe('2026-11-29');
    });

    test('a date is one, ahead, and not too far', () => {
        expect(checkDate('', null, now)).toBe('Enter a date.');
        expect(checkDate('24.12.2026', null, now)).toBe('Enter a date as in 2027-02-20.');
        expect(checkDate('2026-02-31', null, now)).toMatch(/^Enter a date as in/u);
        expect(checkDate('2026-11-21', null, now)).toBe('Choose a day that is not over.');
        expect(checkDate('2026-11-22', null, now)).toBeNull();
        expect(checkDate('2026-11-29', 7, now)).toBeNull();
        expect(checkDate('2026-11-30', 7, now)).toBe('Choose a day up to 29 November 2026.');
    });
});
