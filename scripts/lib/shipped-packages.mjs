// The packages that are shipped in the programs, each as
// { name, version, expression, home, authors, folder, url, hash, needs }: its SPDX expression, its home page, where its
// files are, its package URL, the checksum its lock file demands ({ alg, content }, in hexadecimal digits), and the
// package URLs of what it needs.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What Svelte's compiled components need at run time; the rest of its dependencies belongs to the compiler. */
const SVELTE_RUNTIME = ["svelte", "clsx"];

const PROGRAMS = ["latchkey", "latchkey-server"];

const TARGET = "x86_64-unknown-linux-gnu";

/** Crates that the two programs link, without build-time and test-time dependencies and our own crates. */
export function rustPackages(root) {
  const graph = crateGraph(root);
  const queue = graph.members.filter((id) => PROGRAMS.includes(graph.packages.get(id).name));
  const seen = new Set(queue);
  while (queue.length > 0) {
    for (const id of graph.linked(queue.pop())) {
      if (!seen.has(id)) {
        seen.add(id);
        queue.push(id);
      }
    }
  }
  return described(root, graph, [...seen]).filter((one) => !one.own);
}

/**
 * The crates one program links, itself and our own ones among them, which are marked as `own`. Fewer than
 * `rustPackages`: there the members of the workspace switch features on for each other, as they do not in a release.
 */
export function cratesOf(program, root) {
  const graph = crateGraph(root);
  const edges = ["--edges", "normal", "--target", TARGET, "--prefix", "none", "--format", "{p}"];
  const tree = cargo(root, "tree", "--package", program, ...edges).split("\n");
  const inTree = new Set(tree.map((line) => line.split(" ").slice(0, 2).join(" ")));
  const linked = [...graph.packages.values()].filter(({ name, version }) => inTree.has(`${name} v${version}`));
  return described(root, graph, linked.map(({ id }) => id));
}

function cargo(root, ...options) {
  return execFileSync("cargo", [...options, "--locked"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
}

function crateGraph(root) {
  const metadata = JSON.parse(cargo(root, "metadata", "--format-version", "1", "--filter-platform", TARGET));
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const isLinked = ({ dep_kinds }) => dep_kinds.some(({ kind }) => kind === null);
  const linked = (id) => nodes.get(id).deps.filter(isLinked).map(({ pkg }) => pkg);
  return { packages: new Map(metadata.packages.map((one) => [one.id, one])), members: metadata.workspace_members, linked };
}

function described(root, { packages, linked }, ids) {
  const checksums = crateChecksums(root);
  const included = new Set(ids);
  const url = (id) => `pkg:cargo/${packages.get(id).name}@${packages.get(id).version}`;
  return ids.map((id) => {
    const one = packages.get(id);
    return {
      name: one.name,
      version: one.version,
      // Older manifests write the OR as a slash, which SPDX does not know.
      expression: (one.license ?? "").replaceAll("/", " OR "),
      authors: one.authors,
      home: one.repository ?? `https://crates.io/crates/${one.name}`,
      folder: dirname(one.manifest_path),
      url: url(id),
      hash: checksums.get(`${one.name} ${one.version}`),
      needs: linked(id).filter((needed) => included.has(needed)).map(url),
      own: one.source === null,
    };
  });
}

function crateChecksums(root) {
  const checksums = new Map();
  for (const block of readFileSync(join(root, "Cargo.lock"), "utf8").split("[[package]]")) {
    const field = (name) => block.match(new RegExp(`^${name} = "(.*)"$`, "m"))?.[1];
    if (field("checksum")) {
      checksums.set(`${field("name")} ${field("version")}`, { alg: "SHA-256", content: field("checksum") });
    }
  }
  return checksums;
}

/** npm packages that the page is built from: the UI's dependencies with theirs, and Svelte. */
export function npmPackages(root) {
  const lock = JSON.parse(readFileSync(join(root, "ui/package-lock.json"), "utf8")).packages;
  const names = Object.keys(lock[""].dependencies ?? {});
  const seen = new Set(SVELTE_RUNTIME);
  while (names.length > 0) {
    const name = names.pop();
    if (seen.has(name)) continue;
    seen.add(name);
    names.push(...Object.keys(lock[`node_modules/${name}`].dependencies ?? {}));
  }
  return [...seen]
    .map((name) => `node_modules/${name}`)
    .map((path) => {
      const folder = join(root, "ui", path);
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const repository = manifest.repository?.url ?? manifest.repository ?? "";
      return {
        name: manifest.name,
        version: manifest.version,
        expression: manifest.license ?? "",
        authors: [manifest.author?.name ?? manifest.author].filter(Boolean),
        home: /^(git\+)?https:/.test(repository)
          ? repository.replace(/^git\+/, "").replace(/\.git$/, "")
          : `https://www.npmjs.com/package/${manifest.name}`,
        folder,
        url: npmUrl(manifest.name, manifest.version),
        hash: integrity(lock[path].integrity),
        needs: Object.keys(lock[path].dependencies ?? {})
          .filter((needed) => seen.has(needed))
          .map((needed) => npmUrl(needed, lock[`node_modules/${needed}`].version)),
      };
    });
}

/** A package URL, in which the `@` of a scope is escaped. */
const npmUrl = (name, version) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

/** The checksum of a lock file (`sha512-` and base 64) in hexadecimal digits. */
function integrity(text) {
  const [, bits, digest] = text.match(/^sha(\d+)-(.+)$/);
  return { alg: `SHA-${bits}`, content: Buffer.from(digest, "base64").toString("hex") };
}

/** What is no package, and is compiled in all the same. */
export const LISTS = [
  {
    // In crates/service/src/common_passwords.txt.
    name: "SecLists",
    version: "10-million-password-list-top-1000000",
    home: "https://github.com/danielmiessler/SecLists",
    expression: "MIT",
    authors: ["2025 Daniel Miessler"],
  },
];
