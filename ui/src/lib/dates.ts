/** Times as people say them: in their language, by a 24-hour clock, in the local zone. */

import { language, words } from '$words/words.svelte';

interface Formats {
    time: Intl.DateTimeFormat;
    day: Intl.DateTimeFormat;
    dayAndMonth: Intl.DateTimeFormat;
    long: Intl.DateTimeFormat;
    exact: Intl.DateTimeFormat;
    relative: Intl.RelativeTimeFormat;
}

/** Made once for each locale, since making them takes long. */
const made = new Map<string, Formats>();

function formats(): Formats {
    const { locale } = language;
    const known = made.get(locale);
    if (known) return known;
    const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
    const fresh: Formats = {
        time: date({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
        day: date({ day: 'numeric', month: 'short', year: 'numeric' }),
        dayAndMonth: date({ day: 'numeric', month: 'long' }),
        long: date({ dateStyle: 'long' }),
        exact: date({ dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' }),
        relative: new Intl.RelativeTimeFormat(locale),
    };
    made.set(locale, fresh);
    return fresh;
}

/** `14:02` */
export function clock(moment: Date): string {
    return formats().time.format(moment);
}

/** `Today, 10:37`, `Yesterday, 17:05`, `9 Nov 2026, 14:02` */
export function dateAndTime(iso: string, now: Date): string {
    const moment = new Date(iso);
    const age = daysBetween(moment, now);
    const { day, time } = formats();
    const date = age === 0 ? words.dates.today : age === 1 ? words.dates.yesterday : day.format(moment);
    return words.dates.dayAndTime(date, time.format(moment));
}

/** In a table: `12 Jan 2026`. */
export function shortDate(iso: string): string {
    return formats().day.format(new Date(iso));
}

/** In a sentence: `12 January 2026`. */
export function longDate(iso: string): string {
    return formats().long.format(new Date(iso));
}

/** At the end of a sentence: `today`, `yesterday`, `on 21 November`; of another year `on 21 November 2025`. */
export function onDay(iso: string, now: Date): string {
    const moment = new Date(iso);
    const age = daysBetween(moment, now);
    if (age === 0) return words.dates.onToday;
    if (age === 1) return words.dates.onYesterday;
    const { dayAndMonth, long } = formats();
    return words.dates.on((moment.getFullYear() === now.getFullYear() ? dayAndMonth : long).format(moment));
}

/** As the heading of a day: `Today`, `Yesterday`, `18 November 2026`. */
export function dayName(iso: string, now: Date): string {
    const age = daysBetween(new Date(iso), now);
    return age === 0 ? words.dates.today : age === 1 ? words.dates.yesterday : longDate(iso);
}

/** For a tooltip: weekday, date, seconds, zone. */
export function exactTime(iso: string): string {
    return formats().exact.format(new Date(iso));
}

/** `just now`, `5 minutes ago`, `yesterday`, `3 days ago`; from a week on `on 9 Nov 2026`. */
export function ago(iso: string, now: Date): string {
    const moment = new Date(iso);
    const minutes = Math.floor((now.getTime() - moment.getTime()) / 60_000);
    if (minutes < 1) return words.dates.justNow;
    if (minutes < 60) return unitsAgo(minutes, 'minute');
    const days = daysBetween(moment, now);
    if (days === 0 || minutes < 6 * 60) return unitsAgo(Math.floor(minutes / 60), 'hour');
    if (days === 1) return words.dates.onYesterday;
    if (days < 7) return unitsAgo(days, 'day');
    return words.dates.on(formats().day.format(moment));
}

/** In a sentence that goes on with the age: `14:02`, of another day `26 Nov 2026, 14:02`. */
export function momentOf(moment: Date, now: Date): string {
    const { day, time } = formats();
    if (daysBetween(moment, now) === 0) return time.format(moment);
    return words.dates.dayAndTime(day.format(moment), time.format(moment));
}

/** However long that is: `just now`, `5 minutes ago`, `30 hours ago`, `12 days ago`. */
export function ageOf(moment: Date, now: Date): string {
    const minutes = Math.floor((now.getTime() - moment.getTime()) / 60_000);
    if (minutes < 1) return words.dates.justNow;
    if (minutes < 60) return unitsAgo(minutes, 'minute');
    const hours = Math.floor(minutes / 60);
    return hours < 48 ? unitsAgo(hours, 'hour') : unitsAgo(Math.floor(hours / 24), 'day');
}

function unitsAgo(count: number, unit: 'minute' | 'hour' | 'day'): string {
    return formats().relative.format(-count, unit);
}

/** Midnights between two moments, in the local zone. */
export function daysBetween(earlier: Date, later: Date): number {
    const midnight = (moment: Date) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
    return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}
