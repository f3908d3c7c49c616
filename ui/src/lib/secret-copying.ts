/** Secrets that somebody selects and copies go the way of all copied secrets: for a minute, and past clipboard managers. */

/** Marks what is secret where it is shown. */
const SECRET = '[data-secret]';

/** What is about to be copied or cut, if any of it is secret. */
export function secretSelected(event: ClipboardEvent): string | null {
    const { target } = event;
    if (target instanceof HTMLInputElement) {
        const { selectionStart, selectionEnd, value } = target;
        const selected = value.slice(selectionStart ?? 0, selectionEnd ?? 0);
        return target.closest(SECRET) === null || selected === '' ? null : selected;
    }
    const selection = document.getSelection();
    if (selection === null || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const secrets = [...document.querySelectorAll(SECRET)];
    return secrets.some((one) => range.intersectsNode(one)) ? selection.toString() : null;
}

/** Takes what was cut out of its field, as the web view would have done. */
export function takeOut(event: ClipboardEvent): void {
    const { target, type } = event;
    if (type !== 'cut' || !(target instanceof HTMLInputElement)) return;
    target.setRangeText('');
    target.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'deleteByCut' }));
}
