//! STUB
use crate::service::Service;
use latchkey_api::{common::*, email::*, problem::*, profile::*, wire::*};
#[async_trait::async_trait]
impl EmailApi for Service {
    async fn confirm_email(&self, _: &Caller, _: ConfirmEmail) -> ApiResult<Versioned<Profile>> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn cancel_email_change(&self, _: &Caller) -> ApiResult<Versioned<Profile>> {
        Err(Problem::new(ErrorCode::Internal))
    }
}
