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
    async fn request_password_reset(&self, _: &Caller, _: PasswordResetRequest) -> ApiResult<()> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn reset_password(&self, _: &Caller, _: PasswordReset) -> ApiResult<()> {
        Err(Problem::new(ErrorCode::Internal))
    }
}
