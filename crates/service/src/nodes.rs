//! What the nodes of one service tell each other, so that each knows within a second what happened on the others.
//!
//! Notices go through the database ([`Store::notify`](latchkey_store::Store::notify)). They make things quick, and nothing
//! right: whether a session is open is read in the database with each request, event streams look at their session from
//! time to time, and policies and signing keys are read with every upkeep. So a notice may be lost, or not be understood
//! by a node of another version. None says more than ids and what kind of thing happened.

mod hearing;
mod notice;

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use latchkey_api::{activity::Push, problem::CloseReason};
use latchkey_store::{AccountId, SessionId};

use self::notice::{Envelope, News};
pub(crate) use self::notice::{KEYS_IN_A_NOTICE, KeyUsed, Notice};
use crate::{environment::Environment, service::Service};

/// Notices that wait to be told. What comes beyond them is not told, and neither is what the database does not take: the
/// others are asked to look by themselves then.
const WAITING: usize = 4096;

/// Notices told in one go.
const AT_ONCE: usize = 64;

/// This node among the others, and what it has to tell them.
pub(crate) struct Nodes {
    /// What it is called by: nobody hears their own notices.
    name: String,
    waiting: Mutex<VecDeque<String>>,
    /// Something was not told.
    untold: AtomicBool,
    telling: tokio::sync::Mutex<()>,
}

impl Nodes {
    /// One among others, or alone: then it needs no name.
    pub(crate) fn new(environment: &Environment, alone: bool) -> Self {
        let name = if alone { String::new() } else { format!("{:016x}", u64::from_le_bytes(environment.bytes())) };
        Self { name, waiting: Mutex::default(), untold: AtomicBool::new(false), telling: tokio::sync::Mutex::default() }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<String> {
        let mut waiting = self.waiting();
        let some = waiting.len().min(AT_ONCE);
        waiting.drain(..some).collect()
    }

    /// Gives up what waits: it would only be late.
    fn give_up(&self) {
        self.untold.store(true, Ordering::Relaxed);
        self.waiting().clear();
    }
}

impl Service {
    /// Tells every session of an account, but for the one that did it, on this node and on the others.
    pub(crate) fn tell(&self, account: AccountId, except: Option<SessionId>, push: &Push) {
        self.shared.hub.tell(account, except, push);
        if let Some(news) = News::of(push) {
            self.tell_nodes(&Notice::News { account: account.0, except: except.map(|session| session.0), news });
        }
    }

    /// Tells a session that it has ended, wherever it listens.
    pub(crate) fn tell_end(&self, account: AccountId, session: SessionId, reason: CloseReason) {
        self.shared.hub.end(account, session, Some(reason));
        self.tell_nodes(&Notice::Ended { account: account.0, session: session.0, reason });
    }

    /// Tells every session of an account but one that it has ended, wherever they listen.
    pub(crate) fn tell_end_of_all(&self, account: AccountId, keep: Option<SessionId>, reason: CloseReason) {
        self.shared.hub.end_all(account, keep, Some(reason));
        self.tell_nodes(&Notice::AllEnded { account: account.0, keep: keep.map(|session| session.0), reason });
    }

    /// Tells the other nodes, in a moment. Costs the caller nothing.
    pub(crate) fn tell_nodes(&self, notice: &Notice) {
        if !self.store().has_notices() {
            return;
        }
        let Some(text) = Envelope::write(&self.shared.nodes.name, notice) else { return };
        let begin = {
            let mut waiting = self.shared.nodes.waiting();
            if waiting.len() >= WAITING {
                self.shared.nodes.untold.store(true, Ordering::Relaxed);
                return;
            }
            waiting.push_back(text);
            waiting.len() == 1
        };
        if begin {
            let service = self.clone();
            tokio::spawn(async move { service.flush_notices().await });
        }
    }

    /// Tells what waits to be told; those that were begun to be told are told when this ends.
    pub(crate) async fn flush_notices(&self) {
        let nodes = &self.shared.nodes;
        let _turn = nodes.telling.lock().await;
        loop {
            let mut notices = nodes.take();
            if notices.is_empty() {
                return;
            }
            if nodes.untold.swap(false, Ordering::Relaxed) {
                notices.extend(Envelope::write(&nodes.name, &Notice::Untold));
            }
            if let Err(error) = self.store().notify(&notices).await {
                tracing::warn!(%error, notices = notices.len(), "other nodes were not told what happened; they look later");
                return nodes.give_up();
            }
        }
    }
}
