//! Credentials for tools.

use latchkey_api::{
    common::Caller,
    credentials::*,
    problem::{ApiResult, Problem},
};

use crate::service::Service;

#[async_trait::async_trait]
impl CredentialsApi for Service {
    async fn get_credential_access(&self, caller: &Caller) -> ApiResult<CredentialAccess> {
        self.admitted(caller, &GET_CREDENTIAL_ACCESS.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn allow_credentials(&self, caller: &Caller) -> ApiResult<CredentialAccess> {
        self.admitted(caller, &ALLOW_CREDENTIALS.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn refuse_credentials(&self, caller: &Caller) -> ApiResult<()> {
        self.admitted(caller, &REFUSE_CREDENTIALS.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn get_git_credential(&self, caller: &Caller, _: GitCredentialRequest) -> ApiResult<GitCredential> {
        self.admitted(caller, &GET_GIT_CREDENTIAL.meta).await?;
        Err(Problem::internal("not built yet"))
    }

    async fn get_registry_credential(
        &self,
        caller: &Caller,
        _: RegistryCredentialRequest,
    ) -> ApiResult<RegistryCredential> {
        self.admitted(caller, &GET_REGISTRY_CREDENTIAL.meta).await?;
        Err(Problem::internal("not built yet"))
    }
}
