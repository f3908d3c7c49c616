//! Container registries.

use latchkey_api::{
    common::{Caller, Page, PageQuery},
    container_registries::*,
    problem::{ApiResult, Problem},
};

use latchkey_store::AccountId;

use crate::service::Service;

#[async_trait::async_trait]
impl ContainerRegistriesApi for Service {
    async fn list_container_registries(&self, caller: &Caller, _: PageQuery) -> ApiResult<Page<ContainerRegistry>> {
        self.admitted(caller, &LIST_CONTAINER_REGISTRIES.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn authorise_registry(&self, caller: &Caller, _: AuthoriseRegistry) -> ApiResult<ContainerRegistry> {
        self.admitted(caller, &AUTHORISE_REGISTRY.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn update_registry(
        &self,
        caller: &Caller,
        _: RegistryPath,
        _: UpdateRegistry,
    ) -> ApiResult<ContainerRegistry> {
        self.admitted(caller, &UPDATE_REGISTRY.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn check_registry(&self, caller: &Caller, _: RegistryPath) -> ApiResult<ContainerRegistry> {
        self.admitted(caller, &CHECK_REGISTRY.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn remove_registry(&self, caller: &Caller, _: RegistryPath) -> ApiResult<()> {
        self.admitted(caller, &REMOVE_REGISTRY.meta).await?;
        Err(Problem::internal("not built yet"))
    }
}

impl Service {
    /// All registries of an account, for its export.
    pub(crate) async fn container_registries_of(&self, _: AccountId) -> ApiResult<Vec<ContainerRegistry>> {
        Ok(Vec::new())
    }
}
