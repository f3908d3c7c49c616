import type { Failure } from '$bindings/Failure';
import type { IntegrationArgs } from '$bindings/IntegrationArgs';
import type { Repository } from '$bindings/Repository';
import { PagedList } from '$lib/paged-list.svelte';
import type { Session } from '$lib/session.svelte';

/** How long typing rests before it is searched for. */
const REST = 300;

/** The repositories a connection reaches, all of them or those with a text in their name. */
export class Repositories {
    /** What is typed. */
    search = $state('');
    /** What the rows that are shown were searched by. */
    found = $state('');
    /** Whether an answer for what is typed is still to come. */
    searching = $state(false);

    readonly #session: Session;
    readonly #connection: IntegrationArgs;
    #list = $state.raw() as PagedList<Repository>;
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor(session: Session, connection: IntegrationArgs) {
        this.#session = session;
        this.#connection = connection;
        this.#list = this.#listOf('');
    }

    /** Null until they were read. */
    get items(): readonly Repository[] | null {
        return this.#list.items;
    }

    get failure(): Failure | null {
        return this.#list.failure;
    }

    get more(): boolean {
        return this.#list.next !== null;
    }

    get loadingMore(): boolean {
        return this.#list.loadingMore;
    }

    /** Reads what is typed for. */
    async load(): Promise<void> {
        clearTimeout(this.#timer);
        const wanted = this.search.trim();
        this.searching = true;
        const list = wanted === this.found ? this.#list : this.#listOf(wanted);
        await list.load();
        if (this.search.trim() !== wanted) return;
        this.searching = false;
        this.#list = list;
        this.found = wanted;
    }

    async loadMore(): Promise<void> {
        await this.#list.more();
    }

    /** The text has changed. */
    typed(): void {
        clearTimeout(this.#timer);
        if (this.search.trim() !== this.found || this.searching) {
            this.#timer = setTimeout(() => void this.load(), REST);
        }
    }

    /** Nobody looks any more. */
    stop(): void {
        clearTimeout(this.#timer);
    }

    #listOf(search: string): PagedList<Repository> {
        const filter = search === '' ? {} : { search };
        return new PagedList(
            (args) => this.#session.ask('list_repositories', { ...this.#connection, ...filter, ...args }),
            ({ name }) => name,
        );
    }
}
