//! Accounts: sign-up, look-up, password hash, disabling.
use rusqlite::Row;
use sqlx::FromRow;

use crate::{
    CloseReason, Store,
    deletion::HELD,
    email_changes::forget_email_change,
    engine::{Scope, by_key, in_tx, on_pool},
    error::{Error, Result},
    events::{NewEvent, record},
    password_resets,
    sessions::close_all,
    sign_in_transactions,
    types::{AccountId, Micros},
};

/// What a person can sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoginKind {
    /// The user name.
    Username,
    /// The e-mail address.
    Email,
}

impl LoginKind {
    /// The primary key in `logins`: both kinds share the table, so that one statement claims both.
    pub(crate) fn login_key(self, key: &str) -> String {
        match self {
            Self::Username => format!("u:{key}"),
            Self::Email => format!("e:{key}"),
        }
    }
}

/// An account to make. The `*_key` fields are the normalised forms that have to be unique; the store
/// compares their bytes and nothing else.
#[derive(Clone)]
pub struct NewAccount {
    /// Made by the caller (`UUIDv7`).
    pub account_id: AccountId,
    /// As the person wrote it.
    pub username: String,
    /// Normalised user name.
    pub username_key: String,
    /// As the person wrote it.
    pub email: String,
    /// Normalised e-mail address.
    pub email_key: String,
    /// Full name.
    pub name: String,
    /// Password hash in PHC string format.
    pub password_phc: String,
    /// The keyed hash of `username_key` that a [`NameHold`](crate::NameHold) of it would have; absent where no name is
    /// held.
    pub name_hash: Option<[u8; 32]>,
    /// Now.
    pub created_at: Micros,
    /// The first event of the account.
    pub event: NewEvent,
}

/// An account with its profile, without any secret.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Account {
    /// Its id.
    pub account_id: AccountId,
    /// As the person wrote it.
    pub username: String,
    /// As the person wrote it.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Free text, absent when blank.
    pub location: Option<String>,
    /// Free text, absent when blank.
    pub bio: Option<String>,
    /// Entity tag of the uploaded picture, absent when there is none.
    pub avatar_etag: Option<String>,
    /// A new address that has not been confirmed yet.
    pub pending_email: Option<String>,
    /// Since when signing in asks for a second factor; absent while it does not.
    pub two_factor_since: Option<Micros>,
    /// Counts the changes of profile and picture, from 1: what `ETag` and `If-Match` are made of.
    pub version: i64,
    /// Since when an administrator has it disabled.
    pub disabled_at: Option<Micros>,
    /// Sign-up.
    pub created_at: Micros,
    /// Last change of profile or picture.
    pub updated_at: Micros,
}

impl Account {
    /// How many columns it has.
    const COLUMNS: usize = 13;

    /// From the columns of [`account_columns`], the first of them at `at`.
    pub(crate) fn from_columns(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            account_id: AccountId(row.get(at)?),
            username: row.get(at + 1)?,
            email: row.get(at + 2)?,
            name: row.get(at + 3)?,
            location: row.get(at + 4)?,
            bio: row.get(at + 5)?,
            avatar_etag: row.get(at + 6)?,
            pending_email: row.get(at + 7)?,
            two_factor_since: row.get(at + 8)?,
            version: row.get(at + 9)?,
            disabled_at: row.get(at + 10)?,
            created_at: row.get(at + 11)?,
            updated_at: row.get(at + 12)?,
        })
    }
}

/// An account with what its password is checked against.
#[derive(Clone, FromRow)]
pub struct Credentials {
    /// The account.
    #[sqlx(flatten)]
    pub account: Account,
    /// Password hash in PHC string format.
    pub password_phc: String,
}

/// The columns of [`Account`], each with a prefix (`""` or `"a."`).
macro_rules! account_columns {
    ($p:literal) => {
        concat!(
            $p,
            "account_id, ",
            $p,
            "username, ",
            $p,
            "email, ",
            $p,
            "name, ",
            $p,
            "location, ",
            $p,
            "bio, ",
            $p,
            "avatar_etag, ",
            $p,
            "pending_email, ",
            $p,
            "two_factor_since, ",
            $p,
            "version, ",
            $p,
            "disabled_at, ",
            $p,
            "created_at, ",
            $p,
            "updated_at"
        )
    };
}
pub(crate) use account_columns;

// The address before the name: always the same order, so that two sign-ups cannot wait for each other.
const CLAIM_LOGINS: &str = "INSERT INTO logins (login_key, account_id) VALUES ($1, $3), ($2, $3) \
    ON CONFLICT (login_key) DO NOTHING RETURNING login_key";
const ADD_ACCOUNT: &str = concat!(
    "INSERT INTO accounts (account_id, username, username_key, email, email_key, name, version, created_at, \
     updated_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) RETURNING ",
    account_columns!("")
);
const ADD_PASSWORD: &str = "INSERT INTO passwords (account_id, phc, changed_at) VALUES ($1, $2, $3)";
pub(crate) const FIND_LOGIN: &str = "SELECT account_id FROM logins WHERE login_key = $1";
const ACCOUNT: &str = concat!("SELECT ", account_columns!(""), " FROM accounts WHERE account_id = $1");
pub(crate) const CREDENTIALS: &str = concat!(
    "SELECT ",
    account_columns!("a."),
    ", p.phc AS password_phc FROM accounts a JOIN passwords p ON p.account_id = a.account_id WHERE a.account_id = $1"
);
const LIST: &str =
    concat!("SELECT ", account_columns!(""), " FROM accounts WHERE account_id > $1 ORDER BY account_id LIMIT $2");
