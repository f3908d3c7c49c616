//! The traits of the contract, one line a method.

mod connections;

use async_trait::async_trait;
use latchkey_api::{
    accounts::*,
    activity::*,
    api_keys::*,
    avatar::*,
    common::{Caller, Page, PageQuery},
    deletion::*,
    email::*,
    instance::*,
    params::NoParams,
    password::*,
    problem::ApiResult,
    profile::*,
    sessions::*,
    ssh_keys::*,
    two_factor::*,
    wire::{Upload, Versioned},
};

use crate::Client;

const NONE: NoParams = NoParams {};

#[async_trait]
impl InstanceApi for Client {
    async fn get_instance(&self, caller: &Caller) -> ApiResult<Instance> {
        self.call(GET_INSTANCE, caller, NONE, ()).await
    }
}

#[async_trait]
impl AccountsApi for Client {
    async fn create_account(&self, caller: &Caller, body: SignUp) -> ApiResult<Profile> {
        self.call(CREATE_ACCOUNT, caller, NONE, body).await
    }
}

#[async_trait]
impl SessionsApi for Client {
    async fn sign_in(&self, caller: &Caller, body: SignIn) -> ApiResult<SignedIn> {
        self.call(SIGN_IN, caller, NONE, body).await
    }

    async fn sign_in_second_factor(&self, caller: &Caller, body: SecondFactor) -> ApiResult<SignedIn> {
        self.call(SIGN_IN_SECOND_FACTOR, caller, NONE, body).await
    }

    async fn list_sessions(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<Session>> {
        self.call(LIST_SESSIONS, caller, query, ()).await
    }

    async fn get_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<Session> {
        self.call(GET_SESSION, caller, path, ()).await
    }

    async fn close_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<()> {
        self.call(CLOSE_SESSION, caller, path, ()).await
    }

    async fn close_other_sessions(&self, caller: &Caller) -> ApiResult<Closed> {
        self.call(CLOSE_OTHER_SESSIONS, caller, NONE, ()).await
    }
}

#[async_trait]
impl ProfileApi for Client {
    async fn get_profile(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        self.call(GET_PROFILE, caller, NONE, ()).await
    }

    async fn update_profile(
        &self,
        caller: &Caller,
        if_match: IfMatch,
        patch: ProfilePatch,
    ) -> ApiResult<Versioned<Profile>> {
        self.call(UPDATE_PROFILE, caller, if_match, patch).await
    }
}

#[async_trait]
impl AvatarApi for Client {
    async fn put_avatar(&self, caller: &Caller, image: Upload) -> ApiResult<Versioned<Profile>> {
        self.call(PUT_AVATAR, caller, NONE, image).await
    }

    async fn delete_avatar(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        self.call(DELETE_AVATAR, caller, NONE, ()).await
    }

    async fn get_avatar(&self, caller: &Caller, path: AvatarPath) -> ApiResult<AvatarImage> {
        self.call(GET_AVATAR, caller, path, ()).await
    }
}

#[async_trait]
impl EmailApi for Client {
    async fn confirm_email(&self, caller: &Caller, body: ConfirmEmail) -> ApiResult<Versioned<Profile>> {
        self.call(CONFIRM_EMAIL, caller, NONE, body).await
    }

    async fn cancel_email_change(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        self.call(CANCEL_EMAIL_CHANGE, caller, NONE, ()).await
    }
}

#[async_trait]
impl PasswordApi for Client {
    async fn get_password_status(&self, caller: &Caller) -> ApiResult<PasswordStatus> {
        self.call(GET_PASSWORD_STATUS, caller, NONE, ()).await
    }

    async fn change_password(&self, caller: &Caller, body: ChangePassword) -> ApiResult<()> {
        self.call(CHANGE_PASSWORD, caller, NONE, body).await
    }

    async fn reauthenticate(&self, caller: &Caller, body: Reauthentication) -> ApiResult<Reauthenticated> {
        self.call(REAUTHENTICATE, caller, NONE, body).await
    }

    async fn request_password_reset(&self, caller: &Caller, body: PasswordResetRequest) -> ApiResult<()> {
        self.call(REQUEST_PASSWORD_RESET, caller, NONE, body).await
    }

