//! What people change, as a request to the service and as what it is to come to.

use std::process::Command;

use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_api::{
    api_keys::{ApiKeyPath, ApiKeysApi, CreateApiKey, Scope},
    avatar::AvatarApi,
    common::{Caller, PageQuery},
    deletion::{DeleteAccount, DeletionApi},
    password::{PasswordApi, Reauthentication},
    problem::{ApiResult, ErrorCode, Problem},
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SecondFactor, SessionPath, SessionsApi},
    ssh_keys::{AddSshKey, SshKeyPath, SshKeysApi},
    two_factor::{TwoFactorApi, VerifyTwoFactor},
    wire::{Secret, Upload},
};
use latchkey_client::Client;
use rcgen::{KeyPair, PKCS_ED25519};

use crate::{
    account::Account,
    people::{PASSWORD, Person, sign_in},
    tools,
};

/// A picture of 32 by 32 pixels in one colour (PNG).
const PICTURE: &[u8] = include_bytes!("picture.png");

/// One write.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Rename(String),
    AddApiKey(String),
    /// By its name; its token, where it is known, works no more.
    DeleteApiKey(String, Option<String>),
    AddSshKey(String),
    RemoveSshKey(String),
    PutAvatar,
    DeleteAvatar,
    SignIn,
    Close(String),
    EnableTwoFactor,
    SpendCode,
    DisableTwoFactor,
    Delete,
}

/// What a person is given by an answer.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) token: Option<String>,
    pub(crate) codes: Vec<Secret>,
}

impl Change {
    /// What the account is after it; `None` where it is gone. What only the answer tells is not in it.
    pub(crate) fn after(&self, before: &Account) -> Option<Account> {
        let mut after = before.clone();
        let kind = match self {
            Self::Rename(name) => {
                after.name.clone_from(name);
                "profile_updated"
            }
            Self::AddApiKey(name) => {
                after.api_keys.insert(name.clone());
                "api_key_created"
            }
            Self::DeleteApiKey(name, token) => {
                after.api_keys.remove(name);
                after.tokens.extend(token.iter().map(|token| (token.clone(), false)));
                "api_key_deleted"
            }
            Self::AddSshKey(name) => {
                after.ssh_keys.insert(name.clone());
                "ssh_key_added"
            }
            Self::RemoveSshKey(name) => {
                after.ssh_keys.remove(name);
                "ssh_key_removed"
            }
            Self::PutAvatar => {
                after.avatar = true;
                "avatar_changed"
            }
            Self::DeleteAvatar => {
                after.avatar = false;
                "avatar_removed"
            }
            Self::SignIn => {
                after.open += 1;
                after.codes = after.codes.map(|left| left - 1);
                if after.codes.is_some() { "signed_in_with_backup_code" } else { "signed_in" }
            }
            Self::Close(token) => {
                after.open -= 1;
                after.tokens.insert(token.clone(), false);
                "signed_out"
            }
            Self::EnableTwoFactor => {
                after.codes = Some(10);
                "two_factor_enabled"
            }
            Self::SpendCode => {
                after.codes = after.codes.map(|left| left - 1);
                "backup_code_used"
            }
            Self::DisableTwoFactor => {
                after.codes = None;
                "two_factor_disabled"
            }
            Self::Delete => return None,
        };
        after.events.push(kind);
        Some(after)
    }

