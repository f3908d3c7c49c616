/** What is said of a container registry. */

import type { ContainerRegistry } from '$bindings/ContainerRegistry';
import { onDay } from '$lib/dates';
import { words } from '$words/words.svelte';

/** Why a registry did not take the credentials when they were last tried; null where it did. */
export function troubleOf({ failure, checked_at }: ContainerRegistry, now: Date): string | null {
    const said = words.registries.trouble;
    const when = onDay(checked_at, now);
    switch (failure) {
        case null:
            return null;
        case 'credentials_refused':
            return said.credentialsRefused(when);
        case 'unreachable':
            return said.unreachable(when);
        case 'certificate_invalid':
            return said.certificateInvalid(when);
        case 'not_encrypted':
            return said.notEncrypted;
        case 'not_a_registry':
            return said.notARegistry;
        case 'address_refused':
            return said.addressRefused;
        case 'unavailable':
            return said.unavailable(when);
        case 'unreadable':
            return said.unreadable;
    }
}

/** Whether another password is what a registry needs; where it is not, trying again is all there is to do. */
export function needsPassword({ failure }: ContainerRegistry): boolean {
    return failure === 'credentials_refused' || failure === 'unreadable';
}

/** Registries many people use, by the end of their host. */
const KNOWN: [end: string, of: keyof typeof words.registries.hints][] = [
    ['ghcr.io', 'github'],
    ['docker.io', 'docker'],
    ['registry.gitlab.com', 'gitlab'],
    ['.amazonaws.com', 'amazon'],
    ['.azurecr.io', 'azure'],
    ['.pkg.dev', 'google'],
];

/** What to enter for this host; null where nothing is known. */
export function hintFor(host: string): string | null {
    const name = host
        .trim()
        .toLowerCase()
        .replace(/^https?:\/\//u, '')
        .replace(/[/:].*$/u, '');
    const known = KNOWN.find(([end]) => (end.startsWith('.') ? name.endsWith(end) : name === end))?.[1];
    return known === undefined ? null : words.registries.hints[known];
}
