//! Tells people by mail that API keys of theirs end: a week before, and a day before. What falls on one day (UTC) is one
//! mail.

use std::time::Duration;

use latchkey_api::problem::ApiResult;
use latchkey_store::{AccountId, Error, Micros, TakenReminder};

use crate::{
    api_keys::scopes_of,
    error::problem,
    events::Origin,
    mail::{KeyFacts, Lane, Notice},
    service::Service,
};

/// So long before the end, the longest first.
const BEFORE: [Duration; 2] = [Duration::from_hours(7 * 24), Duration::from_hours(24)];

/// Reminders read at a time: of more than one account, however many keys somebody has.
const STEP: i64 = 1000;

/// A day in [`Micros`].
const DAY: i64 = 24 * 3600 * 1_000_000;

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
            let due = self.store().accounts_to_remind(self.environment().now(), STEP).await;
            let mut taken = 0;
            for account in due.map_err(problem)? {
                match self.remind(account).await {
                    Ok(true) => taken += 1,
                    Ok(false) => {}
                    // What cannot be written stays due, and keeps nobody else from their mail.
                    Err(problem) => tracing::warn!(%problem, account = %account.0, "a reminder could not be mailed"),
                }
            }
            if taken == 0 {
                return Ok(());
            }
        }
    }

    /// Takes what is due today; in the same step the mail about it is stored. `false` where another node was first.
    async fn remind(&self, id: AccountId) -> ApiResult<bool> {
        let now = self.environment().now();
        let tomorrow = Micros(now.0.saturating_sub(now.0.rem_euclid(DAY)).saturating_add(DAY));
        let Some(account) = self.store().account(id).await.map_err(problem)? else { return Ok(false) };
        let (mut taken, mut ending) = (Vec::new(), Vec::new());
        for due in self.store().api_key_reminders(id, tomorrow).await.map_err(problem)? {
            let (end, was) = (self.end_of(&due.key), due.next_reminder_at);
            let next = end.and_then(|end| next(end, now.max(was)));
            taken.push(TakenReminder { key_id: due.key.key_id, was, next });
            // After days without a service, or without mail, a key that has ended is no news.
            if end.is_some_and(|end| end > now) && account.disabled_at.is_none() {
                ending.push(KeyFacts {
                    last_four: due.key.last_four.clone(),
                    scopes: scopes_of(&due.key),
                    expires_at: end,
                });
            }
        }
        if taken.is_empty() {
            return Ok(false);
        }
        let mail = if ending.is_empty() {
            None
        } else {
            self.notice(&account, &Notice::ApiKeysEnding(ending), &Origin::default()).await?
        };
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        match self.store().take_api_key_reminders(id, taken, mail).await {
            Ok(()) => {}
            Err(Error::Raced) => return Ok(false),
            Err(error) => return Err(problem(error)),
        }
        if let Some(mail_id) = mail_id {
            self.send_soon(Lane::Notices, id, mail_id);
        }
        Ok(true)
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
