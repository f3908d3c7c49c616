//! Held against OpenSSH itself: `ssh-keygen` and `ssh` have to see what this crate sees.

#![expect(clippy::unwrap_used, reason = "a program that cannot be run is a failed test")]

mod client_config;
mod keys;
mod pairs;

use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs a program of the Debian package `openssh-client`.
fn run(program: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).env("LC_ALL", "C");
    command.output().unwrap_or_else(|error| panic!("{program}, of the package openssh-client: {error}"))
}

/// What a program printed, after it succeeded.
fn output(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The path as an argument.
fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
