//! Hears what other nodes tell, and does what it asks for.

use std::time::Duration;

use latchkey_api::activity::Push;
use latchkey_store::{AccountId, Listener, SessionId};
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use super::notice::{Envelope, News, Notice};
use crate::{events::label, service::Service};

/// Between two beats, and how long one may be on its way. A connection that is cut silently, or a pooler that keeps
/// notices to itself, is found by a beat that nobody hears.
const BEAT: Duration = Duration::from_secs(10);
const ON_ITS_WAY: Duration = Duration::from_secs(5);

/// The pauses before listening anew: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));

/// Between two times that the use of API keys is told.
const TELL_USE: Duration = Duration::from_secs(1);

impl Service {
    /// Hears the other nodes for as long as the service runs, where the database can carry notices.
    pub(crate) async fn hear_other_nodes(&self) {
        let (mut pause, mut told) = (PAUSES.0, false);
        loop {
            let heard = match self.store().listen().await {
                Ok(Some(listener)) => self.hear(listener).await,
                Ok(None) => return,
                Err(error) => {
                    tracing::debug!(%error, "other nodes cannot be listened to");
                    false
                }
            };
            // Once: from here on it may stay so.
            if !told || heard {
                tracing::warn!("what other nodes tell is not heard; event streams look at the database meanwhile");
                told = true;
            }
            pause = if heard { PAUSES.0 } else { (pause * 2).min(PAUSES.1) };
            // Not all nodes at once, where the server was restarted.
            let some = u32::from(u8::from_le_bytes(self.environment().bytes()));
            sleep(pause * (256 + some) / 512).await;
        }
    }

    /// Hears until the connection is lost. Says whether anything was heard.
    async fn hear(&self, mut listener: Listener) -> bool {
        let (mut proved, mut on_its_way) = (false, true);
        let mut number = self.beat();
        let mut next = Instant::now() + ON_ITS_WAY;
        loop {
            tokio::select! {
                notice = listener.next() => {
                    let Ok(text) = notice else { return proved };
                    match Envelope::read(&text) {
                        Some((from, notice)) if from != self.shared.nodes.name => self.heed(notice).await,
                        Some((_, Notice::Beat { number: heard })) if heard == number => {
                            on_its_way = false;
                            next = Instant::now() + BEAT;
                            if !proved {
                                proved = true;
                                self.catch_up().await;
                            }
                        }
                        _ => {}
                    }
                }
                () = sleep_until(next) => {
                    if on_its_way {
                        return proved;
                    }
                    on_its_way = true;
                    number = self.beat();
                    next = Instant::now() + ON_ITS_WAY;
                }
            }
        }
    }

    fn beat(&self) -> u64 {
        let number = u64::from_le_bytes(self.environment().bytes());
        self.tell_nodes(&Notice::Beat { number });
        number
    }

    /// After a while in which nothing was heard.
    async fn catch_up(&self) {
        tracing::info!("hears what other nodes tell");
        self.shared.hub.look();
        self.heed(Notice::Policies).await;
        self.heed(Notice::SigningKeys).await;
    }

    async fn heed(&self, notice: Notice) {
        let hub = &self.shared.hub;
        match notice {
            Notice::News { account, except, news } => {
                self.heed_news(AccountId(account), except.map(SessionId), news).await;
            }
            Notice::Ended { account, session, reason } => {
                hub.end(AccountId(account), SessionId(session), Some(reason));
            }
            Notice::AllEnded { account, keep, reason } => {
                hub.end_all(AccountId(account), keep.map(SessionId), Some(reason));
            }
            Notice::KeysUsed { keys } => {
                let (quota, now) = (self.settings().api_key_rate, self.environment().now());
                for used in keys {
                    self.shared.rate_limits.used_elsewhere(used.key, used.times, quota, now);
                }
            }
            Notice::Policies => {
                if let Err(problem) = self.refresh_policies().await {
                    tracing::warn!(%problem, "the policies were not read");
                }
            }
            Notice::SigningKeys => {
                if let Err(problem) = self.refresh_signing_keys().await {
                    tracing::warn!(%problem, "the keys of registry tokens were not taken over");
                }
            }
            Notice::Untold => hub.look(),
            Notice::Beat { .. } => {}
        }
    }

    async fn heed_news(&self, account: AccountId, except: Option<SessionId>, news: News) {
        // Most accounts have nobody here who listens.
        if !self.shared.hub.is_listened_to(account) {
            return;
        }
        let push = match news {
            News::SignedIn { session } => self.new_sign_in(account, session).await,
            News::BackupCodesLow { remaining } => Push::BackupCodesLow { remaining },
            News::Activity { category } => Push::ActivityNew { category },
        };
        self.shared.hub.tell(account, except, &push);
    }

    /// A sign-in on another node. That it cannot be read keeps nobody from hearing of it.
    async fn new_sign_in(&self, account: AccountId, session_id: Uuid) -> Push {
        let device = match self.store().get_session(account, SessionId(session_id)).await {
            Ok(session) => session.map(|session| session.device),
            Err(error) => {
                tracing::warn!(%error, "a session that was begun on another node cannot be read");
                None
            }
        };
        let name = device.as_ref().and_then(label);
        Push::SignInNew { session_id, device: name, ip_address: device.and_then(|device| device.ip_address) }
    }

    /// Tells once a second how often API keys were used, for as long as the service runs.
    pub(crate) async fn tell_use_of_keys(&self) {
        if !self.store().has_notices() {
            return;
        }
        let mut tick = tokio::time::interval(TELL_USE);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            for keys in self.shared.rate_limits.untold() {
                self.tell_nodes(&Notice::KeysUsed { keys });
            }
        }
    }
}
