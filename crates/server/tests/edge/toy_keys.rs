//! What the toy answers about keys.

use latchkey_api::{api_keys::*, common::*, problem::*, registry::*, ssh_keys::*};

use crate::toy::Toy;

#[async_trait::async_trait]
impl ApiKeysApi for Toy {
    async fn get_api_key(&self, caller: &Caller) -> ApiResult<PersonalApiKey> {
        self.other(caller)
    }

    async fn generate_api_key(&self, caller: &Caller) -> ApiResult<RevealedApiKey> {
        self.other(caller)
    }

    async fn reveal_api_key(&self, caller: &Caller) -> ApiResult<RevealedApiKey> {
        self.other(caller)
    }

    async fn list_api_keys(&self, caller: &Caller, _: PageQuery) -> ApiResult<Page<ApiKey>> {
        self.other(caller)
    }

    async fn create_api_key(&self, caller: &Caller, _: CreateApiKey) -> ApiResult<NewApiKey> {
        self.other(caller)
    }

    async fn delete_api_key(&self, caller: &Caller, _: ApiKeyPath) -> ApiResult<()> {
        self.other(caller)
    }
}

#[async_trait::async_trait]
impl SshKeysApi for Toy {
    async fn list_ssh_keys(&self, caller: &Caller, _: PageQuery) -> ApiResult<Page<SshKey>> {
        self.other(caller)
    }

    async fn add_ssh_key(&self, caller: &Caller, _: AddSshKey) -> ApiResult<SshKey> {
        self.other(caller)
    }

    async fn remove_ssh_key(&self, caller: &Caller, _: SshKeyPath) -> ApiResult<()> {
        self.other(caller)
    }

    async fn get_authorized_keys(&self, caller: &Caller, _: AuthorizedKeysQuery) -> ApiResult<String> {
        self.other(caller)
    }
}

#[async_trait::async_trait]
impl RegistryTokens for Toy {
    async fn issue_registry_token(&self, _: &Caller, _: &Credential, _: RegistryRequest) -> ApiResult<RegistryToken> {
        Err(Problem::new(ErrorCode::NotFound))
    }
}
