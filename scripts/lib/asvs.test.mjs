// docs/ASVS.md promises: every requirement has its row, what holds is shown, and what is named is there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const DOCUMENT = readFileSync(join(ROOT, "docs/ASVS.md"), "utf8");

/** The requirements of levels 1 and 2 in the chapters that were gone through: how many each section of 5.0.0 has there. */
const LEVELS = {
  1: "1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1 5.2.1-2 5.3.1-2 6.1.1 6.2.1-8 \
6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 9.1.1-3 9.2.1 10.4.1-5 11.3.1-2 11.4.1 12.1.1 12.2.1-2 14.2.1 14.3.1",
  2: "1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.5.4-5 3.7.1-2 4.1.2-3 4.2.1 \
4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 6.1.2-3 6.2.9-12 6.3.3-4 6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.3.1-2 7.4.3-5 \
7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1 9.2.2-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.6-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 \
11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2-3 12.3.1-4 14.1.1-2 14.2.2-4 14.3.2-3 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 \
16.5.1-3",
};

/** What folders are called in the document. */
const FOLDERS = {
  stories: "crates/testkit/tests/stories",
  edge: "crates/server/tests/edge",
  program: "crates/server/tests/program",
  service: "crates/service/src",
  outbound: "crates/outbound/src",
  store: "crates/store/tests/store",
  avatar: "crates/avatar/tests/pipeline",
  shell: "src-tauri",
};

const rows = [...DOCUMENT.matchAll(/^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(
  ([, number, level, asked, stands, shown]) => ({ number, level, asked, stands, shown }),
);

/** `1.2.6-9` as four requirements. */
const spread = (text) =>
  text.split(" ").flatMap((part) => {
    const [, section, first, last] = part.match(/^(\d+\.\d+)\.(\d+)(?:-(\d+))?$/);
    const count = Number(last ?? first) - Number(first) + 1;
    return Array.from({ length: count }, (_, index) => `${section}.${Number(first) + index}`);
  });

const place = (path) => {
  const [folder, ...rest] = path.split("/");
  return FOLDERS[folder] && rest.length > 0 ? join(FOLDERS[folder], ...rest) : path;
};

/** Whether a file has a test of this name: one of Rust's, one in a list of a macro that makes tests, or one of Node's. */
function hasTest(file, name) {
  const text = readFileSync(join(ROOT, file), "utf8");
  if (!file.endsWith(".rs")) return text.includes(`'${name}'`) || text.includes(`"${name}"`);
  const attributes = /#\[(?:tokio::)?test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*|\/\/.*\s*)*(?:pub(?:\([^)]*\))? )?(?:async )?fn (\w+)/g;
  if ([...text.matchAll(attributes)].some(([, found]) => found === name)) return true;
  return new RegExp(`fn ${name}\\b`).test(text) && new RegExp(`^\\s+${name}[;,]?$`, "m").test(text);
}

test("every requirement has its row, once, in order and at its level", () => {
  for (const level of ["1", "2"]) {
    const found = rows.filter((row) => row.level === level).map(({ number }) => number);
    assert.deepEqual([...found].sort(), spread(LEVELS[level]).sort());
  }
  const order = rows.map(({ number }) => number.split(".").reduce((sum, part) => sum * 100 + Number(part), 0));
  assert.deepEqual(order, [...order].sort((a, b) => a - b));
  assert.equal(rows.length, DOCUMENT.match(/^\| \d/gm).length, "a row that is not read as one");
});

test("what is named is there", () => {
  let tests = 0;
  for (const { number, stands, shown } of rows) {
    assert.ok(["holds", "does not apply", "open"].includes(stands), `${number}: ${stands}`);
    const named = [...shown.matchAll(/`([\w./-]+\.(?:rs|ts|mjs)::[^`]+|[\w./-]+\/[\w./-]+\.\w+|[\w.-]+\.(?:toml|json|lock))`/g)];
    const linked = [...shown.matchAll(/\]\(([\w./-]+)(?:#([\w-]+))?\)/g)];
    for (const [, reference] of named) {
      const [file, name] = [place(reference.split("::")[0]), reference.split("::")[1]];
      assert.ok(existsSync(join(ROOT, file)), `${number}: there is no ${file}`);
      if (name) assert.ok(hasTest(file, name), `${number}: ${file} has no test ${name}`);
      tests += name ? 1 : 0;
    }
    for (const [, file, heading] of linked) {
      const text = readFileSync(join(ROOT, "docs", file), "utf8");
      const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, words]) => words.toLowerCase().replaceAll(" ", "-"));
      assert.ok(!heading || headings.includes(heading), `${number}: ${file} has no heading ${heading}`);
    }
    const shows = named.length + linked.length > 0 || shown.startsWith("the same") || shown.includes("`ui/src`");
    assert.ok(stands !== "holds" || shows, `${number} holds, and nothing shows it`);
  }
  assert.ok(tests > 100, `${tests}`);
});

test("the counts are those of the rows", () => {
  const count = (verdict) => rows.filter(({ stands }) => stands === verdict).length;
  const line = `Of ${rows.length} requirements ${count("holds")} hold, ${count("does not apply")} do not apply, \
${count("open")} are open.`;
  assert.ok(DOCUMENT.includes(line), line);
});
