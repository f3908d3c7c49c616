//! `serve`

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::{Caller, PageQuery},
    instance::{InstanceApi, SignUpPolicy},
    problem::ErrorCode,
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SessionPath, SessionsApi, SignIn},
    wire::Secret,
};

use crate::program::Home;

const PASSWORD: &str = "korrektes Pferd Batterie Klammer";

pub(crate) fn ada() -> SignUp {
    SignUp {
        username: "ada".into(),
        email: "ada@example.org".into(),
        name: "Ada".into(),
        password: Secret::new(PASSWORD),
    }
}

pub(crate) fn sign_in() -> SignIn {
    SignIn { login: "Ada@Example.org".into(), password: Secret::new(PASSWORD), client: None }
}

#[tokio::test]
async fn an_account_lives_through_a_restart() {
    let home = Home::new();
    let served = home.serve(&[]);
    let (client, nobody) = (served.client(), Caller::default());
    assert_eq!(client.get_instance(&nobody).await.unwrap().sign_up, SignUpPolicy::Open);
    client.create_account(&nobody, ada()).await.unwrap();
    let signed_in = client.sign_in(&nobody, sign_in()).await.unwrap();
    let me = Caller::with_token(signed_in.token.expose());
    let read = client.get_profile(&me).await.unwrap();
    let patch = ProfilePatch { location: Some(Some("London".into())), ..ProfilePatch::default() };
    client.update_profile(&me, IfMatch { if_match: read.etag }, patch).await.unwrap();
    served.signal("TERM");
    let ended = served.end();
    assert_eq!((ended.code, ended.out.as_str()), (0, ""), "one line on standard output, and no other");

    let served = home.serve(&[]);
    let client = served.client();
    assert_eq!(client.get_profile(&me).await.unwrap().value.location.as_deref(), Some("London"));
    let sessions = client.list_sessions(&me, PageQuery::default()).await.unwrap();
    assert_eq!(sessions.items[0].ip_address.as_deref(), Some("127.0.0.1"));
    client.close_session(&me, SessionPath { id: "current".into() }).await.unwrap();
    assert_eq!(client.get_profile(&me).await.unwrap_err().code(), ErrorCode::SessionClosed);
    served.signal("INT");
    assert_eq!(served.end().code, 0);
}

#[tokio::test]
async fn policy_comes_from_the_environment() {
    let home = Home::new();
    let served = home.serve(&[("LATCHKEY_POLICY__SIGN_UP", "closed"), ("LATCHKEY_INSTANCE__NAME", "Example")]);
    let client = served.client();
    let instance = client.get_instance(&Caller::default()).await.unwrap();
    assert_eq!((instance.name.as_str(), instance.sign_up), ("Example", SignUpPolicy::Closed));
    let refused = client.create_account(&Caller::default(), ada()).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SignUpClosed);
}

#[tokio::test]
async fn a_trusted_proxy_says_where_a_request_came_from() {
    let home = Home::new();
    let served = home.serve(&[("LATCHKEY_SERVER__TRUSTED_PROXIES", "127.0.0.0/8")]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let body = format!(r#"{{"login":"ada","password":"{PASSWORD}"}}"#);
    let head = "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n";
    let mut stream = TcpStream::connect(served.address).unwrap();
    write!(stream, "{head}X-Forwarded-For: 198.51.100.7\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(r#""ip_address":"198.51.100.7""#), "{answer}");
}

/// The rest of the body comes after the signal.
#[test]
fn a_request_that_has_begun_is_answered_after_the_signal() {
    let home = Home::new();
    let served = home.serve(&[]);
    let body = r#"{"login":"nobody","password":"wrong"}"#;
    let mut stream = TcpStream::connect(served.address).unwrap();
    let head = "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    write!(stream, "{head}Content-Length: {}\r\n\r\n{}", body.len(), &body[..10]).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    served.signal("TERM");
    std::thread::sleep(Duration::from_millis(500));
    assert!(TcpStream::connect_timeout(&served.address, Duration::from_secs(3)).is_err(), "the door is shut");
    write!(stream, "{}", &body[10..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.to_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
    assert_eq!(served.end().code, 0);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let home = Home::new();
    let served = home.serve(&[]);
    let mut stream = TcpStream::connect(served.address).unwrap();
    write!(stream, "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    served.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    served.signal("TERM");
    assert_eq!(served.end().code, 1);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let home = Home::new();
    let served = home.serve(&[]);
    let taken = served.address.to_string();
    let refused = home.run(&["serve", "--listen", &taken], "");
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains(&taken) && refused.err.contains("in use"), "{}", refused.err);
}
