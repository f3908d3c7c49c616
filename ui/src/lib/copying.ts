/** Copying to the clipboard, and what to say of it. */

import { call } from '$lib/host';

/** What is said of a secret on the clipboard. */
export function clearsAfter(seconds: number): string {
    return `It leaves the clipboard in ${seconds} seconds.`;
}

/** Copies a secret; answers what to say. */
export async function copySecret(text: string): Promise<string> {
    const { clears_after } = await call('copy_secret', { text });
    return `Copied. ${clearsAfter(clears_after)}`;
}

/** Copies what is no secret; answers what to say. */
export async function copyText(text: string): Promise<string> {
    await call('copy_text', { text });
    return 'Copied.';
}
