/** When a key ends, in words. */

import { daysBetween, shortDate } from '$lib/dates';
import { words } from '$words/words.svelte';

/** A key that ends within so many days is pointed out. */
const SOON = 14;

/** How a key stands. */
export type Expiry = 'never' | 'later' | 'soon' | 'expired';

export function expiryOf(expiresAt: string | null, now: Date): Expiry {
    if (expiresAt === null) return 'never';
    const end = new Date(expiresAt);
    if (end <= now) return 'expired';
    return daysBetween(now, end) <= SOON ? 'soon' : 'later';
}

/** In a table: `In 8 days`, `Expired`, `12 Jan 2027`, `Never`. */
export function expiryCell(expiresAt: string | null, now: Date): string {
    const said = words.apiKeys.expiry;
    if (expiresAt === null) return said.never;
    switch (expiryOf(expiresAt, now)) {
        case 'expired':
            return said.expired;
        case 'soon': {
            const days = daysBetween(now, new Date(expiresAt));
            return days < 1 ? said.today : days === 1 ? said.tomorrow : said.inDays(days);
        }
        default:
            return shortDate(expiresAt);
    }
}

/** In a row of its own: `Expires in 8 days`, `Expired 9 Jun 2026`, `Expires 12 Jan 2027`, `Never expires`. */
export function expiryWords(expiresAt: string | null, now: Date): string {
    const said = words.apiKeys.expiry;
    if (expiresAt === null) return said.expiresNever;
    switch (expiryOf(expiresAt, now)) {
        case 'expired':
            return said.expiredOn(shortDate(expiresAt));
        case 'soon': {
            const days = daysBetween(now, new Date(expiresAt));
            return days < 1 ? said.expiresToday : days === 1 ? said.expiresTomorrow : said.expiresInDays(days);
        }
        default:
            return said.expiresOn(shortDate(expiresAt));
    }
}

export function capital(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
