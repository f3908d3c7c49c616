/** A stretch of a sentence: plain where `tag` is null. */
export interface Part {
    tag: string | null;
    words: string;
}

/** Takes a sentence of a catalogue apart: `See <link>here</link>, <name/>.` Tags do not stand in one another. */
export function partsOf(sentence: string): Part[] {
    const parts: Part[] = [];
    let end = 0;
    for (const match of sentence.matchAll(/<(?<tag>\w+)(?:\/>|>(?<words>[^<]*)<\/\k<tag>>)/gu)) {
        if (match.index > end) parts.push({ tag: null, words: sentence.slice(end, match.index) });
        parts.push({ tag: match.groups?.tag ?? null, words: match.groups?.words ?? '' });
        end = match.index + match[0].length;
    }
    if (end < sentence.length) parts.push({ tag: null, words: sentence.slice(end) });
    return parts;
}
