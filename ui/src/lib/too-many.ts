import type { Failure } from '$bindings/Failure';
import type { Message } from './messages';

/**
 * The words for a list that takes no more: what is refused as a conflict where something is added. The service knows how
 * many there may be, and what to do.
 */
export function tooMany(failure: Failure, what: string): Message | undefined {
    if (failure.code !== 'conflict' || failure.detail === null) return undefined;
    return { title: `You have as many ${what} as there may be`, text: failure.detail };
}
