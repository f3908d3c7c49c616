//! Credentials of tools, as the keychain keeps them for a while. They are in the keychain or nowhere.

use std::sync::Arc;

use latchkey_api::wire::Secret;

use super::Vault;
use crate::{helper_record::Tool, places::AccountKey};

/// What follows what a credential is for; the user name comes last. No user name has a space in it.
const OF: &str = " of ";

/// The keychain, as far as credentials of tools are concerned. They go with the session of their account, and sooner where
/// they are not to be handed out any more.
pub struct Credentials {
    keychain: Arc<dyn Vault>,
}

impl Credentials {
    /// Credentials in this keychain.
    pub fn new(keychain: Arc<dyn Vault>) -> Self {
        Self { keychain }
    }

    /// What is kept for a tool under a name. A keychain that does not work keeps nothing.
    pub async fn read(&self, account: &AccountKey, tool: Tool, name: &str) -> Option<Secret> {
        self.keychain.read(&entry(account, tool, name)).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "the keychain cannot be read");
            None
        })
    }

    /// Keeps something, where the keychain takes it.
    pub async fn keep(&self, account: &AccountKey, tool: Tool, name: &str, text: &Secret) {
        if let Err(error) = self.keychain.write(&entry(account, tool, name), text).await {
            tracing::debug!(%error, "the keychain does not take a credential");
        }
    }

    /// Lets go of what is kept under a name.
    pub async fn forget(&self, account: &AccountKey, tool: Tool, name: &str) {
        if let Err(error) = self.keychain.forget(&entry(account, tool, name)).await {
            tracing::warn!(%error, "a credential that is no good any more stays in the keychain");
        }
    }

    /// Lets go of everything that is kept for a tool.
    pub async fn forget_all(&self, account: &AccountKey, tool: Tool) {
        forget(&*self.keychain, account, &[tool]).await;
    }
}

/// Lets go of everything that is kept for the tools of an account.
pub(super) async fn forget_credentials(keychain: &dyn Vault, account: &AccountKey) {
    forget(keychain, account, &[Tool::Git, Tool::Containers]).await;
}

async fn forget(keychain: &dyn Vault, account: &AccountKey, tools: &[Tool]) {
    let names = keychain.names(&account.place).await.unwrap_or_else(|error| {
        tracing::debug!(%error, "the keychain does not say what it holds");
        Vec::new()
    });
    let is_for = |name: &str| tools.iter().any(|tool| name.starts_with(beginning(*tool)));
    let is_its = |name: &str| name.rsplit_once(OF).is_some_and(|(_, user)| user == account.username);
    for username in names.into_iter().filter(|name| is_for(name) && is_its(name)) {
        if let Err(error) = keychain.forget(&AccountKey { place: account.place.clone(), username }).await {
            tracing::warn!(%error, "a credential stays in the keychain");
        }
    }
}

/// What the name of a credential begins with.
fn beginning(tool: Tool) -> &'static str {
    match tool {
        Tool::Git => "credential of git for ",
        Tool::Containers => "credential of container tools for ",
    }
}

fn entry(account: &AccountKey, tool: Tool, name: &str) -> AccountKey {
    let username = format!("{}{name}{OF}{}", beginning(tool), account.username);
    AccountKey { place: account.place.clone(), username }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Memory;

    fn key(username: &str) -> AccountKey {
        AccountKey { place: "local".into(), username: username.into() }
    }

    #[tokio::test]
    async fn what_goes_is_of_one_account_and_one_tool() {
        let keychain = Arc::new(Memory::default());
        let credentials = Credentials::new(keychain.clone());
        let (ada, bob) = (key("ada"), key("bob"));
        let secret = Secret::new("token");
        for (account, tool, name) in [
            (&ada, Tool::Git, "git.example"),
            (&ada, Tool::Git, "ada of bob@git.example"),
            (&ada, Tool::Containers, "git.example"),
            (&bob, Tool::Git, "git.example"),
        ] {
            credentials.keep(account, tool, name, &secret).await;
        }
        keychain.write(&ada, &secret).await.unwrap();
        credentials.forget_all(&ada, Tool::Git).await;
        assert_eq!(credentials.read(&ada, Tool::Git, "git.example").await, None);
        assert_eq!(credentials.read(&ada, Tool::Git, "ada of bob@git.example").await, None);
        assert!(credentials.read(&ada, Tool::Containers, "git.example").await.is_some());
        forget_credentials(&*keychain, &ada).await;
        assert_eq!(credentials.read(&ada, Tool::Containers, "git.example").await, None);
        assert!(credentials.read(&bob, Tool::Git, "git.example").await.is_some());
        assert!(keychain.read(&ada).await.unwrap().is_some(), "the session is another matter");
    }
}
