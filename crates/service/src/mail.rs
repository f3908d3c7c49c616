//! Mail to people: what is written, and how it goes out.
//!
//! The service knows no mail server: a [`Mailer`] is given to it. A message is written from a template, sealed, and
//! stored in the outbox in the transaction of the change it is about where there is one; from there it is sent at once,
//! and again until the server takes it.

mod mailer;
mod message;
mod notice;
mod outbox;
pub(crate) mod template;

use latchkey_api::problem::{ApiResult, Problem};
use latchkey_store::{Account, AccountId, Micros, NewMail};

pub use self::mailer::{MailError, Mailer};
pub use self::message::Message;
pub(crate) use self::{
    notice::{KeyFacts, Notice, addressed, facts},
    outbox::{Lane, Outbox},
    template::Template,
};
use crate::{events::Origin, identity_rules::email_key, service::Service};

/// What mail is sealed for.
pub(crate) const PURPOSE: &str = "mail";

/// For how long a message is tried.
const KEEP_TRYING: std::time::Duration = std::time::Duration::from_hours(3 * 24);

impl Service {
    /// Whether the service sends mail.
    pub(crate) fn sends_mail(&self) -> bool {
        self.environment().mailer.is_some()
    }

    /// Has a notice mailed, where mail is configured. It goes out later; that it cannot be sent keeps nobody waiting.
    pub(crate) async fn notify_by_mail(&self, account: &Account, notice: Notice, origin: &Origin) {
        let noted = async {
            let Some(mail) = self.notice(account, &notice, origin).await? else { return Ok(()) };
            let id = mail.mail_id;
            self.store().add_mail(account.account_id, mail).await.map_err(crate::error::problem)?;
            self.send_soon(Lane::Notices, account.account_id, id);
            Ok::<(), Problem>(())
        };
        if let Err(problem) = noted.await {
            tracing::warn!(%problem, account = %account.account_id.0, "a notice could not be mailed");
        }
    }

    /// A notice to be stored with the change it is about; then [`Service::send_soon`] sends it. `None` where the service
    /// sends no mail, or too many have gone to the person.
    pub(crate) async fn notice(
        &self,
        account: &Account,
        notice: &Notice,
        origin: &Origin,
    ) -> ApiResult<Option<NewMail>> {
        if !self.sends_mail() {
            return Ok(None);
        }
        let now = self.environment().now();
        let (id, to) = (account.account_id, notice.address(account));
        if notice.may_be_dropped() && !self.shared.throttle.notice(id, &email_key(to), now).await? {
            tracing::debug!(account = %id.0, "a notice was dropped: too many of them");
            return Ok(None);
        }
        let template = notice.template(account, origin, now);
        self.write(id, to, template, Lane::Notices, now.saturating_add(KEEP_TRYING)).await.map(Some)
    }

    /// Writes a message and seals it.
    pub(crate) async fn write(
        &self,
        account: AccountId,
        to: &str,
        template: Template,
        lane: Lane,
        expires_at: Micros,
    ) -> ApiResult<NewMail> {
        let message = self.message(to, template)?;
        let json =
            zeroize::Zeroizing::new(serde_json::to_vec(&message).map_err(|error| crate::error::internal(&error))?);
        let sealed = self.seal(PURPOSE, account, &json).await?;
        let (has_code, next_attempt_at) = (lane.has_code(), self.environment().now());
        Ok(NewMail { mail_id: message.id, has_code, sealed, next_attempt_at, expires_at })
    }

    fn message(&self, to: &str, template: Template) -> ApiResult<Message> {
        let environment = self.environment();
        let written = template.with("instance", &self.settings().name).write()?;
        let at = environment.clock.now();
        Ok(Message::new(environment.uuid(), at, to, written))
    }

    /// Sends a message to an address now, to find out whether mail works. `None` where the service sends none.
    pub async fn send_test_mail(&self, to: &str) -> Option<Result<String, MailError>> {
        let mailer = self.environment().mailer.clone()?;
        let message =
            self.message(to, Template::new(template::TEST).with("when", &notice::when(self.environment().now())));
        Some(match message {
            Ok(message) => mailer.send(&message).await,
            Err(problem) => Err(MailError::permanent(problem.to_string())),
        })
    }
}
