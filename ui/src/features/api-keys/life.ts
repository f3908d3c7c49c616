/** How long a key is to last. */

import type { ApiKey } from '$bindings/ApiKey';
import type { CreateApiKey } from '$bindings/CreateApiKey';
import { longDate } from '$lib/dates';
import { words } from '$words/words.svelte';

const DAY = 86_400_000;
/** What the service takes where nothing is said. */
const DEFAULT_DAYS = 90;
const OFFERED = [7, 30, DEFAULT_DAYS];
/** A clock that differs a little from the service's must not make the last day one too many. */
const LEEWAY = 10 * 60_000;

/** A choice: a number of days, `date` or `never`. */
export interface Life {
    value: string;
    label: string;
    /** Whether the System Administrator rules it out. */
    barred: boolean;
}

/** The choices; `wanted` days are among them, as long as they are allowed. */
export function lives(maxDays: number | null, wanted: number | null, now: Date): Life[] {
    const said = words.apiKeys.creating;
    const most = maxDays ?? Infinity;
    const more = [wanted, most < DEFAULT_DAYS ? most : null].filter((days) => days !== null && days <= most);
    const days = [...new Set([...OFFERED, ...(more as number[])])].sort((one, other) => one - other);
    return [
        ...days.map((count) => ({
            value: String(count),
            label: said.inDays(count, longDate(after(count, now).toISOString())),
            barred: count > most,
        })),
        { value: 'date', label: said.onDate, barred: false },
        { value: 'never', label: said.never, barred: maxDays !== null },
    ];
}

/** The choice to begin with. */
export function firstLife(maxDays: number | null, wanted: number | 'never' | null): string {
    if (wanted === 'never' && maxDays === null) return 'never';
    if (typeof wanted === 'number' && wanted <= (maxDays ?? Infinity)) return String(wanted);
    return String(Math.min(DEFAULT_DAYS, maxDays ?? DEFAULT_DAYS));
}

/** How long a key was made to last, in days. */
export function lifeOf({ created_at, expires_at }: ApiKey): number | 'never' {
    if (expires_at === null) return 'never';
    return Math.max(1, Math.round((Date.parse(expires_at) - Date.parse(created_at)) / DAY));
}

/** What to say to the service. Days are counted from its own clock where it counts them itself. */
export function endOf(life: string, date: string, maxDays: number | null, now: Date): Pick<CreateApiKey, 'expires_at'> {
    if (life === 'never') return { expires_at: null };
    if (life === firstLife(maxDays, null)) return {};
    const end = life === 'date' ? endOfDay(date) : after(Number(life), now);
    if (end === null) return {};
    const last = maxDays === null ? end : new Date(after(maxDays, now).getTime() - LEEWAY);
    return { expires_at: (last < end ? last : end).toISOString() };
}

/** What is wrong with a date; null where nothing is. */
export function checkDate(date: string, maxDays: number | null, now: Date): string | null {
    const said = words.apiKeys.creating;
    if (date.trim() === '') return said.dateMissing;
    const end = endOfDay(date);
    if (end === null) return said.dateInvalid(dayOf(after(DEFAULT_DAYS, now)));
    if (end <= now) return said.dateOver;
    if (maxDays !== null && startOfDay(end) > after(maxDays, now)) {
        return said.dateTooFar(longDate(after(maxDays, now).toISOString()));
    }
    return null;
}

/** `2027-02-20`, in the local zone. */
export function dayOf(moment: Date): string {
    const two = (number: number) => String(number).padStart(2, '0');
    return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

export function after(days: number, now: Date): Date {
    return new Date(now.getTime() + days * DAY);
}

/** The last second of a day, in the local zone; null for what is no day. */
function endOfDay(date: string): Date | null {
    const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(date.trim()) ?? [];
    if (year === undefined) return null;
    const end = new Date(Number(year), Number(month) - 1, Number(day), 23, 59, 59);
    return dayOf(end) === date.trim() ? end : null;
}

function startOfDay(moment: Date): Date {
    return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
}
