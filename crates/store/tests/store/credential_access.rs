//! Access to credentials, and passwords for the own registry: both of one session, and gone with it.
use latchkey_store::*;

use crate::world::*;

struct Ada {
    store: Store,
    account: AccountId,
    session: SessionId,
}

const FIVE_MINUTES: std::time::Duration = std::time::Duration::from_mins(5);

impl Ada {
    async fn joins(world: &World) -> Self {
        let account = world.with_account("ada").await.account_id;
        let session = world.with_session(account, NOW).await.0.session_id;
        Self { store: world.store.clone(), account, session }
    }

    async fn allow(&self, session: SessionId, at: Micros) -> Result<Allowed> {
        self.store.allow_credentials(self.account, session, event("credentials_allowed", at)).await
    }

    async fn refuse(&self, session: SessionId) -> Result<bool> {
        self.store.refuse_credentials(self.account, session, event("credentials_refused", NOW)).await
    }

    async fn make(&self, session: SessionId, hash: u8, at: Micros) -> Result<bool> {
        let new = NewRegistryPassword {
            token_hash: [hash; 32],
            session_id: session,
            created_at: at,
            expires_at: at.saturating_add(FIVE_MINUTES),
        };
        self.store.add_registry_password(self.account, new).await
    }

    async fn check(&self, hash: u8) -> Option<RegistryPassword> {
        self.store.check_registry_password(self.account, &[hash; 32]).await.unwrap()
    }

    async fn events(&self) -> i64 {
        self.store.count_events(self.account).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_let_once_and_refused_once() {
    let world = World::new().await;
    let ada = std::sync::Arc::new(Ada::joins(&world).await);
    let other = world.with_session(ada.account, NOW).await.0.session_id;
    let since = async |session| ada.store.credentials_allowed_since(ada.account, session, NOW).await.unwrap();
    let events = ada.events().await;
    assert!(!ada.refuse(ada.session).await.unwrap());
    let answers = at_once(12, |_| {
        let ada = ada.clone();
        async move { ada.allow(ada.session, NOW).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|allowed| allowed.new).count(), 1);
    let later = ada.allow(ada.session, NOW.saturating_add(SECOND)).await.unwrap();
    assert_eq!(later, Allowed { since: NOW, new: false });
    assert_eq!(ada.events().await, events + 1);
    assert_eq!((since(ada.session).await, since(other).await), (Some(NOW), None));
    assert!(ada.refuse(ada.session).await.unwrap());
    assert!(!ada.refuse(ada.session).await.unwrap());
    assert_eq!(ada.events().await, events + 2);
    assert_eq!(since(ada.session).await, None);
    let closed = SessionId(id());
    assert!(matches!(ada.allow(closed, NOW).await, Err(Error::Raced)));
    assert!(matches!(ada.refuse(closed).await, Err(Error::Raced)));
}

#[tokio::test]
async fn a_password_is_made_for_a_session_that_was_let_and_found_with_it() {
    let world = World::new().await;
    let ada = Ada::joins(&world).await;
    assert!(!ada.make(ada.session, 1, NOW).await.unwrap(), "it was not let");
    assert_eq!(ada.check(1).await, None);
    ada.allow(ada.session, NOW).await.unwrap();
    assert!(ada.make(ada.session, 1, NOW).await.unwrap());
    let found = ada.check(1).await.unwrap();
    assert_eq!(found.expires_at, NOW.saturating_add(FIVE_MINUTES));
    assert_eq!((found.session.session_id, found.session.closed_at), (ada.session, None));
    assert_eq!((found.account.account_id, found.account.username.as_str()), (ada.account, "ada"));
    let bob = world.with_account("bob").await.account_id;
    assert_eq!(world.store.check_registry_password(bob, &[1; 32]).await.unwrap(), None);

    // Another one is made once it has ended: it is gone, and one that has not stays.
    assert!(ada.make(ada.session, 2, NOW.saturating_add(SECOND)).await.unwrap());
    assert!(ada.make(ada.session, 3, NOW.saturating_add(FIVE_MINUTES)).await.unwrap());
    assert_eq!((ada.check(1).await.is_some(), ada.check(2).await.is_some()), (false, true));
    // Refusing ends them all; letting it again brings none back.
    assert!(ada.refuse(ada.session).await.unwrap());
    ada.allow(ada.session, NOW).await.unwrap();
    assert_eq!((ada.check(2).await, ada.check(3).await), (None, None));

    assert!(ada.make(ada.session, 4, NOW).await.unwrap());
    let reason = CloseReason::ClosedByOwner;
    let close = ada.store.close_session(ada.account, None, ada.session, reason, NOW, event("session_closed", NOW));
    assert!(close.await.unwrap());
    assert_eq!(ada.check(4).await.unwrap().session.close_reason, Some(reason));
    assert!(matches!(ada.make(ada.session, 5, NOW).await, Err(Error::Raced)));
}

#[tokio::test]
async fn a_sweep_removes_passwords_that_have_ended_and_access_with_its_session() {
    let world = World::new().await;
    let ada = Ada::joins(&world).await;
    ada.allow(ada.session, NOW).await.unwrap();
    for n in 0..=250 {
        // Each is made a moment before the last one ended, so that none makes room.
        assert!(ada.make(ada.session, n, NOW.saturating_add(u32::from(n) * SECOND)).await.unwrap());
    }
    let end = |n: u32| NOW.saturating_add(n * SECOND).saturating_add(FIVE_MINUTES);
    let swept = world.store.sweep(end(210), DAY).await.unwrap();
    // The newest hundred of a session were left: 151 to 250.
    assert_eq!(swept, Swept { registry_passwords: 59, ..Swept::default() });
    assert_eq!((ada.check(209).await, ada.check(210).await.is_some()), (None, true));
    let since = async |at| world.store.credentials_allowed_since(ada.account, ada.session, at).await.unwrap();
    assert_eq!((since(NOW).await, since(NOW.saturating_add(30 * DAY)).await), (Some(NOW), None), "while it is open");
    let reason = CloseReason::SignedOut;
    let close = ada.store.close_session(ada.account, None, ada.session, reason, NOW, event("signed_out", NOW));
    assert!(close.await.unwrap());
    assert_eq!(since(NOW).await, None);
    let swept = world.store.sweep(NOW.saturating_add(2 * DAY), DAY).await.unwrap();
    assert_eq!((swept.sessions, swept.registry_passwords), (1, 41));
    let mut file = world.look().await;
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM credential_access").fetch_one(&mut file).await.unwrap();
    assert_eq!(left, 0);
}
