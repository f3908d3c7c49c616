//! The personal API key with curl, as a script would use it.

use std::path::PathBuf;

use latchkey_api::{accounts::AccountsApi, api_keys::ApiKeysApi, common::Caller, sessions::SessionsApi};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    program::Home,
    serving::{ada, sign_in},
    tools,
};

/// What curl was answered.
struct Answer {
    status: u16,
    etag: Option<String>,
    json: Value,
}

struct Curl {
    folder: TempDir,
    origin: String,
}

impl Curl {
    fn ask(&self, key: &str, more: &[&str]) -> Answer {
        let at = |name: &str| -> PathBuf { self.folder.path().join(name) };
        let mut curl = tools::system("curl");
        curl.args(["--disable", "--silent", "--show-error", "--max-time", "30", "--write-out", "%{http_code}"]);
        curl.arg("--output").arg(at("body")).arg("--dump-header").arg(at("head"));
        curl.args(["--header", &format!("Authorization: Bearer {key}")]).args(more);
        let status = tools::well(curl.arg(format!("{}/v1/me", self.origin))).parse().unwrap();
        let head = std::fs::read_to_string(at("head")).unwrap();
        let etag = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("etag: ").map(str::to_owned));
        Answer { status, etag, json: serde_json::from_slice(&std::fs::read(at("body")).unwrap()).unwrap() }
    }

    fn read(&self, key: &str) -> Answer {
        self.ask(key, &[])
    }

    fn edit(&self, key: &str, etag: &str, patch: &Value) -> Answer {
        let (kind, condition, data) =
            ("Content-Type: application/merge-patch+json", format!("If-Match: {etag}"), patch.to_string());
        self.ask(key, &["--request", "PATCH", "--header", kind, "--header", &condition, "--data", &data])
    }
}

#[tokio::test]
async fn the_personal_key_reads_and_edits_the_profile_until_another_is_generated() {
    let home = Home::new();
    let served = home.serve(&[]);
    let client = served.client();
    client.create_account(&Caller::default(), ada()).await.unwrap();
    let me = Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose());
    let key = client.generate_api_key(&me).await.unwrap().api_key;
    let curl = Curl { folder: tempfile::tempdir().unwrap(), origin: format!("http://{}", served.address) };

    let read = curl.read(key.expose());
    assert_eq!((read.status, &read.json["username"]), (200, &json!("ada")));
    let etag = read.etag.expect("an ETag");
    let edited = curl.edit(key.expose(), &etag, &json!({"location": "London"}));
    assert_eq!((edited.status, &edited.json["location"]), (200, &json!("London")));
    let stale = curl.edit(key.expose(), &etag, &json!({"location": "Paris"}));
    assert_eq!((stale.status, &stale.json["code"]), (412, &json!("stale")));
    assert_eq!(curl.read(key.expose()).json["location"], "London");

    let new = client.generate_api_key(&me).await.unwrap().api_key;
    let refused = curl.read(key.expose());
    assert_eq!((refused.status, &refused.json["code"]), (401, &json!("unauthenticated")));
    assert_eq!(curl.edit(key.expose(), "*", &json!({"location": "Paris"})).status, 401);
    assert_eq!(curl.read(new.expose()).json["location"], "London");
}
