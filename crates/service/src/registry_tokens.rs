//! Tokens for the container registry.

use latchkey_api::{
    common::{Caller, Credential},
    problem::{ApiResult, Problem},
    registry::*,
};

use crate::service::Service;

#[async_trait::async_trait]
impl RegistryTokens for Service {
    async fn issue_registry_token(&self, _: &Caller, _: &Credential, _: RegistryRequest) -> ApiResult<RegistryToken> {
        Err(Problem::internal("not built yet"))
    }
}
