//! Some thousand requests made out of the document: those that fit it, and those that do not.

use std::collections::BTreeMap;

use latchkey_api::{
    activity::STREAM_EVENTS,
    endpoint::{Auth, Meta},
    endpoints,
    instance::Provider as Kind,
};
use serde_json::{Value, json};

use super::folder;
use crate::{
    container_registries::private::{self, PrivateRegistry},
    program::Home,
    providers::Provider,
    smtp_server::{PASSWORD, SmtpServer},
    tools,
};

/// Requests are few where the tool gave up early: of an operation, and of all together.
const FEWEST: u64 = 3;
const FEWEST_IN_ALL: u64 = 2000;

/// Answers by status.
type Answers = BTreeMap<String, u64>;

#[test]
fn what_the_document_says_is_what_a_session_meets() {
    let answers = schemathesis("session", 45, &[]);
    for (operation, answers) in &answers {
        assert!(succeeded(answers), "{operation} never succeeded: {answers:?}");
    }
}

/// An API key is tried at every door: where the document says so it opens, and nowhere else.
#[test]
fn what_the_document_says_is_what_a_key_meets() {
    let answers = schemathesis("key", 30, &["missing_auth"]);
    for Meta { id, auth, .. } in endpoints().map(|endpoint| endpoint.meta).chain([STREAM_EVENTS.meta]) {
        assert_eq!(succeeded(&answers[id]), auth != Auth::Session, "{id}: {:?}", answers[id]);
    }
}

fn succeeded(answers: &Answers) -> bool {
    answers.keys().any(|status| status.starts_with('2'))
}

/// `hooks.py` beside this file says whose requests they are, `schemathesis.toml` what is looked at. What it warns of fails
/// too, but for what is named: an operation that only ever refuses was not tested. Answers what each operation answered.
fn schemathesis(with: &str, examples: u32, warnings: &[&str]) -> BTreeMap<String, Answers> {
    let (home, mail) = (Home::new(), SmtpServer::start());
    let (provider, registry) = (Provider::start(Kind::Gitlab, &json!({})), PrivateRegistry::start());
    let of_the_provider = provider.environment(None);
    let mut environment: Vec<_> = of_the_provider.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (mail_url, mail_ca) = (mail.url(PASSWORD), mail.ca_file());
    environment.extend([
        ("LATCHKEY_POLICY__THROTTLES", "off"),
        ("LATCHKEY_REGISTRY__SERVICE", "registry.example.org"),
        ("LATCHKEY_REGISTRY__HOST", "registry.example.org"),
        ("LATCHKEY_REGISTRY__ISSUER", "example.org"),
        ("LATCHKEY_SMTP__URL", &mail_url),
        ("LATCHKEY_SMTP__CA_FILE", &mail_ca),
        ("LATCHKEY_SMTP__FROM", "accounts@example.org"),
    ]);
    let served = home.serve(&environment);
    let url = format!("http://{}", served.address);
    let (report, answers) = (home.file("report.json", ""), home.file("answers.json", ""));
    let mut command = tools::command(tools::python());
    command.args(["-B", "-m", "schemathesis.cli", "--config-file"]).arg(folder().join("schemathesis.toml"));
    command.args(["run", "--no-color", &format!("{url}/openapi.json"), "--max-examples", &examples.to_string()]);
    command.args(["--report", "json", "--report-json-path"]).arg(&report);
    command.env("SCHEMATHESIS_HOOKS", "hooks").env("PYTHONPATH", folder());
    command.env("LATCHKEY", &url).env("LATCHKEY_WITH", with).env("LATCHKEY_ANSWERS", &answers);
    let container_registry =
        json!({"host": registry.host(), "username": private::USERNAME, "password": private::PASSWORD});
    command.env("PROVIDER", provider.url()).env("CONTAINER_REGISTRY", container_registry.to_string());
    command.env("MAIL", mail.maildir()).current_dir(report.parent().unwrap());
    tools::well(&mut command);

    let report: Value = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    let operations = &report["operations"];
    assert_eq!((&report["complete"], &operations["tested"]), (&true.into(), &operations["total"]), "{report}");
    for (warning, about) in report["warnings"].as_object().unwrap() {
        assert!(about.as_array().unwrap().is_empty() || warnings.contains(&warning.as_str()), "{warning}: {about}");
    }
    let answers: BTreeMap<String, Answers> = serde_json::from_str(&std::fs::read_to_string(answers).unwrap()).unwrap();
    assert_eq!(answers.len() as u64, operations["total"], "every operation was asked");
    let asked = |answers: &Answers| answers.values().sum::<u64>();
    for (operation, answers) in &answers {
        assert!(asked(answers) >= FEWEST, "{operation}: {answers:?}");
    }
    assert!(answers.values().map(asked).sum::<u64>() >= FEWEST_IN_ALL, "{answers:?}");
    answers
}
