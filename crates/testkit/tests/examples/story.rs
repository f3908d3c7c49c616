//! Ada's story: every endpoint of the contract is called once, and works.

use std::collections::BTreeMap;

use chrono::Duration;
use latchkey_api::{documentation::Example, two_factor::TwoFactorSetup, wire::Secret};
use latchkey_testkit::{Authenticator, PASSWORD, Wiring, World, png};

use crate::{
    others,
    recorder::{Answer, Call, Recorder, call},
};

/// Her password from the middle of the story on.
const NEW_PASSWORD: &str = "copper lantern on the tide";

/// A public key that was made for this story; the private one was thrown away.
pub(crate) const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN6Vr7498zKZzQ7aNx7KJipOjTy6uJqSdxpL7ZUG9Vtp";

/// One telling: the world, what is written down, and what Ada has in her hands.
struct Telling {
    world: World,
    recorder: Recorder,
    session: String,
    key: String,
}

/// Tells the story; answers every call by the id of its endpoint, and a refusal as `problem`.
pub(crate) async fn told() -> BTreeMap<String, Example> {
    // With throttles, so that answers to a key say how often it may be used.
    let world = World::with(Wiring::Socket).mail().environment(others::environment).settings(others::settings);
    let world = world.settings(|settings| settings.throttles = true).build().await;
    let recorder = Recorder::new(world.origin.as_deref().unwrap());
    let mut telling = Telling { world, recorder, session: String::new(), key: String::new() };
    telling.ada_joins().await;
    telling.her_keys().await;
    telling.her_repositories().await;
    telling.her_registries().await;
    telling.her_profile().await;
    telling.her_devices().await;
    telling.her_password().await;
    telling.her_second_factor().await;
    telling.grace_leaves().await;
    telling.recorder.examples
}

impl Telling {
    async fn keep(&mut self, call: Call) -> Answer {
        self.recorder.keep(call).await
    }

    /// With the session, as what no key may do is called.
    async fn by_session(&mut self, call: Call) -> Answer {
        self.recorder.keep(call.with_token(&self.session)).await
    }

    /// With the personal key, as scripts call.
    async fn by_key(&mut self, call: Call) -> Answer {
        self.recorder.keep(call.with_token(&self.key)).await
    }

    async fn ada_joins(&mut self) {
        self.keep(call("get_instance")).await;
        self.keep(call("create_account").json(&sign_up("ada", "Ada King"))).await;
        self.session = self.keep(call("sign_in").json(&sign_in("ada", PASSWORD))).await.text("/token");
    }

