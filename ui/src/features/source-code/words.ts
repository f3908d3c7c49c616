/** What is said of a connection. */

import type { ConnectMethod } from '$bindings/ConnectMethod';
import type { Failure } from '$bindings/Failure';
import type { Integration } from '$bindings/Integration';
import { longDate, onDay } from '$lib/dates';
import type { Message } from '$lib/messages';
import { PROVIDERS } from '$lib/providers';
import { tooMany } from '$lib/too-many';

/** `Connected as @maren since 3 March 2026` */
export function captionOf({ connected, login, connected_at }: Integration): string {
    if (!connected || login === null) return 'Not connected';
    return connected_at === null ? `Connected as @${login}` : `Connected as @${login} since ${longDate(connected_at)}`;
}

/** Why a connection does not work, and what to do; null where it does. */
export function troubleOf({ provider, host, failure, checked_at }: Integration, now: Date): string | null {
    const { name } = PROVIDERS[provider];
    const when = checked_at === null ? '' : ` ${onDay(checked_at, now)}`;
    switch (failure) {
        case null:
            return null;
        case 'revoked':
            return `${name} refused the token${when}. Reconnect to go on.`;
        case 'refused':
            return `${name} refused what was asked${when}. Check your account there, then reconnect.`;
        case 'unreachable':
            return `${host} could not be reached${when}. The connection may be in order.`;
        case 'not_configured':
            return `Your System Administrator has taken ${name} away. Disconnect, or ask them.`;
        case 'unreadable':
            return 'What Latchkey keeps of this connection cannot be opened. Reconnect to go on.';
    }
}

/** By which flow to begin: the code, where there is one. */
export function firstMethod(methods: readonly ConnectMethod[]): ConnectMethod | null {
    return methods.includes('device') ? 'device' : (methods[0] ?? null);
}

/** `14 minutes left`; the last one is not counted down, or it would be read out every second. */
export function timeLeft(expires_at: string, now: Date): string {
    const minutes = Math.floor((new Date(expires_at).getTime() - now.getTime()) / 60_000);
    if (minutes < 1) return 'less than a minute left';
    return minutes === 1 ? '1 minute left' : `${minutes} minutes left`;
}

/** Words for a refused attempt that fit better than those of the table. */
export function refusedMessage(failure: Failure, name: string): Message | undefined {
    if (failure.code === 'not_found') {
        const text = 'Nothing was connected. Ask your System Administrator whether it was taken away.';
        return { title: `${name} is not set up here`, text };
    }
    const said = failure.errors.find(({ detail }) => detail !== '')?.detail;
    if (failure.code === 'invalid_field' && said !== undefined) {
        return { title: `${name} cannot be connected`, text: said };
    }
    return tooMany(failure, 'connections');
}
