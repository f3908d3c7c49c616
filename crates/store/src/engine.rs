//! The seam between the SQL of this crate and the database engine that runs it.
//!
//! Each method writes its statements once; these macros give them a typed connection of the engine in
//! use, and count that they did. A second engine is a second variant of [`Engine`] and a second arm in each macro.
use crate::sqlite::Sqlite;

/// The engine a store runs on.
pub(crate) enum Engine {
    Sqlite(Sqlite),
}

/// Reads: `$c` is a pool, an executor for one statement at a time.
macro_rules! on_pool {
    ($store:expr, |$c:ident| $body:expr) => {{
        $store.counters().read();
        match $store.engine() {
            $crate::engine::Engine::Sqlite(sqlite) => {
                let $c = sqlite.readers();
                $body
            }
        }
    }};
}

/// One transaction: `$c` is a `&mut` connection; `Ok` commits, `Err` undoes everything.
///
/// The body takes its inputs by value, because on SQLite the writer runs it; it may only look at them,
/// because an engine that can fail to serialise runs it again.
macro_rules! in_tx {
    ($store:expr, |$c:ident| $body:expr) => {{
        $store.counters().write();
        match $store.engine() {
            $crate::engine::Engine::Sqlite(sqlite) => sqlite.write(move |$c| Box::pin(async move { $body })).await,
        }
    }};
}

/// One writing statement, atomic by itself. Still a transaction on SQLite: in autocommit, sqlx's
/// `fetch_one` and `fetch_optional` stop after the first row and never see an error of the commit.
macro_rules! on_writer {
    ($store:expr, |$c:ident| $body:expr) => {
        $crate::engine::in_tx!($store, |$c| $body)
    };
}

pub(crate) use {in_tx, on_pool, on_writer};
