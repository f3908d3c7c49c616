//! Mail, to a real server.

use std::time::{Duration, Instant};

use latchkey_api::{
    accounts::AccountsApi,
    common::Caller,
    email::{ConfirmEmail, EmailApi},
    instance::InstanceApi,
    password::{PasswordApi, PasswordReset, PasswordResetRequest},
    problem::ErrorCode,
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::SessionsApi,
    wire::{ETag, Secret},
};
use latchkey_client::Client;
use serde_json::Value;

use crate::{
    program::{Ended, Home, Served, ended, program},
    serving::{ada, sign_in},
    smtp_server::{PASSWORD, SmtpServer, code_in},
};

const FROM: &str = "Example Accounts <accounts@example.org>";

fn serve(home: &Home, url: &str, ca_file: &str) -> Served {
    home.serve(&[
        ("LATCHKEY_SMTP__URL", url),
        ("LATCHKEY_SMTP__FROM", FROM),
        ("LATCHKEY_SMTP__CA_FILE", ca_file),
        ("LATCHKEY_INSTANCE__NAME", "Example"),
        ("LATCHKEY_LOG__LEVEL", "debug"),
    ])
}

fn test_mail(home: &Home, address: &str, settings: &[(&str, &str)]) -> Ended {
    let mut command = program();
    command.args(["admin", "mail", "test", address, "--data"]).arg(home.data());
    ended(command.env("LATCHKEY_SMTP__FROM", FROM).envs(settings.iter().copied()), "")
}

async fn forgets(client: &Client, login: &str) {
    client.request_password_reset(&Caller::default(), PasswordResetRequest { login: login.into() }).await.unwrap();
}

fn header<'a>(message: &'a Value, name: &str) -> &'a str {
    let headers = message["headers"].as_array().unwrap();
    let mut found = headers.iter().filter(|header| header[0] == name);
    let value = found.next().unwrap_or_else(|| panic!("{name} in {headers:?}"))[1].as_str().unwrap();
    assert!(found.next().is_none(), "{name} once");
    value
}

fn code(message: &Value) -> String {
    code_in(message).unwrap_or_else(|| panic!("a code in {message}"))
}

