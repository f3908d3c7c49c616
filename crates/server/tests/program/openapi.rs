//! The document of the API, held against the service by programs that know nothing of how either was made.

mod client;
mod linter;
mod schemathesis;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::tools;

/// What belongs to the programs.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/program/openapi")
}

/// A program out of a package of Node's that scripts/lib/node.sh installs.
fn node(script: impl AsRef<Path>) -> Command {
    let script = folder().join("node_modules").join(script);
    assert!(script.exists(), "{} is missing: run scripts/test rust once, which installs it", script.display());
    let mut command = tools::command("node");
    command.arg(script);
    command
}

/// Runs it to its end, which is a good one.
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let (said, wrote) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{said}\n{wrote}");
}
