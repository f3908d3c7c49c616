//! Sends what is in the outbox: at once, and again with growing pauses while the mail server does not take it. Mail with a
//! code has a lane of its own, so that no number of notices keeps somebody waiting for theirs.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use latchkey_api::problem::ApiResult;
use latchkey_store::{AccountId, MAIL_AHEAD};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Mailer, Message, PURPOSE};
use crate::{error::problem, service::Service};

/// Messages of a lane sent at one time. A mail server that hangs holds these, and nobody else.
const AT_ONCE: u32 = 4;

/// Messages that may wait in memory for their turn; more wait in the database for the next round.
const WAITING: usize = 64;

/// Messages a round takes up.
const ROUND: i64 = 100;

/// How long a message belongs to the node that sends it: longer than a mailer takes.
const LEASE: Duration = Duration::from_mins(3);

/// How long the end of the service waits for messages that are on their way.
const CLOSING: Duration = Duration::from_secs(5);

/// The pauses: from half a minute to six hours, each twice the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_hours(6);
const _: () = assert!(LONGEST_PAUSE.as_secs() < MAIL_AHEAD.as_secs() && LEASE.as_secs() < MAIL_AHEAD.as_secs());

/// What a message is sent with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Mail with a code.
    Codes,
    /// The rest.
    Notices,
}

impl Lane {
    const ALL: [Self; 2] = [Self::Codes, Self::Notices];

    /// As it is stored.
    pub(crate) fn has_code(self) -> bool {
        self == Self::Codes
    }
}

/// The two lanes.
#[derive(Default)]
pub(crate) struct Outbox {
    codes: Senders,
    notices: Senders,
}

impl Outbox {
    fn of(&self, lane: Lane) -> &Senders {
        match lane {
            Lane::Codes => &self.codes,
            Lane::Notices => &self.notices,
        }
    }
}

/// Who may send.
struct Senders {
    turns: Semaphore,
    waiting: Arc<Semaphore>,
    in_round: AtomicBool,
}

impl Default for Senders {
    fn default() -> Self {
        Self {
            turns: Semaphore::new(AT_ONCE as usize),
            waiting: Arc::new(Semaphore::new(WAITING)),
            in_round: AtomicBool::new(false),
        }
    }
}

impl Service {
    /// Sends a message that was just stored. Where many wait already, the next round does.
    pub(crate) fn send_soon(&self, lane: Lane, account: AccountId, id: Uuid) {
        let Some(mailer) = self.environment().mailer.clone() else { return };
        let Ok(place) = self.shared.outbox.of(lane).waiting.clone().try_acquire_owned() else { return };
        let service = self.clone();
        tokio::spawn(async move {
            service.send(&*mailer, lane, account, id).await;
            drop(place);
        });
    }

    /// Sends everything that is due, in the background; of each lane one round at a time.
    pub(crate) fn send_due(&self) {
        for lane in Lane::ALL {
            self.send_due_of(lane);
        }
    }

    fn send_due_of(&self, lane: Lane) {
        let Some(mailer) = self.environment().mailer.clone() else { return };
        if self.shared.outbox.of(lane).in_round.swap(true, Ordering::AcqRel) {
            return;
        }
        let service = self.clone();
        tokio::spawn(async move {
            match service.store().due_mail(lane.has_code(), service.environment().now(), ROUND).await {
                Ok(due) => service.send_all(mailer, lane, due).await,
                Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
            }
            service.shared.outbox.of(lane).in_round.store(false, Ordering::Release);
        });
    }

    async fn send_all(&self, mailer: Arc<dyn Mailer>, lane: Lane, due: Vec<(AccountId, Uuid)>) {
        let mut sending = tokio::task::JoinSet::new();
        for (account, id) in due {
            let (service, mailer) = (self.clone(), mailer.clone());
            sending.spawn(async move { service.send(&*mailer, lane, account, id).await });
        }
        while sending.join_next().await.is_some() {}
    }

    /// Lets messages on their way arrive, and sends no more.
    pub(crate) async fn close_outbox(&self) {
        let [codes, notices] = Lane::ALL.map(|lane| &self.shared.outbox.of(lane).turns);
        let all = async { tokio::join!(codes.acquire_many(AT_ONCE), notices.acquire_many(AT_ONCE)) };
        if tokio::time::timeout(CLOSING, all).await.is_err() {
            tracing::warn!("a message is on its way; it may be sent once more");
        }
        codes.close();
        notices.close();
    }

