//! Tells open sessions what happens, while it happens.
//!
//! Only those that listen on this node are told here. What happened on another one is found by the stream itself, which
//! looks at its session from time to time.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use latchkey_api::{activity::Push, problem::CloseReason};
use latchkey_store::{AccountId, SessionId};
use tokio::sync::mpsc;

/// Pushes that may wait for a slow listener; the next one ends its stream, and it reads everything anew.
const QUEUE: usize = 64;

/// Who listens.
#[derive(Default)]
pub(crate) struct Hub(Mutex<HashMap<AccountId, Vec<Listener>>>);

struct Listener {
    session: SessionId,
    sender: mpsc::Sender<Push>,
}

impl Hub {
    /// Listens for a session. Dropping the receiver ends it.
    pub(crate) fn listen(&self, account: AccountId, session: SessionId) -> mpsc::Receiver<Push> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        self.lock().entry(account).or_default().push(Listener { session, sender });
        receiver
    }

    /// Tells every session of an account, but for the one that did it.
    pub(crate) fn tell(&self, account: AccountId, except: Option<SessionId>, push: &Push) {
        self.each(account, |listener| {
            Some(listener.session) == except || listener.sender.try_send(push.clone()).is_ok()
        });
    }

    /// Tells a session that it has ended.
    pub(crate) fn end(&self, account: AccountId, session: SessionId, reason: Option<CloseReason>) {
        self.each(account, |listener| {
            if listener.session == session {
                let _ = listener.sender.try_send(Push::SessionClosed { reason });
            }
            listener.session != session
        });
    }

    /// Tells every session but one that it has ended.
    pub(crate) fn end_all(&self, account: AccountId, keep: Option<SessionId>, reason: Option<CloseReason>) {
        self.each(account, |listener| {
            let kept = Some(listener.session) == keep;
            if !kept {
                let _ = listener.sender.try_send(Push::SessionClosed { reason });
            }
            kept
        });
    }

    /// Ends every stream: the service stops.
    pub(crate) fn close(&self) {
        self.lock().clear();
    }

    /// Visits the listeners of an account; those that answer false, or are gone, are let go of.
    fn each(&self, account: AccountId, mut visit: impl FnMut(&Listener) -> bool) {
        let mut all = self.lock();
        if let Some(listeners) = all.get_mut(&account) {
            listeners.retain(|listener| !listener.sender.is_closed() && visit(listener));
            if listeners.is_empty() {
                all.remove(&account);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Vec<Listener>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn low() -> Push {
        Push::BackupCodesLow { remaining: 2 }
    }

    #[test]
    fn each_session_hears_what_the_others_do() {
        let hub = Hub::default();
        let account = AccountId(Uuid::from_u128(1));
        let [mut a, mut b] = [1, 2].map(|id| hub.listen(account, SessionId(Uuid::from_u128(id))));
        hub.tell(account, Some(SessionId(Uuid::from_u128(1))), &low());
        assert!(a.try_recv().is_err());
        assert_eq!(b.try_recv(), Ok(low()));
        hub.tell(AccountId(Uuid::from_u128(9)), None, &low());
        assert!(b.try_recv().is_err());
    }

    #[test]
    fn a_session_that_ended_hears_why_and_nothing_more() {
        let hub = Hub::default();
        let account = AccountId(Uuid::from_u128(1));
        let mut ended = hub.listen(account, SessionId(Uuid::from_u128(1)));
        let mut kept = hub.listen(account, SessionId(Uuid::from_u128(2)));
        hub.end_all(account, Some(SessionId(Uuid::from_u128(2))), Some(CloseReason::PasswordChanged));
        hub.tell(account, None, &low());
        assert_eq!(ended.try_recv(), Ok(Push::SessionClosed { reason: Some(CloseReason::PasswordChanged) }));
        assert_eq!(ended.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
        assert_eq!(kept.try_recv(), Ok(low()));
    }

    #[test]
    fn one_who_does_not_listen_is_let_go_of() {
        let hub = Hub::default();
        let account = AccountId(Uuid::from_u128(1));
        let mut slow = hub.listen(account, SessionId(Uuid::from_u128(1)));
        drop(hub.listen(account, SessionId(Uuid::from_u128(2))));
        for _ in 0..=QUEUE {
            hub.tell(account, None, &low());
        }
        let heard = std::iter::from_fn(|| slow.try_recv().ok()).count();
        assert_eq!(heard, QUEUE);
        assert_eq!(slow.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
        assert!(hub.lock().is_empty());
    }
}
