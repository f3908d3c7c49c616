/** How a press ends. */
const RELEASES = ['pointerup', 'pointercancel', 'dragend'] as const;

/** Whether a button of the mouse, a pen or a finger is down. */
let pressed = false;

addEventListener('pointerdown', () => (pressed = true), true);
for (const release of RELEASES) addEventListener(release, () => (pressed = false), true);

/**
 * Does something once nothing is pressed any more, or at once where nothing is.
 *
 * A press takes the focus from the field before it. What appears then may move the page, so that the button slips away
 * from under the pointer and the click never happens.
 */
export function afterPress(act: () => void): void {
    if (!pressed) {
        act();
        return;
    }
    const waiting = new AbortController();
    for (const release of RELEASES) {
        const done = () => {
            waiting.abort();
            // The click follows the release within the same task.
            setTimeout(act);
        };
        addEventListener(release, done, { capture: true, signal: waiting.signal });
    }
}
