/** What is said of a connection. */

import type { ConnectMethod } from '$bindings/ConnectMethod';
import type { Failure } from '$bindings/Failure';
import type { Integration } from '$bindings/Integration';
import { longDate, onDay } from '$lib/dates';
import type { Message } from '$lib/messages';
import { PROVIDERS } from '$lib/providers';
import { saidByService } from '$lib/service-words';
import { tooMany } from '$lib/too-many';
import { words } from '$words/words.svelte';

/** `Connected as @maren since 3 March 2026` */
export function captionOf({ connected, login, connected_at }: Integration): string {
    const said = words.sourceCode.state;
    if (!connected || login === null) return said.notConnected;
    return connected_at === null ? said.connectedAs(login) : said.connectedSince(login, longDate(connected_at));
}

/** Why a connection does not work, and what to do; null where it does. */
export function troubleOf({ provider, host, failure, checked_at }: Integration, now: Date): string | null {
    const { name } = PROVIDERS[provider];
    const said = words.sourceCode.state;
    const when = checked_at === null ? null : onDay(checked_at, now);
    switch (failure) {
        case null:
            return null;
        case 'revoked':
            return when === null ? said.revoked(name) : said.revokedWhen(name, when);
        case 'refused':
            return when === null ? said.refused(name) : said.refusedWhen(name, when);
        case 'unreachable':
            return when === null ? said.unreachable(host) : said.unreachableWhen(host, when);
        case 'not_configured':
            return said.notConfigured(name);
        case 'unreadable':
            return said.unreadable;
    }
}

/** By which flow to begin: the code, where there is one. */
export function firstMethod(methods: readonly ConnectMethod[]): ConnectMethod | null {
    return methods.includes('device') ? 'device' : (methods[0] ?? null);
}

/** `14 minutes left`; the last one is not counted down, or it would be read out every second. */
export function timeLeft(expires_at: string, now: Date): string {
    const minutes = Math.floor((new Date(expires_at).getTime() - now.getTime()) / 60_000);
    const said = words.sourceCode.connecting;
    return minutes < 1 ? said.lessThanAMinute : said.minutesLeft(minutes);
}

/** Words for a refused attempt that fit better than those of the table. */
export function refusedMessage(failure: Failure, name: string): Message | undefined {
    if (failure.code === 'not_found') {
        return { title: words.sourceCode.connecting.notSetUp(name), text: words.sourceCode.connecting.notSetUpText };
    }
    const said = failure.errors.find(({ detail }) => detail !== '')?.detail;
    if (failure.code === 'invalid_field' && said !== undefined) {
        return { title: words.sourceCode.connecting.cannot(name), text: saidByService(said) };
    }
    return tooMany(failure, 'connections');
}
