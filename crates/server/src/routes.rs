//! The whole API on one screen.

use std::sync::Arc;

use latchkey_api::{
    accounts::*, activity::*, api_keys::*, avatar::*, container_registries::*, credentials::*, deletion::*, email::*,
    instance::*, integrations::*, password::*, profile::*, sessions::*, ssh_keys::*, two_factor::*,
};

use crate::{host::Host, limits::Limits, mount::Routes};

/// Every endpoint of the contract, mounted on a host.
pub fn routes(host: Arc<dyn Host>, limits: Limits) -> Routes {
    Routes::new(host, limits)
        .mount(GET_INSTANCE, |api, caller, _, ()| api.get_instance(caller))
        .mount(CREATE_ACCOUNT, |api, caller, _, body| api.create_account(caller, body))
        .mount(SIGN_IN, |api, caller, _, body| api.sign_in(caller, body))
        .mount(SIGN_IN_SECOND_FACTOR, |api, caller, _, body| api.sign_in_second_factor(caller, body))
        .mount(LIST_SESSIONS, |api, caller, query, ()| api.list_sessions(caller, query))
        .mount(GET_SESSION, |api, caller, path, ()| api.get_session(caller, path))
        .mount(CLOSE_SESSION, |api, caller, path, ()| api.close_session(caller, path))
        .mount(CLOSE_OTHER_SESSIONS, |api, caller, _, ()| api.close_other_sessions(caller))
        .mount(GET_PASSWORD_STATUS, |api, caller, _, ()| api.get_password_status(caller))
        .mount(CHANGE_PASSWORD, |api, caller, _, body| api.change_password(caller, body))
        .mount(REAUTHENTICATE, |api, caller, _, body| api.reauthenticate(caller, body))
        .mount(REQUEST_PASSWORD_RESET, |api, caller, _, body| api.request_password_reset(caller, body))
        .mount(RESET_PASSWORD, |api, caller, _, body| api.reset_password(caller, body))
        .mount(GET_TWO_FACTOR, |api, caller, _, ()| api.get_two_factor(caller))
        .mount(START_TWO_FACTOR, |api, caller, _, ()| api.start_two_factor(caller))
        .mount(VERIFY_TWO_FACTOR, |api, caller, _, body| api.verify_two_factor(caller, body))
        .mount(DISABLE_TWO_FACTOR, |api, caller, _, ()| api.disable_two_factor(caller))
        .mount(GENERATE_BACKUP_CODES, |api, caller, _, ()| api.generate_backup_codes(caller))
        .mount(CONFIRM_BACKUP_CODES, |api, caller, path, ()| api.confirm_backup_codes(caller, path))
        .mount(CHECK_BACKUP_CODE, |api, caller, _, body| api.check_backup_code(caller, body))
        .mount(GET_API_KEY, |api, caller, _, ()| api.get_api_key(caller))
        .mount(GENERATE_API_KEY, |api, caller, _, ()| api.generate_api_key(caller))
        .mount(REVEAL_API_KEY, |api, caller, _, ()| api.reveal_api_key(caller))
        .mount(LIST_API_KEYS, |api, caller, query, ()| api.list_api_keys(caller, query))
        .mount(CREATE_API_KEY, |api, caller, _, body| api.create_api_key(caller, body))
        .mount(DELETE_API_KEY, |api, caller, path, ()| api.delete_api_key(caller, path))
        .mount(LIST_SSH_KEYS, |api, caller, query, ()| api.list_ssh_keys(caller, query))
        .mount(ADD_SSH_KEY, |api, caller, _, body| api.add_ssh_key(caller, body))
        .mount(REMOVE_SSH_KEY, |api, caller, path, ()| api.remove_ssh_key(caller, path))
        .mount(GET_AUTHORIZED_KEYS, |api, caller, query, ()| api.get_authorized_keys(caller, query))
        .mount(LIST_INTEGRATIONS, |api, caller, _, ()| api.list_integrations(caller))
        .mount(CONNECT_INTEGRATION, |api, caller, path, body| api.connect_integration(caller, path, body))
        .mount(POLL_CONNECTION, |api, caller, path, ()| api.poll_connection(caller, path))
        .mount(FINISH_CONNECTION, |api, caller, path, body| api.finish_connection(caller, path, body))
        .mount(CANCEL_CONNECTION, |api, caller, path, ()| api.cancel_connection(caller, path))
        .mount(CHECK_INTEGRATION, |api, caller, path, ()| api.check_integration(caller, path))
        .mount(LIST_REPOSITORIES, |api, caller, query, ()| api.list_repositories(caller, query))
        .mount(DISCONNECT_INTEGRATION, |api, caller, path, ()| api.disconnect_integration(caller, path))
        .mount(LIST_CONTAINER_REGISTRIES, |api, caller, query, ()| api.list_container_registries(caller, query))
        .mount(AUTHORISE_REGISTRY, |api, caller, _, body| api.authorise_registry(caller, body))
        .mount(UPDATE_REGISTRY, |api, caller, path, body| api.update_registry(caller, path, body))
        .mount(CHECK_REGISTRY, |api, caller, path, ()| api.check_registry(caller, path))
        .mount(REMOVE_REGISTRY, |api, caller, path, ()| api.remove_registry(caller, path))
        .mount(GET_CREDENTIAL_ACCESS, |api, caller, _, ()| api.get_credential_access(caller))
        .mount(ALLOW_CREDENTIALS, |api, caller, _, ()| api.allow_credentials(caller))
        .mount(REFUSE_CREDENTIALS, |api, caller, _, ()| api.refuse_credentials(caller))
        .mount(GET_GIT_CREDENTIAL, |api, caller, _, body| api.get_git_credential(caller, body))
        .mount(GET_REGISTRY_CREDENTIAL, |api, caller, _, body| api.get_registry_credential(caller, body))
        .mount(GET_PROFILE, |api, caller, _, ()| api.get_profile(caller))
        .mount(UPDATE_PROFILE, |api, caller, if_match, patch| api.update_profile(caller, if_match, patch))
        .mount(CONFIRM_EMAIL, |api, caller, _, body| api.confirm_email(caller, body))
        .mount(CANCEL_EMAIL_CHANGE, |api, caller, _, ()| api.cancel_email_change(caller))
        .mount(PUT_AVATAR, |api, caller, _, image| api.put_avatar(caller, image))
        .mount(DELETE_AVATAR, |api, caller, _, ()| api.delete_avatar(caller))
        .mount(GET_AVATAR, |api, caller, path, ()| api.get_avatar(caller, path))
        .mount(LIST_EVENTS, |api, caller, query, ()| api.list_events(caller, query))
        .mount(GET_DELETION, |api, caller, _, ()| api.get_deletion(caller))
        .mount(DELETE_ACCOUNT, |api, caller, _, body| api.delete_account(caller, body))
        .mount(EXPORT_ACCOUNT, |api, caller, _, ()| api.export_account(caller))
}
