//! What the toy answers where little of the edge depends on it.

use futures_util::{StreamExt, stream, stream::BoxStream};
use latchkey_api::{
    activity::*, common::*, deletion::*, email::EmailApi, password::*, problem::*, profile::*, two_factor::*, wire::*,
};

use crate::toy::Toy;

#[async_trait::async_trait]
impl EmailApi for Toy {
    async fn confirm_email(
        &self,
        caller: &Caller,
        _: latchkey_api::email::ConfirmEmail,
    ) -> ApiResult<Versioned<Profile>> {
        self.other(caller)
    }

    async fn cancel_email_change(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        self.other(caller)
    }
}

#[async_trait::async_trait]
impl PasswordApi for Toy {
    async fn get_password_status(&self, caller: &Caller) -> ApiResult<PasswordStatus> {
        self.other(caller)
    }

    async fn change_password(&self, caller: &Caller, _: ChangePassword) -> ApiResult<()> {
        self.other(caller)
    }

    async fn reauthenticate(&self, caller: &Caller, _: Reauthentication) -> ApiResult<Reauthenticated> {
        self.other(caller)
    }

    async fn request_password_reset(&self, caller: &Caller, _: PasswordResetRequest) -> ApiResult<()> {
        self.other(caller)
    }

    async fn reset_password(&self, caller: &Caller, _: PasswordReset) -> ApiResult<()> {
        self.other(caller)
    }
}

#[async_trait::async_trait]
impl TwoFactorApi for Toy {
    async fn get_two_factor(&self, caller: &Caller) -> ApiResult<TwoFactor> {
        self.other(caller)
    }

    async fn start_two_factor(&self, caller: &Caller) -> ApiResult<TwoFactorSetup> {
        self.other(caller)
    }

    async fn verify_two_factor(&self, caller: &Caller, _: VerifyTwoFactor) -> ApiResult<BackupCodes> {
        self.other(caller)
    }

    async fn disable_two_factor(&self, caller: &Caller) -> ApiResult<()> {
        self.other(caller)
    }

    async fn generate_backup_codes(&self, caller: &Caller) -> ApiResult<PendingBackupCodes> {
        self.other(caller)
    }

    async fn confirm_backup_codes(&self, caller: &Caller, _: BackupCodeSet) -> ApiResult<()> {
        self.other(caller)
    }

    async fn check_backup_code(&self, caller: &Caller, _: CheckBackupCode) -> ApiResult<CheckedBackupCode> {
        self.other(caller)
    }
}

#[async_trait::async_trait]
impl ActivityApi for Toy {
    async fn list_events(&self, caller: &Caller, _: ActivityQuery) -> ApiResult<Page<Activity>> {
        self.other(caller)
    }
}

/// One event and then silence; the user agent `flood` hears more than it can take.
#[async_trait::async_trait]
impl Pushes for Toy {
    async fn stream_events(&self, caller: &Caller) -> ApiResult<BoxStream<'static, Push>> {
        let low = Push::BackupCodesLow { remaining: 3 };
        if caller.user_agent.as_deref() == Some("flood") {
            let device = Some("x".repeat(1000));
            let new = Push::SignInNew { session_id: uuid::Uuid::nil(), device, ip_address: None };
            return Ok(stream::repeat(new).boxed());
        }
        Ok(stream::iter([low]).chain(stream::pending()).boxed())
    }
}

#[async_trait::async_trait]
impl DeletionApi for Toy {
    async fn get_deletion(&self, caller: &Caller) -> ApiResult<Deletion> {
        self.other(caller)
    }

    async fn delete_account(&self, caller: &Caller, _: DeleteAccount) -> ApiResult<()> {
        self.other(caller)
    }

    async fn export_account(&self, caller: &Caller) -> ApiResult<Export> {
        self.other(caller)
    }
}
