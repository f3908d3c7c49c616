//! The seam between the SQL of this crate and the database engine that runs it.
//!
//! Each method writes its statements once; these macros give them a typed connection of the engine in use, and count
//! that they did: an arm for each engine.
use tracing::{Instrument, Span};

use crate::{error::Result, postgres::Postgres, sqlite::Sqlite, types::AccountId};

/// The engine a store runs on.
pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What a write has for itself while it lasts, so that what it reads is true until it ends. SQLite has one writer, and
/// that is more than any of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Everything of one account: whoever writes in an account waits for whoever does so already.
    Account(AccountId),
    /// What belongs to the whole server.
    Server,
    /// The rows it writes, from then on: each statement says by itself which state it changes.
    Rows,
}

impl From<AccountId> for Scope {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}

/// What is done for a caller, in its span. What goes wrong is told there, for whoever looks closely: the error itself is the
/// caller's to tell. No error's text has values in it.
pub(crate) async fn traced<T>(span: Span, done: impl Future<Output = Result<T>>) -> Result<T> {
    let told = async {
        let outcome = done.await;
        if let Err(error) = &outcome {
            tracing::debug!(%error, "not done");
        }
        outcome
    };
    told.instrument(span).await
}

/// The span of what is asked of the database, named after the area that asks.
macro_rules! database_span {
    ($does:literal) => {
        ::tracing::debug_span!("database", does = $does)
    };
}

/// What is done on PostgreSQL. Of that a program without the engine has nothing, for there is none to do it on: left to the
/// compiler, which finds it out too late, it would stay in the states of everything that is waited for.
#[cfg(feature = "postgres")]
macro_rules! on_postgres {
    ($postgres:expr, $does:block) => {{
        let _ = &$postgres.built_in;
        $does
    }};
}
#[cfg(not(feature = "postgres"))]
macro_rules! on_postgres {
    ($postgres:expr, $does:block) => {
        match $postgres.built_in {}
    };
}

/// One statement on PostgreSQL, run again where it could not be put in an order with others; `$again` hears of each time.
macro_rules! alone {
    ($postgres:expr, $does:literal, $again:expr, |$c:ident| $body:expr) => {{
        let mut tries = $crate::postgres::Tries::default();
        loop {
            let statement = Box::pin(async {
                let mut alone = $postgres.alone().await?;
                let outcome = async {
                    let $c = alone.connection();
                    $body
                };
                let outcome = outcome.await;
                alone.end(outcome).await
            });
            let span = $crate::engine::database_span!($does);
            let outcome = $crate::engine::traced(span, $crate::postgres::in_time(statement)).await;
            if !tries.again(&outcome).await {
                break outcome;
            }
            $again;
        }
    }};
}

/// Reads: `$c` is an executor for one statement.
macro_rules! on_pool {
    ($store:expr, |$c:ident| $body:expr) => {{
        $store.counters().read();
        match $store.engine() {
            $crate::engine::Engine::Sqlite(sqlite) => {
                let $c = sqlite.readers();
                $crate::engine::traced($crate::engine::database_span!("read"), async { $body }).await
            }
            // A read waits for a migration, and the migration for the read: one of them starts over.
            $crate::engine::Engine::Postgres(postgres) => {
                $crate::engine::on_postgres!(postgres, { $crate::engine::alone!(postgres, "read", (), |$c| $body) })
            }
        }
    }};
}

/// [`on_pool`] for a statement that finds one row by its key: on SQLite it is read here and now where that can be done, by
/// `$direct` of [`Direct`](crate::sqlite::Direct), because every request begins with it.
macro_rules! by_key {
    ($store:expr, |$direct:ident| $found:expr, |$c:ident| $body:expr) => {{
        let found = match $store.engine() {
            $crate::engine::Engine::Sqlite(sqlite) => {
                let $direct = sqlite.direct();
                $found
            }
            $crate::engine::Engine::Postgres(_) => None,
        };
        match found {
            Some(found) => {
                $store.counters().read();
                Ok(found)
            }
            None => $crate::engine::on_pool!($store, |$c| $body),
        }
    }};
}

/// One transaction, with its [`Scope`] for itself: `$c` is a `&mut` connection; `Ok` commits, `Err` undoes everything.
///
/// The body takes its inputs by value, because on SQLite the writer runs it; it may only look at them, because
/// PostgreSQL runs it again where it could not be put in an order with others. After an error of a statement it ends:
/// PostgreSQL takes no more of that transaction.
macro_rules! in_tx {
    ($store:expr, $scope:expr, |$c:ident| $body:expr) => {{
        $store.counters().write();
        match $store.engine() {
            $crate::engine::Engine::Sqlite(sqlite) => {
                // Another task runs it: where this span is off, the caller's goes along.
                let span = $crate::engine::database_span!("write").or_current();
                sqlite.write(move |$c| Box::pin($crate::engine::traced(span, async move { $body }))).await
            }
            $crate::engine::Engine::Postgres(postgres) => $crate::engine::on_postgres!(postgres, {
                let scope = $crate::engine::Scope::from($scope);
                let mut tries = $crate::postgres::Tries::default();
                loop {
                    let outcome = match postgres.begin(scope).await {
                        Ok(mut transaction) => {
                            // Apart from the caller, whose own state stays as small as it is on SQLite.
                            let body = Box::pin(async {
                                let $c = transaction.connection();
                                $body
                            });
                            let span = $crate::engine::database_span!("write");
                            let outcome = $crate::engine::traced(span, $crate::postgres::in_time(body)).await;
                            transaction.end(outcome).await
                        }
                        Err(error) => Err(error),
                    };
                    if !tries.again(&outcome).await {
                        break outcome;
                    }
                    $store.counters().retries.count();
                }
            }),
        }
    }};
}

/// One writing statement, atomic by itself. Still a transaction on SQLite: in autocommit, sqlx's
/// `fetch_one` and `fetch_optional` stop after the first row and never see an error of the commit. On PostgreSQL they
/// read on to the end, and a statement alone needs no transaction around it.
macro_rules! on_writer {
    ($store:expr, |$c:ident| $body:expr) => {{
        $store.counters().write();
        match $store.engine() {
            $crate::engine::Engine::Sqlite(sqlite) => {
                // Another task runs it: where this span is off, the caller's goes along.
                let span = $crate::engine::database_span!("write").or_current();
                sqlite.write(move |$c| Box::pin($crate::engine::traced(span, async move { $body }))).await
            }
            $crate::engine::Engine::Postgres(postgres) => $crate::engine::on_postgres!(postgres, {
                $crate::engine::alone!(postgres, "write", $store.counters().retries.count(), |$c| $body)
            }),
        }
    }};
}

pub(crate) use {alone, by_key, database_span, in_tx, on_pool, on_postgres, on_writer};
