/** How a session presents itself. What is not known is said, never guessed. */

import type { Component } from 'svelte';
import Laptop from '@lucide/svelte/icons/laptop';
import Monitor from '@lucide/svelte/icons/monitor';
import Smartphone from '@lucide/svelte/icons/smartphone';
import Tablet from '@lucide/svelte/icons/tablet';
import Terminal from '@lucide/svelte/icons/terminal';
import type { Session } from '$bindings/Session';
import { ago } from '$lib/dates';

export const UNKNOWN = 'Unknown';

/** `Firefox on macOS`; the versions are among the details. */
export function title({ browser, operating_system }: Session): string {
    if (browser === null && operating_system === null) return 'Unknown device';
    const system = operating_system?.replace(/\s[\d.]+$/u, '');
    return `${browser ?? 'Unknown browser'} on ${system ?? 'an unknown system'}`;
}

/** `MacBook Pro, 198.51.100.7`, without what is not known. */
export function whereabouts({ model, ip_address }: Session): string {
    return [model, ip_address].filter((part) => part !== null).join(', ');
}

/** `MacBook Pro, 198.51.100.7, active yesterday` */
export function summary(session: Session, now: Date): string {
    return [whereabouts(session), `active ${ago(session.last_modified_at, now)}`]
        .filter((part) => part !== '')
        .join(', ');
}

/** `Firefox 147` */
export function browserAndVersion({ browser, browser_version }: Session): string {
    if (browser === null) return UNKNOWN;
    return browser_version === null ? browser : `${browser} ${browser_version}`;
}

/** A drawing of the kind of device. */
export function deviceIcon(session: Session): Component {
    const words = `${session.browser ?? ''} ${session.operating_system ?? ''} ${session.model ?? ''}`.toLowerCase();
    if (/ipad|tablet/u.test(words)) return Tablet;
    if (/iphone|ios|android/u.test(words)) return Smartphone;
    if (/curl|command line|wget|latchkey cli/u.test(words)) return Terminal;
    if (/latchkey/u.test(words)) return Laptop;
    return Monitor;
}
