//! The part of the service that keeps keys, played.

use std::sync::Mutex;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use latchkey_client::Streamed;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Default)]
pub(crate) struct PlayedKeys(Mutex<State>);

#[derive(Default)]
struct State {
    personal: Option<String>,
    made: u32,
    ssh: Vec<Value>,
}

impl PlayedKeys {
    /// As on another computer.
    pub(crate) fn generate(&self) -> String {
        let mut state = self.0.lock().unwrap();
        state.made += 1;
        let key = format!("lk_00000000000000000000000{:04}", state.made);
        state.personal = Some(key.clone());
        key
    }

    pub(crate) fn personal(&self) -> Option<String> {
        self.0.lock().unwrap().personal.clone()
    }

    pub(crate) fn answer(&self, request: &Request<Bytes>) -> Option<Response<Streamed>> {
        let path = request.uri().path();
        let now = "2026-01-12T12:00:00Z";
        let (status, body) = match (request.method(), path) {
            (&Method::GET, "/v1/me/api-key") => {
                let key = self.personal();
                let masked = key.as_ref().map(|key| format!("lk_••••••••{}", &key[key.len() - 4..]));
                let created_at = key.is_some().then_some(now);
                (
                    200,
                    json!({"exists": key.is_some(), "masked": masked, "created_at": created_at, "last_used_at": null}),
                )
            }
            (&Method::POST, "/v1/me/api-key") => (201, json!({"api_key": self.generate()})),
            (&Method::POST, "/v1/me/api-key/reveal") => (200, json!({"api_key": self.personal()?})),
            (&Method::GET, "/v1/me/ssh-keys") => {
                (200, json!({"items": self.0.lock().unwrap().ssh.clone(), "next": null}))
            }
            (&Method::POST, "/v1/me/ssh-keys") => {
                let body: Value = serde_json::from_slice(request.body()).unwrap();
                let key = latchkey_ssh::read(body["public_key"].as_str().unwrap()).unwrap();
                let key = json!({
                    "id": Uuid::now_v7(), "name": body["name"], "type": key.algorithm(), "bits": key.bits(),
                    "fingerprint": key.fingerprint(), "public_key": key.line(), "added_at": now, "last_used_at": null,
                });
                self.0.lock().unwrap().ssh.push(key.clone());
                (201, key)
            }
            (&Method::DELETE, path) => {
                let id = path.strip_prefix("/v1/me/ssh-keys/")?;
                self.0.lock().unwrap().ssh.retain(|key| key["id"] != id);
                let body = Full::new(Bytes::new()).map_err(|never| match never {}).boxed_unsync();
                return Some(Response::builder().status(StatusCode::NO_CONTENT).body(body).unwrap());
            }
            _ => return None,
        };
        let body = Full::new(Bytes::from(body.to_string())).map_err(|never| match never {}).boxed_unsync();
        let response = Response::builder().status(status).header("content-type", "application/json");
        Some(response.body(body).unwrap())
    }
}
