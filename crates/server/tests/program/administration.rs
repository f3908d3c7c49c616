//! `admin user`

use latchkey_api::{
    common::Caller,
    problem::{CloseReason, ErrorCode},
    profile::ProfileApi,
    sessions::SessionsApi,
};
use serde_json::Value;

use crate::{
    program::Home,
    serving::{ada, sign_in},
};

const CREATE: [&str; 7] = ["admin", "user", "create", "ada", "--email", "ada@example.org", "--json"];

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn accounts_are_created_listed_and_shown() {
    let home = Home::new();
    let password = format!("{}\n", ada().password.expose());
    let created = json(&home.run(&CREATE, &password).well());
    assert_eq!((created["username"].as_str(), created["name"].as_str()), (Some("ada"), Some("ada")));
    let more = ["admin", "user", "create", "Grace", "--email", "g@example.org", "--name", "Grace H"];
    assert_eq!(home.run(&more, &password).well(), "Grace is created\n");
    let list = home.run(&["admin", "user", "list"], "").well();
    assert_eq!(list, "ada\tada@example.org\tada\tactive\nGrace\tg@example.org\tGrace H\tactive\n");
    let all = json(&home.run(&["admin", "user", "list", "--json"], "").well());
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(json(&home.run(&["admin", "user", "show", "ADA@example.org", "--json"], "").well()), all[0]);
    assert!(home.run(&["admin", "user", "show", "grace"], "").well().contains("Grace H"));
}

#[test]
fn what_is_wrong_with_an_account_is_said_by_field() {
    let home = Home::new();
    for (input, word) in [("password1\n", "password: "), ("", "standard input")] {
        let refused = home.run(&CREATE, input);
        assert!(refused.code == 1 && refused.err.contains(word), "{}", refused.err);
        assert!(!refused.err.contains("password1"));
    }
    let password = format!("{}\n", ada().password.expose());
    home.run(&CREATE, &password).well();
    let twice = home.run(&CREATE, &password);
    assert!(twice.code == 1 && twice.err.contains("username: ") && twice.err.contains("email: "), "{}", twice.err);
    let nobody = home.run(&["admin", "user", "show", "nobody"], "");
    assert!(nobody.code == 1 && nobody.err.contains("nobody"), "{}", nobody.err);
}

/// While the service runs, on the same database.
#[tokio::test]
async fn an_administrators_word_holds_at_once() {
    let home = Home::new();
    home.run(&CREATE, &format!("{}\n", ada().password.expose())).well();
    let served = home.serve(&[]);
    let client = served.client();
    let token =
        async || client.sign_in(&Caller::default(), sign_in()).await.map(|s| Caller::with_token(s.token.expose()));

    let me = token().await.unwrap();
    client.get_profile(&me).await.unwrap();
    assert_eq!(home.run(&["admin", "user", "close-sessions", "ada"], "").well(), "1 sessions closed\n");
    let closed = client.get_profile(&me).await.unwrap_err();
    assert_eq!(closed.code(), ErrorCode::SessionClosed);
    assert_eq!(closed.body().members.close_reason, Some(CloseReason::ClosedByAdministrator));

    let me = token().await.unwrap();
    home.run(&["admin", "user", "disable", "ada"], "").well();
    assert_eq!(token().await.unwrap_err().code(), ErrorCode::AccountDisabled);
    assert!(client.get_profile(&me).await.is_err());
    assert!(home.run(&["admin", "user", "list"], "").well().ends_with("\tdisabled\n"));
    home.run(&["admin", "user", "enable", "ada"], "").well();
    client.get_profile(&token().await.unwrap()).await.unwrap();
}

