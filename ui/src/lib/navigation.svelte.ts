import { createContext, tick } from 'svelte';
import type { Section } from '$bindings/Section';
import { focusOnceThere } from './focus-once-there';
import { pages } from './pages.svelte';

/** A page of the signed-in app. */
export type Page =
    | { name: 'profile' }
    | { name: 'edit_profile' }
    | { name: 'account'; section: Section }
    | { name: 'api_documentation' };

/** Asks whether the page may be left; false keeps it. */
export type Guard = () => boolean | Promise<boolean>;

/** Which page is open, and who must be asked before it is left. */
export class Navigation {
    page = $state.raw<Page>({ name: 'profile' });
    /** Whether the choice of places covers the page. */
    choosingPlace = $state(false);

    #guard: Guard | null = null;
    #before: Page = { name: 'profile' };

    /** Begins on the profile, as every account does. */
    restart(): void {
        this.#before = { name: 'profile' };
        this.page = { name: 'profile' };
    }

    /** Asks `guard` before the page is left, until the returned function is called. */
    hold(guard: Guard): () => void {
        this.#guard = guard;
        return () => {
            if (this.#guard === guard) this.#guard = null;
        };
    }

    /** Whether the page may be left. Every way out asks: pages, accounts, places, signing out. */
    async mayLeave(): Promise<boolean> {
        return this.#guard === null || (await this.#guard());
    }

    /** Opens a page, if the present one lets go. */
    async go(page: Page): Promise<boolean> {
        if (samePage(this.page, page) && !this.choosingPlace) return true;
        if (!(await this.mayLeave())) return false;
        if (pages.all === null) await pages.read();
        if (!samePage(this.page, page)) this.#before = this.page;
        this.page = page;
        this.choosingPlace = false;
        return true;
    }

    /** Opens a page, and lets those who do not see it know that it changed. */
    async open(page: Page): Promise<boolean> {
        if (!(await this.go(page))) return false;
        await tick();
        document.querySelector<HTMLElement>('main h1')?.focus();
        return true;
    }

    /** Opens a page, and brings the focus to the first of these elements, named by their ids, once it is shown. */
    async openAt(page: Page, ids: readonly string[]): Promise<boolean> {
        if (!(await this.open(page))) return false;
        focusOnceThere(ids);
        return true;
    }

    /** Opens the page that was open before this one. */
    back(): Promise<boolean> {
        return this.open(this.#before);
    }

    /** Opens the choice of places, if the present page lets go. */
    async choosePlace(): Promise<void> {
        if (await this.mayLeave()) this.choosingPlace = true;
    }
}

function samePage(one: Page, other: Page): boolean {
    return one.name === 'account' && other.name === 'account' ? one.section === other.section : one.name === other.name;
}

export const [getNavigation, setNavigation] = createContext<Navigation>();
