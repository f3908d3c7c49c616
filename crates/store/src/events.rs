//! What happened on an account: a list that only grows, each row bound to the one before by its hash.
//!
//! An event is written in the transaction of the change it is about, by [`record`]: there is no change without its
//! event, and no event without its change.
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store,
    engine::{in_tx, on_pool},
    error::Result,
    held_session::hold_session,
    types::{AccountId, Micros, SessionId},
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Made by the caller (`UUIDv7`).
    pub event_id: Uuid,
    /// What happened, in the words of the caller.
    pub kind: &'static str,
    /// What it belongs to; the list can be narrowed to it.
    pub category: &'static str,
    /// When.
    pub at: Micros,
    /// The session that did it.
    pub session_id: Option<SessionId>,
    /// The device that did it.
    pub device: Option<String>,
    /// From which address.
    pub ip_address: Option<String>,
    /// More about it, as the caller writes it down.
    pub details: String,
}

/// Makes an event that tells a number only the transaction knows, such as how many sessions it closed.
pub type CountedEvent = Box<dyn Fn(u64) -> NewEvent + Send + Sync>;

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Event {
    /// Its place in the account's list, from 1.
    pub seq: i64,
    /// Its id.
    pub event_id: Uuid,
    /// What happened.
    pub kind: String,
    /// What it belongs to.
    pub category: String,
    /// When.
    pub at: Micros,
    /// The session that did it.
    pub session_id: Option<SessionId>,
    /// The device that did it.
    pub device: Option<String>,
    /// From which address.
    pub ip_address: Option<String>,
    /// More about it.
    pub details: String,
    /// SHA-256 over the hash before and everything above.
    pub hash: Vec<u8>,
}

/// What a look at an account's chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Every row is there and as it was written.
    Whole {
        /// How many.
        events: u64,
    },
    /// From this place on, a row is missing or not as it was written.
    Broken {
        /// The first place that is wrong.
        seq: i64,
    },
}

/// The hash before the first event.
const BEGINNING: [u8; 32] = [0; 32];

/// Events read at a time when a chain is looked at.
const STEP: i64 = 500;

// Takes the next place, and with it the lock on the account's chain.
pub(crate) const NEXT: &str = "INSERT INTO event_heads (account_id, seq, hash) VALUES ($1, 1, $2) \
    ON CONFLICT (account_id) DO UPDATE SET seq = event_heads.seq + 1 RETURNING seq, hash";
pub(crate) const ADD: &str = "INSERT INTO events (account_id, seq, event_id, kind, category, at, session_id, device, \
    ip_address, details, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
pub(crate) const END: &str = "UPDATE event_heads SET hash = $2 WHERE account_id = $1";
pub(crate) const LIST: &str = "SELECT seq, event_id, kind, category, at, session_id, device, ip_address, details, hash \
    FROM events WHERE account_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
// By the index for which rows they are: otherwise all events are read for the few of a rare category.
pub(crate) const LIST_CATEGORY: &str = "SELECT seq, event_id, kind, category, at, session_id, device, ip_address, details, hash \
    FROM events WHERE account_id = $1 AND seq IN (SELECT seq FROM events WHERE account_id = $1 AND category = $2 \
    AND seq < $3 ORDER BY seq DESC LIMIT $4) ORDER BY seq DESC";
const FORWARD: &str = "SELECT seq, event_id, kind, category, at, session_id, device, ip_address, details, hash \
    FROM events WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
// In one statement, and so of one moment: the end, and what there is.
const HEAD: &str = "SELECT h.seq, h.hash, (SELECT COUNT(*) FROM events WHERE account_id = $1), \
    (SELECT MIN(seq) FROM events WHERE account_id = $1) FROM event_heads h WHERE h.account_id = $1";
const COUNT: &str = "SELECT COUNT(*) FROM events WHERE account_id = $1";

/// Adds an event to the account's list. `$c` is the connection of a transaction, `$event` a `&NewEvent`.
macro_rules! record {
    ($c:expr, $account:expr, $event:expr) => {{
        let (account, event): ($crate::AccountId, &$crate::NewEvent) = ($account, $event);
        let (seq, before): (i64, Vec<u8>) = sqlx::query_as($crate::events::NEXT)
            .bind(account)
            .bind(&$crate::events::beginning()[..])
            .fetch_one(&mut *$c)
            .await?;
        let hash = $crate::events::link(&before, account, seq, event);
        sqlx::query($crate::events::ADD)
            .bind(account)
            .bind(seq)
            .bind(event.event_id)
            .bind(event.kind)
            .bind(event.category)
            .bind(event.at)
            .bind(event.session_id)
            .bind(&event.device)
            .bind(&event.ip_address)
            .bind(&event.details)
            .bind(&hash[..])
            .execute(&mut *$c)
            .await?;
        sqlx::query($crate::events::END).bind(account).bind(&hash[..]).execute(&mut *$c).await?;
    }};
}
pub(crate) use record;

pub(crate) fn beginning() -> [u8; 32] {
    BEGINNING
}

