/** The parts of the window F6 goes through, in order; an absent one is passed over. */
const PANES = ['[data-pane="navigation"]', '[data-pane="sections"]', '[data-pane="content"]'];

const FOCUSABLE = 'a[href], button, input, textarea, [tabindex]:not([tabindex="-1"])';

/** Moves the focus to the first control of the next part of the window. */
export function focusNextPane(backwards: boolean): void {
    const panes = PANES.map((pane) => document.querySelector<HTMLElement>(pane)).filter(
        (pane) => pane !== null && pane.getClientRects().length > 0,
    );
    const at = panes.findIndex((pane) => pane?.contains(document.activeElement));
    const next = panes.at((at + (backwards ? -1 : 1) + (at < 0 && backwards ? 1 : 0)) % panes.length);
    next?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
}
