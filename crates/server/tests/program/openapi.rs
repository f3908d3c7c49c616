//! The document of the API, held against the service by programs that know nothing of how either was made.

mod schemathesis;

use std::path::PathBuf;

/// What belongs to the programs.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/program/openapi")
}
