/** The words of everything that can go wrong: the catalogue has them by code. */

import type { Failure } from '$bindings/Failure';
import type { Message } from '$words/en/errors';
import { isOutOfReach } from './refusal';
import { saidByService } from './service-words';
import { words } from '$words/words.svelte';

export type { Message };

/** Codes whose occurrences differ so much that the sentence of the one who refused says more than the table. */
const saidBetterThere: ReadonlySet<string> = new Set([
    'invalid_image',
    'file_unreadable',
    'storage_permission',
    'file_unwritable',
    'disk_full',
    'sealing_unavailable',
    'connection_broken',
    'provider_unavailable',
]);

/** The words for a failure. */
export function messageFor(failure: Failure): Message {
    const codes: Partial<Record<string, Message>> = words.errors.codes;
    const known = codes[failure.code];
    // A newer shell or service may know more codes; its own sentence is better than none.
    if (known === undefined) {
        const { title, text } = words.errors.codes.internal;
        return { title, text: failure.detail === null ? text : saidByService(failure.detail) };
    }
    const { title, text } = known;
    if (failure.retry_after !== null && failure.retry_after > 0) return { title, text: again(failure.retry_after) };
    if (failure.detail !== null && saidBetterThere.has(failure.code)) {
        return { title, text: saidByService(failure.detail) };
    }
    return { title, text };
}

/** The words for a failure in one line, for places too small for two. */
export function sentenceFor(failure: Failure): string {
    const { title, text } = messageFor(failure);
    return words.errors.sentence(title, text);
}

/** The words where a page has nothing to show while the server is out of reach; none where that is not why. */
export function notSaved(failure: Failure): Message | undefined {
    return isOutOfReach(failure) ? words.components.notSaved : undefined;
}

function again(seconds: number): string {
    const { againInSeconds, againInMinutes } = words.errors;
    return seconds < 90 ? againInSeconds(seconds) : againInMinutes(Math.ceil(seconds / 60));
}
