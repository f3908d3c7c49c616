/** What Latchkey is made of, out of the document that `scripts/licenses` writes. */

/** A package in the programs. */
export interface Package {
    name: string;
    version: string;
    /** The licence it is used under. */
    licence: string;
    /** The texts that go with it. */
    texts: string[];
}

/** Reads the document when somebody asks: it is a file of its own, and packed, until then. */
export async function loadPackages(): Promise<Package[]> {
    const { default: document } = await import('../../../../THIRD-PARTY-LICENSES.md?raw');
    return packagesOf(document);
}

/** `| [name](home) | version | licence |` */
const ROW = /^\| \[(.+)\]\(.*\) \| (.+) \| (.+) \|$/gmu;

/** A heading with the text behind it, in a fence of at least three backticks that no line of it has. */
const TEXT = /^###? (.+)\n\n(`{3,})text\n([\s\S]*?)\n\2$/gmu;

/** The heading above the one text that all packages under it share. */
const APACHE = 'Apache License 2.0';

/** The packages of the document, in its order. */
export function packagesOf(document: string): Package[] {
    const texts = new Map<string, string[]>();
    for (const [, heading = '', , text = ''] of document.matchAll(TEXT)) {
        for (const label of heading.split(', ')) texts.set(label, [...(texts.get(label) ?? []), text]);
    }
    return [...document.matchAll(ROW)].map(([, name = '', version = '', licence = '']) => {
        const own = texts.get(`${name} ${version}`) ?? [];
        const shared = licence.startsWith('Apache-2.0') ? (texts.get(APACHE) ?? []) : [];
        return { name, version, licence, texts: [...own, ...shared] };
    });
}

/** Those with every word of a search in their names, versions and licences. */
export function found(packages: readonly Package[], search: string): Package[] {
    const sought = search.toLowerCase().split(/\s+/u).filter(Boolean);
    return packages.filter(({ name, version, licence }) => {
        const text = `${name} ${version} ${licence}`.toLowerCase();
        return sought.every((word) => text.includes(word));
    });
}
