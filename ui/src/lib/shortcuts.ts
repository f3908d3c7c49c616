/** Keys that work everywhere in the window. */

/** Whether this is a Mac, where Command takes the place of Control. */
const isMac = /Mac|iPhone|iPad/u.test(navigator.userAgent);

/** A shortcut as it is written in menus: `Ctrl+,` or `⌘,`. */
export function written(key: string): string {
    return isMac ? `⌘${key}` : `Ctrl+${key}`;
}

/** What a key press asks for; null where it is nobody's shortcut. */
export type Shortcut =
    | { name: 'account' }
    | { name: 'profile' }
    | { name: 'section'; index: number }
    | { name: 'text_size'; step: 1 | -1 | 0 }
    | { name: 'next_pane'; backwards: boolean }
    | { name: 'reload' }
    | { name: 'undo' }
    | { name: 'paste' }
    | { name: 'app_settings' }
    | { name: 'shortcuts' }
    | { name: 'close' }
    | { name: 'quit' };

export function shortcutOf(event: KeyboardEvent): Shortcut | null {
    if (event.key === 'F6') return { name: 'next_pane', backwards: event.shiftKey };
    if (event.key === 'F5') return { name: 'reload' };
    if (event.key === 'F1') return { name: 'shortcuts' };
    const command = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    if (!command || event.altKey) return null;
    // With Shift, what the key types differs by the layout.
    if (event.shiftKey && event.code === 'Comma') return { name: 'app_settings' };
    switch (event.key) {
        case '/':
            return { name: 'shortcuts' };
        case ',':
            return { name: 'account' };
        case '+':
        case '=':
            return { name: 'text_size', step: 1 };
        case '-':
        case '_':
            return { name: 'text_size', step: -1 };
        case '0':
            return { name: 'text_size', step: 0 };
    }
    const key = event.key.toLowerCase();
    if (key === 'q' && !event.shiftKey) return { name: 'quit' };
    if (key === 'w' && !event.shiftKey) return { name: 'close' };
    if (key === 'r' && !event.shiftKey) return { name: 'reload' };
    if (key === 'z' && !event.shiftKey) return { name: 'undo' };
    if (key === 'v' && !event.shiftKey) return { name: 'paste' };
    if (key === 'p' && event.shiftKey) return { name: 'profile' };
    if (/^[1-9]$/u.test(key) && !event.shiftKey) return { name: 'section', index: Number(key) - 1 };
    return null;
}

/** Whether what is typed or pasted goes into a text field. */
export function inTextField(target: EventTarget | null): boolean {
    if (target instanceof HTMLTextAreaElement) return true;
    return target instanceof HTMLInputElement && !['range', 'radio', 'checkbox', 'button'].includes(target.type);
}
