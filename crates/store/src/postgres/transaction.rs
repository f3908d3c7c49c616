//! A transaction, and the lock on what it has for itself.
use std::io;

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use tokio::{sync::MutexGuard, time::timeout};

use super::{PostgresAddress, TURN, borrowed::Borrowed};
use crate::{
    engine::Scope,
    error::{Error, Result},
};

/// The advisory lock of what belongs to the whole server. Advisory locks are the database's own.
const SERVER: i64 = 0x4c4b_6579_0001;

/// A transaction that is open. Where it is neither committed nor rolled back, because its caller is gone or nobody
/// answers any more, its connection is closed: that undoes it for certain.
pub(crate) struct Transaction<'a> {
    connection: Borrowed,
    state: State,
    _line: Option<MutexGuard<'a, ()>>,
}

#[derive(PartialEq, Eq)]
enum State {
    Open,
    Ended,
    /// A statement that the server makes a transaction of by itself.
    OneStatement,
}

impl<'a> Transaction<'a> {
    pub(super) async fn begin(
        connection: Borrowed,
        scope: Scope,
        line: Option<MutexGuard<'a, ()>>,
        lent: bool,
    ) -> Result<Self> {
        let mut begun = Self { connection, state: State::Open, _line: line };
        // A connection that is lent has the statements of those who had it before, under names that are used anew.
        let first = if lent {
            format!("BEGIN; DEALLOCATE ALL; {}", PostgresAddress::limits("SET LOCAL"))
        } else {
            "BEGIN; ".into()
        };
        // In one go with the beginning: one round trip less for each write.
        let statement = match scope {
            // The lock is on the row, not on its key: rows that refer to the account can be added meanwhile. An account
            // that is not there has nothing to keep from others.
            Scope::Account(account) => format!(
                "{first}SELECT 1 FROM accounts WHERE account_id = '{}' FOR NO KEY UPDATE",
                account.0.as_hyphenated()
            ),
            Scope::Server => format!("{first}SELECT pg_advisory_xact_lock({SERVER})"),
            Scope::Rows => first,
        };
        // Digits, letters and hyphens are all there is to put in.
        begun.connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
        Ok(begun)
    }

    pub(super) fn of_one_statement(connection: Borrowed) -> Self {
        Self { connection, state: State::OneStatement, _line: None }
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Commits what went well, undoes what did not.
    pub(crate) async fn end<T>(mut self, outcome: Result<T>) -> Result<T> {
        if self.state == State::OneStatement {
            return outcome;
        }
        match outcome {
            Ok(value) => {
                self.finish("COMMIT").await?;
                self.state = State::Ended;
                Ok(value)
            }
            // Somebody waits for the answer of a statement still, or the connection is gone.
            Err(error @ (Error::TimedOut | Error::Panicked | Error::Unreachable(_))) => Err(error),
            Err(error) => {
                if self.finish("ROLLBACK").await.is_ok() {
                    self.state = State::Ended;
                }
                Err(error)
            }
        }
    }
}

impl Transaction<'_> {
    /// Whoever does not hear how it ended does not know, as where the connection is cut.
    async fn finish(&mut self, how: &'static str) -> Result<()> {
        let ended = timeout(TURN, self.connection.execute(how)).await;
        ended.unwrap_or_else(|_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into())))?;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.state == State::Open {
            self.connection.close();
        }
    }
}
