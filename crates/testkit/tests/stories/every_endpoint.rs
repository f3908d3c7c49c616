//! Calls every endpoint that needs a session, to prove that none forgets the gate.

use bytes::Bytes;
use latchkey_api::{
    AccountApi,
    activity::ActivityQuery,
    api_keys::{ApiKeyPath, CreateApiKey, Scope},
    common::{Caller, PageQuery},
    container_registries::{AuthoriseRegistry, RegistryPath, UpdateRegistry},
    credentials::{GitCredentialRequest, RegistryCredentialRequest},
    deletion::DeleteAccount,
    email::ConfirmEmail,
    endpoint::Auth,
    instance::Provider,
    integrations::*,
    openapi::Described,
    password::{ChangePassword, Reauthentication},
    problem::{ApiResult, ErrorCode},
    profile::{IfMatch, ProfilePatch},
    sessions::SessionPath,
    ssh_keys::{AddSshKey, SshKeyPath},
    two_factor::{BackupCodeSet, CheckBackupCode, VerifyTwoFactor},
    wire::{ETag, Secret, Upload},
};
use uuid::Uuid;

/// What needs a session. Over the socket and in process the edge asks the gate; called directly the method does.
pub(crate) fn endpoints() -> impl Iterator<Item = &'static Described> {
    latchkey_api::endpoints().filter(|endpoint| endpoint.meta.auth != Auth::Nobody)
}

/// Calls an endpoint with something that is not refused for its form; answers the code of the refusal.
pub(crate) async fn call(api: &dyn AccountApi, caller: &Caller, id: &str) -> Option<ErrorCode> {
    let secret = || Secret::new("wrong");
    let path = || SessionPath { id: Uuid::nil().to_string() };
    let done = match id {
        "list_sessions" => api.list_sessions(caller, PageQuery::default()).await.map(drop),
        "get_session" => api.get_session(caller, path()).await.map(drop),
        "close_session" => api.close_session(caller, path()).await,
        "close_other_sessions" => api.close_other_sessions(caller).await.map(drop),
        "get_password_status" => api.get_password_status(caller).await.map(drop),
        "change_password" => {
            let body =
                ChangePassword { current_password: secret(), new_password: secret(), close_other_sessions: true };
            api.change_password(caller, body).await
        }
        "reauthenticate" => {
            let body = Reauthentication { password: secret(), code: None, backup_code: None };
            api.reauthenticate(caller, body).await.map(drop)
        }
        "get_two_factor" => api.get_two_factor(caller).await.map(drop),
        "start_two_factor" => api.start_two_factor(caller).await.map(drop),
        "verify_two_factor" => api.verify_two_factor(caller, VerifyTwoFactor { code: secret() }).await.map(drop),
        "disable_two_factor" => api.disable_two_factor(caller).await,
        "generate_backup_codes" => api.generate_backup_codes(caller).await.map(drop),
        "confirm_backup_codes" => api.confirm_backup_codes(caller, BackupCodeSet { set_id: Uuid::nil() }).await,
        "check_backup_code" => api.check_backup_code(caller, CheckBackupCode { backup_code: secret() }).await.map(drop),
        "get_api_key" => api.get_api_key(caller).await.map(drop),
        "generate_api_key" => api.generate_api_key(caller).await.map(drop),
        "reveal_api_key" => api.reveal_api_key(caller).await.map(drop),
        "list_api_keys" => api.list_api_keys(caller, PageQuery::default()).await.map(drop),
        "create_api_key" => {
            let body = CreateApiKey { name: "x".into(), scopes: vec![Scope::Api], expires_at: None };
            api.create_api_key(caller, body).await.map(drop)
        }
        "delete_api_key" => api.delete_api_key(caller, ApiKeyPath { id: Uuid::nil() }).await,
        "list_ssh_keys" => api.list_ssh_keys(caller, PageQuery::default()).await.map(drop),
        "add_ssh_key" => {
            let body = AddSshKey { name: "laptop".into(), public_key: "no key".into() };
            api.add_ssh_key(caller, body).await.map(drop)
        }
        "remove_ssh_key" => api.remove_ssh_key(caller, SshKeyPath { id: Uuid::nil() }).await,
        "get_profile" => api.get_profile(caller).await.map(drop),
        "update_profile" => {
            let any = IfMatch { if_match: ETag("*".into()) };
            let change = ProfilePatch { bio: Some(Some("x".into())), ..ProfilePatch::default() };
            api.update_profile(caller, any, change).await.map(drop)
        }
        "confirm_email" => api.confirm_email(caller, ConfirmEmail { code: secret() }).await.map(drop),
        "cancel_email_change" => api.cancel_email_change(caller).await.map(drop),
        "put_avatar" => {
            let upload = Upload { media_type: "image/png".into(), bytes: Bytes::from_static(b"no picture") };
            api.put_avatar(caller, upload).await.map(drop)
        }
        "delete_avatar" => api.delete_avatar(caller).await.map(drop),
        "list_events" => api.list_events(caller, ActivityQuery::default()).await.map(drop),
        "get_deletion" => api.get_deletion(caller).await.map(drop),
        "delete_account" => {
            let body = DeleteAccount { username: "nobody".into(), password: secret(), code: None };
            api.delete_account(caller, body).await
        }
        "export_account" => api.export_account(caller).await.map(drop),
        other => connections(api, caller, other).await,
    };
    done.err().map(|problem| problem.code())
}

