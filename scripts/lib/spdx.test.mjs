import assert from "node:assert/strict";
import { test } from "node:test";
import { choose } from "./spdx.mjs";

const cases = [
  ["MIT", ["MIT"]],
  ["MIT OR Apache-2.0", ["Apache-2.0"]],
  ["MIT/Apache-2.0", ["Apache-2.0"]],
  ["Apache-2.0 WITH LLVM-exception OR MIT", ["Apache-2.0 WITH LLVM-exception"]],
  ["(MIT OR Apache-2.0) AND Unicode-3.0", ["Apache-2.0", "Unicode-3.0"]],
  ["BSD-3-Clause AND MIT", ["BSD-3-Clause", "MIT"]],
  ["GPL-3.0-only OR Zlib", ["Zlib"]],
  ["GPL-3.0-only", null],
  ["MIT AND GPL-3.0-only", null],
  ["none", null],
];

for (const [expression, licences] of cases) {
  test(expression, () => assert.deepEqual(choose(expression), licences));
}
