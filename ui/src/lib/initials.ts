/** The avatar of somebody who has not chosen one; the same rules as `crates/avatar`. */

const COLOURS = 6;

/** First letters of the first and the last word of a name, in capitals. A letter is a grapheme cluster. */
export function initials(name: string): string {
    const words = name.split(/\s+/u).filter((word) => word !== '');
    const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words;
    return picked.map((word) => firstGrapheme(word ?? '').toLocaleUpperCase('en')).join('');
}

/** Which of the six avatar colours belongs to a user name: FNV-1a (32 bits) over its UTF-8 bytes. */
export function avatarColour(username: string): number {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(username)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash % COLOURS;
}

function firstGrapheme(word: string): string {
    const [first] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(word);
    return first?.segment ?? '';
}
