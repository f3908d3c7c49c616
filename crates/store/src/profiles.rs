//! Editing a profile: by version, and with it the claim on the e-mail address.
use crate::{
    Store,
    accounts::{Account, LoginKind, account_columns},
    engine::in_tx,
    error::{Error, Result},
    types::{AccountId, Micros},
};

/// The complete new values of what a person may edit.
#[derive(Clone)]
pub struct ProfileChange {
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
}

/// What became of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "the large one is the usual one, and it is taken apart at once")]
pub enum ProfileUpdate {
    /// Done; the account as it is now.
    Updated(Account),
    /// Somebody else was faster: the version is not the expected one. Nothing changed.
    Stale,
    /// There is no such account.
    Gone,
}

const VERSION: &str = "SELECT version, email_key FROM accounts WHERE account_id = $1";
const UPDATE_PROFILE: &str = concat!(
    "UPDATE accounts SET name = $3, email = $4, email_key = $5, location = $6, bio = $7, updated_at = $8, \
     version = version + 1 WHERE account_id = $1 AND version = $2 RETURNING ",
    account_columns!("")
);
const CLAIM_LOGIN: &str = "INSERT INTO logins (login_key, account_id) VALUES ($1, $2) \
    ON CONFLICT (login_key) DO NOTHING RETURNING login_key";
const RELEASE_LOGIN: &str = "DELETE FROM logins WHERE login_key = $1 AND account_id = $2";

impl Store {
    /// Replaces the editable part of a profile if its version still is `expected_version`, and counts the
    /// version up. Another e-mail address gives the old one free; [`Error::Taken`] where it belongs to
    /// another account.
    pub async fn update_profile(
        &self,
        id: AccountId,
        expected_version: i64,
        change: ProfileChange,
        now: Micros,
    ) -> Result<ProfileUpdate> {
        in_tx!(self, |c| {
            let Some((version, old_email_key)) =
                sqlx::query_as::<_, (i64, String)>(VERSION).bind(id).fetch_optional(&mut *c).await?
            else {
                return Ok(ProfileUpdate::Gone);
            };
            if version != expected_version {
                return Ok(ProfileUpdate::Stale);
            }
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
                .fetch_optional(&mut *c)
                .await?
            else {
                return Ok(ProfileUpdate::Stale);
            };
            if change.email_key != old_email_key {
                let claimed = sqlx::query(CLAIM_LOGIN)
                    .bind(LoginKind::Email.login_key(&change.email_key))
                    .bind(id)
                    .fetch_optional(&mut *c)
                    .await?;
                if claimed.is_none() {
                    return Err(Error::Taken(vec![LoginKind::Email]));
                }
                sqlx::query(RELEASE_LOGIN)
                    .bind(LoginKind::Email.login_key(&old_email_key))
                    .bind(id)
                    .execute(&mut *c)
                    .await?;
            }
            Ok(ProfileUpdate::Updated(account))
        })
    }
}
