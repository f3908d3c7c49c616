//! The examples of the documentation: made by really calling every endpoint, and run as they are documented.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod curl;
mod disguise;
mod layout;
mod others;
mod recorder;
mod story;

use std::{collections::BTreeMap, path::Path};

use latchkey_api::documentation::Example;

/// Set `LATCHKEY_REGENERATE=1` to write the examples instead of comparing them.
#[tokio::test]
async fn the_committed_examples_are_current() {
    let told = story::told().await;
    let missing: Vec<_> =
        latchkey_api::endpoints().map(|one| one.meta.id).filter(|id| !told.contains_key(*id)).collect();
    assert!(missing.is_empty(), "the story calls every endpoint; it does not call {missing:?}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api/examples.json");
    let current = serde_json::to_string_pretty(&told).unwrap() + "\n";
    if std::env::var_os("LATCHKEY_REGENERATE").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    let old: BTreeMap<String, Example> = serde_json::from_str(&committed).unwrap();
    for (id, example) in &told {
        assert_eq!(old.get(id), Some(example), "api/examples.json is stale at {id}: run scripts/generate");
    }
    assert!(committed == current, "api/examples.json is stale: run scripts/generate");
}

/// What was replaced looks like an example, and nothing of the real thing is left.
#[test]
fn no_example_holds_a_secret() {
    for (id, example) in latchkey_api::documentation::examples() {
        let lines = example.request.body.iter().chain(&example.response.body);
        let headers = example.request.headers.iter().chain(&example.response.headers).map(|(_, value)| value);
        for text in lines.chain(headers).chain([&example.request.target]) {
            for prefix in ["lks_", "lkx_", "lk_", "lkt_", "lkr_"] {
                for (at, _) in text.match_indices(prefix) {
                    let rest = &text[at + prefix.len()..];
                    assert!(rest.starts_with("EXAMPLE") || rest.starts_with('•'), "{id}: {text}");
                }
            }
        }
    }
}
