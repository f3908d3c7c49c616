//! Source code integration.

use latchkey_api::{
    common::{Caller, Page},
    integrations::*,
    problem::{ApiResult, Problem},
};

use latchkey_store::AccountId;

use crate::service::Service;

#[async_trait::async_trait]
impl IntegrationsApi for Service {
    async fn list_integrations(&self, caller: &Caller) -> ApiResult<Page<Integration>> {
        self.admitted(caller, &LIST_INTEGRATIONS.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn connect_integration(&self, caller: &Caller, _: ProviderPath, _: Connect) -> ApiResult<ConnectionAttempt> {
        self.admitted(caller, &CONNECT_INTEGRATION.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn poll_connection(&self, caller: &Caller, _: AttemptPath) -> ApiResult<AttemptState> {
        self.admitted(caller, &POLL_CONNECTION.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn finish_connection(&self, caller: &Caller, _: AttemptPath, _: FinishConnection) -> ApiResult<AttemptState> {
        self.admitted(caller, &FINISH_CONNECTION.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn cancel_connection(&self, caller: &Caller, _: AttemptPath) -> ApiResult<()> {
        self.admitted(caller, &CANCEL_CONNECTION.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn check_integration(&self, caller: &Caller, _: IntegrationPath) -> ApiResult<Integration> {
        self.admitted(caller, &CHECK_INTEGRATION.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn list_repositories(&self, caller: &Caller, _: RepositoriesQuery) -> ApiResult<Page<Repository>> {
        self.admitted(caller, &LIST_REPOSITORIES.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn disconnect_integration(&self, caller: &Caller, _: IntegrationPath) -> ApiResult<Disconnected> {
        self.admitted(caller, &DISCONNECT_INTEGRATION.meta).await?;
        Err(Problem::internal("not built yet"))
    }
}

impl Service {
    /// All connections of an account, for its export.
    pub(crate) async fn integrations_of(&self, _: AccountId) -> ApiResult<Vec<Integration>> {
        Ok(Vec::new())
    }
}
