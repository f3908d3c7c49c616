//! SSH keys: the public keys of a person, each of them once.
use std::{collections::BTreeMap, sync::LazyLock};

use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    NewMail, Store,
    accounts::{Account, LoginKind, account_columns},
    batches::{BATCHES, values},
    engine::{Scope, in_tx, on_pool},
    error::Result,
    events::{NewEvent, record},
    held_session::hold_session,
    outbox::enqueue,
    types::{AccountId, Micros, SessionId},
};

/// A public key of a person.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SshKey {
    /// Made by the caller (`UUIDv7`).
    pub key_id: Uuid,
    /// SHA-256 of the key: 32 bytes.
    pub fingerprint: Vec<u8>,
    /// What the person calls it.
    #[sqlx(rename = "key_name")]
    pub name: String,
    /// The algorithm, as in `ssh-ed25519`.
    pub algorithm: String,
    /// Its length in bits.
    pub bits: i64,
    /// Algorithm and key, as one line of a `.pub` file without a comment.
    pub public_key: String,
    /// When it was added.
    pub added_at: Micros,
    /// When `sshd` last asked for just this key; absent where it never did.
    pub last_used_at: Option<Micros>,
}

/// An SSH key was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SshKeyUse {
    /// Whose.
    pub account: AccountId,
    /// Which one.
    pub key: Uuid,
    /// When it was used.
    pub at: Micros,
}

/// The columns of [`SshKey`], each with a prefix (`""` or `"k."`).
macro_rules! ssh_key_columns {
    ($p:literal) => {
        concat!(
            $p,
            "key_id, ",
            $p,
            "fingerprint, ",
            $p,
            "name AS key_name, ",
            $p,
            "algorithm, ",
            $p,
            "bits, ",
            $p,
            "public_key, ",
            $p,
            "added_at, ",
            $p,
            "last_used_at"
        )
    };
}

// Counted where it is written: nobody else writes in the account meanwhile.
const ADD: &str = concat!(
    "INSERT INTO ssh_keys (account_id, fingerprint, key_id, name, algorithm, bits, public_key, added_at) \
     SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT COUNT(*) FROM ssh_keys WHERE account_id = $1) < $9 RETURNING ",
    ssh_key_columns!("")
);
// An account has few: they are sorted, not indexed by time.
pub(crate) const LIST: &str = concat!(
    "SELECT ",
    ssh_key_columns!(""),
    " FROM ssh_keys WHERE account_id = $1 AND (added_at, key_id) < ($2, $3) ORDER BY added_at DESC, key_id DESC LIMIT $4"
);
pub(crate) const GET: &str =
    concat!("SELECT ", ssh_key_columns!(""), " FROM ssh_keys WHERE account_id = $1 AND key_id = $2");
pub(crate) const REMOVE: &str = "DELETE FROM ssh_keys WHERE account_id = $1 AND key_id = $2";
pub(crate) const AUTHORIZED: &str = concat!(
    "SELECT ",
    account_columns!("a."),
    ", ",
    ssh_key_columns!("k."),
    " FROM accounts a JOIN ssh_keys k ON k.account_id = a.account_id WHERE a.account_id = $1 ORDER BY k.key_id"
);
pub(crate) const AUTHORIZED_ONE: &str = concat!(
    "SELECT ",
    account_columns!("a."),
    ", ",
    ssh_key_columns!("k."),
    " FROM accounts a JOIN ssh_keys k ON k.account_id = a.account_id WHERE a.account_id = $1 AND k.fingerprint = $2"
);

#[derive(FromRow)]
struct Authorized {
    #[sqlx(flatten)]
    account: Account,
    #[sqlx(flatten)]
    key: SshKey,
}

static TOUCH: LazyLock<[String; BATCHES.len()]> = LazyLock::new(|| BATCHES.map(touch));

pub(crate) fn touch(rows: usize) -> String {
    format!(
        "WITH used (account_id, key_id, used_at) AS (VALUES {}) UPDATE ssh_keys SET last_used_at = used.used_at FROM used \
         WHERE ssh_keys.account_id = used.account_id AND ssh_keys.key_id = used.key_id \
         AND (ssh_keys.last_used_at IS NULL OR ssh_keys.last_used_at < used.used_at)",
        values(rows, 3)
    )
}

