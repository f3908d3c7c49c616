//! What the program says about itself.

use crate::program::{ended, program};

#[test]
fn the_document_is_the_committed_one() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../api/openapi.json");
    let printed = ended(program().arg("openapi"), "").well();
    assert!(printed == std::fs::read_to_string(committed).unwrap(), "printed and committed are the same");
}

#[test]
fn completions_are_made_from_the_commands() {
    let script = ended(program().args(["completions", "bash"]), "").well();
    assert!(script.contains("close-sessions") && script.contains("--database"));
}

#[test]
fn a_wrong_command_line_is_told_from_a_failure() {
    for arguments in [&["srve"][..], &["serve", "--listen", "here"], &[]] {
        let refused = ended(program().args(arguments), "");
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{}", refused.err);
        assert!(refused.err.contains("--help"), "{}", refused.err);
    }
}
