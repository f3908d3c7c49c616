//! The stream of what happens, as one session hears it.
//!
//! What this process does is told by the [hub](crate::hub) at once, and so is what other [nodes](crate::nodes) tell. A
//! session may also be ended by time, and a notice may be lost: so each stream looks at its own session now and then.

use std::time::Duration;

use futures_util::{StreamExt, stream, stream::BoxStream};
use latchkey_api::{
    activity::{Push, Pushes, STREAM_EVENTS},
    common::Caller,
    problem::{ApiResult, CloseReason, ErrorCode, Problem},
};
use latchkey_store::{AccountId, Error, Micros, SessionId};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use crate::service::Service;

/// Between two looks at the session, and up to how much longer: ten thousand streams do not look at once.
const LOOK: Duration = Duration::from_secs(9);
const JITTER: Duration = Duration::from_secs(2);

/// The shortest time between two looks, near the end of a session.
const SOON: Duration = Duration::from_secs(1);

#[async_trait::async_trait]
impl Pushes for Service {
    /// Answers `too_many_requests` where the account has as many streams as it may have.
    async fn stream_events(&self, caller: &Caller) -> ApiResult<BoxStream<'static, Push>> {
        let me = self.admitted(caller, &STREAM_EVENTS.meta).await?;
        let (account, session) = (me.account.account_id, me.session.session_id);
        let heard = self.shared.hub.listen(account, session).ok_or_else(|| {
            Problem::new(ErrorCode::TooManyRequests).retry_after(60).detail("This account has too many open streams.")
        })?;
        let looks = self.shared.hub.looks();
        // The first look is due now: the session may have ended between the gate and the hub.
        let listening =
            Listening { service: self.clone(), account, session, heard, looks, look: Instant::now(), ended: false };
        Ok(stream::unfold(listening, Listening::next).boxed())
    }
}

/// One open stream.
struct Listening {
    service: Service,
    account: AccountId,
    session: SessionId,
    heard: mpsc::Receiver<Push>,
    /// Notices of other nodes may have been missed.
    looks: watch::Receiver<()>,
    /// When the session is looked at next.
    look: Instant,
    ended: bool,
}

/// What a look at a session found.
enum Found {
    Open {
        until: Micros,
    },
    Ended {
        reason: Option<CloseReason>,
    },
    /// The service stops.
    Stopping,
}

impl Listening {
    async fn next(mut self) -> Option<(Push, Self)> {
        while !self.ended {
            tokio::select! {
                biased;
                push = self.heard.recv() => {
                    let push = push?;
                    self.ended = matches!(push, Push::SessionClosed { .. });
                    return Some((push, self));
                }
                Ok(()) = self.looks.changed() => self.look = self.look.min(Instant::now() + self.service.within(SOON)),
                () = sleep_until(self.look) => match self.service.look(self.account, self.session).await {
                    Found::Open { until } => self.look = Instant::now() + self.service.until_next_look(until),
                    Found::Ended { reason } => {
                        self.ended = true;
                        return Some((Push::SessionClosed { reason }, self));
                    }
                    Found::Stopping => return None,
                },
            }
        }
        None
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.heard.close();
        self.service.shared.hub.tidy(self.account);
    }
}

impl Service {
    /// One indexed read. A stream does not count as use of its session: an app that only listens is one nobody uses.
    async fn look(&self, account: AccountId, session: SessionId) -> Found {
        let now = self.environment().now();
        let found = self.store().get_session(account, session).await;
        match found.map(|session| session.map(|session| self.within_policy(session))) {
            Ok(Some(session)) if session.closed_at.is_some() => {
                Found::Ended { reason: session.close_reason.and_then(close_reason) }
            }
            Ok(Some(session)) if session.expires_at > now => Found::Open { until: session.expires_at },
            Ok(_) => Found::Ended { reason: None },
            Err(Error::Closed) => Found::Stopping,
            Err(error) => {
                tracing::warn!(%error, "a stream could not look at its session; it will look again");
                Found::Open { until: Micros(i64::MAX) }
            }
        }
    }

    fn until_next_look(&self, session_ends: Micros) -> Duration {
        let left = session_ends.0.saturating_sub(self.environment().now().0);
        let left = Duration::from_micros(left.unsigned_abs()).max(SOON);
        left.min(LOOK + self.within(JITTER))
    }

    /// Some time, up to `most`.
    fn within(&self, most: Duration) -> Duration {
        most * u32::from(u16::from_le_bytes(self.environment().bytes())) / u32::from(u16::MAX)
    }
}

/// Why a session was closed, in the words of the wire.
fn close_reason(stored: latchkey_store::CloseReason) -> Option<CloseReason> {
    use latchkey_store::CloseReason as Stored;
    match stored {
        Stored::SignedOut => Some(CloseReason::SignedOut),
        Stored::ClosedByOwner => Some(CloseReason::ClosedElsewhere),
        Stored::ClosedByAdministrator => Some(CloseReason::ClosedByAdministrator),
        Stored::PasswordChanged => Some(CloseReason::PasswordChanged),
        Stored::TwoFactorChanged => Some(CloseReason::TwoFactorChanged),
        // Disabled: the next call says so. Or another version of the service closed it, for a reason unknown here.
        _ => None,
    }
}