const DISABLE: &str = "UPDATE accounts SET disabled_at = $2 WHERE account_id = $1 AND disabled_at IS NULL";
const ENABLE: &str = "UPDATE accounts SET disabled_at = NULL WHERE account_id = $1 AND disabled_at IS NOT NULL";

impl Store {
    /// Makes an account with its password. [`Error::Taken`] names everything that belongs to somebody
    /// else, or is held, user name and address at once.
    pub async fn sign_up(&self, new: NewAccount) -> Result<Account> {
        let username_key = LoginKind::Username.login_key(&new.username_key);
        let email_key = LoginKind::Email.login_key(&new.email_key);
        // The account is not there yet; the names decide between two.
        in_tx!(self, Scope::Rows, |c| {
            let claimed: Vec<String> = sqlx::query_scalar(CLAIM_LOGINS)
                .bind(&email_key)
                .bind(&username_key)
                .bind(new.account_id)
                .fetch_all(&mut *c)
                .await?;
            let held = match &new.name_hash {
                Some(hash) => {
                    sqlx::query(HELD).bind(&hash[..]).bind(new.created_at).fetch_optional(&mut *c).await?.is_some()
                }
                None => false,
            };
            let mut taken = Vec::new();
            if held || !claimed.contains(&username_key) {
                taken.push(LoginKind::Username);
            }
            if !claimed.contains(&email_key) {
                taken.push(LoginKind::Email);
            }
            if !taken.is_empty() {
                return Err(Error::Taken(taken));
            }
            let account = sqlx::query_as(ADD_ACCOUNT)
                .bind(new.account_id)
                .bind(&new.username)
                .bind(&new.username_key)
                .bind(&new.email)
                .bind(&new.email_key)
                .bind(&new.name)
                .bind(new.created_at)
                .fetch_one(&mut *c)
                .await?;
            sqlx::query(ADD_PASSWORD)
                .bind(new.account_id)
                .bind(&new.password_phc)
                .bind(new.created_at)
                .execute(&mut *c)
                .await?;
            record!(c, new.account_id, &new.event);
            Ok(account)
        })
    }

    /// Whose user name or e-mail address this normalised form is.
    pub async fn find_login(&self, kind: LoginKind, key: &str) -> Result<Option<AccountId>> {
        let login_key = kind.login_key(key);
        by_key!(self, |direct| direct.find(FIND_LOGIN, [&login_key], |row| row.get(0).map(AccountId)), |c| Ok(
            sqlx::query_scalar(FIND_LOGIN).bind(&login_key).fetch_optional(c).await?
        ))
    }

    /// The account of this id.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>> {
        on_pool!(self, |c| Ok(sqlx::query_as(ACCOUNT).bind(id).fetch_optional(c).await?))
    }

    /// The account of this id with its password hash.
    pub async fn credentials(&self, id: AccountId) -> Result<Option<Credentials>> {
        by_key!(
            self,
            |direct| direct.find(CREDENTIALS, [id.0], |row| {
                Ok(Credentials { account: Account::from_columns(row, 0)?, password_phc: row.get(Account::COLUMNS)? })
            }),
            |c| Ok(sqlx::query_as(CREDENTIALS).bind(id).fetch_optional(c).await?)
        )
    }

    /// Up to `limit` accounts in the order of their ids, beginning behind `after`. For administrators.
    pub async fn list_accounts(&self, after: Option<AccountId>, limit: i64) -> Result<Vec<Account>> {
        let after = after.unwrap_or(AccountId(uuid::Uuid::nil()));
        on_pool!(self, |c| Ok(sqlx::query_as(LIST).bind(after).bind(limit).fetch_all(c).await?))
    }

    /// Disables the account, closes its sessions and ends mailed codes and an address that waits, in one transaction. `false` where it was disabled already, or there
    /// is none.
    pub async fn disable_account(&self, id: AccountId, now: Micros, event: NewEvent) -> Result<bool> {
        in_tx!(self, id, |c| {
            if sqlx::query(DISABLE).bind(id).bind(now).execute(&mut *c).await?.rows_affected() == 0 {
                return Ok(false);
            }
            close_all!(c, id, None, CloseReason::AccountDisabled, now);
            sqlx::query(sign_in_transactions::END_ALL).bind(id).execute(&mut *c).await?;
            sqlx::query(password_resets::END).bind(id).execute(&mut *c).await?;
            forget_email_change!(c, id, now);
            record!(c, id, &event);
            Ok(true)
        })
    }

    /// Lets the account be used again. `false` where it was not disabled, or there is none.
    pub async fn enable_account(&self, id: AccountId, event: NewEvent) -> Result<bool> {
        in_tx!(self, id, |c| {
            let enabled = sqlx::query(ENABLE).bind(id).execute(&mut *c).await?.rows_affected() == 1;
            if enabled {
                record!(c, id, &event);
            }
            Ok(enabled)
        })
    }
}
