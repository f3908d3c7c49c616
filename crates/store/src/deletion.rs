//! Deleting accounts: every row at once, and then what is left of them in the files.
use sqlx::FromRow;

use crate::{
    Store,
    accounts::LoginKind,
    engine::{Engine, in_tx, on_pool},
    error::{Error, Result},
    outbox::{NewMail, enqueue},
    second_factor::{SecondFactor, spend},
    types::{AccountId, Micros, SessionId},
};

/// A user name that nobody may take for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameHold {
    /// A keyed hash of the normalised name, made by the caller.
    pub name_hash: [u8; 32],
    /// Until when.
    pub until: Micros,
}

/// Somebody leaves: what was checked, and what stays of them.
#[derive(Clone)]
pub struct Farewell {
    /// The session they leave by.
    pub session: SessionId,
    /// The hash the password was compared with.
    pub checked_phc: String,
    /// The second factor, where two-factor authentication is on.
    pub second_factor: Option<SecondFactor>,
    /// Keeps the user name from being taken.
    pub hold: Option<NameHold>,
    /// The last message to them.
    pub mail: Option<NewMail>,
    /// Now.
    pub now: Micros,
}

/// What an account has that deleting it removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Belongings {
    /// Open, unexpired sessions.
    pub sessions: i64,
    /// SSH keys.
    pub ssh_keys: i64,
    /// Connections with providers of source code.
    pub integrations: i64,
    /// Container registries.
    pub container_registries: i64,
    /// Events.
    pub events: i64,
    /// API keys that have not ended, the personal one among them.
    pub api_keys: i64,
    /// Backup codes that can still be used.
    pub backup_codes: i64,
}

const BELONGINGS: &str = "SELECT \
    (SELECT COUNT(*) FROM sessions WHERE account_id = $1 AND closed_at IS NULL AND expires_at > $2) AS sessions, \
    (SELECT COUNT(*) FROM ssh_keys WHERE account_id = $1) AS ssh_keys, \
    (SELECT COUNT(*) FROM integrations WHERE account_id = $1) AS integrations, \
    (SELECT COUNT(*) FROM container_registries WHERE account_id = $1) AS container_registries, \
    (SELECT COUNT(*) FROM events WHERE account_id = $1) AS events, \
    (SELECT COUNT(*) FROM personal_api_keys WHERE account_id = $1) + (SELECT COUNT(*) FROM api_keys \
    WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > $2) AND created_at > $3) AS api_keys, \
    (SELECT COUNT(*) FROM backup_codes c JOIN backup_code_sets s ON s.account_id = c.account_id \
    AND s.set_id = c.set_id WHERE c.account_id = $1 AND c.used_at IS NULL AND s.confirmed_at IS NOT NULL) AS backup_codes";
const STANDS: &str = "SELECT 1 FROM sessions s JOIN accounts a ON a.account_id = s.account_id \
    JOIN passwords p ON p.account_id = s.account_id WHERE s.account_id = $1 AND s.session_id = $2 \
    AND s.closed_at IS NULL AND s.expires_at > $3 AND p.phc = $4 AND (a.two_factor_since IS NULL OR $5)";
// What belongs to the account alone goes with it (ON DELETE CASCADE).
const DELETE: &str = "DELETE FROM accounts WHERE account_id = $1 RETURNING username_key, email_key";
const RELEASE: &str = "DELETE FROM logins WHERE login_key IN ($1, $2) AND account_id = $3";
const DROP_MAIL: &str = "DELETE FROM outbox WHERE account_id = $1";
const HOLD: &str = "INSERT INTO name_holds (name_hash, held_until) VALUES ($1, $2) \
    ON CONFLICT (name_hash) DO UPDATE SET held_until = excluded.held_until";
pub(crate) const HELD: &str = "SELECT 1 FROM name_holds WHERE name_hash = $1 AND held_until > $2";
pub(crate) const ANY_HELD: &str = "SELECT 1 FROM name_holds WHERE held_until > $1 LIMIT 1";

impl Store {
    /// What deleting an account removes. Named API keys that were created until `keys_ended` have ended, whatever was said
    /// when they were created.
    pub async fn belongings(&self, account: AccountId, now: Micros, keys_ended: Option<Micros>) -> Result<Belongings> {
        let keys_ended = keys_ended.unwrap_or(Micros(i64::MIN));
        on_pool!(self, |c| Ok(sqlx::query_as(BELONGINGS).bind(account).bind(now).bind(keys_ended).fetch_one(c).await?))
    }

    /// Deletes an account with everything that belongs to it, mail that waits included but for the last message, and
    /// gives its names free but for the hold. All or nothing; [`Store::clean_files`] is to follow.
    ///
    /// `false` where the second factor is wrong or was used; [`Error::Raced`] where what was checked does not hold any
    /// more: the session was closed, the password or two-factor authentication changed, the account is gone.
    pub async fn delete_account(&self, account: AccountId, farewell: Farewell) -> Result<bool> {
        let deleted = in_tx!(self, account, |c| {
            let Farewell { session, checked_phc, second_factor, hold, mail, now } = &farewell;
            let stands = sqlx::query(STANDS)
                .bind(account)
                .bind(session)
                .bind(now)
                .bind(checked_phc)
                .bind(second_factor.is_some())
                .fetch_optional(&mut *c)
                .await?;
            if stands.is_none() {
                return Err(Error::Raced);
            }
            if let Some(factor) = second_factor
                && !spend!(c, account, factor, *now)
            {
                return Ok(false);
            }
            let (username_key, email_key): (String, String) =
                sqlx::query_as(DELETE).bind(account).fetch_one(&mut *c).await?;
            sqlx::query(RELEASE)
                .bind(LoginKind::Username.login_key(&username_key))
                .bind(LoginKind::Email.login_key(&email_key))
                .bind(account)
                .execute(&mut *c)
                .await?;
            sqlx::query(DROP_MAIL).bind(account).execute(&mut *c).await?;
            if let Some(mail) = mail {
                enqueue!(c, account, mail);
            }
            if let Some(hold) = hold {
                sqlx::query(HOLD).bind(&hold.name_hash[..]).bind(hold.until).execute(&mut *c).await?;
            }
            Ok(true)
        })?;
        if deleted {
            match self.engine() {
                Engine::Sqlite(sqlite) => sqlite.soil(),
                Engine::Postgres(_) => {}
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
    ///
    /// PostgreSQL overwrites nothing on demand: a deleted row stays in its page until the server's own vacuum makes room
    /// of it, and in its log until that is recycled. There is nothing to do here.
    pub async fn clean_files(&self) -> Result<bool> {
        match self.engine() {
            Engine::Sqlite(sqlite) => sqlite.clean().await,
            Engine::Postgres(_) => Ok(true),
        }
    }
}
