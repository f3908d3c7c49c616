//! `git clone` over HTTP, with the token the service hands out.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use latchkey_api::credentials::{CredentialsApi, GitCredentialRequest};
use serde_json::json;
use tempfile::TempDir;

use super::{
    at_both,
    there::{LOGIN, another_session},
    *,
};
use crate::{files::holding, tools};

at_both! { a_private_repository_is_cloned_with_it a_session_hands_out_what_it_was_let_to }

/// A helper of git's, as somebody could write one: it asks the service, and says what it was answered.
const HELPER: &str = r#"#!/bin/sh
[ "$1" = get ] || exit 0
host=$(sed -n 's/^host=//p')
answer=$(curl -fsS --max-time 30 -H "Authorization: Bearer $SESSION" -H 'Content-Type: application/json' \
    -d "{\"host\":\"$host\"}" "$SERVICE/v1/me/git-credential") || exit 0
printf '%s' "$answer" | sed -E 's/.*"username":"([^"]*)","password":"([^"]*)".*/username=\1\npassword=\2\n/'
"#;

/// Somebody's git, with nothing of the tester's own.
struct Git<'a> {
    there: &'a There,
    folder: TempDir,
}

impl<'a> Git<'a> {
    fn of(there: &'a There) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let helper = folder.path().join("helper");
        fs::write(&helper, HELPER).unwrap();
        fs::set_permissions(&helper, fs::Permissions::from_mode(0o700)).unwrap();
        Self { there, folder }
    }

    /// What the repository holds, or what git says why not.
    fn clones(&self) -> Result<String, String> {
        let into = tempfile::tempdir_in(self.folder.path()).unwrap().keep();
        let mut git = self.command();
        git.arg("-c").arg(format!("credential.helper={}", self.folder.path().join("helper").display()));
        git.arg("clone").arg(format!("{}/northwind/tools.git", self.there.provider.url())).arg(&into);
        let (good, _, err) = tools::output(&mut git);
        if good { Ok(fs::read_to_string(into.join("README.md")).unwrap()) } else { Err(err) }
    }

    fn command(&self) -> Command {
        let mut git = tools::system("git");
        git.env("HOME", self.folder.path()).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0");
        git.env("SERVICE", format!("http://{}", self.there.served.address));
        git.env("SESSION", self.there.me.credential.as_ref().unwrap().expose());
        git.current_dir(self.folder.path());
        git
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}

async fn a_private_repository_is_cloned_with_it(kind: Kind) {
    let there = There::at(kind).await;
    let git = Git::of(&there);
    let asks = |git: &Git| git.clones().unwrap_err().contains("could not read Username");
    assert!(asks(&git), "nothing is connected");
    there.connects(LOGIN).await;
    assert!(asks(&git), "this session was not let");
    there.client.allow_credentials(&there.me).await.unwrap();
    assert_eq!(git.clones().unwrap(), "Only for those who have a token.\n");
    let token = there.credential().await.unwrap().password;
    assert!(holding(git.folder(), token.expose()).is_empty(), "git keeps no token");

    there.client.refuse_credentials(&there.me).await.unwrap();
    assert!(asks(&git), "it was taken back");
    there.client.allow_credentials(&there.me).await.unwrap();
    there.client.disconnect_integration(&there.me, there.one()).await.unwrap();
    assert!(asks(&git), "nothing is connected any more");
}

async fn a_session_hands_out_what_it_was_let_to(kind: Kind) {
    let there = There::with(kind, None, json!({"access_token_ttl": 240})).await;
    there.connects(LOGIN).await;
    assert_eq!(there.credential().await.unwrap_err().code(), ErrorCode::CredentialsNotAllowed);
    assert_eq!(there.client.get_credential_access(&there.me).await.unwrap().allowed_since, None);
    there.client.allow_credentials(&there.me).await.unwrap();
    there.provider.set(&json!({"access_token_ttl": 7200}));
    let credential = there.credential().await.unwrap();
    assert_eq!(credential.provider, kind);
    assert!(there.provider.takes(credential.password.expose()), "it was refreshed first");
    assert_eq!(there.provider.seen("/grants/refresh_token"), json!(1));
    // Another session was let nothing.
    let other = another_session(&there.client).await;
    let asked = GitCredentialRequest { host: there.provider.host().into(), username: None };
    let refused = there.client.get_git_credential(&other, asked).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::CredentialsNotAllowed);
}
