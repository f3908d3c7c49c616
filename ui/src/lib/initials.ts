/** The avatar of somebody who has not chosen one; the same rules as `crates/avatar`. */

const COLOURS = 6;

/** A letter or digit with the marks that belong to it. */
const LETTER = /[\p{Alphabetic}\p{N}]\p{M}*/u;

/**
 * One or two letters: the first of the first word and the first of the last, in capitals. White space and hyphens
 * separate words; a name without any letter or digit gives nothing.
 */
export function initials(name: string): string {
    const letters = name
        .split(/[\s-]+/u)
        .map((word) => LETTER.exec(word)?.[0])
        .filter((letter) => letter !== undefined);
    const [first = '', ...others] = letters.map(capital);
    return first + (others.at(-1) ?? '');
}

/** Which of the six avatar colours belongs to a user name: FNV-1a (32 bits) over its UTF-8 bytes. */
export function avatarColour(username: string): number {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(username)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash % COLOURS;
}

/** German ß would become SS: one letter is enough. */
function capital(letter: string): string {
    const upper = letter.toUpperCase();
    return upper.length === letter.length ? upper : letter;
}
