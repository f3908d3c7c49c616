//! Backup codes on the screen, in a file, on paper.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::screen::Screen;

/// The ten codes the open dialog shows.
pub(crate) async fn shown(screen: &Screen) -> Vec<String> {
    let script =
        "return [...document.querySelector('dialog:modal').innerText.matchAll(/\\b[a-z0-9]{5}-[a-z0-9]{5}\\b/g)]
        .map(([code]) => code)";
    let codes: Vec<String> = serde_json::from_value(screen.run(script, vec![]).await).unwrap();
    assert_eq!(codes.len(), 10, "{codes:?}");
    codes
}

/// What stands in a downloaded file, which must be its owner's alone: the header and the codes.
pub(crate) fn in_file(file: &Path) -> (String, Vec<String>) {
    let mode = fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "{} has mode {mode:o}", file.display());
    let text = fs::read_to_string(file).unwrap();
    let is_code = |line: &str| {
        line.len() == 11
            && line.split_once('-').is_some_and(|(left, right)| {
                [left, right].iter().all(|half| half.len() == 5 && half.bytes().all(|b| b.is_ascii_alphanumeric()))
            })
    };
    let (codes, header): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| is_code(line));
    (header.join("\n"), codes.into_iter().map(str::to_owned).collect())
}
