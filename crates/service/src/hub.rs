//! Tells open sessions what happens, while it happens.
//!
//! Only those that listen on this node are told here; [nodes](crate::nodes) tells the others. What no notice came of is
//! found by the stream itself, which looks at its session from time to time.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use latchkey_api::{activity::Push, problem::CloseReason};
use latchkey_store::{AccountId, SessionId};
use tokio::sync::{mpsc, watch};

/// Pushes that may wait for a slow listener; the next one ends its stream, and it reads everything anew.
const QUEUE: usize = 64;

/// Streams of one account at one time: far more than a person has devices, and an end to what one account can hold.
const PER_ACCOUNT: usize = 20;

/// Who listens.
#[derive(Default)]
pub(crate) struct Hub {
    listeners: Mutex<Listeners>,
    looks: watch::Sender<()>,
}

#[derive(Default)]
struct Listeners {
    of: HashMap<AccountId, Vec<Listener>>,
    closed: bool,
}

struct Listener {
    session: SessionId,
    sender: mpsc::Sender<Push>,
}

impl Hub {
    /// Listens for a session until the receiver is dropped; whoever drops it calls [`Hub::tidy`]. `None` where the
    /// account has as many listeners as it may have.
    pub(crate) fn listen(&self, account: AccountId, session: SessionId) -> Option<mpsc::Receiver<Push>> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let mut all = self.lock();
        // After the end nobody is told anything: this listener has heard it all.
        if all.closed {
            return Some(receiver);
        }
        let listeners = all.of.entry(account).or_default();
        listeners.retain(|listener| !listener.sender.is_closed());
        (listeners.len() < PER_ACCOUNT).then(|| {
            listeners.push(Listener { session, sender });
            receiver
        })
    }

    /// When all streams are to look at their sessions, because something may have been missed.
    pub(crate) fn looks(&self) -> watch::Receiver<()> {
        self.looks.subscribe()
    }

    /// Has all streams look at their sessions.
    pub(crate) fn look(&self) {
        self.looks.send_replace(());
    }

    /// Whether anybody of an account listens here.
    pub(crate) fn is_listened_to(&self, account: AccountId) -> bool {
        self.lock().of.contains_key(&account)
    }

    /// Lets go of the listeners of an account that are gone.
    pub(crate) fn tidy(&self, account: AccountId) {
        self.each(account, |_| true);
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

    /// Ends every stream, and those that are yet to begin: the service stops.
    pub(crate) fn close(&self) {
        *self.lock() = Listeners { closed: true, ..Listeners::default() };
    }

    /// Visits the listeners of an account; those that answer false, or are gone, are let go of.
    fn each(&self, account: AccountId, mut visit: impl FnMut(&Listener) -> bool) {
        let mut all = self.lock();
        if let Some(listeners) = all.of.get_mut(&account) {
            listeners.retain(|listener| !listener.sender.is_closed() && visit(listener));
            if listeners.is_empty() {
                all.of.remove(&account);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
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
        let [mut a, mut b] = [1, 2].map(|id| hub.listen(account, SessionId(Uuid::from_u128(id))).unwrap());
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
        let mut ended = hub.listen(account, SessionId(Uuid::from_u128(1))).unwrap();
        let mut kept = hub.listen(account, SessionId(Uuid::from_u128(2))).unwrap();
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
        let mut slow = hub.listen(account, SessionId(Uuid::from_u128(1))).unwrap();
        drop(hub.listen(account, SessionId(Uuid::from_u128(2))).unwrap());
        for _ in 0..=QUEUE {
            hub.tell(account, None, &low());
        }
        let heard = std::iter::from_fn(|| slow.try_recv().ok()).count();
        assert_eq!(heard, QUEUE);
        assert_eq!(slow.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
        assert!(hub.lock().of.is_empty());
    }

    #[test]
    fn an_account_has_so_many_streams_and_no_more() {
        let hub = Hub::default();
        let account = AccountId(Uuid::from_u128(1));
        let listen = || hub.listen(account, SessionId(Uuid::from_u128(1)));
        let mut open: Vec<_> = (0..PER_ACCOUNT).map(|_| listen().unwrap()).collect();
        assert!(listen().is_none());
        assert!(hub.listen(AccountId(Uuid::from_u128(2)), SessionId(Uuid::from_u128(1))).is_some());
        open.pop();
        open.push(listen().expect("the place of the one that left"));
        drop(open);
        hub.tidy(account);
        assert!(!hub.lock().of.contains_key(&account));
    }

    #[test]
    fn after_the_end_nobody_listens() {
        let hub = Hub::default();
        let account = AccountId(Uuid::from_u128(1));
        let listen = || hub.listen(account, SessionId(Uuid::from_u128(1))).unwrap();
        let mut before = listen();
        hub.close();
        for listener in [&mut before, &mut listen()] {
            assert_eq!(listener.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
        }
    }
}
