//! The log: everything that happened, and nothing that is secret.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_api::{
    accounts::AccountsApi,
    api_keys::{ApiKeysApi, CreateApiKey, Scope},
    avatar::{AvatarApi, AvatarPath},
    common::Caller,
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi, RegistryPath, UpdateRegistry},
    credentials::{CredentialsApi, RegistryCredentialRequest},
    instance::InstanceApi,
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SessionPath, SessionsApi, SignIn},
    wire::Secret,
};
use serde_json::Value;

use crate::{
    program::Home,
    serving::{ada, sign_in},
};

#[tokio::test]
async fn at_its_most_talkative_it_tells_no_secret_and_nobodys_name() {
    let home = Home::new();
    let served = home.serve(&[("LATCHKEY_LOG__FORMAT", "json"), ("LATCHKEY_LOG__LEVEL", "trace")]);
    let (client, nobody) = (served.client(), Caller::default());
    client.create_account(&nobody, ada()).await.unwrap();
    let wrong = SignIn { password: Secret::new("a wrong guess"), ..sign_in() };
    let refused = client.sign_in(&nobody, wrong).await.unwrap_err();
    let token = client.sign_in(&nobody, sign_in()).await.unwrap().token;
    let me = Caller::with_token(token.expose());
    let etag = client.get_profile(&me).await.unwrap().etag;
    let patch = ProfilePatch { bio: Some(Some("likes engines".into())), ..ProfilePatch::default() };
    client.update_profile(&me, IfMatch { if_match: etag }, patch).await.unwrap();
    client.get_avatar(&nobody, AvatarPath { username: "ada".into(), size: None }).await.unwrap();
    client.close_session(&me, SessionPath { id: "current".into() }).await.unwrap();
    served.signal("TERM");
    let log = served.end().err;

    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let id = refused.body().request_id.clone().unwrap();
    let line =
        lines.iter().find(|line| line["message"] == "answered" && line["request_id"] == id).expect("the request");
    assert_eq!((line["method"].as_str(), line["route"].as_str()), (Some("POST"), Some("/v1/sessions")));
    assert_eq!((line["status"].as_u64(), line["code"].as_str()), (Some(401), Some("invalid_credentials")));
    assert!(line["micros"].as_u64().unwrap() > 0);
    assert!(lines.iter().any(|line| line["route"] == "/v1/users/{username}/avatar" && line["status"] == 200));

    let secrets =
        [token.expose(), ada().password.expose(), "a wrong guess", "example.org", "likes engines"].map(str::to_owned);
    for secret in secrets {
        let found = log.lines().find(|line| line.to_lowercase().contains(&secret.to_lowercase()));
        assert_eq!(found, None, "{secret} is in the log");
    }
    // At the level that is set where nothing is said, not even the address.
    let quiet = lines.iter().filter(|line| matches!(line["level"].as_str(), Some("INFO" | "WARN" | "ERROR")));
    for line in quiet.filter(|line| line["message"] != "ready") {
        assert!(!line.to_string().contains("127.0.0.1"), "{line}");
    }
}

