// The licence texts that packages ship, and what stands in where one ships none.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|unlicense|ofl)([-._].*)?$/i;
const NOTICE_FILE = /^(notice|copyright)([-._].*)?$/i;
const APACHE = /Apache License\s+Version 2\.0/i;
const OTHER_TERMS = /Permission is hereby|Redistribution and use/;

/** The texts a package ships for the licences that were chosen, and its notices. Line ends are made uniform. */
export function shippedTexts(folder, licences) {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(rs|js|json|html)$/i.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const read = (file) => readFileSync(join(folder, file), "utf8").replace(/[ \t\r]+$/gm, "").trim();
  const notices = files.filter((file) => NOTICE_FILE.test(file)).map(read);
  // The Apache licence is printed once, whatever the layout of a package's copy.
  if (licences.every((licence) => licence === "Apache-2.0")) return notices;

  const spdx = licences.join(" ").toLowerCase();
  const terms = files
    .filter((file) => LICENCE_FILE.test(file))
    .filter((file) => {
      // LICENSE-MIT beside LICENSE-ZLIB: a name that is another licence's is not ours.
      const [named] = file.toLowerCase().match(/apache|mit\b|bsd|zlib|boost|unlicense|mpl|isc\b|cc0/) ?? [];
      return !named || spdx.includes(named);
    })
    .map(read)
    .filter((text) => !APACHE.test(text) || OTHER_TERMS.test(text));
  return [...terms, ...notices];
}

/** For a package that ships no text: that of a package from the same repository, or the licence's standard text. */
export function standardTexts(one, all, root) {
  const siblings = all.filter((other) => other.texts.length > 0 && other.licences.join() === one.licences.join());
  const sibling = siblings.find((other) => other.home === one.home);
  if (sibling) return sibling.texts;
  if (one.licences.join() === "MIT") {
    const authors = one.authors.length > 0 ? one.authors.join(", ") : `the authors of ${one.name}`;
    return [readFileSync(join(root, "LICENSE-MIT"), "utf8").trim().replace(/^Copyright .*$/m, `Copyright (c) ${authors}`)];
  }
  if (one.licences.join() === "MPL-2.0" && siblings.length > 0) return siblings[0].texts;
  return [];
}
