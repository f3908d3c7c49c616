/** Times as people say them: in their language, by a 24-hour clock, in the local zone. */

import { language, words } from '$words/words.svelte';

const DATES = {
    time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    day: { day: 'numeric', month: 'short', year: 'numeric' },
    dayAndMonth: { day: 'numeric', month: 'long' },
    long: { dateStyle: 'long' },
    exact: { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** What is made once for a locale, since making it takes long, and not before it is needed. */
const made = new Map<string, Intl.DateTimeFormat>();
let relative: { locale: string; format: Intl.RelativeTimeFormat } | undefined;

/** A date in the language in use. */
function say(name: keyof typeof DATES, moment: Date): string {
    const { locale } = language;
    const key = `${locale} ${name}`;
    const format = made.get(key) ?? new Intl.DateTimeFormat(locale, DATES[name]);
    made.set(key, format);
    return format.format(moment);
}

/** `14:02` */
export function clock(moment: Date): string {
    return say('time', moment);
}

/** `Today, 10:37`, `Yesterday, 17:05`, `9 Nov 2026, 14:02` */
export function dateAndTime(iso: string, now: Date): string {
    const moment = new Date(iso);
    const age = daysBetween(moment, now);
    const date = age === 0 ? words.dates.today : age === 1 ? words.dates.yesterday : say('day', moment);
    return words.dates.dayAndTime(date, say('time', moment));
}

/** In a table: `12 Jan 2026`. */
export function shortDate(iso: string): string {
    return say('day', new Date(iso));
}

/** In a sentence: `12 January 2026`. */
export function longDate(iso: string): string {
    return say('long', new Date(iso));
}

/** At the end of a sentence: `today`, `yesterday`, `on 21 November`; of another year `on 21 November 2025`. */
export function onDay(iso: string, now: Date): string {
    const moment = new Date(iso);
    const age = daysBetween(moment, now);
    if (age === 0) return words.dates.onToday;
    if (age === 1) return words.dates.onYesterday;
    return words.dates.on(say(moment.getFullYear() === now.getFullYear() ? 'dayAndMonth' : 'long', moment));
}

/** As the heading of a day: `Today`, `Yesterday`, `18 November 2026`. */
export function dayName(iso: string, now: Date): string {
    const age = daysBetween(new Date(iso), now);
    return age === 0 ? words.dates.today : age === 1 ? words.dates.yesterday : longDate(iso);
}

/** For a tooltip: weekday, date, seconds, zone. */
export function exactTime(iso: string): string {
    return say('exact', new Date(iso));
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
    return words.dates.on(say('day', moment));
}

/** In a sentence that goes on with the age: `14:02`, of another day `26 Nov 2026, 14:02`. */
export function momentOf(moment: Date, now: Date): string {
    const time = say('time', moment);
    return daysBetween(moment, now) === 0 ? time : words.dates.dayAndTime(say('day', moment), time);
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
    const { locale } = language;
    if (relative?.locale !== locale) relative = { locale, format: new Intl.RelativeTimeFormat(locale) };
    return relative.format.format(-count, unit);
}

/** Midnights between two moments, in the local zone. */
export function daysBetween(earlier: Date, later: Date): number {
    const midnight = (moment: Date) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
    return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}