/// The hash of an event that is about to be written.
pub(crate) fn link(before: &[u8], account: AccountId, seq: i64, event: &NewEvent) -> [u8; 32] {
    let stored = Event {
        seq,
        event_id: event.event_id,
        kind: event.kind.to_owned(),
        category: event.category.to_owned(),
        at: event.at,
        session_id: event.session_id,
        device: event.device.clone(),
        ip_address: event.ip_address.clone(),
        details: event.details.clone(),
        hash: Vec::new(),
    };
    hash(before, account, &stored)
}

/// SHA-256 over the hash before and every field, each with its length, so that no two rows read alike.
fn hash(before: &[u8], account: AccountId, event: &Event) -> [u8; 32] {
    let mut digest = Sha256::new();
    let mut field = |bytes: Option<&[u8]>| match bytes {
        Some(bytes) => {
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        }
        None => digest.update(u64::MAX.to_le_bytes()),
    };
    field(Some(before));
    field(Some(account.0.as_bytes()));
    field(Some(&event.seq.to_le_bytes()));
    field(Some(event.event_id.as_bytes()));
    field(Some(event.kind.as_bytes()));
    field(Some(event.category.as_bytes()));
    field(Some(&event.at.0.to_le_bytes()));
    field(event.session_id.as_ref().map(|id| &id.0.as_bytes()[..]));
    field(event.device.as_ref().map(String::as_bytes));
    field(event.ip_address.as_ref().map(String::as_bytes));
    field(Some(event.details.as_bytes()));
    digest.finalize().into()
}

impl Store {
    /// Adds an event that belongs to no other change, such as a wrong password. `false` where the account is gone.
    pub async fn add_event(&self, account: AccountId, event: NewEvent) -> Result<bool> {
        const THERE: &str = "SELECT 1 FROM accounts WHERE account_id = $1";
        in_tx!(self, account, |c| {
            if sqlx::query(THERE).bind(account).fetch_optional(&mut *c).await?.is_none() {
                return Ok(false);
            }
            record!(c, account, &event);
            Ok(true)
        })
    }

    /// Adds an event of something that only reads. [`Error::Raced`](crate::Error::Raced) where the session that does it was
    /// closed meanwhile, or the account is gone.
    pub async fn add_event_of_session(&self, account: AccountId, by: SessionId, event: NewEvent) -> Result<()> {
        in_tx!(self, account, |c| {
            hold_session!(c, account, Some(by), event.at);
            record!(c, account, &event);
            Ok(())
        })
    }

    /// Up to `limit` events, the newest first, before the place `before`; of one category where one is given.
    pub async fn list_events(
        &self,
        account: AccountId,
        category: Option<&str>,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Event>> {
        let before = before.unwrap_or(i64::MAX);
        match category.map(str::to_owned) {
            None => on_pool!(self, |c| {
                Ok(sqlx::query_as(LIST).bind(account).bind(before).bind(limit).fetch_all(c).await?)
            }),
            Some(category) => on_pool!(self, |c| {
                let query = sqlx::query_as(LIST_CATEGORY).bind(account).bind(&category).bind(before).bind(limit);
                Ok(query.fetch_all(c).await?)
            }),
        }
    }

    /// How many events an account has.
    pub async fn count_events(&self, account: AccountId) -> Result<i64> {
        on_pool!(self, |c| Ok(sqlx::query_scalar(COUNT).bind(account).fetch_one(c).await?))
    }

    /// Looks whether an account's list is as it was written, from its beginning to its end, and nothing besides it.
    ///
    /// There is no key in the chain. Whoever may write the database can take the last events out and set the end back to
    /// match, or write the whole list anew; that is not found. What is found is every change that does less: damage, a
    /// statement by hand, a backup that was put back in part.
    pub async fn verify_events(&self, account: AccountId) -> Result<Chain> {
        // The end first: what is added meanwhile lies behind it.
        let head: Option<(i64, Vec<u8>, i64, Option<i64>)> =
            on_pool!(self, |c| Ok::<_, crate::Error>(sqlx::query_as(HEAD).bind(account).fetch_optional(c).await?))?;
        // Every account has one, from its first moment on.
        let Some((last, end, count, first)) = head else { return Ok(Chain::Broken { seq: 1 }) };
        if let Some(first) = first.filter(|first| *first < 1) {
            return Ok(Chain::Broken { seq: first });
        }
        let (mut seq, mut before) = (0_i64, BEGINNING.to_vec());
        while seq < last {
            let rows: Vec<Event> = on_pool!(self, |c| {
                Ok::<_, crate::Error>(sqlx::query_as(FORWARD).bind(account).bind(seq).bind(STEP).fetch_all(c).await?)
            })?;
            if rows.is_empty() {
                return Ok(Chain::Broken { seq: seq + 1 });
            }
            for row in rows.iter().take_while(|row| row.seq <= last) {
                if row.seq != seq + 1 || row.hash != hash(&before, account, row) {
                    return Ok(Chain::Broken { seq: seq + 1 });
                }
                seq = row.seq;
                before.clone_from(&row.hash);
            }
            if rows.last().is_some_and(|row| row.seq > last) && seq < last {
                return Ok(Chain::Broken { seq: seq + 1 });
            }
        }
        if before != end {
            return Ok(Chain::Broken { seq });
        }
        // All places up to the end are taken: one more row than that lies behind the end.
        if count > last { Ok(Chain::Broken { seq: last + 1 }) } else { Ok(Chain::Whole { events: seq.unsigned_abs() }) }
    }
}
