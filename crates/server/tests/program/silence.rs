//! The log: everything that happened, and nothing that is secret.

use latchkey_api::{
    accounts::AccountsApi,
    avatar::{AvatarApi, AvatarPath},
    common::Caller,
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
        lines.iter().find(|line| line["message"] == "answered" && line["span"]["id"] == id).expect("the request");
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
