//! Tells people by mail that one of their API keys ends: a week before, and a day before.

use std::time::Duration;

use latchkey_api::problem::ApiResult;
use latchkey_store::{ApiKeyReminder, Micros};

use crate::{
    error::problem,
    events::Origin,
    mail::{Lane, Notice},
    service::Service,
};

/// So long before the end, the longest first.
const BEFORE: [Duration; 2] = [Duration::from_hours(7 * 24), Duration::from_hours(24)];

/// Reminders read at a time.
const STEP: u8 = 100;

/// When the owner of a key is told of its end next. A key that lives no longer than a week, or a day, is told of once, or
/// not at all.
pub(crate) fn next(end: Micros, now: Micros) -> Option<Micros> {
    BEFORE.into_iter().map(|before| end.saturating_sub(before)).find(|at| *at > now)
}

impl Service {
    /// Has the reminders mailed whose time has come, where mail is configured. Of several nodes one mails each.
    pub(crate) async fn remind_of_api_keys(&self) -> ApiResult<()> {
        if !self.sends_mail() {
            return Ok(());
        }
        loop {
            let due =
                self.store().due_api_key_reminders(self.environment().now(), i64::from(STEP)).await.map_err(problem)?;
            let last = due.len() < usize::from(STEP);
            for reminder in due {
                self.remind(reminder).await?;
            }
            if last {
                return Ok(());
            }
        }
    }

    async fn remind(&self, due: ApiKeyReminder) -> ApiResult<()> {
        let (id, now) = (due.account_id, self.environment().now());
        let key = self.store().api_key(id, due.key_id).await.map_err(problem)?;
        let account = self.store().account(id).await.map_err(problem)?;
        // Deleted meanwhile, and the reminder with it.
        let (Some(key), Some(account)) = (key, account) else { return Ok(()) };
        let end = self.end_of(&key);
        let mail = match end {
            // After days without a service, or without mail, a key that has ended is no news.
            Some(expires_at) if expires_at > now && account.disabled_at.is_none() => {
                let notice = Notice::ApiKeyEnding { name: key.name, expires_at };
                self.notice(&account, &notice, &Origin::default()).await?
            }
            _ => None,
        };
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        let next = end.and_then(|end| next(end, now));
        let taken = self.store().take_api_key_reminder(due, next, mail).await.map_err(problem)?;
        if let Some(mail_id) = mail_id.filter(|_| taken) {
            self.send_soon(Lane::Notices, id, mail_id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_life_has_fewer_reminders() {
        let now = Micros(1_768_219_200_000_000);
        let in_hours = |hours: u64| now.saturating_add(Duration::from_hours(hours));
        for (life, expected) in [
            (90 * 24, Some(83 * 24)),
            (7 * 24 + 1, Some(1)),
            (7 * 24, Some(6 * 24)),
            (25, Some(1)),
            (24, None),
            (1, None),
        ] {
            assert_eq!(next(in_hours(life), now), expected.map(in_hours), "{life}");
        }
    }
}
