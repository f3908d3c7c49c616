//! The session check: what every request in a session begins with.
use rusqlite::Row;
use sqlx::FromRow;

use crate::{
    Account, AccountId, Device, Session, SessionId, Store, accounts::account_columns, engine::by_key, error::Result,
    sessions::session_columns,
};

pub(crate) const CHECK: &str = concat!(
    "SELECT ",
    session_columns!("s."),
    ", ",
    account_columns!("a."),
    " FROM sessions s JOIN accounts a ON a.account_id = s.account_id WHERE s.account_id = $1 AND s.token_hash = $2"
);

#[derive(FromRow)]
struct Checked {
    #[sqlx(flatten)]
    session: Session,
    #[sqlx(flatten)]
    account: Account,
}

impl Session {
    /// How many columns it has.
    pub(crate) const COLUMNS: usize = 15;

    /// From the columns of [`session_columns`], the first of them at `at`.
    pub(crate) fn from_columns(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            session_id: SessionId(row.get(at)?),
            device: Device {
                browser: row.get(at + 1)?,
                browser_version: row.get(at + 2)?,
                operating_system: row.get(at + 3)?,
                model: row.get(at + 4)?,
                ip_address: row.get(at + 5)?,
                engine: row.get(at + 6)?,
                cpu_architecture: row.get(at + 7)?,
            },
            created_at: row.get(at + 8)?,
            last_authentication_at: row.get(at + 9)?,
            last_second_factor_at: row.get(at + 10)?,
            last_modified_at: row.get(at + 11)?,
            expires_at: row.get(at + 12)?,
            closed_at: row.get(at + 13)?,
            close_reason: row.get(at + 14)?,
        })
    }
}

impl Store {
    /// The session of this token hash with its account, whatever their state: one read inside one
    /// account. The caller judges expiry, closing and disabling.
    pub async fn check_session(&self, account: AccountId, token_hash: &[u8; 32]) -> Result<Option<(Session, Account)>> {
        by_key!(
            self,
            |direct| direct.find(CHECK, (account.0, token_hash), |row| {
                Ok((Session::from_columns(row, 0)?, Account::from_columns(row, Session::COLUMNS)?))
            }),
            |c| {
                let found: Option<Checked> =
                    sqlx::query_as(CHECK).bind(account).bind(&token_hash[..]).fetch_optional(c).await?;
                Ok(found.map(|Checked { session, account }| (session, account)))
            }
        )
    }
}
