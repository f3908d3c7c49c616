//! The keys registry tokens are signed with. They belong to the whole server, and there are few.
use sqlx::FromRow;

use crate::{
    Store,
    engine::{Scope, in_tx, on_pool, on_writer},
    error::Result,
    types::Micros,
};

/// A key with its certificate.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct SigningKey {
    /// What administrators name it by; made of the key.
    pub key_id: String,
    /// The private key, sealed by the caller.
    pub sealed: Vec<u8>,
    /// The certificate, in PEM (RFC 7468).
    pub certificate: String,
    /// When it was made.
    pub created_at: Micros,
    /// From when on it signs, until a newer one does.
    pub signs_from: Micros,
}

const LIST: &str = "SELECT key_id, sealed, certificate, created_at, signs_from FROM signing_keys \
    ORDER BY created_at, key_id";
const ADD_FIRST: &str = "INSERT INTO signing_keys (key_id, sealed, certificate, created_at, signs_from) \
    SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM signing_keys)";
// Decided where it is written: whether there is one to follow, and that it is newer than the others, whatever the clock
// says.
const ADD: &str = "INSERT INTO signing_keys (key_id, sealed, certificate, created_at, signs_from) SELECT $1, $2, $3, \
    CASE WHEN MAX(created_at) >= $4 THEN MAX(created_at) + 1 ELSE $4 END, CASE WHEN COUNT(*) > 0 THEN $5 ELSE $4 END \
    FROM signing_keys RETURNING key_id, sealed, certificate, created_at, signs_from";
const REMOVE: &str = "DELETE FROM signing_keys WHERE key_id = $1";
// Registries get a while to hear of the follower, even where it signed from its first moment.
const REMOVE_FOLLOWED: &str = "DELETE FROM signing_keys WHERE EXISTS (SELECT 1 FROM signing_keys n \
    WHERE n.signs_from < $1 AND n.created_at < $1 \
    AND (n.created_at, n.key_id) > (signing_keys.created_at, signing_keys.key_id))";

impl Store {
    /// All keys, the oldest first. Of those whose time to sign has come, the newest signs.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        on_pool!(self, |c| Ok(sqlx::query_as(LIST).fetch_all(c).await?))
    }

    /// Adds the first key. `false` where there is one: of several that start at once, one adds its key.
    pub async fn add_first_signing_key(&self, key: SigningKey) -> Result<bool> {
        in_tx!(self, Scope::Server, |c| {
            let added = sqlx::query(ADD_FIRST)
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

    /// Adds a key that follows the others, and answers it as it is stored: it is the newest, whatever its `created_at`
    /// says, and without others it signs at once.
    pub async fn add_signing_key(&self, key: SigningKey) -> Result<SigningKey> {
        in_tx!(self, Scope::Server, |c| {
            let added = sqlx::query_as(ADD)
                .bind(&key.key_id)
                .bind(&key.sealed)
                .bind(&key.certificate)
                .bind(key.created_at)
                .bind(key.signs_from)
                .fetch_one(c)
                .await?;
            Ok(added)
        })
    }

    /// Removes a key; `false` where there is none of that name.
    pub async fn remove_signing_key(&self, key_id: &str) -> Result<bool> {
        let key_id = key_id.to_owned();
        on_writer!(self, |c| Ok(sqlx::query(REMOVE).bind(&key_id).execute(c).await?.rows_affected() == 1))
    }

    /// Removes the keys that another one followed, which was there and signed before this moment; answers how many.
    pub async fn remove_followed_signing_keys(&self, before: Micros) -> Result<u64> {
        in_tx!(self, Scope::Server, |c| Ok(sqlx::query(REMOVE_FOLLOWED).bind(before).execute(c).await?.rows_affected()))
    }
}
