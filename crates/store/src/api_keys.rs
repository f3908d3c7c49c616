//! Named API keys: one row each, found by the hash of the token inside the account the token names.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    NewMail, Store,
    accounts::{Account, account_columns},
    engine::{in_tx, on_pool},
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    outbox::enqueue,
    types::{AccountId, ApiKeyId, Micros, SessionId},
};

/// A key to add.
#[derive(Clone)]
pub struct NewApiKey {
    /// Made by the caller (`UUIDv7`); the list goes by it.
    pub key_id: ApiKeyId,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// What it is for.
    pub name: String,
    /// Whether it serves for the API.
    pub scope_api: bool,
    /// Whether it serves for the registry; a key without either scope is refused.
    pub scope_registry: bool,
    /// The last four characters of the token.
    pub last_four: String,
    /// Now.
    pub created_at: Micros,
    /// When it ends; never where absent.
    pub expires_at: Option<Micros>,
    /// When the person is first to be told that it ends soon.
    pub next_reminder_at: Option<Micros>,
}

/// A key, ended or not. The caller judges `expires_at`.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ApiKey {
    /// Its id.
    pub key_id: ApiKeyId,
    /// What it is for.
    #[sqlx(rename = "key_name")]
    pub name: String,
    /// Whether it serves for the API.
    pub scope_api: bool,
    /// Whether it serves for the registry.
    pub scope_registry: bool,
    /// The last four characters of the token.
    pub last_four: String,
    /// When it was created.
    #[sqlx(rename = "key_created_at")]
    pub created_at: Micros,
    /// When it ends; never where absent.
    pub expires_at: Option<Micros>,
    /// Last use, as far as it has been recorded.
    pub last_used_at: Option<Micros>,
    /// From which address that was.
    pub last_used_ip: Option<String>,
}

/// The columns of [`ApiKey`], each with a prefix (`""` or `"k."`).
macro_rules! api_key_columns {
    ($p:literal) => {
        concat!(
            $p,
            "key_id, ",
            $p,
            "name AS key_name, ",
            $p,
            "scope_api, ",
            $p,
            "scope_registry, ",
            $p,
            "last_four, ",
            $p,
            "created_at AS key_created_at, ",
            $p,
            "expires_at, ",
            $p,
            "last_used_at, ",
            $p,
            "last_used_ip"
        )
    };
}

pub(crate) use api_key_columns;

pub(crate) const CHECK: &str = concat!(
    "SELECT ",
    api_key_columns!("k."),
    ", ",
    account_columns!("a."),
    " FROM api_keys k JOIN accounts a ON a.account_id = k.account_id WHERE k.account_id = $1 AND k.token_hash = $2"
);
// How many there may be is decided where the key is written.
pub(crate) const ADD: &str = "INSERT INTO api_keys (account_id, token_hash, key_id, name, scope_api, scope_registry, \
    last_four, created_at, expires_at, next_reminder_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 \
    WHERE (SELECT COUNT(*) FROM api_keys WHERE account_id = $1) < $11";
pub(crate) const GET: &str =
    concat!("SELECT ", api_key_columns!(""), " FROM api_keys WHERE account_id = $1 AND key_id = $2");
pub(crate) const LIST: &str = concat!(
    "SELECT ",
    api_key_columns!(""),
    " FROM api_keys WHERE account_id = $1 AND key_id < $2 ORDER BY key_id DESC LIMIT $3"
);
pub(crate) const DELETE: &str = "DELETE FROM api_keys WHERE account_id = $1 AND key_id = $2";

#[derive(FromRow)]
struct Checked {
    #[sqlx(flatten)]
    key: ApiKey,
    #[sqlx(flatten)]
    account: Account,
}

impl Store {
    /// Adds a key. `false` where the account has `most` already; then there is neither event nor mail.
    /// [`Error::Raced`](crate::Error::Raced) where the session that does it was closed meanwhile.
    pub async fn add_api_key(
        &self,
        account: AccountId,
        by: SessionId,
        new: NewApiKey,
        most: u32,
        event: NewEvent,
        mail: Option<NewMail>,
    ) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), new.created_at);
            let added = sqlx::query(ADD)
                .bind(account)
                .bind(&new.token_hash[..])
                .bind(new.key_id)
                .bind(&new.name)
                .bind(new.scope_api)
                .bind(new.scope_registry)
                .bind(&new.last_four)
                .bind(new.created_at)
                .bind(new.expires_at)
                .bind(new.next_reminder_at)
                .bind(i64::from(most))
                .execute(&mut *c)
                .await?;
            if added.rows_affected() == 0 {
                return Ok(false);
            }
            record!(c, account, &event);
            if let Some(mail) = &mail {
                enqueue!(c, account, mail);
            }
            Ok(true)
        })
    }

    /// The key of this token hash with its account, whatever their state: one read inside one account. The caller judges
    /// expiry and disabling.
    pub async fn check_api_key(&self, account: AccountId, token_hash: &[u8; 32]) -> Result<Option<(ApiKey, Account)>> {
        on_pool!(self, |c| {
            let found: Option<Checked> =
                sqlx::query_as(CHECK).bind(account).bind(&token_hash[..]).fetch_optional(c).await?;
            Ok(found.map(|Checked { key, account }| (key, account)))
        })
    }

    /// The key of this id, ended or not.
    pub async fn api_key(&self, account: AccountId, id: ApiKeyId) -> Result<Option<ApiKey>> {
        on_pool!(self, |c| Ok(sqlx::query_as(GET).bind(account).bind(id).fetch_optional(c).await?))
    }

    /// Up to `limit` keys, ended ones too, the newest first, beginning behind `after`.
    pub async fn list_api_keys(&self, account: AccountId, after: Option<ApiKeyId>, limit: i64) -> Result<Vec<ApiKey>> {
        // The first page begins behind a key that cannot be: one text for all pages.
        let after = after.unwrap_or(ApiKeyId(Uuid::max()));
        on_pool!(self, |c| Ok(sqlx::query_as(LIST).bind(account).bind(after).bind(limit).fetch_all(c).await?))
    }

    /// Deletes a key; `false` where it is not there any more, and then there is no event.
    /// [`Error::Raced`](crate::Error::Raced) where the session that does it was closed meanwhile.
    pub async fn delete_api_key(
        &self,
        account: AccountId,
        by: SessionId,
        id: ApiKeyId,
        event: NewEvent,
    ) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), event.at);
            let deleted = sqlx::query(DELETE).bind(account).bind(id).execute(&mut *c).await?.rows_affected() == 1;
            if deleted {
                record!(c, account, &event);
            }
            Ok(deleted)
        })
    }
}