/// The same of connections, registries and credentials.
async fn connections(api: &dyn AccountApi, caller: &Caller, id: &str) -> ApiResult<()> {
    let secret = || Secret::new("wrong");
    let integration = || IntegrationPath { provider: Provider::Github, id: None };
    match id {
        "list_integrations" => api.list_integrations(caller).await.map(drop),
        "connect_integration" => {
            let body = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
            api.connect_integration(caller, ProviderPath { provider: Provider::Github }, body).await.map(drop)
        }
        "poll_connection" => api.poll_connection(caller, AttemptPath { id: Uuid::nil() }).await.map(drop),
        "finish_connection" => {
            let body = FinishConnection { state: "x".into(), code: Some(secret()), error: None, iss: None };
            api.finish_connection(caller, AttemptPath { id: Uuid::nil() }, body).await.map(drop)
        }
        "cancel_connection" => api.cancel_connection(caller, AttemptPath { id: Uuid::nil() }).await,
        "check_integration" => api.check_integration(caller, integration()).await.map(drop),
        "list_repositories" => {
            let query =
                RepositoriesQuery { provider: Provider::Github, id: None, search: None, limit: None, after: None };
            api.list_repositories(caller, query).await.map(drop)
        }
        "disconnect_integration" => api.disconnect_integration(caller, integration()).await.map(drop),
        "list_container_registries" => api.list_container_registries(caller, PageQuery::default()).await.map(drop),
        "authorise_registry" => {
            let (host, username) = ("registry.example".into(), "ada".into());
            let body = AuthoriseRegistry { host, username, password: secret(), only_if_verified: Some(true) };
            api.authorise_registry(caller, body).await.map(drop)
        }
        "update_registry" => {
            let body = UpdateRegistry { username: None, password: secret(), only_if_verified: None };
            api.update_registry(caller, RegistryPath { id: Uuid::nil() }, body).await.map(drop)
        }
        "check_registry" => api.check_registry(caller, RegistryPath { id: Uuid::nil() }).await.map(drop),
        "remove_registry" => api.remove_registry(caller, RegistryPath { id: Uuid::nil() }).await,
        "get_credential_access" => api.get_credential_access(caller).await.map(drop),
        "allow_credentials" => api.allow_credentials(caller).await.map(drop),
        "refuse_credentials" => api.refuse_credentials(caller).await,
        "get_git_credential" => {
            let body = GitCredentialRequest { host: "github.com".into(), username: None };
            api.get_git_credential(caller, body).await.map(drop)
        }
        "get_registry_credential" => {
            let body = RegistryCredentialRequest { host: "registry.example".into() };
            api.get_registry_credential(caller, body).await.map(drop)
        }
        other => panic!("call {other} here"),
    }
}
