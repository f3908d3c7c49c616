//! Some thousand requests made out of the document: those that fit it, and those that do not.

use serde_json::Value;

use super::{folder, run};
use crate::{
    program::Home,
    smtp_server::{PASSWORD, SmtpServer},
    tools,
};

/// Requests are few where the tool gave up early or was kept from most operations.
const FEWEST: u64 = 2500;

/// `hooks.py` beside this file says whose requests they are, `schemathesis.toml` what is looked at.
#[test]
fn what_the_document_says_is_what_the_service_does() {
    let (home, mail) = (Home::new(), SmtpServer::start());
    let served = home.serve(&[
        ("LATCHKEY_POLICY__THROTTLES", "off"),
        ("LATCHKEY_SMTP__URL", &mail.url(PASSWORD)),
        ("LATCHKEY_SMTP__CA_FILE", &mail.ca_file()),
        ("LATCHKEY_SMTP__FROM", "accounts@example.org"),
    ]);
    let (url, report) = (format!("http://{}", served.address), home.file("report.json", ""));
    let mut command = tools::command(tools::python());
    command.args(["-B", "-m", "schemathesis.cli", "--config-file"]).arg(folder().join("schemathesis.toml"));
    command.args(["run", "--no-color", &format!("{url}/openapi.json"), "--report", "json", "--report-json-path"]);
    command.arg(&report).env("LATCHKEY", &url).env("MAIL", mail.maildir());
    command.env("SCHEMATHESIS_HOOKS", "hooks").env("PYTHONPATH", folder());
    run(command.current_dir(report.parent().unwrap()));

    let report: Value = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    let (operations, cases) = (&report["operations"], &report["test_cases"]);
    assert_eq!((&report["complete"], &operations["tested"]), (&true.into(), &operations["total"]), "{report}");
    assert!(cases["generated"].as_u64().unwrap() >= FEWEST, "{cases}");
}
