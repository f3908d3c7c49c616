//! The commands of the shell are those of the contract.

use std::collections::BTreeSet;

/// The generated bindings are read, because a Rust struct cannot tell its fields.
const BINDINGS: &str = include_str!("../../ui/src/bindings/Commands.ts");

#[test]
fn the_page_finds_every_command_it_knows_and_no_other() {
    let declared: BTreeSet<&str> = BINDINGS
        .lines()
        .filter_map(|line| line.trim_start().split_once(": ["))
        .map(|(name, _)| name.rsplit([' ', '{']).next().unwrap())
        .collect();
    let registered: BTreeSet<&str> = latchkey::commands::NAMES.iter().copied().collect();
    assert!(declared.len() > 20, "the bindings are read: {declared:?}");
    assert_eq!(registered, declared);
    assert_eq!(latchkey::commands::NAMES.len(), registered.len(), "a command stands twice");
}