    /// Asks the service for it.
    pub(crate) async fn ask(&self, client: &Client, person: &mut Person) -> ApiResult<Given> {
        let me = person.caller();
        let mut given = Given::default();
        match self {
            Self::Rename(name) => {
                let etag = client.get_profile(&me).await?.etag;
                let patch = ProfilePatch { name: Some(name.clone()), ..ProfilePatch::default() };
                client.update_profile(&me, IfMatch { if_match: etag }, patch).await?;
            }
            Self::AddApiKey(name) => {
                let body = CreateApiKey { name: name.clone(), scopes: vec![Scope::Api], expires_at: None };
                let token = client.create_api_key(&me, body).await?.token.expose().to_owned();
                person.keys.insert(name.clone(), token.clone());
                given.token = Some(token);
            }
            Self::DeleteApiKey(name, _) => {
                let keys = client.list_api_keys(&me, PageQuery { limit: Some(100), after: None }).await?.items;
                let id = keys.iter().find(|key| key.name == *name).ok_or_else(|| missing(name))?.id;
                client.delete_api_key(&me, ApiKeyPath { id }).await?;
            }
            Self::AddSshKey(name) => {
                client.add_ssh_key(&me, AddSshKey { name: name.clone(), public_key: public_key() }).await?;
            }
            Self::RemoveSshKey(name) => {
                let keys = client.list_ssh_keys(&me, PageQuery { limit: Some(100), after: None }).await?.items;
                let id = keys.iter().find(|key| key.name == *name).ok_or_else(|| missing(name))?.id;
                client.remove_ssh_key(&me, SshKeyPath { id }).await?;
            }
            Self::PutAvatar => {
                let image = Upload { media_type: "image/png".into(), bytes: PICTURE.into() };
                client.put_avatar(&me, image).await?;
            }
            Self::DeleteAvatar => drop(client.delete_avatar(&me).await?),
            Self::SignIn => given.token = Some(signed_in(client, person).await?),
            Self::Close(token) => {
                client.close_session(&Caller::with_token(token), SessionPath { id: "current".into() }).await?;
            }
            Self::EnableTwoFactor => {
                let setup = client.start_two_factor(&me).await?;
                let body = VerifyTwoFactor { code: code(&setup.secret).await };
                given.codes = client.verify_two_factor(&me, body).await?.backup_codes;
            }
            Self::SpendCode => {
                let backup_code = Some(person.codes.pop().expect("a code that is left"));
                let proof = Reauthentication { password: Secret::new(PASSWORD), code: None, backup_code };
                client.reauthenticate(&me, proof).await?;
            }
            Self::DisableTwoFactor => client.disable_two_factor(&me).await?,
            Self::Delete => {
                let username = person.username.clone();
                client
                    .delete_account(&me, DeleteAccount { username, password: Secret::new(PASSWORD), code: None })
                    .await?;
            }
        }
        Ok(given)
    }
}

async fn signed_in(client: &Client, person: &mut Person) -> ApiResult<String> {
    let nobody = Caller::default();
    let token = match client.sign_in(&nobody, sign_in(&person.username)).await {
        Ok(answer) => answer.token,
        Err(refused) if refused.code() == ErrorCode::SecondFactorRequired => {
            let transaction = refused.body().members.transaction.clone().expect("a transaction");
            let backup_code = Some(person.codes.pop().expect("a code that is left"));
            let step = SecondFactor { transaction, code: None, backup_code };
            client.sign_in_second_factor(&nobody, step).await?.token
        }
        Err(refused) => return Err(refused),
    };
    Ok(token.expose().to_owned())
}

/// What a list lacks although it was said to be in it.
fn missing(name: &str) -> Problem {
    Problem::new(ErrorCode::NotFound).detail(format!("{name} is not in the list."))
}

/// What an authenticator app shows now.
async fn code(secret: &Secret) -> Secret {
    let secret = secret.expose().to_owned();
    let shown = tokio::task::spawn_blocking(move || {
        let mut oathtool = Command::new("oathtool");
        tools::well(oathtool.args(["--totp", "--base32", &secret]))
    });
    Secret::new(shown.await.unwrap().trim())
}

/// A public key nobody has, as OpenSSH writes it.
fn public_key() -> String {
    let pair = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let mut blob = Vec::new();
    for part in [b"ssh-ed25519".as_slice(), pair.public_key_raw()] {
        blob.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
        blob.extend(part);
    }
    format!("ssh-ed25519 {}", STANDARD.encode(blob))
}
