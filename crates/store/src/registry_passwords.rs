//! Short-lived passwords for the service's own registry, found by the hash of the token inside the account it names.
use sqlx::FromRow;

use crate::{
    Store,
    accounts::{Account, account_columns},
    engine::{in_tx, on_pool},
    error::Result,
    held_session::hold_session,
    sessions::{Session, session_columns},
    types::{AccountId, Micros, SessionId},
};

/// A password to keep.
#[derive(Clone)]
pub struct NewRegistryPassword {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The session it is made for.
    pub session_id: SessionId,
    /// Now.
    pub created_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
}

/// A password that was found, with the session it was made for and the account, whatever their state. The caller judges
/// them.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RegistryPassword {
    /// When it ends.
    #[sqlx(rename = "password_expires_at")]
    pub expires_at: Micros,
    /// The session.
    #[sqlx(flatten)]
    pub session: Session,
    /// The account.
    #[sqlx(flatten)]
    pub account: Account,
}

// A client of a registry has one made for each of its steps: those that have ended make room for the next.
pub(crate) const ENDED: &str = "DELETE FROM registry_passwords WHERE account_id = $1 AND expires_at <= $2";
// The newest of a session that are kept beside a new one.
pub(crate) const CROWD: &str = "DELETE FROM registry_passwords WHERE account_id = $1 AND session_id = $2 AND token_hash \
    NOT IN (SELECT token_hash FROM registry_passwords WHERE account_id = $1 AND session_id = $2 \
    ORDER BY created_at DESC, token_hash LIMIT 99)";
pub(crate) const ADD: &str = "INSERT INTO registry_passwords (account_id, token_hash, session_id, created_at, \
    expires_at) SELECT $1, $2, $3, $4, $5 FROM credential_access WHERE account_id = $1 AND session_id = $3";
pub(crate) const CHECK: &str = concat!(
    "SELECT p.expires_at AS password_expires_at, ",
    session_columns!("s."),
    ", ",
    account_columns!("a."),
    " FROM registry_passwords p JOIN sessions s ON s.account_id = p.account_id AND s.session_id = p.session_id \
     JOIN accounts a ON a.account_id = p.account_id WHERE p.account_id = $1 AND p.token_hash = $2"
);

impl Store {
    /// Keeps a password. `false` where its session may not read credentials; [`Error::Raced`](crate::Error::Raced) where
    /// the session was closed meanwhile. A session has a hundred at most: then the oldest goes.
    pub async fn add_registry_password(&self, account: AccountId, new: NewRegistryPassword) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(new.session_id), new.created_at);
            sqlx::query(ENDED).bind(account).bind(new.created_at).execute(&mut *c).await?;
            sqlx::query(CROWD).bind(account).bind(new.session_id).execute(&mut *c).await?;
            let added = sqlx::query(ADD)
                .bind(account)
                .bind(&new.token_hash[..])
                .bind(new.session_id)
                .bind(new.created_at)
                .bind(new.expires_at)
                .execute(&mut *c)
                .await?;
            Ok(added.rows_affected() == 1)
        })
    }

    /// The password of this token hash, whatever its state: one read inside one account.
    pub async fn check_registry_password(
        &self,
        account: AccountId,
        token_hash: &[u8; 32],
    ) -> Result<Option<RegistryPassword>> {
        on_pool!(self, |c| Ok(sqlx::query_as(CHECK).bind(account).bind(&token_hash[..]).fetch_optional(c).await?))
    }
}
