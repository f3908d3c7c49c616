//! Calls that were really made, with what was answered.
//!
//! A test tells a story to a service and writes every call down in `api/examples.json`; `scripts/generate` writes it
//! anew. Secrets and what differs from run to run are replaced there by what is plainly an example.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

const COMMITTED: &str = include_str!("../../../../api/examples.json");

/// The name of the example that was refused.
pub(super) const PROBLEM: &str = "problem";

static EXAMPLES: LazyLock<BTreeMap<String, Example>> =
    LazyLock::new(|| serde_json::from_str(COMMITTED).unwrap_or_default());

/// The committed examples by the id of the endpoint.
pub fn examples() -> &'static BTreeMap<String, Example> {
    &EXAMPLES
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Example {
    /// What was asked.
    pub request: ExampleRequest,
    /// What was answered.
    pub response: ExampleResponse,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExampleRequest {
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers that matter, name and value, without the key.
    pub headers: Vec<(String, String)>,
    /// The body line by line; empty where there is none, or where it is a picture.
    pub body: Vec<String>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExampleResponse {
    /// The HTTP status.
    pub status: u16,
    /// Headers that matter, name and value.
    pub headers: Vec<(String, String)>,
    /// The body line by line; empty where there is none, or where it is a picture.
    pub body: Vec<String>,
}
