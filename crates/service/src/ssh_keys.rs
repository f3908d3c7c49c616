//! SSH keys.

use latchkey_api::{
    common::{Caller, Page, PageQuery},
    problem::{ApiResult, Problem},
    ssh_keys::*,
};

use crate::service::Service;

#[async_trait::async_trait]
impl SshKeysApi for Service {
    async fn list_ssh_keys(&self, _: &Caller, _: PageQuery) -> ApiResult<Page<SshKey>> {
        Err(Problem::internal("not built yet"))
    }

    async fn add_ssh_key(&self, _: &Caller, _: AddSshKey) -> ApiResult<SshKey> {
        Err(Problem::internal("not built yet"))
    }

    async fn remove_ssh_key(&self, _: &Caller, _: SshKeyPath) -> ApiResult<()> {
        Err(Problem::internal("not built yet"))
    }

    async fn get_authorized_keys(&self, _: &Caller, _: AuthorizedKeysQuery) -> ApiResult<String> {
        Err(Problem::internal("not built yet"))
    }
}