/// In the bytes of the file, as a damaged disk or a careful hand would.
#[tokio::test]
async fn activity_that_was_changed_is_found() {
    let home = Home::new();
    home.run(&CREATE, &format!("{}\n", ada().password.expose())).well();
    let verify = |more: &[&str]| home.run(&[&["admin", "verify-activity"], more].concat(), "");
    assert_eq!(verify(&[]).well(), "1 accounts looked at, 1 events as they were written\n");
    assert_eq!(json(&verify(&["--json"]).well())["broken"], serde_json::json!([]));
    let nobody = verify(&["nobody"]);
    assert!(nobody.code == 1 && nobody.err.contains("nobody"), "{}", nobody.err);

    let file = home.data().join("latchkey.sqlite3");
    let mut bytes = std::fs::read(&file).unwrap();
    let kind = b"account_created";
    let place = bytes.windows(kind.len()).position(|window| window == kind).unwrap();
    bytes[place..place + kind.len()].copy_from_slice(b"account_enabled");
    std::fs::write(&file, bytes).unwrap();
    for arguments in [&[][..], &["ADA"]] {
        let found = verify(arguments);
        assert_eq!(found.code, 1);
        assert!(found.out.starts_with("ada\tbroken from event 1 on\n"), "{}", found.out);
        assert!(found.err.contains("1 account is not"), "{}", found.err);
    }
    let found = json(&verify(&["--json"]).out);
    assert_eq!((found["broken"][0]["username"].as_str(), found["broken"][0]["event"].as_i64()), (Some("ada"), Some(1)));
}

#[tokio::test]
async fn a_password_is_set_anew_and_a_lost_second_factor_switched_off() {
    let home = Home::new();
    home.run(&CREATE, &format!("{}\n", ada().password.expose())).well();
    let served = home.serve(&[]);
    let client = served.client();
    let me = Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose());
    let reset = ["admin", "user", "reset-password", "ada"];
    let weak = home.run(&reset, "password1\n");
    assert!(weak.code == 1 && weak.err.contains("password: "), "{}", weak.err);
    let nobody = home.run(&["admin", "user", "reset-password", "nobody"], "");
    assert!(nobody.code == 1 && nobody.err.contains("nobody"), "{}", nobody.err);
    client.get_profile(&me).await.unwrap();
    let said = home.run(&reset, "nine large herons sleep\n").well();
    assert_eq!(said, "ada is signed out everywhere, with a new password\n");
    assert_eq!(client.get_profile(&me).await.unwrap_err().code(), ErrorCode::SessionClosed);
    let old = client.sign_in(&Caller::default(), sign_in()).await.unwrap_err();
    assert_eq!(old.code(), ErrorCode::InvalidCredentials);

    assert!(home.run(&["admin", "user", "show", "ada"], "").well().contains("two-factor  off"));
    let shown = json(&home.run(&["admin", "user", "show", "ada", "--json"], "").well());
    assert_eq!(shown["two_factor_enabled"], false);
    let revoke = ["admin", "user", "revoke-keys", "ada"];
    let unasked = home.run(&revoke, "y\n");
    assert!(unasked.code == 1 && unasked.err.contains("--yes"), "{}", unasked.err);
    assert_eq!(home.run(&[&revoke[..], &["--yes"]].concat(), "").well(), "0 API keys and 0 SSH keys deleted\n");
    let said = json(&home.run(&[&revoke[..], &["--yes", "--json"]].concat(), "").well());
    assert_eq!(said, serde_json::json!({"api_keys": 0, "ssh_keys": 0}));

    let disable = ["admin", "user", "disable-two-factor", "ada"];
    let unasked = home.run(&disable, "y\n");
    assert!(unasked.code == 1 && unasked.err.contains("--yes"), "{}", unasked.err);
    let off = home.run(&[&disable[..], &["--yes"]].concat(), "");
    assert!(off.code == 1 && off.err.contains("is off"), "{}", off.err);
}

/// For a service manager that hands secrets over: by the variable, which wins over the file.
#[tokio::test]
async fn the_key_lies_where_it_is_said() {
    use latchkey_api::two_factor::TwoFactorApi;
    let (home, keys) = (Home::new(), Home::new());
    home.run(&CREATE, &format!("{}\n", ada().password.expose())).well();
    let elsewhere = keys.file("unused", "").with_file_name("sealing.key");
    for (settings, expected) in [
        (vec![("LATCHKEY_SEALING_KEY_FILE", elsewhere.to_str().unwrap())], &elsewhere),
        (vec![], &home.data().join("sealing.key")),
    ] {
        let _ = std::fs::remove_file(&elsewhere);
        let served = home.serve(&settings);
        let client = served.client();
        let me = Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose());
        let begun = client.start_two_factor(&me).await;
        if settings.is_empty() {
            assert_eq!(begun.unwrap_err().code(), ErrorCode::SealingUnavailable, "the other key is this database's");
        } else {
            begun.unwrap();
            assert!(expected.exists() && !home.data().join("sealing.key").exists());
        }
    }
}