    async fn reset_password(&self, caller: &Caller, body: PasswordReset) -> ApiResult<()> {
        self.call(RESET_PASSWORD, caller, NONE, body).await
    }
}

#[async_trait]
impl TwoFactorApi for Client {
    async fn get_two_factor(&self, caller: &Caller) -> ApiResult<TwoFactor> {
        self.call(GET_TWO_FACTOR, caller, NONE, ()).await
    }

    async fn start_two_factor(&self, caller: &Caller) -> ApiResult<TwoFactorSetup> {
        self.call(START_TWO_FACTOR, caller, NONE, ()).await
    }

    async fn verify_two_factor(&self, caller: &Caller, body: VerifyTwoFactor) -> ApiResult<BackupCodes> {
        self.call(VERIFY_TWO_FACTOR, caller, NONE, body).await
    }

    async fn disable_two_factor(&self, caller: &Caller) -> ApiResult<()> {
        self.call(DISABLE_TWO_FACTOR, caller, NONE, ()).await
    }

    async fn generate_backup_codes(&self, caller: &Caller) -> ApiResult<PendingBackupCodes> {
        self.call(GENERATE_BACKUP_CODES, caller, NONE, ()).await
    }

    async fn confirm_backup_codes(&self, caller: &Caller, path: BackupCodeSet) -> ApiResult<()> {
        self.call(CONFIRM_BACKUP_CODES, caller, path, ()).await
    }

    async fn check_backup_code(&self, caller: &Caller, body: CheckBackupCode) -> ApiResult<CheckedBackupCode> {
        self.call(CHECK_BACKUP_CODE, caller, NONE, body).await
    }
}

#[async_trait]
impl ApiKeysApi for Client {
    async fn get_api_key(&self, caller: &Caller) -> ApiResult<PersonalApiKey> {
        self.call(GET_API_KEY, caller, NONE, ()).await
    }

    async fn generate_api_key(&self, caller: &Caller) -> ApiResult<RevealedApiKey> {
        self.call(GENERATE_API_KEY, caller, NONE, ()).await
    }

    async fn reveal_api_key(&self, caller: &Caller) -> ApiResult<RevealedApiKey> {
        self.call(REVEAL_API_KEY, caller, NONE, ()).await
    }

    async fn list_api_keys(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<ApiKey>> {
        self.call(LIST_API_KEYS, caller, query, ()).await
    }

    async fn create_api_key(&self, caller: &Caller, body: CreateApiKey) -> ApiResult<NewApiKey> {
        self.call(CREATE_API_KEY, caller, NONE, body).await
    }

    async fn delete_api_key(&self, caller: &Caller, path: ApiKeyPath) -> ApiResult<()> {
        self.call(DELETE_API_KEY, caller, path, ()).await
    }
}

#[async_trait]
impl SshKeysApi for Client {
    async fn list_ssh_keys(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<SshKey>> {
        self.call(LIST_SSH_KEYS, caller, query, ()).await
    }

    async fn add_ssh_key(&self, caller: &Caller, body: AddSshKey) -> ApiResult<SshKey> {
        self.call(ADD_SSH_KEY, caller, NONE, body).await
    }

    async fn remove_ssh_key(&self, caller: &Caller, path: SshKeyPath) -> ApiResult<()> {
        self.call(REMOVE_SSH_KEY, caller, path, ()).await
    }

    async fn get_authorized_keys(&self, caller: &Caller, query: AuthorizedKeysQuery) -> ApiResult<String> {
        self.call(GET_AUTHORIZED_KEYS, caller, query, ()).await
    }
}

#[async_trait]
impl ActivityApi for Client {
    async fn list_events(&self, caller: &Caller, query: ActivityQuery) -> ApiResult<Page<Activity>> {
        self.call(LIST_EVENTS, caller, query, ()).await
    }
}

#[async_trait]
impl DeletionApi for Client {
    async fn get_deletion(&self, caller: &Caller) -> ApiResult<Deletion> {
        self.call(GET_DELETION, caller, NONE, ()).await
    }

    async fn delete_account(&self, caller: &Caller, body: DeleteAccount) -> ApiResult<()> {
        self.call(DELETE_ACCOUNT, caller, NONE, body).await
    }

    async fn export_account(&self, caller: &Caller) -> ApiResult<Export> {
        self.call(EXPORT_ACCOUNT, caller, NONE, ()).await
    }
}
