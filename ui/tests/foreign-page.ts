/** Pages in the pseudo-locale, and what of them is not from the catalogue. */

import { waitFor } from '@testing-library/svelte';
import { expect } from 'vitest';
import { useLanguage } from '$words/words.svelte';
import type { FakeHost } from './fake-host';
import { openApp } from './open-app';
import { untranslated } from './untranslated';

type App = ReturnType<typeof openApp>;

const page = () => document.querySelector<HTMLElement>('.page');
const dialog = () => document.querySelector<HTMLElement>('dialog[open]');

/** The place of each section in the sidebar, by which its key leads there. */
export const PLACES = { 'api-keys': 3, 'check-up': 5, 'ssh-keys': 6, 'source-code': 7, registries: 8 } as const;

/** Everything there is to say stands there, nothing is still being read. */
async function settled(element: () => HTMLElement | null): Promise<HTMLElement> {
    await waitFor(() => {
        expect(element()).not.toBeNull();
        expect(element()?.querySelector('[aria-busy="true"]')).toBeNull();
    });
    return element() as HTMLElement;
}

/** The app in the pseudo-locale, at a section; `prepare` lets somebody in. */
export async function openForeign(
    section: keyof typeof PLACES,
    prepare: (host: FakeHost) => void = (host) => host.signedIn(),
): Promise<App> {
    await useLanguage('pseudo');
    const app = openApp(prepare);
    const before = await settled(page);
    await app.user.keyboard(`{Control>}${PLACES[section]}{/Control}`);
    await waitFor(() => expect(page()).not.toBe(before));
    await settled(page);
    return app;
}

/** The words of the page and of the window's title that are not from the catalogue. */
export async function plainOnPage(): Promise<string[]> {
    const settledPage = await settled(page);
    return [...untranslated(document.head), ...untranslated(settledPage)];
}

/** The words of the dialog that is open. */
export async function plainInDialog(): Promise<string[]> {
    return untranslated(await settled(dialog));
}