impl Store {
    /// Adds a key. `None` where the account has `most` already, and then there is neither event nor mail;
    /// [`Error::Conflict`](crate::Error::Conflict) with
    /// [`Unique::SshKeyFingerprint`](crate::Unique::SshKeyFingerprint) where it has this one, and
    /// [`Error::Raced`](crate::Error::Raced) where the session that does it was closed meanwhile.
    pub async fn add_ssh_key(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        key: SshKey,
        most: u32,
        event: NewEvent,
        mail: Option<NewMail>,
    ) -> Result<Option<SshKey>> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, key.added_at);
            let added = sqlx::query_as(ADD)
                .bind(account)
                .bind(&key.fingerprint)
                .bind(key.key_id)
                .bind(&key.name)
                .bind(&key.algorithm)
                .bind(key.bits)
                .bind(&key.public_key)
                .bind(key.added_at)
                .bind(i64::from(most))
                .fetch_optional(&mut *c)
                .await?;
            if added.is_some() {
                record!(c, account, &event);
                if let Some(mail) = &mail {
                    enqueue!(c, account, mail);
                }
            }
            Ok(added)
        })
    }

    /// Up to `limit` keys, the newest first, beginning behind `after` (`added_at` and id of the last one seen).
    pub async fn list_ssh_keys(
        &self,
        account: AccountId,
        after: Option<(Micros, Uuid)>,
        limit: i64,
    ) -> Result<Vec<SshKey>> {
        let (added_at, id) = after.unwrap_or((Micros(i64::MAX), Uuid::max()));
        on_pool!(self, |c| {
            Ok(sqlx::query_as(LIST).bind(account).bind(added_at).bind(id).bind(limit).fetch_all(c).await?)
        })
    }

    /// The key of this id.
    pub async fn get_ssh_key(&self, account: AccountId, key: Uuid) -> Result<Option<SshKey>> {
        on_pool!(self, |c| Ok(sqlx::query_as(GET).bind(account).bind(key).fetch_optional(c).await?))
    }

    /// Removes a key. `false` where there is none, and then there is no event; [`Error::Raced`](crate::Error::Raced) where
    /// the session that does it was closed meanwhile.
    pub async fn remove_ssh_key(
        &self,
        account: AccountId,
        by: Option<SessionId>,
        key: Uuid,
        event: NewEvent,
    ) -> Result<bool> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, by, event.at);
            let removed = sqlx::query(REMOVE).bind(account).bind(key).execute(&mut *c).await?.rows_affected() == 1;
            if removed {
                record!(c, account, &event);
            }
            Ok(removed)
        })
    }

    /// The keys of the account with this normalised user name, or the one with this fingerprint, with the account. `None`
    /// where there are no such keys, or no such account: the same two reads either way, so that time tells no difference.
    pub async fn authorized_keys(
        &self,
        username_key: &str,
        fingerprint: Option<[u8; 32]>,
    ) -> Result<Option<(Account, Vec<SshKey>)>> {
        // Two reads: the look-up table and the account may live on different nodes.
        let account = self.find_login(LoginKind::Username, username_key).await?;
        let account = account.unwrap_or(AccountId(Uuid::nil()));
        let rows: Vec<Authorized> = match fingerprint {
            Some(fingerprint) => on_pool!(self, |c| {
                let query = sqlx::query_as(AUTHORIZED_ONE).bind(account).bind(&fingerprint[..]);
                Ok::<_, crate::Error>(query.fetch_all(c).await?)
            })?,
            None => on_pool!(self, |c| {
                Ok::<_, crate::Error>(sqlx::query_as(AUTHORIZED).bind(account).fetch_all(c).await?)
            })?,
        };
        let account = rows.first().map(|row| row.account.clone());
        Ok(account.map(|account| (account, rows.into_iter().map(|row| row.key).collect())))
    }

    /// Records uses, in any order and number, in one transaction; answers how many keys moved on. A mark only moves
    /// forward.
    pub async fn touch_ssh_keys(&self, uses: &[SshKeyUse]) -> Result<u64> {
        // An UPDATE … FROM takes any one of several rows for the same key: leave it the newest only.
        let mut newest: BTreeMap<_, SshKeyUse> = BTreeMap::new();
        for seen in uses {
            let kept = newest.entry((seen.account, seen.key)).or_insert(*seen);
            kept.at = kept.at.max(seen.at);
        }
        if newest.is_empty() {
            return Ok(0);
        }
        let uses: Vec<SshKeyUse> = newest.into_values().collect();
        in_tx!(self, Scope::Rows, |c| {
            let mut rest = &uses[..];
            let mut moved = 0;
            for (rows, text) in BATCHES.iter().zip(TOUCH.iter()) {
                while rest.len() >= *rows {
                    let (batch, behind) = rest.split_at(*rows);
                    let mut query = sqlx::query(text.as_str());
                    for mark in batch {
                        query = query.bind(mark.account).bind(mark.key).bind(mark.at);
                    }
                    moved += query.execute(&mut *c).await?.rows_affected();
                    rest = behind;
                }
            }
            Ok(moved)
        })
    }
}
