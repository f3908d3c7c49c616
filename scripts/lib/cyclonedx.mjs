// A software bill of materials of one of the programs: CycloneDX 1.6 in JSON.
//
// The same commit gives the same bytes: the time is that of the sources, and the serial number is made of the content.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cratesOf, npmPackages } from "./shipped-packages.mjs";

/** Whether a program has the page in it. */
const WITH_PAGE = { latchkey: true, "latchkey-server": false };

/** The programs there is a bill of. */
export const PROGRAMS = Object.keys(WITH_PAGE);

/** The bill of a program. `time` is a `Date`: that of the sources. */
export function billOf(program, root, time) {
  const crates = cratesOf(program, root);
  const page = WITH_PAGE[program] ? npmPackages(root) : [];
  const subject = crates.find((one) => one.name === program);
  const libraries = [...crates.filter((one) => one !== subject), ...page].sort(byUrl);
  const bundled = bundledLibraries(crates);
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: time.toISOString().replace(/\.\d+Z$/, "Z"),
      lifecycles: [{ phase: "build" }],
      component: { ...component(subject), type: "application" },
    },
    components: [...libraries.map(component), ...bundled.map(({ component }) => component)],
    dependencies: [
      { ref: subject.url, dependsOn: unique([...subject.needs, ...page.map(({ url }) => url)]) },
      ...libraries.map(({ url, needs }) => {
        const inside = bundled.filter(({ inside }) => inside === url).map(({ component }) => component["bom-ref"]);
        return { ref: url, dependsOn: unique([...needs, ...inside]) };
      }),
      ...bundled.map(({ component }) => ({ ref: component["bom-ref"], dependsOn: [] })),
    ],
  };
  return { ...bill, serialNumber: serialNumber(JSON.stringify(bill)) };
}

function component(one) {
  // Our own crates are in no registry.
  const elsewhere = !one.own && /^https?:/.test(one.home);
  const home = elsewhere ? { externalReferences: [{ type: "website", url: one.home }] } : {};
  return {
    type: "library",
    "bom-ref": one.url,
    name: one.name,
    version: one.version,
    scope: "required",
    ...(one.hash ? { hashes: [one.hash] } : {}),
    licenses: [{ expression: one.expression }],
    purl: one.url,
    ...home,
  };
}

/** What crates bring along in C and no list of crates names: SQLite, whose advisories are about its own versions. */
function bundledLibraries(crates) {
  return crates
    .filter(({ name }) => name === "libsqlite3-sys")
    .map((crate) => {
      const header = readFileSync(join(crate.folder, "sqlite3/sqlite3.h"), "utf8");
      const version = header.match(/#define SQLITE_VERSION\s+"([\d.]+)"/)[1];
      const url = `pkg:generic/sqlite@${version}`;
      const sqlite = { name: "sqlite", version, expression: "blessing", home: "https://www.sqlite.org", url };
      return { inside: crate.url, component: component(sqlite) };
    });
}

const unique = (urls) => [...new Set(urls)].sort();

const byUrl = (a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0);

/** A UUID (version 8, RFC 9562 section 5.8) of the content. */
function serialNumber(text) {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")}`;
}
