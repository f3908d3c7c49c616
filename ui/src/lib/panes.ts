/** The parts of the window F6 goes through, in order; an absent one is passed over. */
const PANES = ['[data-pane="navigation"]', '[data-pane="sections"]', '[data-pane="content"]', '[data-pane="toast"]'];

const FOCUSABLE = 'a[href], button, input, textarea, [tabindex]:not([tabindex="-1"])';

/** Moves the focus to the first control of the next part of the window, or to its heading where it has none. */
export function focusNextPane(backwards: boolean): void {
    const panes = PANES.map((pane) => document.querySelector<HTMLElement>(pane)).filter(
        (pane) => pane !== null && shows(pane),
    );
    const at = panes.findIndex((pane) => pane?.contains(document.activeElement));
    const next = panes.at((at + (backwards ? -1 : 1) + (at < 0 && backwards ? 1 : 0)) % panes.length);
    const controls = [...(next?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
    (controls.find(shows) ?? next?.querySelector<HTMLElement>('h1'))?.focus();
}

function shows(element: HTMLElement): boolean {
    return element.getClientRects().length > 0;
}
