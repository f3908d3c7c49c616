//! The Secret Service, as `secret-tool` sees it.

use crate::stage::Stage;

/// Everything the keychain holds of this app, secrets included, in the words of `secret-tool search --all`.
pub(crate) fn search_all(stage: &Stage, attribute: &str, value: &str) -> String {
    let mut command = stage.command("secret-tool");
    command.args(["search", "--all", "--unlock", attribute, value]);
    let found = command.output().unwrap();
    // Secrets go to the standard output, attributes to the standard error.
    format!("{}{}", String::from_utf8_lossy(&found.stdout), String::from_utf8_lossy(&found.stderr))
}
