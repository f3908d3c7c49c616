//! User names of people who left, which nobody can take for a while.

use std::time::Duration;

use latchkey_api::problem::{ApiResult, ErrorCode};
use latchkey_store::{Account, Micros, NameHold};

use crate::{error::problem, identity_rules::username_key, service::Service};

/// Days until somebody can take the user name of a deleted account: long enough that nobody mistakes a stranger for the
/// person who left.
const NAME_HELD_DAYS: u32 = 30;

/// The same where there is a registry, in which what the person pushed stays under their name: a hundred years, longer
/// than anybody will ask.
const NAME_HELD_DAYS_WITH_REGISTRY: u32 = 36_525;

const DAY: Duration = Duration::from_hours(24);

impl Service {
    pub(crate) fn name_held_days(&self) -> u32 {
        if self.settings().registry.is_some() { NAME_HELD_DAYS_WITH_REGISTRY } else { NAME_HELD_DAYS }
    }

    /// Holds the user name. Without a key there is nothing to hold it by that would not give it away; that is so in an
    /// app without a keychain, whose person has the service alone. Where there was a key and it cannot be had, it is
    /// answered so: the name of somebody who leaves is not given away by the way.
    pub(crate) async fn name_hold(&self, account: &Account) -> ApiResult<Option<NameHold>> {
        match self.held_name(&username_key(&account.username)).await {
            Ok(name_hash) => {
                let until = self.environment().now().saturating_add(self.name_held_days() * DAY);
                Ok(Some(NameHold { name_hash, until }))
            }
            Err(problem) if problem.code() == ErrorCode::SealingUnavailable && !self.ever_sealed().await? => {
                tracing::warn!(%problem, "user names cannot be held");
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// The keyed hash that a user name to be taken is held by; none where no name is held. Where one is, it may be this
    /// one, and without the key nobody can tell.
    pub(crate) async fn held_name_hash(&self, username_key: &str, now: Micros) -> ApiResult<Option<[u8; 32]>> {
        // No key is asked for, and perhaps made, only because somebody signs up.
        if !self.store().any_name_held(now).await.map_err(problem)? {
            return Ok(None);
        }
        self.held_name(username_key).await.map(Some)
    }

    async fn held_name(&self, username_key: &str) -> ApiResult<[u8; 32]> {
        self.keyed_hash("held names", &[username_key.as_bytes()]).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use latchkey_api::{
        accounts::{AccountsApi, SignUp},
        common::Caller,
        deletion::{DeleteAccount, DeletionApi},
        sessions::{SessionsApi, SignIn},
        wire::Secret,
    };

    use super::*;
    use crate::{Environment, FixedKey, Settings};

    /// Whether a name is held cannot be told, and none is given away because of that.
    #[tokio::test]
    async fn where_the_key_was_lost_names_stay_held_and_nobody_leaves() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latchkey.db");
        let password = || Secret::new("seven small otters dance");
        let person = |name: &str| SignUp {
            username: name.into(),
            email: format!("{name}@example.org"),
            name: name.into(),
            password: password(),
        };
        let leaves = async |service: &Service, name: &str| {
            let sign_in = SignIn { login: name.into(), password: password(), client: None };
            let me = service.sign_in(&Caller::default(), sign_in).await.unwrap();
            let farewell = DeleteAccount { username: name.into(), password: password(), code: None };
            service.delete_account(&Caller::with_token(me.token.expose()), farewell).await
        };
        let keys = Arc::new(FixedKey([7; 32]));
        let environment = Environment { keys, ..Environment::system() };
        let service = Service::open(&path, Settings::default(), environment).await.unwrap();
        for name in ["ada", "bob"] {
            service.create_account(&Caller::default(), person(name)).await.unwrap();
        }
        leaves(&service, "ada").await.unwrap();
        service.close().await;
        let without = Service::open(&path, Settings::default(), Environment::system()).await.unwrap();
        for name in ["ada", "zoe"] {
            let refused = without.create_account(&Caller::default(), person(name)).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::SealingUnavailable, "{name}");
        }
        assert_eq!(leaves(&without, "bob").await.unwrap_err().code(), ErrorCode::SealingUnavailable);
    }

    /// As in the app on a computer without a keychain.
    #[tokio::test]
    async fn without_a_key_an_account_is_deleted_and_its_name_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latchkey.db");
        let service = Service::open(&path, Settings::default(), Environment::system()).await.unwrap();
        let password = || Secret::new("seven small otters dance");
        let person = || SignUp {
            username: "ada".into(),
            email: "ada@example.org".into(),
            name: "Ada".into(),
            password: password(),
        };
        service.create_account(&Caller::default(), person()).await.unwrap();
        let sign_in = SignIn { login: "ada".into(), password: password(), client: None };
        let me = service.sign_in(&Caller::default(), sign_in).await.unwrap();
        let farewell = DeleteAccount { username: "ada".into(), password: password(), code: None };
        service.delete_account(&Caller::with_token(me.token.expose()), farewell).await.unwrap();
        service.create_account(&Caller::default(), person()).await.unwrap();
    }
}
