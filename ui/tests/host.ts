/** Stands for `src/lib/host.ts` in tests: a fake host, a new one for each test. */

import type { Commands } from '$bindings/Commands';
import type { Events } from '$bindings/Events';
import { FakeHost } from './fake-host';

let host = new FakeHost();

/** A fresh host, which every later call goes to. */
export function freshHost(): FakeHost {
    host = new FakeHost();
    return host;
}

export function call<K extends keyof Commands>(name: K, args: Commands[K][0]): Promise<Commands[K][1]> {
    return host.call(name, args);
}

export function listen<K extends keyof Events>(name: K, heard: (payload: Events[K]) => void): Promise<() => void> {
    return host.listen(name, heard);
}
