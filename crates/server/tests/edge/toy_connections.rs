//! What the toy answers about connections, registries and credentials.

use latchkey_api::{common::*, container_registries::*, credentials::*, integrations::*, problem::*};

use crate::toy::Toy;

#[async_trait::async_trait]
impl IntegrationsApi for Toy {
    async fn list_integrations(&self, caller: &Caller) -> ApiResult<Page<Integration>> {
        self.other(caller)
    }

    async fn connect_integration(&self, caller: &Caller, _: ProviderPath, _: Connect) -> ApiResult<ConnectionAttempt> {
        self.other(caller)
    }

    async fn poll_connection(&self, caller: &Caller, _: AttemptPath) -> ApiResult<AttemptState> {
        self.other(caller)
    }

    async fn finish_connection(&self, caller: &Caller, _: AttemptPath, _: FinishConnection) -> ApiResult<AttemptState> {
        self.other(caller)
    }

    async fn cancel_connection(&self, caller: &Caller, _: AttemptPath) -> ApiResult<()> {
        self.other(caller)
    }

    async fn check_integration(&self, caller: &Caller, _: IntegrationPath) -> ApiResult<Integration> {
        self.other(caller)
    }

    async fn list_repositories(&self, caller: &Caller, _: RepositoriesQuery) -> ApiResult<Page<Repository>> {
        self.other(caller)
    }

    async fn disconnect_integration(&self, caller: &Caller, _: IntegrationPath) -> ApiResult<Disconnected> {
        self.other(caller)
    }
}

#[async_trait::async_trait]
impl ContainerRegistriesApi for Toy {
    async fn list_container_registries(&self, caller: &Caller, _: PageQuery) -> ApiResult<Page<ContainerRegistry>> {
        self.other(caller)
    }

    async fn authorise_registry(&self, caller: &Caller, _: AuthoriseRegistry) -> ApiResult<ContainerRegistry> {
        self.other(caller)
    }

    async fn update_registry(
        &self,
        caller: &Caller,
        _: RegistryPath,
        _: UpdateRegistry,
    ) -> ApiResult<ContainerRegistry> {
        self.other(caller)
    }

    async fn check_registry(&self, caller: &Caller, _: RegistryPath) -> ApiResult<ContainerRegistry> {
        self.other(caller)
    }

    async fn remove_registry(&self, caller: &Caller, _: RegistryPath) -> ApiResult<()> {
        self.other(caller)
    }
}

#[async_trait::async_trait]
impl CredentialsApi for Toy {
    async fn get_credential_access(&self, caller: &Caller) -> ApiResult<CredentialAccess> {
        self.other(caller)
    }

    async fn allow_credentials(&self, caller: &Caller) -> ApiResult<CredentialAccess> {
        self.other(caller)
    }

    async fn refuse_credentials(&self, caller: &Caller) -> ApiResult<()> {
        self.other(caller)
    }

    async fn get_git_credential(&self, caller: &Caller, _: GitCredentialRequest) -> ApiResult<GitCredential> {
        self.other(caller)
    }

    async fn get_registry_credential(
        &self,
        caller: &Caller,
        _: RegistryCredentialRequest,
    ) -> ApiResult<RegistryCredential> {
        self.other(caller)
    }
}