#[tokio::test]
async fn a_new_address_is_confirmed_and_the_old_one_told_over_starttls() {
    let (home, smtp) = (Home::new(), SmtpServer::start());
    let served = serve(&home, &smtp.url(PASSWORD), &smtp.ca_file());
    let client = served.client();
    assert!(client.get_instance(&Caller::default()).await.unwrap().mail);
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let token = client.sign_in(&Caller::default(), sign_in()).await.unwrap().token;
    let me = Caller::with_token(token.expose());
    let patch = ProfilePatch { email: Some("ada@new.example".into()), ..ProfilePatch::default() };
    let any = IfMatch { if_match: ETag("*".into()) };
    client.update_profile(&me, any, patch).await.unwrap();

    let asked = smtp.next();
    assert_eq!((&asked["tls"], &asked["authenticated"]), (&Value::Bool(true), &Value::Bool(true)));
    assert_eq!(asked["envelope_from"], "accounts@example.org");
    assert_eq!(asked["envelope_to"], serde_json::json!(["ada@new.example"]));
    assert_eq!(header(&asked, "From"), FROM);
    assert_eq!(header(&asked, "To"), "ada@new.example");
    assert_eq!(header(&asked, "Auto-Submitted"), "auto-generated");
    assert!(header(&asked, "Message-ID").ends_with("@example.org>"));
    header(&asked, "Date");
    assert_eq!(asked["type"], "multipart/alternative");
    assert_eq!(asked["parts"], serde_json::json!(["text/plain", "text/html"]));
    assert_eq!(asked["defects"], serde_json::json!([]));
    let code = code(&asked);
    let shown = |form: &str| asked[form].as_str().unwrap().replace(&code, "[code]");
    insta::assert_snapshot!("subject_and_text", format!("{}\n\n{}", header(&asked, "Subject"), shown("text")));
    insta::assert_snapshot!("html", shown("html"));

    client.confirm_email(&me, ConfirmEmail { code: Secret::new(code) }).await.unwrap();
    let told = smtp.next();
    assert_eq!(told["envelope_to"], serde_json::json!(["ada@example.org"]));
    assert_eq!(header(&told, "Subject"), "Your email address at Example was changed");
    assert!(told["text"].as_str().unwrap().contains("Address: 127.0.0.1"), "{told}");
    assert_ne!(header(&told, "Message-ID"), header(&asked, "Message-ID"));
    assert_eq!(smtp.kept(), 2);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_over_implicit_tls() {
    let (home, smtp) = (Home::new(), SmtpServer::with_implicit_tls());
    let served = serve(&home, &smtp.url(PASSWORD), &smtp.ca_file());
    let (client, nobody) = (served.client(), Caller::default());
    client.create_account(&nobody, ada()).await.unwrap();
    forgets(&client, "ada").await;
    let asked = smtp.next();
    let reset = PasswordReset {
        login: "ada".into(),
        code: Secret::new(code(&asked)),
        new_password: Secret::new("nine large herons sleep"),
        second_factor_code: None,
        backup_code: None,
    };
    client.reset_password(&nobody, reset).await.unwrap();
    assert_eq!(client.sign_in(&nobody, sign_in()).await.unwrap_err().code(), ErrorCode::InvalidCredentials);
    let told = smtp.next();
    assert_eq!((&told["tls"], &told["authenticated"]), (&Value::Bool(true), &Value::Bool(true)));
    assert_eq!(header(&told, "Subject"), "Your password at Example was set anew");
}

/// It may be the server's mistake as well as the administrator's: nothing is lost by it.
#[tokio::test]
async fn a_wrong_password_of_the_mail_server_is_logged_without_secrets_and_tried_again() {
    let (home, smtp) = (Home::new(), SmtpServer::start());
    let wrong = "wr0ng-but-secret";
    let served = serve(&home, &smtp.url(wrong), &smtp.ca_file());
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    forgets(&client, "ada").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    served.signal("TERM");
    let log = served.end().err;
    let line = log.lines().find(|line| line.contains("mail not sent")).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("(535)") && line.contains("tried again"), "{line}");
    for secret in [wrong, "ada@example.org", "accounts@example.org", "wr0ng"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }

    // Put right, it goes out: the message has waited in the database.
    let served = serve(&home, &smtp.url(PASSWORD), &smtp.ca_file());
    assert_eq!(smtp.next()["envelope_to"], serde_json::json!(["ada@example.org"]));
    drop(served);
    assert_eq!(smtp.kept(), 1);
}

#[tokio::test]
async fn a_mail_server_that_is_down_gets_its_mail_later() {
    let (home, smtp) = (Home::new(), SmtpServer::down());
    let served = serve(&home, &smtp.url(PASSWORD), &smtp.ca_file());
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    forgets(&client, "ada").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let smtp = smtp.up();
    assert_eq!(smtp.next()["envelope_to"], serde_json::json!(["ada@example.org"]));
    served.signal("TERM");
    let log = served.end().err;
    assert!(log.contains("the mail server cannot be reached") && log.contains("mail sent"), "{log}");
}

