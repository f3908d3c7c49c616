//! The personal API key: one an account, which its owner can read again.
use sqlx::FromRow;

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

/// A personal key to keep in the place of the one before.
#[derive(Clone)]
pub struct NewPersonalApiKey {
    /// Made by the caller (`UUIDv7`), anew for each key.
    pub key_id: ApiKeyId,
    /// SHA-256 of the key.
    pub token_hash: [u8; 32],
    /// The key, sealed by the caller.
    pub sealed: Vec<u8>,
    /// Its last four characters.
    pub last_four: String,
    /// Now.
    pub created_at: Micros,
}

/// The personal key.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PersonalApiKey {
    /// Its id.
    pub key_id: ApiKeyId,
    /// The key, sealed by the caller.
    pub sealed: Vec<u8>,
    /// Its last four characters.
    pub last_four: String,
    /// When it was generated.
    #[sqlx(rename = "key_created_at")]
    pub created_at: Micros,
    /// Last use, as far as it has been recorded.
    pub last_used_at: Option<Micros>,
    /// From which address that was.
    pub last_used_ip: Option<String>,
}

/// The columns of [`PersonalApiKey`].
macro_rules! columns {
    () => {
        "k.key_id, k.sealed, k.last_four, k.created_at AS key_created_at, k.last_used_at, k.last_used_ip"
    };
}

pub(crate) const CHECK: &str = concat!(
    "SELECT ",
    columns!(),
    ", ",
    account_columns!("a."),
    " FROM personal_api_keys k JOIN accounts a ON a.account_id = k.account_id \
     WHERE k.account_id = $1 AND k.token_hash = $2"
);
pub(crate) const GET: &str = concat!("SELECT ", columns!(), " FROM personal_api_keys k WHERE k.account_id = $1");
const REPLACE: &str = "INSERT INTO personal_api_keys (account_id, key_id, token_hash, sealed, last_four, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id) DO UPDATE SET key_id = excluded.key_id, \
    token_hash = excluded.token_hash, sealed = excluded.sealed, last_four = excluded.last_four, \
    created_at = excluded.created_at, last_used_at = NULL, last_used_ip = NULL";

#[derive(FromRow)]
struct Checked {
    #[sqlx(flatten)]
    key: PersonalApiKey,
    #[sqlx(flatten)]
    account: Account,
}

impl Store {
    /// Keeps a personal key; the one before is gone with that. [`Error::Raced`](crate::Error::Raced) where the session
    /// that does it was closed meanwhile.
    pub async fn replace_personal_api_key(
        &self,
        account: AccountId,
        by: SessionId,
        new: NewPersonalApiKey,
        event: NewEvent,
        mail: Option<NewMail>,
    ) -> Result<()> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), new.created_at);
            sqlx::query(REPLACE)
                .bind(account)
                .bind(new.key_id)
                .bind(&new.token_hash[..])
                .bind(&new.sealed)
                .bind(&new.last_four)
                .bind(new.created_at)
                .execute(&mut *c)
                .await?;
            record!(c, account, &event);
            if let Some(mail) = &mail {
                enqueue!(c, account, mail);
            }
            Ok(())
        })
    }

    /// The personal key if it is the one of this hash, with its account, whatever the account's state: one read inside
    /// one account.
    pub async fn check_personal_api_key(
        &self,
        account: AccountId,
        token_hash: &[u8; 32],
    ) -> Result<Option<(PersonalApiKey, Account)>> {
        on_pool!(self, |c| {
            let found: Option<Checked> =
                sqlx::query_as(CHECK).bind(account).bind(&token_hash[..]).fetch_optional(c).await?;
            Ok(found.map(|Checked { key, account }| (key, account)))
        })
    }

    /// The personal key of an account.
    pub async fn personal_api_key(&self, account: AccountId) -> Result<Option<PersonalApiKey>> {
        on_pool!(self, |c| Ok(sqlx::query_as(GET).bind(account).fetch_optional(c).await?))
    }
}
