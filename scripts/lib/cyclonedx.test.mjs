import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { PROGRAMS, billOf } from "./cyclonedx.mjs";
import { LISTS, npmPackages, rustPackages } from "./shipped-packages.mjs";
import { choose } from "./spdx.mjs";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const TIME = new Date(1_768_219_200_000);
const bills = new Map(PROGRAMS.map((program) => [program, billOf(program, ROOT, TIME)]));

/** What the published schema says against a bill, or null. */
const refused = (bill) => new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(bill));

for (const [program, bill] of bills) {
  test(`the bill of ${program} fits the published schema`, async () => {
    assert.equal(await refused(bill), null);
    for (const change of [{ specVersion: 1.6 }, { serialNumber: "1" }, { invented: true }, { components: [{}] }]) {
      assert.notEqual(await refused({ ...bill, ...change }), null, JSON.stringify(change));
    }
  });

  test(`every component of ${program} has a place, a licence and the checksum of its lock file`, () => {
    const own = bill.components.filter(({ name }) => name.startsWith("latchkey"));
    assert.ok(own.length >= 6, `${own.length}`);
    for (const one of bill.components) {
      assert.match(one.purl, /^pkg:(cargo|npm|generic)\/\S+@\S+$/);
      assert.ok(choose(one.licenses[0].expression) || one.purl.startsWith("pkg:generic/"), one.purl);
      const unhashed = own.includes(one) || one.purl.startsWith("pkg:generic/");
      const digits = { "SHA-256": 64, "SHA-512": 128 }[one.hashes?.[0].alg];
      assert.equal(one.hashes?.[0].content.length, unhashed ? undefined : digits, one.purl);
    }
  });

  test(`what components of ${program} need is in the bill`, () => {
    const known = [bill.metadata.component, ...bill.components].map((one) => one["bom-ref"]);
    assert.equal(new Set(known).size, known.length);
    assert.deepEqual(bill.dependencies.map(({ ref }) => ref).sort(), [...known].sort());
    for (const { ref, dependsOn } of bill.dependencies) {
      assert.deepEqual(dependsOn.filter((needed) => !known.includes(needed)), [], ref);
    }
    const reached = new Set([bill.metadata.component["bom-ref"]]);
    for (const ref of reached) bill.dependencies.find((one) => one.ref === ref).dependsOn.forEach((one) => reached.add(one));
    assert.equal(reached.size, known.length, "everything is there because something needs it");
  });
}

test("the list of licences has every component that is not ours", () => {
  const shipped = [...rustPackages(ROOT), ...npmPackages(ROOT)].map(({ url }) => url);
  assert.equal(shipped.length + LISTS.length, readFileSync(join(ROOT, "THIRD-PARTY-LICENSES.md"), "utf8").match(/^\| \[/gm).length);
  const foreign = ({ name, purl }) => !name.startsWith("latchkey") && !purl.startsWith("pkg:generic/");
  const billed = [...bills.values()].flatMap(({ components }) => components.filter(foreign).map(({ purl }) => purl));
  assert.deepEqual(billed.filter((url) => !shipped.includes(url)), []);
});

test("each program has its own parts and not the other's", () => {
  const has = (program, name) => bills.get(program).components.some((one) => one.name === name);
  for (const [name, app, server] of [
    ["tauri", true, false],
    ["svelte", true, false],
    ["lettre", false, true],
    ["sqlite", true, true],
    ["latchkey-service", true, true],
  ]) {
    assert.deepEqual([has("latchkey", name), has("latchkey-server", name)], [app, server], name);
  }
});

test("the same sources give the same bill", () => {
  assert.deepEqual(billOf("latchkey-server", ROOT, TIME), bills.get("latchkey-server"));
  const later = billOf("latchkey-server", ROOT, new Date(TIME.getTime() + 1000));
  assert.notEqual(later.serialNumber, bills.get("latchkey-server").serialNumber);
});
