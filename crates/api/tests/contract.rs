//! The contract agrees with itself, and what is generated from it is current.
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use latchkey_api::{endpoint::Meta, endpoints, openapi};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document() -> serde_json::Value {
    serde_json::from_str(&openapi::document_json()).unwrap()
}

fn references(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                if name == "$ref" {
                    found.insert(value.as_str().unwrap()[1..].to_owned());
                }
                references(value, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_resolves() {
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 10, "the walk finds references");
    for reference in &found {
        assert!(document.pointer(reference).is_some(), "{reference} is nowhere");
    }
}

#[test]
fn parameters_stand_where_the_endpoint_says() {
    let document = document();
    for endpoint in endpoints() {
        let meta = &endpoint.meta;
        let operation = &document["paths"][meta.path][meta.method.as_str().to_lowercase()];
        let named = |place: &str| -> BTreeSet<String> {
            let all = operation["parameters"].as_array().into_iter().flatten();
            all.filter(|p| p["in"] == place).map(|p| p["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(operation["operationId"], meta.id);
        // What is not sent is absent: no text in a query, a path or a header is null, and none is an object.
        let parameters = operation["parameters"].to_string();
        assert!(!parameters.contains(r#""null""#) && !parameters.contains(r#""object""#), "{}: {parameters}", meta.id);
        assert_eq!(named("path"), meta.path_fields().map(str::to_owned).collect(), "{}", meta.id);
        let known = operation["responses"].get("304").map(|_| "If-None-Match".to_owned());
        let headers = meta.headers.iter().map(|h| Meta::header_name(h)).chain(known).collect();
        assert_eq!(named("header"), headers, "{}", meta.id);
        assert!(!meta.summary.is_empty(), "{} has a summary", meta.id);
    }
}

/// It does not end, and so it is no endpoint; the document has it all the same.
#[test]
fn the_stream_of_events_is_described() {
    let document = document();
    let stream = &document["paths"][latchkey_api::activity::STREAM_EVENTS.meta.path]["get"];
    let answers = &stream["responses"];
    let schema = &answers["200"]["content"]["text/event-stream"]["schema"];
    assert_eq!(schema["properties"]["data"]["contentSchema"]["$ref"], "#/components/schemas/Push");
    for (status, code) in [("401", "unauthenticated"), ("429", "too_many_requests"), ("503", "busy")] {
        let said = answers[status]["description"].as_str().unwrap_or_default();
        assert!(said.contains(code), "{status}: {said}");
    }
    assert_eq!((&stream["tags"][0], answers.get("204")), (&"Activity".into(), None));
    assert!(endpoints().all(|endpoint| endpoint.meta.id != stream["operationId"]));
}

#[test]
fn ids_and_routes_are_unique() {
    let ids: BTreeSet<_> = endpoints().map(|e| e.meta.id).collect();
    let routes: BTreeSet<_> = endpoints().map(|e| (e.meta.method.as_str(), e.meta.path)).collect();
    assert_eq!((ids.len(), routes.len()), (endpoints().count(), endpoints().count()));
}

/// Set `LATCHKEY_REGENERATE=1` to write the generated files instead of comparing them.
fn regenerate() -> bool {
    std::env::var_os("LATCHKEY_REGENERATE").is_some()
}

#[test]
fn the_committed_document_is_current() {
    let path = root().join("api/openapi.json");
    let current = openapi::document_json();
    if regenerate() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(committed == current, "api/openapi.json is stale: run scripts/generate");
}

#[test]
fn the_committed_typescript_is_current() {
    use ts_rs::TS;
    let committed = root().join("ui/src/bindings");
    let fresh = tempfile::tempdir().unwrap();
    let out = if regenerate() { committed.clone() } else { fresh.path().to_owned() };
    let config = ts_rs::Config::new().with_out_dir(&out).with_large_int("number");
    latchkey_api::desktop::Commands::export_all(&config).unwrap();
    latchkey_api::desktop::Events::export_all(&config).unwrap();
    let files = |dir: &Path| -> BTreeSet<String> {
        let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        entries.filter(|name| Path::new(name).extension().is_some_and(|end| end == "ts")).collect()
    };
    assert_eq!(files(&committed), files(&out), "ui/src/bindings is stale: run scripts/generate");
    for name in files(&out) {
        let (old, new) = (std::fs::read_to_string(committed.join(&name)), std::fs::read_to_string(out.join(&name)));
        assert!(old.unwrap() == new.unwrap(), "ui/src/bindings/{name} is stale: run scripts/generate");
    }
}
