//! STUB
use crate::service::Service;
use latchkey_api::{common::*, problem::*, profile::*, two_factor::*, wire::*};
#[async_trait::async_trait]
impl TwoFactorApi for Service {
    async fn get_two_factor(&self, _: &Caller) -> ApiResult<TwoFactor> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn start_two_factor(&self, _: &Caller) -> ApiResult<TwoFactorSetup> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn verify_two_factor(&self, _: &Caller, _: VerifyTwoFactor) -> ApiResult<BackupCodes> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn disable_two_factor(&self, _: &Caller) -> ApiResult<()> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn generate_backup_codes(&self, _: &Caller) -> ApiResult<PendingBackupCodes> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn confirm_backup_codes(&self, _: &Caller, _: BackupCodeSet) -> ApiResult<()> {
        Err(Problem::new(ErrorCode::Internal))
    }
}
