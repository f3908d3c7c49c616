import { createContext } from 'svelte';

export type Theme = 'light' | 'dark' | 'system';

/** Where choices are kept; public/first-paint.js reads the same keys. */
const THEME = 'latchkey.theme';
const TEXT_SIZE = 'latchkey.text-size';

/** Text sizes in percent. */
const SIZES = [80, 90, 100, 110, 125, 150, 175, 200] as const;

/** Theme and text size of this computer. */
export class Appearance {
    theme = $state<Theme>('system');
    /** In percent. */
    textSize = $state(100);

    constructor() {
        const theme = localStorage.getItem(THEME);
        if (theme === 'light' || theme === 'dark') this.theme = theme;
        const size = Number(localStorage.getItem(TEXT_SIZE));
        if (size >= SIZES[0] && size <= (SIZES.at(-1) ?? 200)) this.textSize = size;
    }

    choose(theme: Theme): void {
        this.theme = theme;
        if (theme === 'system') {
            localStorage.removeItem(THEME);
            delete document.documentElement.dataset.theme;
        } else {
            localStorage.setItem(THEME, theme);
            document.documentElement.dataset.theme = theme;
        }
    }

    /** One step larger, one smaller, or back to normal. */
    resize(step: 1 | -1 | 0): void {
        const next =
            step === 0
                ? 100
                : step === 1
                  ? SIZES.find((size) => size > this.textSize)
                  : SIZES.findLast((size) => size < this.textSize);
        if (next === undefined) return;
        this.textSize = next;
        localStorage.setItem(TEXT_SIZE, String(next));
        document.documentElement.style.fontSize = next === 100 ? '' : `${next}%`;
    }
}

export const [getAppearance, setAppearance] = createContext<Appearance>();