    async fn her_keys(&mut self) {
        self.key = self.by_session(call("generate_api_key")).await.text("/api_key");
        self.by_session(call("reveal_api_key")).await;
        self.by_session(call("get_api_key")).await;
        let named = call("create_api_key").json(r#"{"name":"Nightly backups","scopes":["api","registry"]}"#);
        let id = self.by_session(named).await.text("/id");
        self.by_session(call("list_api_keys")).await;
        self.by_session(call("delete_api_key").at(format!("/v1/me/api-keys/{id}"))).await;
        let key = format!(r#"{{"name":"Ada's laptop","public_key":"{PUBLIC_KEY}"}}"#);
        let id = self.by_session(call("add_ssh_key").json(&key)).await.text("/id");
        self.by_key(call("list_ssh_keys")).await;
        self.keep(call("get_authorized_keys").at("/v1/users/ada/keys")).await;
        self.by_session(call("remove_ssh_key").at(format!("/v1/me/ssh-keys/{id}"))).await;
    }

    async fn her_repositories(&mut self) {
        let begin = || call("connect_integration").at("/v1/me/integrations/gitlab");
        let attempt = self.by_session(begin().json(r#"{"method":"device"}"#)).await.text("/id");
        let poll = || call("poll_connection").at(format!("/v1/me/integration-attempts/{attempt}/poll"));
        self.world.clock.advance(Duration::seconds(6));
        let waits = self.recorder.ask(poll().with_token(&self.session)).await;
        assert_eq!(waits.text("/status"), "pending");
        self.world.clock.advance(Duration::seconds(6));
        assert_eq!(self.by_session(poll()).await.text("/status"), "connected");

        let by_code = r#"{"method":"authorization_code","redirect_uri":"http://127.0.0.1:7777/callback"}"#;
        let answer = self.recorder.ask(begin().json(by_code).with_token(&self.session)).await;
        let (attempt, url) = (answer.text("/id"), answer.text("/authorization_url"));
        let state = url.split_once("state=").unwrap().1;
        let back = format!(r#"{{"state":"{state}","code":"EXAMPLE0003","iss":"https://gitlab.com"}}"#);
        let finish = call("finish_connection").at(format!("/v1/me/integration-attempts/{attempt}/finish"));
        assert_eq!(self.by_session(finish.json(&back)).await.text("/status"), "connected");
        let attempt = self.recorder.ask(begin().json(by_code).with_token(&self.session)).await.text("/id");
        self.by_session(call("cancel_connection").at(format!("/v1/me/integration-attempts/{attempt}"))).await;

        self.by_session(call("list_integrations")).await;
        self.by_session(call("check_integration").at("/v1/me/integrations/gitlab/check")).await;
        let engine = "/v1/me/integrations/gitlab/repositories?search=engine";
        self.by_session(call("list_repositories").at(engine)).await;
        self.by_session(call("allow_credentials")).await;
        self.by_session(call("get_credential_access")).await;
        self.by_session(call("get_git_credential").json(r#"{"host":"gitlab.com"}"#)).await;
        self.by_session(call("disconnect_integration").at("/v1/me/integrations/gitlab")).await;
    }

    async fn her_registries(&mut self) {
        let password = others::REGISTRY_PASSWORD;
        let authorise = format!(r#"{{"host":"registry.example.com","username":"ada","password":"{password}"}}"#);
        let id = self.by_session(call("authorise_registry").json(&authorise)).await.text("/id");
        let at = |id: &str, more: &str| format!("/v1/me/container-registries/{id}{more}");
        let update = format!(r#"{{"password":"{password}","only_if_verified":true}}"#);
        self.by_session(call("update_registry").at(at(&id, "")).json(&update)).await;
        self.by_session(call("check_registry").at(at(&id, "/check"))).await;
        self.by_session(call("list_container_registries")).await;
        self.by_session(call("get_registry_credential").json(r#"{"host":"registry.example.com"}"#)).await;
        self.by_session(call("remove_registry").at(at(&id, ""))).await;
        self.by_session(call("refuse_credentials")).await;
    }

    async fn her_profile(&mut self) {
        let etag = self.by_key(call("get_profile")).await.header("etag").to_owned();
        let patch = |body: &str| {
            call("update_profile").header("If-Match", &etag).sending("application/merge-patch+json", body.as_bytes())
        };
        let refused = patch(r#"{"name":" "}"#).with_token(&self.key);
        self.recorder.keep_refusal("problem", refused).await;
        self.by_key(patch(r#"{"bio":"Writes Ada's engine notes.","location":null}"#)).await;
        let picture = png(256, 256, [0x1a, 0x6a, 0x53]);
        self.by_key(call("put_avatar").sending("image/png", &picture)).await;
        self.keep(call("get_avatar").at("/v1/users/ada/avatar?size=128")).await;
        self.by_key(call("delete_avatar")).await;
        self.moves_to("ada@analytical.example").await;
        let code = self.world.post().code("ada@analytical.example", "Confirm").await;
        self.by_session(call("confirm_email").json(&format!(r#"{{"code":"{code}"}}"#))).await;
        self.moves_to("ada@engine.example").await;
        self.by_session(call("cancel_email_change")).await;
    }

    /// Asks for another address, which is not what is shown.
    async fn moves_to(&self, email: &str) {
        let body = format!(r#"{{"email":"{email}"}}"#);
        let patch = call("update_profile").header("If-Match", "*").json(&body).with_token(&self.session);
        assert_eq!(self.recorder.ask(patch).await.status, 200);
    }

    async fn her_devices(&mut self) {
        // The list has the device that was used last first: at one and the same moment there is none.
        self.world.clock.advance(Duration::minutes(1));
        let other = self.recorder.ask(call("sign_in").json(&sign_in("ada", PASSWORD))).await.text("/session/id");
        self.by_session(call("list_sessions")).await;
        self.by_session(call("get_session").at("/v1/me/sessions/current")).await;
        self.by_session(call("close_session").at(format!("/v1/me/sessions/{other}"))).await;
        self.recorder.ask(call("sign_in").json(&sign_in("ada", PASSWORD))).await;
        self.by_session(call("close_other_sessions")).await;
        self.by_session(call("list_events").at("/v1/me/events?limit=2")).await;
    }

    async fn her_password(&mut self) {
        self.by_session(call("get_password_status")).await;
        self.by_session(call("reauthenticate").json(&format!(r#"{{"password":"{PASSWORD}"}}"#))).await;
        let change = format!(r#"{{"current_password":"{PASSWORD}","new_password":"{NEW_PASSWORD}"}}"#);
        self.by_session(call("change_password").json(&change)).await;
    }

    async fn her_second_factor(&mut self) {
        let begun = self.by_session(call("start_two_factor")).await;
        let app = Authenticator::scans(&TwoFactorSetup {
            secret: Secret::new(begun.text("/secret")),
            otpauth_uri: Secret::new(begun.text("/otpauth_uri")),
            expires_at: begun.text("/expires_at").parse().unwrap(),
        });
        let code = |code: Secret| format!(r#""code":"{}""#, code.expose());
        let first = code(app.code(&self.world.clock));
        self.by_session(call("verify_two_factor").json(&format!("{{{first}}}"))).await;
        self.by_key(call("get_two_factor")).await;
        let stopped = self.recorder.ask(call("sign_in").json(&sign_in("ada", NEW_PASSWORD))).await;
        let (transaction, second) = (stopped.text("/transaction"), code(app.next_code(&self.world.clock)));
        let step = format!(r#"{{"transaction":"{transaction}",{second}}}"#);
        self.session = self.keep(call("sign_in_second_factor").json(&step)).await.text("/token");
        let made = self.by_session(call("generate_backup_codes")).await;
        let (set, hers) = (made.text("/set_id"), made.text("/backup_codes/0"));
        self.by_session(call("confirm_backup_codes").at(format!("/v1/me/backup-codes/{set}/confirm"))).await;
        self.by_session(call("check_backup_code").json(&format!(r#"{{"backup_code":"{hers}"}}"#))).await;
        self.by_session(call("disable_two_factor")).await;
    }

    async fn grace_leaves(&mut self) {
        let joined = self.recorder.ask(call("create_account").json(&sign_up("grace", "Grace Hopper"))).await;
        assert_eq!(joined.status, 201);
        self.keep(call("request_password_reset").json(r#"{"login":"grace"}"#)).await;
        let code = self.world.post().code("grace@example.com", "A new password").await;
        let reset = format!(r#"{{"login":"grace","code":"{code}","new_password":"{NEW_PASSWORD}"}}"#);
        self.keep(call("reset_password").json(&reset)).await;
        let signed_in = self.recorder.ask(call("sign_in").json(&sign_in("grace", NEW_PASSWORD))).await;
        self.session = signed_in.text("/token");
        self.by_session(call("export_account")).await;
        self.by_session(call("get_deletion")).await;
        let goodbye = format!(r#"{{"username":"grace","password":"{NEW_PASSWORD}"}}"#);
        self.by_session(call("delete_account").json(&goodbye)).await;
    }
}

pub(crate) fn sign_up(username: &str, name: &str) -> String {
    format!(r#"{{"username":"{username}","email":"{username}@example.com","name":"{name}","password":"{PASSWORD}"}}"#)
}

pub(crate) fn sign_in(login: &str, password: &str) -> String {
    format!(r#"{{"login":"{login}","password":"{password}","client":{{"name":"Backup script"}}}}"#)
}
