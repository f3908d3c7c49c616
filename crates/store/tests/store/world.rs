//! A store of its own, and people in it.
use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use latchkey_store::*;
use tokio::task::JoinSet;

use crate::home::{Connection, Home};

/// The moment the tests play at.
pub(crate) const NOW: Micros = Micros(1_790_000_000_000_000);
pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const DAY: Duration = Duration::from_hours(24);

/// The password hash of everybody here.
pub(crate) const PHC: &str = "$argon2id$of-somebody";

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) home: Home,
}

impl World {
    pub(crate) async fn new() -> Self {
        let home = Home::new().await;
        Self { store: home.open().await, home }
    }

    pub(crate) async fn with_account(&self, name: &str) -> Account {
        self.store.sign_up(person(name)).await.unwrap()
    }

    pub(crate) async fn with_session(&self, account: AccountId, at: Micros) -> (NewSession, Session) {
        let new = session_of(account, at);
        let session = self.store.add_session(new.clone(), PHC, event("signed_in", at)).await.unwrap().unwrap();
        (new, session)
    }

    /// Signs a session out, and says whether it was open.
    pub(crate) async fn signs_out(&self, account: AccountId, session: SessionId, at: Micros) -> bool {
        let event = event("session_closed", NOW);
        self.store.close_session(account, None, session, CloseReason::SignedOut, at, event).await.unwrap()
    }

    /// A connection beside the store.
    pub(crate) async fn look(&self) -> Connection {
        self.home.look().await
    }
}

/// Ids in ascending order, as UUIDs of version 7 are.
pub(crate) fn id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

pub(crate) fn person(name: &str) -> NewAccount {
    NewAccount {
        account_id: AccountId(id()),
        username: name.to_owned(),
        username_key: name.to_lowercase(),
        email: format!("{name}@example.org"),
        email_key: format!("{}@example.org", name.to_lowercase()),
        name: format!("{name} Example"),
        password_phc: PHC.to_owned(),
        name_hash: None,
        created_at: NOW,
        event: event("account_created", NOW),
    }
}

pub(crate) fn event(kind: &'static str, at: Micros) -> NewEvent {
    NewEvent {
        event_id: id(),
        kind,
        category: "account",
        at,
        session_id: None,
        device: Some("Firefox on Linux".into()),
        ip_address: Some("192.0.2.7".into()),
        details: "{}".into(),
    }
}

pub(crate) fn session_of(account: AccountId, at: Micros) -> NewSession {
    let session = id();
    let mut token_hash = [7; 32];
    token_hash[..16].copy_from_slice(session.as_bytes());
    NewSession {
        account_id: account,
        session_id: SessionId(session),
        token_hash,
        device: Device { browser: Some("Latchkey".into()), ip_address: Some("192.0.2.7".into()), ..Device::default() },
        created_at: at,
        expires_at: at.saturating_add(30 * DAY),
    }
}

pub(crate) fn profile(account: &Account) -> ProfileChange {
    ProfileChange {
        by: None,
        name: account.name.clone(),
        email: account.email.clone(),
        email_key: account.email.to_lowercase(),
        location: account.location.clone(),
        bio: account.bio.clone(),
        pending: Pending::Keep,
        events: Vec::new(),
        mail: Vec::new(),
    }
}

/// An event that counts.
pub(crate) fn counted(kind: &'static str, at: Micros) -> CountedEvent {
    let event = event(kind, at);
    Box::new(move |count| NewEvent { details: format!("{{\"count\":{count}}}"), ..event.clone() })
}

/// The same call from `n` tasks at once; all answers.
pub(crate) async fn at_once<T, F>(n: usize, call: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks: JoinSet<T> = (0..n).map(call).collect();
    let mut answers = Vec::new();
    while let Some(answer) = tasks.join_next().await {
        answers.push(answer.unwrap());
    }
    answers
}
