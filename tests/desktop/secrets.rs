//! Where secrets are after somebody has signed in: the token in the keychain, and nowhere else; the password nowhere.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use crate::{app::App, keychain, person::ADA, stage::Stage};

#[tokio::test]
async fn the_keychain_has_the_token_and_no_file_has_a_secret() {
    let stage = Stage::set("secrets");
    let app = App::open(&stage).await;
    ADA.begins_on_this_computer(app.screen()).await;
    ADA.opens(app.screen(), "Sessions").await;
    app.screen().arrives_at("Sessions").await;

    let entry = keychain::search_all(&stage, "service", "latchkey");
    assert!(entry.contains("Latchkey: ada at local"), "the entry says whose it is: {entry}");
    let token = entry.lines().find_map(|line| line.strip_prefix("secret = ")).expect("a secret").to_owned();
    assert!(token.starts_with("lks_") && token.len() > 50, "a session token: {token}");
    no_file_holds(&stage, &[&token, ADA.password]);
    data_is_private(&stage);

    // What is written when the app ends counts too.
    app.close().await;
    no_file_holds(&stage, &[&token, ADA.password]);
    data_is_private(&stage);

    // A token that was let go of is in the keychain no more.
    let app = App::open(&stage).await;
    app.screen().arrives_at(ADA.name).await;
    ADA.chooses(app.screen(), "Sign out").await;
    app.screen().arrives_at("Sign in").await;
    let entries = keychain::search_all(&stage, "service", "latchkey");
    assert!(!entries.contains("secret = "), "nothing is left: {entries}");
    no_file_holds(&stage, &[&token, ADA.password]);
    app.close().await;
}

/// Looks through everything on the machine and every log for these secrets, in the encodings a program or a web view
/// writes text in.
pub(crate) fn no_file_holds(stage: &Stage, secrets: &[&str]) {
    // The search finds what is there: the address is in the database, the user name in the list of places.
    assert!(!holders(stage, ADA.email).is_empty(), "the search finds nothing at all");
    for secret in secrets {
        let holders = holders(stage, secret);
        assert!(holders.is_empty(), "a secret is in {holders:?}");
    }
}

/// The files that hold a text.
pub(crate) fn holders(stage: &Stage, text: &str) -> Vec<PathBuf> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let needles = [text.as_bytes().to_vec(), utf16];
    let mut files = Vec::new();
    list(stage.disk(), &mut files);
    list(&stage.out().join("logs"), &mut files);
    files.retain(|file| {
        let content = fs::read(file).unwrap_or_default();
        needles.iter().any(|needle| content.windows(needle.len()).any(|window| window == needle))
    });
    files
}

/// The account data can be read by nobody else.
fn data_is_private(stage: &Stage) {
    let folder = stage.home().join(".local/share/app.latchkey.Latchkey/service");
    let mut files = Vec::new();
    list(&folder, &mut files);
    assert!(files.iter().any(|file| file.ends_with("latchkey.sqlite")), "the database is there: {files:?}");
    for path in files.iter().chain([&folder]) {
        let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let right = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, right, "{} has mode {mode:o}", path.display());
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            list(&entry.path(), files);
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
}
