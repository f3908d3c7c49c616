//! Pictures: each account's in a few sizes, kept apart from the row every request reads.
use sqlx::FromRow;

use crate::{
    Store,
    accounts::{Account, LoginKind, account_columns},
    actor::{Actor, hold_actor},
    engine::{in_tx, on_pool},
    error::Result,
    events::{NewEvent, record},
    types::{AccountId, Micros},
};

/// One size of a picture, encoded.
#[derive(Clone)]
pub struct AvatarImage {
    /// Width and height in pixels.
    pub size: i64,
    /// Such as `image/webp`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A picture as it is served.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredAvatar {
    /// Such as `image/webp`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// The account's `avatar_etag` of the same moment.
    pub etag: String,
}

const SET_ETAG: &str = concat!(
    "UPDATE accounts SET avatar_etag = $2, version = version + 1, updated_at = $3 WHERE account_id = $1 RETURNING ",
    account_columns!("")
);
const CLEAR_ETAG: &str = "UPDATE accounts SET avatar_etag = NULL, version = version + 1, updated_at = $2 \
    WHERE account_id = $1 AND avatar_etag IS NOT NULL";
const DELETE: &str = "DELETE FROM avatars WHERE account_id = $1";
const ADD: &str = "INSERT INTO avatars (account_id, size, media_type, bytes) VALUES ($1, $2, $3, $4)";
const ACCOUNT: &str = concat!("SELECT ", account_columns!(""), " FROM accounts WHERE account_id = $1");
pub(crate) const GET: &str = concat!(
    "SELECT ",
    account_columns!("a."),
    ", i.media_type, i.bytes FROM accounts a LEFT JOIN avatars i ON i.account_id = a.account_id AND i.size = $2 \
     WHERE a.account_id = $1"
);

#[derive(FromRow)]
struct Found {
    #[sqlx(flatten)]
    account: Account,
    media_type: Option<String>,
    bytes: Option<Vec<u8>>,
}

impl Store {
    /// Replaces the picture in all its sizes and counts the version up. `None` where there is no such account,
    /// [`Error::Raced`](crate::Error::Raced) where the session or key that does it ended meanwhile.
    pub async fn put_avatar(
        &self,
        account: AccountId,
        by: Option<Actor>,
        images: Vec<AvatarImage>,
        etag: &str,
        now: Micros,
        event: NewEvent,
    ) -> Result<Option<Account>> {
        let etag = etag.to_owned();
        in_tx!(self, account, |c| {
            hold_actor!(c, account, by, now);
            let Some(changed) =
                sqlx::query_as(SET_ETAG).bind(account).bind(&etag).bind(now).fetch_optional(&mut *c).await?
            else {
                return Ok(None);
            };
            sqlx::query(DELETE).bind(account).execute(&mut *c).await?;
            for image in &images {
                sqlx::query(ADD)
                    .bind(account)
                    .bind(image.size)
                    .bind(&image.media_type)
                    .bind(&image.bytes)
                    .execute(&mut *c)
                    .await?;
            }
            record!(c, account, &event);
            Ok(Some(changed))
        })
    }

    /// Removes the picture and counts the version up; without a picture nothing changes, and nothing is recorded. `None`
    /// where there is no such account, [`Error::Raced`](crate::Error::Raced) where the session or key that does it ended
    /// meanwhile.
    pub async fn delete_avatar(
        &self,
        account: AccountId,
        by: Option<Actor>,
        now: Micros,
        event: NewEvent,
    ) -> Result<Option<Account>> {
        in_tx!(self, account, |c| {
            hold_actor!(c, account, by, now);
            let cleared = sqlx::query(CLEAR_ETAG).bind(account).bind(now).execute(&mut *c).await?.rows_affected();
            if cleared == 1 {
                record!(c, account, &event);
            }
            sqlx::query(DELETE).bind(account).execute(&mut *c).await?;
            Ok(sqlx::query_as(ACCOUNT).bind(account).fetch_optional(&mut *c).await?)
        })
    }

    /// The account with this normalised user name, and its picture in this size where it has one.
    pub async fn avatar(&self, username_key: &str, size: i64) -> Result<Option<(Account, Option<StoredAvatar>)>> {
        // Two reads: the look-up table and the account may live on different nodes.
        let Some(account) = self.find_login(LoginKind::Username, username_key).await? else { return Ok(None) };
        on_pool!(self, |c| {
            let found: Option<Found> = sqlx::query_as(GET).bind(account).bind(size).fetch_optional(c).await?;
            Ok(found.map(|Found { account, media_type, bytes }| {
                let stored = match (media_type, bytes, account.avatar_etag.clone()) {
                    (Some(media_type), Some(bytes), Some(etag)) => Some(StoredAvatar { media_type, bytes, etag }),
                    _ => None,
                };
                (account, stored)
            }))
        })
    }
}
