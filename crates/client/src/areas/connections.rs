//! The same of connections, container registries and credentials.

use async_trait::async_trait;
use latchkey_api::{
    common::{Caller, Page, PageQuery},
    container_registries::*,
    credentials::*,
    integrations::*,
    problem::ApiResult,
};

use super::NONE;
use crate::Client;

#[async_trait]
impl IntegrationsApi for Client {
    async fn list_integrations(&self, caller: &Caller) -> ApiResult<Page<Integration>> {
        self.call(LIST_INTEGRATIONS, caller, NONE, ()).await
    }

    async fn connect_integration(
        &self,
        caller: &Caller,
        path: ProviderPath,
        body: Connect,
    ) -> ApiResult<ConnectionAttempt> {
        self.call(CONNECT_INTEGRATION, caller, path, body).await
    }

    async fn poll_connection(&self, caller: &Caller, path: AttemptPath) -> ApiResult<AttemptState> {
        self.call(POLL_CONNECTION, caller, path, ()).await
    }

    async fn finish_connection(
        &self,
        caller: &Caller,
        path: AttemptPath,
        body: FinishConnection,
    ) -> ApiResult<AttemptState> {
        self.call(FINISH_CONNECTION, caller, path, body).await
    }

    async fn cancel_connection(&self, caller: &Caller, path: AttemptPath) -> ApiResult<()> {
        self.call(CANCEL_CONNECTION, caller, path, ()).await
    }

    async fn check_integration(&self, caller: &Caller, path: IntegrationPath) -> ApiResult<Integration> {
        self.call(CHECK_INTEGRATION, caller, path, ()).await
    }

    async fn list_repositories(&self, caller: &Caller, query: RepositoriesQuery) -> ApiResult<Page<Repository>> {
        self.call(LIST_REPOSITORIES, caller, query, ()).await
    }

    async fn disconnect_integration(&self, caller: &Caller, path: IntegrationPath) -> ApiResult<Disconnected> {
        self.call(DISCONNECT_INTEGRATION, caller, path, ()).await
    }
}

#[async_trait]
impl ContainerRegistriesApi for Client {
    async fn list_container_registries(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<ContainerRegistry>> {
        self.call(LIST_CONTAINER_REGISTRIES, caller, query, ()).await
    }

    async fn authorise_registry(&self, caller: &Caller, body: AuthoriseRegistry) -> ApiResult<ContainerRegistry> {
        self.call(AUTHORISE_REGISTRY, caller, NONE, body).await
    }

    async fn update_registry(
        &self,
        caller: &Caller,
        path: RegistryPath,
        body: UpdateRegistry,
    ) -> ApiResult<ContainerRegistry> {
        self.call(UPDATE_REGISTRY, caller, path, body).await
    }

    async fn check_registry(&self, caller: &Caller, path: RegistryPath) -> ApiResult<ContainerRegistry> {
        self.call(CHECK_REGISTRY, caller, path, ()).await
    }

    async fn remove_registry(&self, caller: &Caller, path: RegistryPath) -> ApiResult<()> {
        self.call(REMOVE_REGISTRY, caller, path, ()).await
    }
}

#[async_trait]
impl CredentialsApi for Client {
    async fn get_credential_access(&self, caller: &Caller) -> ApiResult<CredentialAccess> {
        self.call(GET_CREDENTIAL_ACCESS, caller, NONE, ()).await
    }

    async fn allow_credentials(&self, caller: &Caller) -> ApiResult<CredentialAccess> {
        self.call(ALLOW_CREDENTIALS, caller, NONE, ()).await
    }

    async fn refuse_credentials(&self, caller: &Caller) -> ApiResult<()> {
        self.call(REFUSE_CREDENTIALS, caller, NONE, ()).await
    }

    async fn get_git_credential(&self, caller: &Caller, body: GitCredentialRequest) -> ApiResult<GitCredential> {
        self.call(GET_GIT_CREDENTIAL, caller, NONE, body).await
    }

    async fn get_registry_credential(
        &self,
        caller: &Caller,
        body: RegistryCredentialRequest,
    ) -> ApiResult<RegistryCredential> {
        self.call(GET_REGISTRY_CREDENTIAL, caller, NONE, body).await
    }
}