/// It takes connections and says nothing.
#[tokio::test]
async fn a_mail_server_that_hangs_holds_nobody() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let home = Home::new();
    let served = home.serve(&[
        ("LATCHKEY_SMTP__URL", &url),
        ("LATCHKEY_SMTP__FROM", FROM),
        ("LATCHKEY_POLICY__THROTTLES", "off"),
    ]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let begun = Instant::now();
    for _ in 0..20 {
        forgets(&client, "ada").await;
        client.get_instance(&Caller::default()).await.unwrap();
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let begun = Instant::now();
    served.signal("TERM");
    assert_eq!(served.end().code, 0);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[test]
fn a_test_message_says_what_the_server_answered() {
    let (home, smtp) = (Home::new(), SmtpServer::start());
    let (url, ca_file) = (smtp.url(PASSWORD), smtp.ca_file());
    let trusted = [("LATCHKEY_SMTP__URL", url.as_str()), ("LATCHKEY_SMTP__CA_FILE", ca_file.as_str())];
    let said = test_mail(&home, "ada@example.org", &trusted).well();
    assert!(said.contains("took the message: 250 OK"), "{said}");
    assert_eq!(header(&smtp.next(), "Subject"), "Test message from Latchkey");

    let file = home.file("password", &format!("{PASSWORD}\n"));
    let without = url.replace(&url[url.find("org:").unwrap() + 3..url.rfind('@').unwrap()], "");
    let from_file =
        [trusted[1], ("LATCHKEY_SMTP__URL", &without), ("LATCHKEY_SMTP__PASSWORD_FILE", file.to_str().unwrap())];
    test_mail(&home, "ada@example.org", &from_file).well();

    for (address, settings, words) in [
        ("nobody@example.org", &trusted[..], "does not live here"),
        ("ada@example.org", &[trusted[0]], "cannot be trusted"),
        ("ada@example.org", &[trusted[1], ("LATCHKEY_SMTP__URL", &smtp.url("wrong"))], "535"),
        ("no address", &trusted, "address"),
    ] {
        let refused = test_mail(&home, address, settings);
        assert!(refused.code == 1 && refused.err.contains(words), "{}", refused.err);
        assert!(!refused.err.contains(PASSWORD));
    }
    let none = home.run(&["admin", "mail", "test", "ada@example.org"], "");
    assert!(none.code == 1 && none.err.contains("smtp.url"), "{}", none.err);
}

#[test]
fn settings_of_mail_are_checked_at_the_start_and_never_tell_the_password() {
    let home = Home::new();
    let at = |name: &str| home.data().join(name).to_str().unwrap().to_owned();
    let no_certificate = home.file("letter.txt", "Dear Ada").to_str().unwrap().to_owned();
    let (url, from) = ("LATCHKEY_SMTP__URL", ("LATCHKEY_SMTP__FROM", FROM));
    let good = (url, "smtps://u:hidden@mail.example.org");
    for (settings, words) in [
        (vec![(url, "smtp://u:hidden@mail.example.org"), from], &["smtp.url", "tls=required"][..]),
        (vec![(url, "smtp://u:hidden@mail.example.org?tls=opportunistic"), from], &["smtp.url", "only be required"]),
        (vec![(url, "u:hidden@mail.example.org:587"), from], &["smtp.url", "expected smtps://"]),
        (vec![(url, "smtps://u@mail.example.org"), from], &["smtp.url", "smtp.password_file"]),
        (vec![good], &["smtp.url", "smtp.from"]),
        (vec![good, ("LATCHKEY_SMTP__FROM", "nobody")], &["smtp.from", "found \"nobody\""]),
        (vec![good, from, ("LATCHKEY_SMTP__PASSWORD_FILE", "x")], &["smtp.password_file", "already"]),
        (
            vec![good, from, ("LATCHKEY_SMTP__CA_FILE", &no_certificate)],
            &["smtp.ca_file", "letter.txt", "no certificate"],
        ),
        (vec![good, from, ("LATCHKEY_SMTP__CA_FILE", &at("missing.pem"))], &["smtp.ca_file", "No such file"]),
        (
            vec![(url, "smtps://u@mail.example.org"), from, ("LATCHKEY_SMTP__PASSWORD_FILE", &at("missing"))],
            &["smtp.password_file", "No such file"],
        ),
    ] {
        let mut command = program();
        let ended = ended(command.arg("migrate").arg("--data").arg(home.data()).envs(settings.iter().copied()), "");
        assert_eq!(ended.code, 2, "{settings:?}: {}", ended.err);
        for word in words {
            assert!(ended.err.contains(word), "{settings:?}: {} lacks {word:?}", ended.err);
        }
        assert!(!ended.err.contains("hidden"), "{}", ended.err);
    }
    assert!(!home.data().exists());
}
