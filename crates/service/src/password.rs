//! STUB
use crate::service::Service;
use latchkey_api::{common::*, password::*, problem::*, profile::*, wire::*};
#[async_trait::async_trait]
impl PasswordApi for Service {
    async fn get_password_status(&self, _: &Caller) -> ApiResult<PasswordStatus> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn change_password(&self, _: &Caller, _: ChangePassword) -> ApiResult<()> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn reauthenticate(&self, _: &Caller, _: Reauthentication) -> ApiResult<Reauthenticated> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn request_password_reset(&self, caller: &Caller, body: PasswordResetRequest) -> ApiResult<()> {
        self.request_reset(caller, body).await
    }
    async fn reset_password(&self, caller: &Caller, body: PasswordReset) -> ApiResult<()> {
        self.complete_reset(caller, body).await
    }
}
