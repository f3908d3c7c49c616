/** The one door to the desktop shell. Nothing else imports `@tauri-apps/*`. */

import { invoke } from '@tauri-apps/api/core';
import { listen as listenTo } from '@tauri-apps/api/event';
import type { Commands } from '$bindings/Commands';
import type { Events } from '$bindings/Events';
import { asRefusal } from './refusal';

/** What a command takes. */
export type Args<K extends keyof Commands> = Commands[K][0];
/** What a command answers. */
export type Answer<K extends keyof Commands> = Commands[K][1];

/** Asks the shell to do something. Rejects with a `Refusal`, which is a `Failure`. */
export async function call<K extends keyof Commands>(name: K, args: Args<K>): Promise<Answer<K>> {
    try {
        return await invoke<Answer<K>>(name, { args });
    } catch (cause) {
        throw asRefusal(cause);
    }
}

/** Hears what the shell says unasked, until the returned function is called. */
export function listen<K extends keyof Events>(name: K, heard: (payload: Events[K]) => void): Promise<() => void> {
    return listenTo<Events[K]>(name, (event) => heard(event.payload));
}
