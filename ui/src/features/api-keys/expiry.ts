/** When a key ends, in words. */

import { daysBetween, shortDate } from '$lib/dates';

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
    if (expiresAt === null) return 'Never';
    switch (expiryOf(expiresAt, now)) {
        case 'expired':
            return 'Expired';
        case 'soon':
            return capital(inDays(daysBetween(now, new Date(expiresAt))));
        default:
            return shortDate(expiresAt);
    }
}

/** In a row of its own: `Expires in 8 days`, `Expired 9 Jun 2026`, `Expires 12 Jan 2027`, `Never expires`. */
export function expiryWords(expiresAt: string | null, now: Date): string {
    if (expiresAt === null) return 'Never expires';
    switch (expiryOf(expiresAt, now)) {
        case 'expired':
            return `Expired ${shortDate(expiresAt)}`;
        case 'soon':
            return `Expires ${inDays(daysBetween(now, new Date(expiresAt)))}`;
        default:
            return `Expires ${shortDate(expiresAt)}`;
    }
}

/** `today`, `tomorrow`, `in 8 days` */
function inDays(days: number): string {
    if (days < 2) return days === 1 ? 'tomorrow' : 'today';
    return `in ${days} days`;
}

export function capital(words: string): string {
    return words.charAt(0).toUpperCase() + words.slice(1);
}
