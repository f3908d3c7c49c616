//! Programs of others that the tests run.

use std::{env, ffi::OsStr, path::PathBuf, process::Command};

/// A program that ends with the test that runs it, however that ends.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// Where scripts/lib/python.sh installs what is written in Python.
pub(crate) fn python() -> PathBuf {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map_or_else(|| PathBuf::from(env::var_os("HOME").expect("a home")).join(".cache"), PathBuf::from);
    let python = cache.join("latchkey/python/bin/python");
    assert!(python.exists(), "{} is missing: run scripts/test rust once, which installs it", python.display());
    python
}
