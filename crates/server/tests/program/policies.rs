//! `admin policy`

use std::time::{Duration, Instant};

use latchkey_api::{
    common::Caller,
    instance::{InstanceApi, SignUpPolicy, TwoFactorPolicy},
};
use serde_json::{Value, json};

use crate::program::{Home, ended, program};

fn policy(home: &Home, arguments: &[&str]) -> crate::program::Ended {
    home.run(&[&["admin", "policy"], arguments].concat(), "")
}

#[test]
fn policies_are_shown_set_and_unset() {
    let home = Home::new();
    let show = || serde_json::from_str::<Value>(&policy(&home, &["show", "--json"]).well()).unwrap();
    let before = show();
    assert_eq!(before["session_idle"], json!({"value": "30days", "source": "default"}));
    assert_eq!(before["password_min_length"], json!({"value": 12, "source": "default"}));
    assert_eq!(policy(&home, &["set", "two_factor", "required"]).well(), "two_factor is required\n");
    assert_eq!(policy(&home, &["set", "session_idle", "36h"]).well(), "session_idle is 1day12h\n");
    policy(&home, &["set", "sign_up", "closed"]).well();
    policy(&home, &["set", "password_min_length", "16"]).well();
    policy(&home, &["set", "password_min_score", "4"]).well();
    policy(&home, &["set", "session_lifetime", "60days"]).well();
    assert_eq!(before["api_key_max_days"], json!({"value": "never", "source": "default"}));
    assert_eq!(policy(&home, &["set", "api_key_max_days", "365"]).well(), "api_key_max_days is 365\n");
    let after = show();
    assert_eq!(after["api_key_max_days"], json!({"value": 365, "source": "database"}));
    assert_eq!(policy(&home, &["set", "api_key_max_days", "never"]).well(), "api_key_max_days is never\n");
    assert_eq!(after["two_factor"], json!({"value": "required", "source": "database"}));
    assert_eq!(after["session_lifetime"], json!({"value": "60days", "source": "database"}));
    let text = policy(&home, &["show"]).well();
    assert!(text.lines().any(|line| line.starts_with("sign_up") && line.contains("closed")), "{text}");
    assert_eq!(policy(&home, &["unset", "two_factor"]).well(), "two_factor is optional\n");
    assert_eq!(policy(&home, &["unset", "two_factor"]).well(), "two_factor was not set; it is optional\n");
}

#[test]
fn wrong_values_are_refused_with_what_is_allowed() {
    let home = Home::new();
    for (name, value, code, words) in [
        ("sign_up", "maybe", 1, "open and closed"),
        ("two_factor", "on", 1, "optional and required"),
        ("password_min_length", "4", 1, "8 to 128"),
        ("password_min_length", "long", 1, "a whole number"),
        ("password_min_score", "5", 1, "0 to 4"),
        ("session_idle", "soon", 1, "30days"),
        ("session_idle", "1s", 1, "one minute"),
        ("session_lifetime", "1day", 1, "session_idle"),
        ("api_key_max_days", "0", 1, "1 to 3650"),
        ("api_key_max_days", "ever", 1, "a whole number of days, or never"),
        ("colour", "red", 2, "sign_up"),
    ] {
        let refused = policy(&home, &["set", name, value]);
        assert_eq!(refused.code, code, "{name} {value}: {}", refused.err);
        assert!(refused.err.contains(words), "{name} {value}: {}", refused.err);
    }
}

#[test]
fn what_the_configuration_sets_is_not_changed_here() {
    let home = Home::new();
    let run = |arguments: &[&str]| {
        let mut command = program();
        command.env("LATCHKEY_POLICY__TWO_FACTOR", "required").args(["admin", "policy"]).args(arguments);
        ended(command.arg("--data").arg(home.data()), "")
    };
    for arguments in [&["set", "two_factor", "optional"][..], &["unset", "two_factor"]] {
        let refused = run(arguments);
        assert!(refused.code == 1 && refused.err.contains("policy.two_factor"), "{}", refused.err);
    }
    let all: Value = serde_json::from_str(&run(&["show", "--json"]).well()).unwrap();
    assert_eq!(all["two_factor"], json!({"value": "required", "source": "configuration"}));
}

#[tokio::test]
async fn a_service_that_runs_follows() {
    let home = Home::new();
    let served = home.serve(&[("LATCHKEY_POLICY__TWO_FACTOR", "required")]);
    let client = served.client();
    policy(&home, &["set", "sign_up", "closed"]).well();
    let begun = Instant::now();
    loop {
        let instance = client.get_instance(&Caller::default()).await.unwrap();
        assert_eq!(instance.two_factor, TwoFactorPolicy::Required);
        if instance.sign_up == SignUpPolicy::Closed {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(25), "still open");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
