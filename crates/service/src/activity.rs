//! STUB
use crate::service::Service;
use latchkey_api::{activity::*, common::*, problem::*, profile::*, wire::*};
#[async_trait::async_trait]
impl ActivityApi for Service {
    async fn list_events(&self, _: &Caller, _: ActivityQuery) -> ApiResult<Page<Activity>> {
        Err(Problem::new(ErrorCode::Internal))
    }
}
