/**
 * What is not Arabic within a sentence (a name, a host, a path, an address), set apart by Unicode's isolates so that it
 * keeps its own direction and does not pull the words around it along.
 */
export function apart(text: string | number): string {
    return `\u2068${text}\u2069`;
}
