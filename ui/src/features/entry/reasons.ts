/** Why somebody finds the sign-in screen instead of their account. */

import type { CloseReason } from '$bindings/CloseReason';
import type { SignedOutReason } from '$bindings/SignedOutReason';
import type { Message } from '$lib/messages';
import { words } from '$words/words.svelte';

export function reasonMessage(reason: SignedOutReason): Message {
    const { closed, ...others } = words.entry.reasons;
    const byCloser: Record<CloseReason, Message> = closed;
    const byKind: Record<Exclude<SignedOutReason['kind'], 'closed'>, Message> = others;
    return reason.kind === 'closed' ? byCloser[reason.by] : byKind[reason.kind];
}
