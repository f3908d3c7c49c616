/** Whether a dialog is open. One that is just fading away is not: what is pressed meanwhile is meant for the page. */
export function dialogIsOpen(): boolean {
    return document.querySelector('dialog[open]:not([inert])') !== null;
}
