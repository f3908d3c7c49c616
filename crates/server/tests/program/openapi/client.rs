//! A client in another language, generated out of the document.

use std::{fs, os::unix::fs::symlink};

use super::{folder, node, run};
use crate::{program::Home, tools};

/// openapi-typescript writes the types, the TypeScript compiler holds `client.ts` against them, Node runs it.
#[test]
fn a_generated_client_signs_in_and_edits_a_profile() {
    let home = Home::new();
    let served = home.serve(&[]);
    let url = format!("http://{}", served.address);
    let work = tempfile::tempdir().unwrap();
    let at = |name: &str| work.path().join(name);
    for name in ["client.ts", "package.json", "tsconfig.json"] {
        fs::copy(folder().join(name), at(name)).unwrap();
    }
    symlink(folder().join("node_modules"), at("node_modules")).unwrap();

    let document = format!("{url}/openapi.json");
    run(node("openapi-typescript/bin/cli.js").args([&document, "--output", "schema.d.ts"]).current_dir(work.path()));
    run(node("typescript/bin/tsc").arg("--project").arg(work.path()));
    run(tools::command("node").arg(at("out/client.js")).arg(url));
}
