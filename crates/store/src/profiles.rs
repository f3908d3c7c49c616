//! Editing a profile: by version, and with it the claim on the e-mail address.
use crate::{
    NewMail, Store,
    accounts::{Account, account_columns},
    actor::{Actor, hold_actor},
    email_changes::{self, NewEmailChange, move_login},
    engine::in_tx,
    error::Result,
    events::{NewEvent, record},
    outbox::enqueue,
    types::{AccountId, Micros},
};

/// What becomes of a new address that waits to be confirmed.
#[derive(Clone, Default)]
pub enum Pending {
    /// Whatever waits goes on waiting.
    #[default]
    Keep,
    /// None waits any more.
    Drop,
    /// This one waits.
    Wait(NewEmailChange),
}

/// The complete new values of what a person may edit.
#[derive(Clone)]
pub struct ProfileChange {
    /// Who does it.
    pub by: Option<Actor>,
    /// Full name.
    pub name: String,
    /// As the person wrote it.
    pub email: String,
    /// Normalised e-mail address.
    pub email_key: String,
    /// Free text or nothing.
    pub location: Option<String>,
    /// Free text or nothing.
    pub bio: Option<String>,
    /// What becomes of a new address that waits.
    pub pending: Pending,
    /// What is recorded.
    pub events: Vec<NewEvent>,
    /// What is mailed.
    pub mail: Vec<NewMail>,
}

/// What became of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one at a time, on its way to the caller")]
pub enum ProfileUpdate {
    /// Done; the account as it is now.
    Updated(Account),
    /// Somebody else was faster: the version is not the expected one. Nothing changed.
    Stale,
    /// There is no such account.
    Gone,
}

const VERSION: &str = "SELECT version, email_key, pending_email FROM accounts WHERE account_id = $1";
const UPDATE_PROFILE: &str = concat!(
    "UPDATE accounts SET name = $3, email = $4, email_key = $5, location = $6, bio = $7, updated_at = $8, \
     pending_email = $9, version = version + 1 WHERE account_id = $1 AND version = $2 RETURNING ",
    account_columns!("")
);
impl Store {
    /// Replaces the editable part of a profile if its version still is `expected_version`, and counts the
    /// version up. Another e-mail address gives the old one free; [`Error::Taken`](crate::Error::Taken) where it belongs to
    /// another account, [`Error::Raced`](crate::Error::Raced) where the session or key that does it ended meanwhile.
    pub async fn update_profile(
        &self,
        id: AccountId,
        expected_version: i64,
        change: ProfileChange,
        now: Micros,
    ) -> Result<ProfileUpdate> {
        in_tx!(self, id, |c| {
            hold_actor!(c, id, change.by, now);
            let Some((version, old_email_key, waiting)) =
                sqlx::query_as::<_, (i64, String, Option<String>)>(VERSION).bind(id).fetch_optional(&mut *c).await?
            else {
                return Ok(ProfileUpdate::Gone);
            };
            if version != expected_version {
                return Ok(ProfileUpdate::Stale);
            }
            let waiting = match &change.pending {
                Pending::Keep => waiting,
                Pending::Drop => None,
                Pending::Wait(new) => Some(new.email.clone()),
            };
            // Repeats the version: it is this statement that decides between two callers, and what was
            // read above is true as long as the version is.
            let Some(account) = sqlx::query_as(UPDATE_PROFILE)
                .bind(id)
                .bind(expected_version)
                .bind(&change.name)
                .bind(&change.email)
                .bind(&change.email_key)
                .bind(&change.location)
                .bind(&change.bio)
                .bind(now)
                .bind(waiting)
                .fetch_optional(&mut *c)
                .await?
            else {
                return Ok(ProfileUpdate::Stale);
            };
            move_login!(c, id, &old_email_key, &change.email_key);
            match &change.pending {
                Pending::Keep => {}
                Pending::Drop => {
                    sqlx::query(email_changes::DROP).bind(id).execute(&mut *c).await?;
                }
                Pending::Wait(new) => {
                    sqlx::query(email_changes::START)
                        .bind(id)
                        .bind(&new.email)
                        .bind(&new.email_key)
                        .bind(&new.code_hash[..])
                        .bind(new.expires_at)
                        .execute(&mut *c)
                        .await?;
                }
            }
            for event in &change.events {
                record!(c, id, event);
            }
            for mail in &change.mail {
                enqueue!(c, id, mail);
            }
            Ok(ProfileUpdate::Updated(account))
        })
    }
}
