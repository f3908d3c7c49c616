//! axe-core in the real window.

use std::fmt::Write;

use serde_json::Value;

use crate::screen::Screen;

/// axe-core as npm installed it for the user interface.
pub(crate) fn source() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}; run `npm ci` in ui"))
}

/// Asserts that axe-core finds nothing wrong with what is shown.
pub(crate) async fn finds_nothing(screen: &Screen, page: &str) {
    let report = violations(screen).await;
    assert!(report.is_empty(), "axe-core on {page}:\n{report}");
}

/// What axe-core finds wrong with what is shown, one rule and its elements after the other. Of its rules it leaves the size of
/// targets (WCAG 2.2, 2.5.8) out by itself.
pub(crate) async fn violations(screen: &Screen) -> String {
    screen.settle().await;
    let script = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then((r) => done(r.violations), (e) => done(String(e)));";
    let violations = screen.run_to_end(script).await;
    let Value::Array(violations) = violations else { panic!("axe-core fails: {violations}") };
    let mut report = String::new();
    for violation in &violations {
        writeln!(report, "{}: {}", violation["id"], violation["help"]).unwrap();
        for node in violation["nodes"].as_array().unwrap() {
            writeln!(report, "  {}\n    {}", node["html"], node["failureSummary"]).unwrap();
        }
    }
    report
}
