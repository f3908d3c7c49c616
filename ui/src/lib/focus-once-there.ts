/** What can have the focus, of what people use. */
const CONTROLS = 'button, input, select, textarea, a[href]';

/**
 * Gives the focus to the first of these elements that is there, or to the first control within it, now or as soon as one is
 * shown. Whoever has moved the focus or left the page by then keeps it where it is.
 */
export function focusOnceThere(ids: readonly string[]): void {
    if (ids.length === 0) return;
    const before = document.activeElement;
    const look = (): boolean => {
        if (document.activeElement !== before) return true;
        const found = ids.map((id) => document.getElementById(id)).find((element) => element !== null);
        const control = found?.matches(CONTROLS) ? found : found?.querySelector<HTMLElement>(CONTROLS);
        control?.focus();
        return control !== undefined && control !== null;
    };
    if (look()) return;
    const observer = new MutationObserver(() => {
        if (look()) observer.disconnect();
    });
    observer.observe(document.body, { childList: true, subtree: true });
}
