// The packages that are shipped in the programs, each as
// { name, version, expression, home, authors, folder }: its SPDX expression, its home page and where its files are.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** npm packages that are compiled into the page although the UI lists them as development tools. */
const BUNDLED_DEVELOPMENT = ["svelte", "clsx"];

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

/** npm packages that the page is built from: what is not for development only, and BUNDLED_DEVELOPMENT. */
export function npmPackages(root) {
  const lockFile = join(root, "ui/package-lock.json");
  if (!existsSync(lockFile)) return [];
  const lock = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  return Object.keys(lock)
    .filter((path) => path !== "" && !lock[path].dev && !lock[path].devOptional && !lock[path].optional && !lock[path].peer)
    .concat(BUNDLED_DEVELOPMENT.map((name) => `node_modules/${name}`))
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
