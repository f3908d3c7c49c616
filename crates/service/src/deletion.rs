//! STUB
use crate::service::Service;
use latchkey_api::{common::*, deletion::*, problem::*, profile::*, wire::*};
#[async_trait::async_trait]
impl DeletionApi for Service {
    async fn get_deletion(&self, _: &Caller) -> ApiResult<Deletion> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn delete_account(&self, _: &Caller, _: DeleteAccount) -> ApiResult<()> {
        Err(Problem::new(ErrorCode::Internal))
    }
    async fn export_account(&self, _: &Caller) -> ApiResult<Export> {
        Err(Problem::new(ErrorCode::Internal))
    }
}
