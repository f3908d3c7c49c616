/** What a row of the activity says. */

import type { Activity } from '$bindings/Activity';
import { dayName } from '$lib/dates';
import { inARow } from '$lib/lists';
import { PROVIDERS } from '$lib/providers';
import { words } from '$words/words.svelte';
import { KINDS } from './kinds';

/** `Session closed: Safari on iOS 18.1` */
export function titleOf({ kind, details }: Activity): string {
    return KINDS[kind].titled?.(details) ?? words.activity.kinds[kind];
}

/** `Location, Bio`, `3 backup codes left`, `git.example.org`, `Firefox on Linux, 198.51.100.7`: what there is, in this order. */
export function captionOf({ kind, details, device, ip_address }: Activity): string[] {
    const parts: string[] = [];
    if (details.fields && details.fields.length > 0) parts.push(inARow(details.fields.map(fieldLabel)));
    if (details.remaining !== undefined) parts.push(words.activity.codesLeft(details.remaining));
    if (details.fingerprint !== undefined) parts.push(details.fingerprint);
    if (details.provider !== undefined) {
        // The usual host goes without saying.
        if (details.host !== undefined && details.host !== PROVIDERS[details.provider].host) parts.push(details.host);
    } else if (details.login !== undefined) parts.push(details.login);
    const where =
        device !== null && ip_address !== null ? words.activity.deviceAt(device, ip_address) : (device ?? ip_address);
    if (where !== null) parts.push(where);
    else if (KINDS[kind].byAdministrator) parts.push(words.activity.byAdministrator);
    return parts;
}

function fieldLabel(field: string): string {
    const labels: Record<string, string | undefined> = words.profile.fields;
    return labels[field] ?? field;
}

/** The events of one day. */
export interface Day {
    name: string;
    events: Activity[];
}

/** Events that are in order, by the day they happened on. */
export function byDay(events: Activity[], now: Date): Day[] {
    const days: Day[] = [];
    for (const event of events) {
        const name = dayName(event.at, now);
        const last = days.at(-1);
        if (last?.name === name) last.events.push(event);
        else days.push({ name, events: [event] });
    }
    return days;
}