/// One request, as it is written.
fn ask(address: SocketAddr, line: &str, headers: &[&str], body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let headers: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    let length = body.len();
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Keys at every door, taken and refused: in no line of the log, and in no answer but the one that gave them out.
#[tokio::test]
async fn no_key_is_told_wherever_it_is_used() {
    let home = Home::new();
    let served = home.serve(&[
        ("LATCHKEY_LOG__FORMAT", "json"),
        ("LATCHKEY_LOG__LEVEL", "trace"),
        ("LATCHKEY_REGISTRY__SERVICE", "registry"),
    ]);
    let (client, nobody) = (served.client(), Caller::default());
    client.create_account(&nobody, ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&nobody, sign_in()).await.unwrap().token.expose());
    let personal = client.generate_api_key(&me).await.unwrap().api_key;
    let body = CreateApiKey { name: "x".into(), scopes: vec![Scope::Api, Scope::Registry], expires_at: None };
    let named = client.create_api_key(&me, body).await.unwrap().token;
    let unknown = "lkt_00000000000000000000000000000000000000000000000000";
    let (mut secrets, mut answers) = (vec!["lk_".to_owned(), "lkt_".to_owned()], Vec::new());
    for (key, at_the_registry) in [(personal.expose(), 401), (named.expose(), 200), (unknown, 401)] {
        let basic = STANDARD.encode(format!("ada:{key}"));
        let (bearer, basic_header) = (format!("Authorization: Bearer {key}"), format!("Authorization: Basic {basic}"));
        let json = "Content-Type: application/json";
        let form = format!("grant_type=password&username=ada&password={key}&scope=repository:ada/x:pull");
        let urlencoded = "Content-Type: application/x-www-form-urlencoded";
        for answer in [
            ask(served.address, "GET /registry/token?service=registry", &[&basic_header], ""),
            ask(served.address, "POST /registry/token", &[urlencoded, &basic_header], "service=registry"),
        ] {
            assert!(answer.starts_with(&format!("HTTP/1.1 {at_the_registry} ")), "{answer}");
            answers.push(answer);
        }
        answers.extend([
            ask(served.address, "POST /registry/token", &[urlencoded], &form),
            ask(served.address, "POST /registry/token", &[urlencoded], &format!("{form}&username=ada")),
            ask(served.address, "POST /registry/token", &[json, &basic_header], &form),
            ask(served.address, "GET /v1/me", &[&bearer], ""),
            ask(served.address, "GET /v1/me", &[&basic_header], ""),
            ask(served.address, "DELETE /v1/me", &[&bearer, json], "{}"),
            ask(served.address, "PATCH /v1/me", &[&bearer, json, "If-Match: *"], &format!(r#"{{"bio": ["{key}"]}}"#)),
            ask(served.address, "PATCH /v1/me", &[&bearer, json, "If-Match: *"], &format!(r#"{{"bio": "{key}""#)),
            ask(served.address, "POST /v1/sessions", &[json], &format!(r#"{{"login": "ada", "password": "{key}"}}"#)),
        ]);
        secrets.extend([key.to_owned(), basic]);
    }
    served.signal("TERM");
    let log = served.end().err;
    assert!(log.contains("/registry/token") && log.contains("422"), "{log}");
    for secret in &secrets {
        assert_eq!(log.lines().find(|line| line.contains(secret)), None, "{secret} is in the log");
        assert_eq!(answers.iter().find(|answer| answer.contains(secret)), None, "{secret} is in an answer");
    }
}

/// Passwords of registries, taken, tried, refused and handed out: in no line of the log.
#[tokio::test]
async fn no_password_of_a_registry_is_told() {
    let home = Home::new();
    let served = home.serve(&[
        ("LATCHKEY_LOG__FORMAT", "json"),
        ("LATCHKEY_LOG__LEVEL", "trace"),
        ("LATCHKEY_REGISTRY__SERVICE", "registry"),
    ]);
    let (client, nobody) = (served.client(), Caller::default());
    client.create_account(&nobody, ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&nobody, sign_in()).await.unwrap().token.expose());
    let own = client.get_instance(&nobody).await.unwrap().registry.unwrap().host;
    client.allow_credentials(&me).await.unwrap();
    let secret = |n: u8| Secret::new(format!("zeppelin-secret-{n}"));
    // Nobody listens there.
    let (host, username) = ("127.0.0.1:1".to_owned(), "ada".to_owned());
    let body = |n, only_if_verified| AuthoriseRegistry {
        host: host.clone(),
        username: username.clone(),
        password: secret(n),
        only_if_verified: Some(only_if_verified),
    };
    client.authorise_registry(&me, body(1, true)).await.unwrap_err();
    let id = client.authorise_registry(&me, body(2, false)).await.unwrap().id;
    let update = UpdateRegistry { username: None, password: secret(3), only_if_verified: None };
    client.update_registry(&me, RegistryPath { id }, update).await.unwrap();
    client.check_registry(&me, RegistryPath { id }).await.unwrap();
    let ask_for = |host: &str| RegistryCredentialRequest { host: host.into() };
    let kept = client.get_registry_credential(&me, ask_for(&host)).await.unwrap().password;
    assert_eq!(kept, secret(3));
    let made = client.get_registry_credential(&me, ask_for(&own)).await.unwrap().password;
    let basic = STANDARD.encode(format!("ada:{}", made.expose()));
    let answer = ask(served.address, "GET /registry/token", &[&format!("Authorization: Basic {basic}")], "");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let json = "Content-Type: application/json";
    let bearer = format!("Authorization: Bearer {}", me.credential.as_ref().unwrap().expose());
    let broken = r#"{"host":"x.example","username":"a","password":["zeppelin-secret-4"],"#;
    let answer = ask(served.address, "POST /v1/me/container-registries", &[&bearer, json], broken);
    assert!(answer.starts_with("HTTP/1.1 4") && !answer.contains("zeppelin"), "{answer}");
    served.signal("TERM");
    let log = served.end().err;
    assert!(log.contains("/v1/me/registry-credential"), "{log}");
    for secret in ["zeppelin", "lkr_", made.expose(), &basic] {
        assert_eq!(log.lines().find(|line| line.contains(secret)), None, "{secret} is in the log");
    }
}
