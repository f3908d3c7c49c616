/** Times as people say them: 24-hour clock, local zone, British order like the rest of the interface. */

const LOCALE = 'en-GB';
const time = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const dayAndMonth = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long' });
const long = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long' });
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' });

/** `14:02` */
export function clock(moment: Date): string {
    return time.format(moment);
}

/** `Today, 10:37`, `Yesterday, 17:05`, `9 Nov 2026, 14:02` */
export function dateAndTime(iso: string, now: Date): string {
    const moment = new Date(iso);
    const age = daysBetween(moment, now);
    const date = age === 0 ? 'Today' : age === 1 ? 'Yesterday' : day.format(moment);
    return `${date}, ${time.format(moment)}`;
}

/** In a table: `12 Jan 2026`. */
export function shortDate(iso: string): string {
    return day.format(new Date(iso));
}

/** In a sentence: `12 January 2026`. */
export function longDate(iso: string): string {
    return long.format(new Date(iso));
}

/** At the end of a sentence: `today`, `yesterday`, `on 21 November`; of another year `on 21 November 2025`. */
export function onDay(iso: string, now: Date): string {
    const moment = new Date(iso);
    const age = daysBetween(moment, now);
    if (age === 0) return 'today';
    if (age === 1) return 'yesterday';
    return `on ${(moment.getFullYear() === now.getFullYear() ? dayAndMonth : long).format(moment)}`;
}

/** As the heading of a day: `Today`, `Yesterday`, `18 November 2026`. */
export function dayName(iso: string, now: Date): string {
    const age = daysBetween(new Date(iso), now);
    return age === 0 ? 'Today' : age === 1 ? 'Yesterday' : longDate(iso);
}

/** For a tooltip: weekday, date, seconds, zone. */
export function exactTime(iso: string): string {
    return exact.format(new Date(iso));
}

/** `just now`, `5 minutes ago`, `yesterday`, `3 days ago`; from a week on `on 9 Nov 2026`. */
export function ago(iso: string, now: Date): string {
    const moment = new Date(iso);
    const minutes = Math.floor((now.getTime() - moment.getTime()) / 60_000);
    if (minutes < 1) return 'just now';
    if (minutes < 60) return count(minutes, 'minute');
    const days = daysBetween(moment, now);
    if (days === 0 || minutes < 6 * 60) return count(Math.floor(minutes / 60), 'hour');
    if (days === 1) return 'yesterday';
    if (days < 7) return count(days, 'day');
    return `on ${day.format(moment)}`;
}

function count(number: number, unit: string): string {
    return `${number} ${unit}${number === 1 ? '' : 's'} ago`;
}

/** Midnights between two moments, in the local zone. */
export function daysBetween(earlier: Date, later: Date): number {
    const midnight = (moment: Date) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
    return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}
