// SPDX licence expressions, as far as package manifests use them.

/** Where a package lets us choose, the first of these that it offers. Apache-2.0 first: one text serves all of them. */
const PREFERENCE = [
  "Apache-2.0",
  "Apache-2.0 WITH LLVM-exception",
  "MIT",
  "BSD-3-Clause",
  "BSD-2-Clause",
  "ISC",
  "Zlib",
  "BSL-1.0",
  "0BSD",
  "Unlicense",
  "CC0-1.0",
  "CDLA-Permissive-2.0",
  "Unicode-3.0",
  "OFL-1.1",
  "MPL-2.0",
];

/**
 * The licences that apply under an SPDX expression: one of the operands of OR, all of the operands of AND.
 * Returns null when no alternative is in PREFERENCE.
 */
export function choose(expression) {
  const tokens = expression
    .replaceAll("/", " OR ")
    .match(/\(|\)|[^\s()]+/g)
    .values();
  let token = tokens.next().value;
  const advance = () => {
    const current = token;
    token = tokens.next().value;
    return current;
  };
  const rank = (licences) => (licences ? Math.max(...licences.map((licence) => PREFERENCE.indexOf(licence))) : Infinity);

  const alternatives = () => {
    let best = conjunction();
    while (token === "OR") {
      advance();
      const next = conjunction();
      if (rank(next) < rank(best)) best = next;
    }
    return best;
  };
  const conjunction = () => {
    let all = term();
    while (token === "AND") {
      advance();
      const next = term();
      all = all && next ? [...new Set([...all, ...next])] : null;
    }
    return all;
  };
  const term = () => {
    if (token === "(") {
      advance();
      const inner = alternatives();
      advance();
      return inner;
    }
    let licence = advance();
    if (token === "WITH") licence += ` ${advance()} ${advance()}`;
    return PREFERENCE.includes(licence) ? [licence] : null;
  };
  return alternatives();
}
