/** How a session presents itself. What is not known is said, never guessed. */

import type { Component } from 'svelte';
import Laptop from '@lucide/svelte/icons/laptop';
import Monitor from '@lucide/svelte/icons/monitor';
import Smartphone from '@lucide/svelte/icons/smartphone';
import Tablet from '@lucide/svelte/icons/tablet';
import Terminal from '@lucide/svelte/icons/terminal';
import type { Session } from '$bindings/Session';
import { ago } from '$lib/dates';
import { words } from '$words/words.svelte';

/** `Firefox on macOS`; the versions are among the details. */
export function title({ browser, operating_system }: Session): string {
    const said = words.sessions.device;
    const system = operating_system?.replace(/\s[\d.]+$/u, '');
    if (system === undefined) return browser === null ? said.unknown : said.onUnknownSystem(browser);
    return browser === null ? said.unknownBrowserOn(system) : said.browserOn(browser, system);
}

/** Whether nothing is known of the device. */
export function isUnknown({ browser, operating_system }: Session): boolean {
    return browser === null && operating_system === null;
}

/** `MacBook Pro, 198.51.100.7`, without what is not known. */
export function whereabouts({ model, ip_address }: Session): string {
    if (model !== null && ip_address !== null) return words.sessions.device.modelAt(model, ip_address);
    return model ?? ip_address ?? '';
}

/** `MacBook Pro, 198.51.100.7, active yesterday` */
export function summary(session: Session, now: Date): string {
    const where = whereabouts(session);
    const active = words.sessions.device.active(ago(session.last_modified_at, now));
    return where === '' ? active : words.sessions.device.whereAndWhen(where, active);
}

/** `Firefox 147` */
export function browserAndVersion({ browser, browser_version }: Session): string {
    if (browser === null) return words.sessions.details.unknown;
    return browser_version === null ? browser : `${browser} ${browser_version}`;
}

/** A drawing of the kind of device. */
export function deviceIcon(session: Session): Component {
    const known = `${session.browser ?? ''} ${session.operating_system ?? ''} ${session.model ?? ''}`.toLowerCase();
    if (/ipad|tablet/u.test(known)) return Tablet;
    if (/iphone|ios|android/u.test(known)) return Smartphone;
    if (/curl|command line|wget|latchkey cli/u.test(known)) return Terminal;
    if (/latchkey/u.test(known)) return Laptop;
    return Monitor;
}
