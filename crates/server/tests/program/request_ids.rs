//! What a request goes by in the log, from the edge down to the database.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use latchkey_api::{
    accounts::AccountsApi,
    api_keys::ApiKeysApi,
    avatar::AvatarApi,
    common::{Caller, PageQuery},
    profile::ProfileApi,
    sessions::{SessionPath, SessionsApi, SignIn},
    wire::Secret,
};
use serde_json::Value;

use crate::{
    program::{Home, Served},
    serving::{ada, sign_in},
    tools,
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// A request with headers; the head of its answer.
fn ask(address: SocketAddr, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /v1/instance HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.to_ascii_lowercase()
}

fn lines(served: Served) -> Vec<Value> {
    served.signal("TERM");
    served.end().err.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// The table is taken away behind the service's back. SQLite says so to the task that writes, which is another one than
/// the request's.
#[tokio::test]
async fn an_error_deep_in_the_store_is_logged_with_the_id_its_caller_is_told() {
    let home = Home::new();
    let served = home.serve(&[("LATCHKEY_LOG__FORMAT", "json"), ("LATCHKEY_LOG__LEVEL", "debug")]);
    let (client, nobody) = (served.client(), Caller::default());
    client.create_account(&nobody, ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&nobody, sign_in()).await.unwrap().token.expose());
    let file = home.data().join("latchkey.sqlite3");
    let python = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('ALTER TABLE avatars RENAME TO gone')";
    tools::well(tools::system("python3").args(["-c", python]).arg(&file));
    let written = client.delete_avatar(&me).await.unwrap_err();
    assert_eq!(written.body().status, 500, "{written}");
    let id = written.body().request_id.clone().unwrap();

    let lines = lines(served);
    let of_it: Vec<_> = lines.iter().filter(|line| line["request_id"] == id).collect();
    let by = |target: &str| of_it.iter().find(|line| line["target"] == target);
    let deep = by("latchkey_store::engine").unwrap_or_else(|| panic!("{of_it:#?}"));
    assert_eq!((deep["does"].as_str(), deep["operation"].as_str()), (Some("write"), Some("delete_avatar")));
    assert!(deep["error"].as_str().unwrap().contains("avatars"), "{deep}");
    for target in ["latchkey_service::error", "latchkey_server::exchange"] {
        assert!(by(target).is_some(), "{target} is not in {of_it:#?}");
    }
    let answered: Vec<_> = lines.iter().filter(|line| line["message"] == "answered").collect();
    assert!(answered.iter().all(|line| line["request_id"].is_string() && line["operation"].is_string()));
}

#[test]
fn an_id_is_taken_from_a_trusted_proxy_alone() {
    let (home, other) = (Home::new(), Home::new());
    let json = ("LATCHKEY_LOG__FORMAT", "json");
    let trusting = home.serve(&[json, ("LATCHKEY_SERVER__TRUSTED_PROXIES", "127.0.0.1")]);
    let strange = other.serve(&[json]);
    let given = format!("X-Request-Id: edge-7f3\r\ntraceparent: 00-{TRACE}-b7ad6b7169203331-01\r\n");
    let taken = ask(trusting.address, &given);
    assert!(taken.contains("\r\nx-request-id: edge-7f3\r\n"), "{taken}");
    for (served, headers) in [(&trusting, "X-Request-Id: a b\r\n"), (&strange, given.as_str())] {
        let answer = ask(served.address, headers);
        let id = answer.split_once("\r\nx-request-id: ").unwrap().1.split_once("\r\n").unwrap().0;
        assert_eq!(id.len(), 36, "an id of its own, not {id}");
    }
    for (served, id) in [(trusting, Some("edge-7f3")), (strange, None)] {
        let lines = lines(served);
        let traced = lines.iter().find(|line| line["trace_id"] == TRACE).expect("a line with the trace");
        if let Some(id) = id {
            assert_eq!(traced["request_id"], id);
        }
    }
}

/// A line says whose request it was as soon as a password, a token or a key was right or the login is somebody's, also where
/// the request was refused then. What somebody merely claims, as in a key that was replaced, names nobody.
#[tokio::test]
async fn whose_request_it_was_is_on_its_line() {
    let home = Home::new();
    let served = home.serve(&[("LATCHKEY_LOG__FORMAT", "json")]);
    let (client, nobody) = (served.client(), Caller::default());
    let ada = client.create_account(&nobody, ada()).await.unwrap().id.to_string();
    let wrong = |login: &str| SignIn { login: login.into(), password: Secret::new("a wrong guess"), ..sign_in() };
    client.sign_in(&nobody, wrong("ada")).await.unwrap_err();
    client.sign_in(&nobody, wrong("nobody")).await.unwrap_err();
    let me = Caller::with_token(client.sign_in(&nobody, sign_in()).await.unwrap().token.expose());
    client.get_profile(&me).await.unwrap();
    let [replaced, key] = [client.generate_api_key(&me).await, client.generate_api_key(&me).await]
        .map(|made| Caller::with_token(made.unwrap().api_key.expose()));
    client.get_profile(&replaced).await.unwrap_err();
    client.list_sessions(&key, PageQuery::default()).await.unwrap_err();
    client.close_session(&me, SessionPath { id: "current".into() }).await.unwrap();
    client.get_profile(&me).await.unwrap_err();

    let lines = lines(served);
    let answered = lines.iter().filter(|line| line["message"] == "answered");
    let told: Vec<_> = answered
        .map(|line| {
            let of_ada = line.get("account").map(|account| *account == ada);
            (line["operation"].as_str().unwrap(), line["code"].as_str().unwrap(), of_ada)
        })
        .collect();
    let expected = [
        ("create_account", "-", Some(true)),
        ("sign_in", "invalid_credentials", Some(true)),
        ("sign_in", "invalid_credentials", None),
        ("sign_in", "-", Some(true)),
        ("get_profile", "-", Some(true)),
        ("generate_api_key", "-", Some(true)),
        ("generate_api_key", "-", Some(true)),
        ("get_profile", "unauthenticated", None),
        ("list_sessions", "session_required", Some(true)),
        ("close_session", "-", Some(true)),
        ("get_profile", "session_closed", Some(true)),
    ];
    assert_eq!(told, expected);
}
