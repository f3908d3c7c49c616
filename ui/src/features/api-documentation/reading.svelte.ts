import { tick } from 'svelte';
import type { ApiDocumentation } from '$bindings/ApiDocumentation';
import type { Failure } from '$bindings/Failure';
import { call } from '$lib/host';
import { asRefusal } from '$lib/refusal';
import { found } from './search';

/** The documentation as somebody reads it: what was searched for, and what is unfolded. */
export class Reading {
    /** Null until it was read. */
    documentation = $state.raw<ApiDocumentation | null>(null);
    /** Why reading failed. */
    failure = $state.raw<Failure | null>(null);
    search = $state('');
    /** What the search leaves. */
    readonly shown = $derived(this.documentation && found(this.documentation, this.search));

    #unfolded = $state.raw<ReadonlySet<string>>(new Set());

    /** The shell has it: no server is asked. */
    async load(): Promise<void> {
        this.failure = null;
        try {
            this.documentation = await call('get_api_documentation', {});
        } catch (cause) {
            this.failure = asRefusal(cause);
        }
    }

    isUnfolded(id: string): boolean {
        return this.#unfolded.has(id);
    }

    fold(id: string, unfolded: boolean): void {
        const all = new Set(this.#unfolded);
        if (unfolded) all.add(id);
        else all.delete(id);
        this.#unfolded = all;
    }

    /** Unfolds a type and goes there. The search would hide it. */
    async show(type: string): Promise<void> {
        this.search = '';
        this.fold(typeId(type), true);
        await tick();
        document.getElementById(typeId(type))?.focus();
    }
}

/** Names a type's entry on the page. */
export const typeId = (name: string) => `type-${name}`;
