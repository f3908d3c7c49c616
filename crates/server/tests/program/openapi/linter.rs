//! The rules of others for a document of this kind.

use std::path::Path;

use super::{folder, node, run};

/// `redocly.yaml` says which.
#[test]
fn the_document_keeps_the_rules_of_its_kind() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api/openapi.json");
    let mut linter = node("@redocly/cli/bin/cli.js");
    linter.arg("lint").arg(document).arg("--config").arg(folder().join("redocly.yaml"));
    // Nothing is asked or told over the network.
    run(linter.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"));
}
