//! The keys registry tokens are signed with. They belong to the whole server, and there are few.
use sqlx::FromRow;

use crate::{
    Store,
    engine::{on_pool, on_writer},
    error::Result,
    types::Micros,
};

/// A key with its certificate.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct SigningKey {
    /// What tokens name it by (`kid`); made of the key.
    pub key_id: String,
    /// The private key, sealed by the caller.
    pub sealed: Vec<u8>,
    /// The certificate, in PEM (RFC 7468).
    pub certificate: String,
    /// When it was made.
    pub created_at: Micros,
    /// From when on it signs, until the next one does.
    pub signs_from: Micros,
}

const LIST: &str = "SELECT key_id, sealed, certificate, created_at, signs_from FROM signing_keys \
    ORDER BY signs_from, created_at, key_id";
const ADD: &str =
    "INSERT INTO signing_keys (key_id, sealed, certificate, created_at, signs_from) VALUES ($1, $2, $3, $4, $5)";
const ADD_FIRST: &str = "INSERT INTO signing_keys (key_id, sealed, certificate, created_at, signs_from) \
    SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM signing_keys)";
const REMOVE_FOLLOWED: &str = "DELETE FROM signing_keys WHERE EXISTS (SELECT 1 FROM signing_keys n WHERE n.signs_from < $1 \
    AND (n.signs_from, n.created_at, n.key_id) > (signing_keys.signs_from, signing_keys.created_at, signing_keys.key_id))";

impl Store {
    /// All keys, in the order in which they sign.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        on_pool!(self, |c| Ok(sqlx::query_as(LIST).fetch_all(c).await?))
    }

    /// Adds the first key. `false` where there is one: of several that start at once, one adds its key.
    pub async fn add_first_signing_key(&self, key: SigningKey) -> Result<bool> {
        self.insert_signing_key(ADD_FIRST, key).await
    }

    /// Adds a key that follows the others.
    pub async fn add_signing_key(&self, key: SigningKey) -> Result<()> {
        self.insert_signing_key(ADD, key).await.map(drop)
    }

    /// Removes the keys that another one followed before this moment; answers how many.
    pub async fn remove_followed_signing_keys(&self, before: Micros) -> Result<u64> {
        on_writer!(self, |c| Ok(sqlx::query(REMOVE_FOLLOWED).bind(before).execute(c).await?.rows_affected()))
    }

    async fn insert_signing_key(&self, statement: &'static str, key: SigningKey) -> Result<bool> {
        on_writer!(self, |c| {
            let added = sqlx::query(statement)
                .bind(&key.key_id)
                .bind(&key.sealed)
                .bind(&key.certificate)
                .bind(key.created_at)
                .bind(key.signs_from)
                .execute(c)
                .await?;
            Ok(added.rows_affected() == 1)
        })
    }
}
