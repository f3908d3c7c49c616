// The packages that are shipped in the programs, each as
// { name, version, expression, home, authors, folder }: its SPDX expression, its home page and where its files are.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What Svelte's compiled components need at run time; the rest of its dependencies belongs to the compiler. */
const SVELTE_RUNTIME = ["svelte", "clsx"];

/** Crates that the two programs link, without build-time and test-time dependencies and our own crates. */
export function rustPackages(root) {
  const metadata = JSON.parse(
    execFileSync(
      "cargo",
      ["metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"],
      { cwd: root, maxBuffer: 1 << 28 },
    ),
  );
  const packages = new Map(metadata.packages.map((one) => [one.id, one]));
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const programs = new Set(["latchkey", "latchkey-server"]);
  const queue = metadata.workspace_members.filter((id) => programs.has(packages.get(id).name));
  const seen = new Set(queue);
  while (queue.length > 0) {
    for (const dependency of nodes.get(queue.pop()).deps) {
      const linked = dependency.dep_kinds.some(({ kind }) => kind === null);
      if (linked && !seen.has(dependency.pkg)) {
        seen.add(dependency.pkg);
        queue.push(dependency.pkg);
      }
    }
  }
  return [...seen]
    .map((id) => packages.get(id))
    .filter((one) => one.source !== null)
    .map((one) => ({
      name: one.name,
      version: one.version,
      expression: one.license ?? "",
      authors: one.authors,
      home: one.repository ?? `https://crates.io/crates/${one.name}`,
      folder: dirname(one.manifest_path),
    }));
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
      };
    });
}
