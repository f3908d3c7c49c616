/** What is said of a container registry. */

import type { ContainerRegistry } from '$bindings/ContainerRegistry';
import { onDay } from '$lib/dates';

/** Why a registry did not take the credentials when they were last tried; null where it did. */
export function troubleOf({ failure, checked_at }: ContainerRegistry, now: Date): string | null {
    const when = onDay(checked_at, now);
    switch (failure) {
        case null:
            return null;
        case 'credentials_refused':
            return `The registry refused this password ${when}.`;
        case 'unreachable':
            return `The registry could not be reached ${when}.`;
        case 'certificate_invalid':
            return `The certificate of the registry could not be trusted ${when}.`;
        case 'not_encrypted':
            return 'The registry does not encrypt. Latchkey sends it no password.';
        case 'not_a_registry':
            return 'What answers there is no container registry.';
        case 'address_refused':
            return 'The account service may not connect to that address.';
        case 'unavailable':
            return `The registry was busy, or out of order, ${when}.`;
        case 'unreadable':
            return 'What Latchkey keeps of this password cannot be opened. Enter it again.';
    }
}

/** Whether another password is what a registry needs; where it is not, trying again is all there is to do. */
export function needsPassword({ failure }: ContainerRegistry): boolean {
    return failure === 'credentials_refused' || failure === 'unreadable';
}

/** What to know of registries many people use, by the end of their host. */
const HINTS: [end: string, hint: string][] = [
    ['ghcr.io', 'Use a personal access token (classic) with the scope read:packages.'],
    ['docker.io', 'Use an access token of your Docker account.'],
    ['registry.gitlab.com', 'Use an access token with the scope read_registry.'],
    ['.amazonaws.com', 'The username is AWS. Passwords end after twelve hours.'],
    ['.azurecr.io', 'Use a token of the registry, with its name as the username.'],
    ['.pkg.dev', 'The username is _json_key. The password is the key of a service account.'],
];

/** What to enter for this host; null where nothing is known. */
export function hintFor(host: string): string | null {
    const name = host
        .trim()
        .toLowerCase()
        .replace(/^https?:\/\//u, '')
        .replace(/[/:].*$/u, '');
    return HINTS.find(([end]) => (end.startsWith('.') ? name.endsWith(end) : name === end))?.[1] ?? null;
}
