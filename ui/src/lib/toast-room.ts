/** Room for a toast: pages end above it, and what has the focus does not stay below it. */

/** What a toast takes from the bottom of the window, with the gap below it and one above. */
const ROOM = '--toast-room';
/** How high the foot is that it stands above, before somebody is signed in. */
const FOOT = '--toast-foot';

/** Tells the styles about a toast for as long as it is there. */
export function makeRoom(toast: HTMLElement): () => void {
    const { style } = document.documentElement;
    const measure = () => {
        style.setProperty(ROOM, `calc(${toast.offsetHeight}px + var(--s8))`);
        style.setProperty(FOOT, `${document.querySelector<HTMLElement>('.entry .foot')?.offsetHeight ?? 0}px`);
        uncover(toast);
    };
    // What it says, the size of the text and the width of the window may change meanwhile.
    const sizes = new ResizeObserver(measure);
    sizes.observe(toast);
    measure();
    return () => {
        sizes.disconnect();
        for (const property of [ROOM, FOOT]) style.removeProperty(property);
    };
}

/** Brings what has the focus out from below it: the switch that was just turned, say. */
function uncover(toast: HTMLElement): void {
    const { activeElement } = document;
    if (!activeElement?.closest('.page, .entry .scroll')) return;
    const [one, other] = [toast.getBoundingClientRect(), activeElement.getBoundingClientRect()];
    const across = one.left < other.right && other.left < one.right;
    const down = one.top < other.bottom && other.top < one.bottom;
    if (across && down) activeElement.scrollIntoView({ block: 'nearest' });
}
