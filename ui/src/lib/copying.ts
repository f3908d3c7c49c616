/** Copying to the clipboard, and what to say of it. */

import { call } from '$lib/host';
import { words } from '$words/words.svelte';

/** What is said of a secret on the clipboard. */
export function clearsAfter(seconds: number): string {
    return words.components.clipboard.clearsAfter(seconds);
}

/** Copies a secret; answers what to say. */
export async function copySecret(text: string): Promise<string> {
    const { clears_after } = await call('copy_secret', { text });
    return `${words.components.clipboard.done} ${clearsAfter(clears_after)}`;
}

/** Copies what is no secret, of which there is nothing more to say. */
export async function copyText(text: string): Promise<null> {
    await call('copy_text', { text });
    return null;
}
