//! API keys.

use latchkey_api::{
    api_keys::*,
    common::{Caller, Page, PageQuery},
    problem::{ApiResult, Problem},
};

use crate::service::Service;

#[async_trait::async_trait]
impl ApiKeysApi for Service {
    async fn get_api_key(&self, _: &Caller) -> ApiResult<PersonalApiKey> {
        Err(Problem::internal("not built yet"))
    }

    async fn generate_api_key(&self, _: &Caller) -> ApiResult<RevealedApiKey> {
        Err(Problem::internal("not built yet"))
    }

    async fn reveal_api_key(&self, _: &Caller) -> ApiResult<RevealedApiKey> {
        Err(Problem::internal("not built yet"))
    }

    async fn list_api_keys(&self, _: &Caller, _: PageQuery) -> ApiResult<Page<ApiKey>> {
        Err(Problem::internal("not built yet"))
    }

    async fn create_api_key(&self, _: &Caller, _: CreateApiKey) -> ApiResult<NewApiKey> {
        Err(Problem::internal("not built yet"))
    }

    async fn delete_api_key(&self, _: &Caller, _: ApiKeyPath) -> ApiResult<()> {
        Err(Problem::internal("not built yet"))
    }
}