    async fn send(&self, mailer: &dyn Mailer, lane: Lane, account: AccountId, id: Uuid) {
        // Closed with the service: the message waits for the next start.
        let Ok(_turn) = self.shared.outbox.of(lane).turns.acquire().await else { return };
        if let Err(problem) = self.attempt(mailer, account, id).await {
            tracing::warn!(%problem, mail = %id, "a message stays in the outbox");
        }
    }

    async fn attempt(&self, mailer: &dyn Mailer, account: AccountId, id: Uuid) -> ApiResult<()> {
        let lease = self.environment().now().saturating_add(LEASE);
        let taken = self.store().take_mail(account, id, self.environment().now(), lease).await.map_err(problem)?;
        let Some(taken) = taken else { return Ok(()) };
        // Whoever is away for days comes back to mail that means nothing any more.
        if taken.expires_at <= self.environment().now() {
            tracing::warn!(mail = %id, attempts = taken.attempts - 1, "a message was given up: its time is over");
            return self.store().remove_mail(account, id).await.map_err(problem);
        }
        let json = self.unseal(PURPOSE, account, &taken.sealed).await?;
        let Ok(message) = serde_json::from_slice::<Message>(&json) else {
            tracing::error!(mail = %id, "a message in the outbox cannot be read");
            return self.store().remove_mail(account, id).await.map_err(problem);
        };
        let Err(error) = mailer.send(&message).await else {
            tracing::info!(mail = %id, attempts = taken.attempts, "mail sent");
            return self.store().remove_mail(account, id).await.map_err(problem);
        };
        let again = self.environment().now().saturating_add(pause(taken.attempts));
        if error.permanent || again >= taken.expires_at {
            let attempts = taken.attempts;
            tracing::error!(mail = %id, attempts, permanent = error.permanent, reason = %error.reason, "a message was given up");
            return self.store().remove_mail(account, id).await.map_err(problem);
        }
        tracing::warn!(mail = %id, attempts = taken.attempts, reason = %error.reason, "mail not sent; it is tried again");
        self.store().retry_mail(account, id, lease, again).await.map_err(problem)
    }
}

/// How long to wait after so many attempts.
fn pause(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or(u32::MAX).min(20);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use latchkey_store::Micros;
    use tokio::sync::mpsc;

    use super::{
        super::{MailError, Template, template},
        *,
    };
    use crate::{Environment, FixedKey, Settings};

    /// Takes what goes to one address, and hangs for everybody else.
    struct Stuck(mpsc::UnboundedSender<Uuid>);

    #[async_trait::async_trait]
    impl Mailer for Stuck {
        async fn send(&self, message: &Message) -> Result<String, MailError> {
            if message.to != "waiting@example.com" {
                std::future::pending::<()>().await;
            }
            self.0.send(message.id).map_err(|_| MailError::permanent("closed"))?;
            Ok("250 OK".into())
        }
    }

    #[tokio::test]
    async fn no_number_of_notices_keeps_a_code_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (sender, mut arrived) = mpsc::unbounded_channel();
        let (keys, mailer) = (Arc::new(FixedKey([7; 32])), Some(Arc::new(Stuck(sender)) as Arc<dyn Mailer>));
        let environment = Environment { keys, mailer, ..Environment::system() };
        let path = folder.path().join("latchkey.db");
        let service = Service::open(&path, Settings::default(), environment).await.unwrap();
        let account = AccountId(Uuid::nil());
        let add = async |to: &str, lane: Lane| {
            let text = Template::new(template::TEST).with("when", "now");
            let mail = service.write(account, to, text, lane, Micros(i64::MAX)).await.unwrap();
            let id = mail.mail_id;
            service.store().add_mail(account, mail).await.unwrap();
            id
        };
        for _ in 0..100 {
            let id = add("ada@example.com", Lane::Notices).await;
            service.send_soon(Lane::Notices, account, id);
        }
        service.send_due();
        let mut next = async || tokio::time::timeout(Duration::from_secs(10), arrived.recv()).await.unwrap();
        let at_once = add("waiting@example.com", Lane::Codes).await;
        service.send_soon(Lane::Codes, account, at_once);
        assert_eq!(next().await, Some(at_once));
        // By a round, as after a pause. The one before may not have ended yet.
        let in_a_round = add("waiting@example.com", Lane::Codes).await;
        while service.shared.outbox.codes.in_round.load(Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
        service.send_due();
        assert_eq!(next().await, Some(in_a_round));
    }

    #[test]
    fn pauses_grow_to_six_hours() {
        let pauses: Vec<u64> = [1, 2, 3, 10, 11, 400, i64::MAX].map(|attempts| pause(attempts).as_secs()).into();
        assert_eq!(pauses, [30, 60, 120, 15_360, 21_600, 21_600, 21_600]);
    }
}
