import type { Failure } from '$bindings/Failure';
import type { Message } from './messages';
import { saidByService } from './service-words';
import { words } from '$words/words.svelte';

/**
 * The words for a list that takes no more: what is refused as a conflict where something is added. The service knows how
 * many there may be, and what to do.
 */
export function tooMany(failure: Failure, what: keyof typeof words.components.tooMany): Message | undefined {
    if (failure.code !== 'conflict' || failure.detail === null) return undefined;
    return { title: words.components.tooMany[what], text: saidByService(failure.detail) };
}
