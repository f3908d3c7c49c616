/**
 * English that looks foreign: every letter has an accent, and brackets and a third more length are put around. What
 * still reads as plain English in it is not in the catalogue; what lacks a bracket is clipped. Not in builds for people.
 */

import { en } from './en';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = 'áƀçðéƒĝĥíĵķļɱñóþʠŕšţúṽŵẋýžÁƁÇÐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ';

/** A text in the pseudo-locale. Tags such as `<link>`, and `{name}` for what the shell fills in, are no words and stay. */
export function foreign(text: string): string {
    const letters = text
        .split(/(<\/?\w+\/?>|\{\w+\})/u)
        .map((part, index) => (index % 2 === 1 ? part : part.replace(/[a-z]/giu, accented)))
        .join('');
    return `[${letters}${'~'.repeat(Math.ceil(text.length * 0.35))}]`;
}

function accented(letter: string): string {
    return ACCENTED[PLAIN.indexOf(letter)] ?? letter;
}

function translated(value: unknown): unknown {
    if (typeof value === 'string') return foreign(value);
    if (typeof value === 'function') {
        return (...given: unknown[]) => translated((value as (...args: unknown[]) => unknown)(...given));
    }
    if (Array.isArray(value)) return value.map(translated);
    if (typeof value === 'object' && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, translated(inner)]));
    }
    return value;
}

export const pseudo = translated(en) as typeof en;
