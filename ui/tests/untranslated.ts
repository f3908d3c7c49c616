/** Finds words that are not from the catalogue: those that still read as English in the pseudo-locale. */

import * as connections from './sample-connections';
import * as keys from './sample-keys';
import * as sample from './samples';

/** Attributes that are read or shown. */
const SAID = ['aria-label', 'aria-description', 'aria-roledescription', 'title', 'placeholder', 'alt'];

/** What is the same in every language: code, keys of the keyboard, initials. Times are written by `Intl`, and people by themselves. */
const NO_WORDS = 'code, kbd, pre, time, bdi, script, style, .ava, [lang]:not(html)';

/** Names that are no words either. */
const NAMES = ['Latchkey', 'API', 'SSH', 'GitHub', 'GitLab'];

/** Code, addresses and paths that stand where no element says so: in placeholders and tooltips. */
const CODE = ['https://accounts.example.com', 'ssh-ed25519 AAAA…', '/home/maren/.ssh', 'registry.example.org'];

/**
 * `12 January 2026`, `12 Jan 2026, 14:02`, `5 minutes ago`, `Monday, 12 January 2026 at 14:02:00 UTC`: what `Intl` says in
 * English, as the pseudo-locale is.
 */
const DATES =
    /([A-Z][a-z]{2,5}day, )?\b\d{1,2} [A-Z][a-z]{2,8}( \d{4})?( at \d\d:\d\d:\d\d \S+)?|\d+ (minute|hour|day)s? ago/gu;

/** Every text of the samples, the longest first. */
function data(): string[] {
    const found = new Set<string>([...NAMES, ...CODE]);
    const gather = (value: unknown) => {
        if (typeof value === 'string') found.add(value);
        else if (typeof value === 'object' && value !== null) Object.values(value).forEach(gather);
    };
    for (const made of [
        sample.northwind,
        sample.localPlace,
        sample.northwindPlace,
        sample.instance('Northwind'),
        sample.profile(),
        sample.sessions(),
        sample.activity(),
        sample.setup(),
        connections.integrations(),
        connections.repositories(),
        connections.registries(),
        connections.gitHelper(),
        connections.containerHelper(),
        keys.personalKey(),
        keys.apiKeys(),
        keys.sshKeys(),
    ]) {
        gather(made);
    }
    return [...found].filter((text) => text.length > 1).sort((one, other) => other.length - one.length);
}

const DATA = data();

/** What is left of a text without what is no words, if there is a letter without an accent in it. */
function plainIn(text: string): string | null {
    const words = DATA.reduce((left, known) => left.replaceAll(known, ''), text.replace(DATES, '')).trim();
    return /[a-z]/iu.test(words.normalize('NFC').replace(/[^\x20-\x7e]/gu, '')) ? words : null;
}

/** The texts within an element that are not from the catalogue, in the order in which they stand. */
export function untranslated(root: HTMLElement): string[] {
    const found: string[] = [];
    const note = (text: string | null) => {
        const plain = text === null ? null : plainIn(text);
        if (plain !== null) found.push(plain);
    };
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const element = node instanceof Element ? node : node.parentElement;
        if (element?.closest(NO_WORDS)) continue;
        if (node instanceof Element) for (const name of SAID) note(node.getAttribute(name));
        else note(node.textContent);
    }
    return found;
}
