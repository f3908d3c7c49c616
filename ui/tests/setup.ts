import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/svelte';
import { afterEach, beforeEach } from 'vitest';
import { pages } from '$lib/pages.svelte';
import { useLanguage } from '$words/words.svelte';

// A busy machine is no reason to fail.
configure({ asyncUtilTimeout: 10_000 });

/** What jsdom lacks of a browser, as far as the components need it. */

// Reduced motion: nothing fades, so that what is closed is gone at once.
window.matchMedia = (query: string) =>
    Object.assign(new EventTarget(), {
        matches: query.includes('reduced-motion'),
        media: query,
        onchange: null,
        addListener: () => undefined,
        removeListener: () => undefined,
    });

window.ResizeObserver = class {
    observe() {
        // There is no layout, hence nothing to report.
    }
    unobserve() {
        // Nothing is observed.
    }
    disconnect() {
        // Nothing is observed.
    }
};

// Without a top layer: the dialog is only open, and Esc asks it to close.
HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
    this.addEventListener('keydown', (event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
            this.dispatchEvent(new Event('cancel', { cancelable: true }));
        }
    });
};
HTMLDialogElement.prototype.close = function close() {
    this.open = false;
};

// axe asks whether an icon font is in use.
HTMLCanvasElement.prototype.getContext = () => null;

Element.prototype.setPointerCapture = () => undefined;

Element.prototype.scrollIntoView = () => undefined;

beforeEach(() => {
    // One environment serves all files: nothing of one test stands in the next one's page.
    document.body.replaceChildren();
    localStorage.clear();
    void useLanguage('en');
    delete document.documentElement.dataset.theme;
    document.documentElement.style.fontSize = '';
});

// The pages behind the first one are at hand: what waits for them is a moment of the real window.
await pages.read();

// What a file says before its first test is in English, whatever the file before it spoke.
afterEach(() => useLanguage('en'));
