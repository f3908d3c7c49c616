import { createContext } from 'svelte';
import type { Push } from '$bindings/Push';
import type { SshKeyView } from '$bindings/SshKeyView';
import type { Closing } from '$lib/closing';
import { Draft } from '$lib/draft';
import { PagedList } from '$lib/paged-list.svelte';
import { Removals } from '$lib/removals.svelte';
import type { Session } from '$lib/session.svelte';
import type { Toasts } from '$lib/toasts.svelte';

/** What was typed of a key to add; `proposed` is the name that was read from it. */
export interface KeyToAdd {
    values: Record<'public_key' | 'name', string>;
    proposed: string;
}

/** What was typed of a pair to generate, but its passphrase; `proposed` is what the computer chose. */
export interface PairToGenerate {
    values: Record<'name' | 'folder' | 'file_name' | 'alias' | 'host_name' | 'user' | 'port', string>;
    proposed: Record<'file_name' | 'name', string>;
    withHost: boolean;
}

/** The SSH keys of the account. Kept while it is open. */
export class SshKeys {
    readonly list: PagedList<SshKeyView>;
    readonly removals: Removals;
    readonly toAdd = new Draft<KeyToAdd>();
    readonly toGenerate = new Draft<PairToGenerate>();

    constructor(session: Session, toasts: Toasts, closing: Closing) {
        this.list = new PagedList(
            (args) => session.ask('list_ssh_keys', args),
            ({ key }) => key.id,
        );
        this.list.show(session.saved?.ssh_keys ?? null);
        this.removals = new Removals({
            toasts,
            closing,
            verb: 'removed',
            account: () => session.accountArgs,
            send: (key) => session.askFor(key.account, 'remove_ssh_key', key),
        });
    }

    /** The keys that are shown; null until they were read. */
    get shown(): SshKeyView[] | null {
        return this.list.items?.filter(({ key }) => !this.removals.gone.has(key.id)) ?? null;
    }

    /** How many there are; null while not all of them are here. */
    get count(): number | null {
        return this.list.next === null ? (this.shown?.length ?? null) : null;
    }

    /** Reads again what a push is about. */
    hear(push: Push): void {
        if (push.event === 'activity.new' && push.category === 'ssh_keys') void this.list.refresh();
    }
}

export const [getSshKeys, setSshKeys] = createContext<SshKeys>();
