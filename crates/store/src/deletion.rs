//! Deleting accounts: every row at once, and then what is left of them in the files.
use sqlx::FromRow;

use crate::{
    Store,
    accounts::LoginKind,
    engine::{Engine, in_tx, on_pool},
    error::Result,
    types::{AccountId, Micros},
};

/// A user name that nobody may take for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameHold {
    /// A keyed hash of the normalised name, made by the caller.
    pub name_hash: [u8; 32],
    /// Until when.
    pub until: Micros,
}

/// What an account has that deleting it removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Belongings {
    /// Open, unexpired sessions.
    pub sessions: i64,
    /// Events.
    pub events: i64,
    /// Backup codes that can still be used.
    pub backup_codes: i64,
}

const BELONGINGS: &str = "SELECT \
    (SELECT COUNT(*) FROM sessions WHERE account_id = $1 AND closed_at IS NULL AND expires_at > $2) AS sessions, \
    (SELECT COUNT(*) FROM events WHERE account_id = $1) AS events, \
    (SELECT COUNT(*) FROM backup_codes c JOIN backup_code_sets s ON s.account_id = c.account_id \
    AND s.set_id = c.set_id WHERE c.account_id = $1 AND c.used_at IS NULL AND s.confirmed_at IS NOT NULL) AS backup_codes";
// What belongs to the account alone goes with it (ON DELETE CASCADE).
const DELETE: &str = "DELETE FROM accounts WHERE account_id = $1 RETURNING username_key, email_key";
const RELEASE: &str = "DELETE FROM logins WHERE login_key IN ($1, $2) AND account_id = $3";
const DROP_MAIL: &str = "DELETE FROM outbox WHERE account_id = $1";
const HOLD: &str = "INSERT INTO name_holds (name_hash, held_until) VALUES ($1, $2) \
    ON CONFLICT (name_hash) DO UPDATE SET held_until = excluded.held_until";
pub(crate) const HELD: &str = "SELECT 1 FROM name_holds WHERE name_hash = $1 AND held_until > $2";
pub(crate) const ANY_HELD: &str = "SELECT 1 FROM name_holds WHERE held_until > $1 LIMIT 1";

impl Store {
    /// What deleting an account removes.
    pub async fn belongings(&self, account: AccountId, now: Micros) -> Result<Belongings> {
        on_pool!(self, |c| Ok(sqlx::query_as(BELONGINGS).bind(account).bind(now).fetch_one(c).await?))
    }

    /// Deletes an account with everything that belongs to it, mail that waits included but for the farewell, and
    /// gives its names free but for the hold. All or nothing; `false` where it is gone already. [`Store::clean_files`] is to follow.
    pub async fn delete_account(
        &self,
        account: AccountId,
        hold: Option<NameHold>,
        farewell: Option<NewMail>,
    ) -> Result<bool> {
        let deleted = in_tx!(self, |c| {
            let Some((username_key, email_key)) =
                sqlx::query_as::<_, (String, String)>(DELETE).bind(account).fetch_optional(&mut *c).await?
            else {
                return Ok(false);
            };
            sqlx::query(RELEASE)
                .bind(LoginKind::Username.login_key(&username_key))
                .bind(LoginKind::Email.login_key(&email_key))
                .bind(account)
                .execute(&mut *c)
                .await?;
            sqlx::query(DROP_MAIL).bind(account).execute(&mut *c).await?;
            if let Some(mail) = &farewell {
                enqueue!(c, account, mail);
            }
            if let Some(hold) = &hold {
                sqlx::query(HOLD).bind(&hold.name_hash[..]).bind(hold.until).execute(&mut *c).await?;
            }
            Ok(true)
        })?;
        if deleted {
            match self.engine() {
                Engine::Sqlite(sqlite) => sqlite.soil(),
            }
        }
        Ok(deleted)
    }

    /// Whether any user name is held at the moment.
    pub async fn any_name_held(&self, now: Micros) -> Result<bool> {
        on_pool!(self, |c| Ok(sqlx::query(ANY_HELD).bind(now).fetch_optional(c).await?.is_some()))
    }

    /// Removes what deleted rows have left in the files. Deleted content is overwritten where it stood, but the
    /// write-ahead log may still hold it: so the log is emptied, as soon as no reader is within it. `false` where it has
    /// to be tried again; without anything to clean it costs nothing.
    pub async fn clean_files(&self) -> Result<bool> {
        match self.engine() {
            Engine::Sqlite(sqlite) => sqlite.clean().await,
        }
    }
}
