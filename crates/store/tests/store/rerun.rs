//! Runs a test of this file once more in a process of its own, which may be killed or confined.
use std::process::{Command, Stdio};

/// Set in the second process; its value is the test's to choose.
const ROLE: &str = "LATCHKEY_STORE_TEST_ROLE";

/// What the second process is to do; absent in the first.
pub(crate) fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// The command for the second process, behind `wrapper` (a command that runs what follows it).
pub(crate) fn rerun(wrapper: &[&str], test: &str, role: &str) -> Command {
    let exe = std::env::current_exe().unwrap();
    let mut command = match wrapper {
        [] => Command::new(&exe),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(&exe);
            command
        }
    };
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(ROLE, role).stdin(Stdio::null());
    command
}
