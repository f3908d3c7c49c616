//! What the store tells of itself to whoever watches the service.
use latchkey_figures::Distribution;

use crate::{
    Statistics, Store,
    engine::{Engine, on_postgres},
};

/// The store at this moment, and what it did since it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreFigures {
    /// `sqlite` or `postgresql`.
    pub engine: &'static str,
    /// How often the database was asked.
    pub asked: Statistics,
    /// Writes that were run again because they could not be put in an order with others.
    pub retries: u64,
    /// Connections that may be open, the writer's included.
    pub connections_limit: u32,
    /// Connections that somebody uses.
    pub connections_used: u32,
    /// Connections that are open and unused.
    pub connections_idle: u32,
    /// Who waits: for a connection, or on SQLite in the writer's line.
    pub waiting: u64,
    /// On SQLite, how many writes shared each commit.
    pub groups: Option<Distribution>,
}

impl Store {
    /// What to show of the store now. Asks no database.
    pub fn figures(&self) -> StoreFigures {
        let (asked, retries) = (self.statistics(), self.counters().retries.get());
        match self.engine() {
            Engine::Sqlite(sqlite) => {
                let (pool, writer) = (sqlite.readers(), sqlite.writer());
                let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
                let writing = u32::from(writer.is_writing());
                StoreFigures {
                    engine: "sqlite",
                    asked,
                    retries,
                    connections_limit: pool.options().get_max_connections() + 1,
                    connections_used: pool.size().saturating_sub(idle) + writing,
                    connections_idle: idle + (1 - writing),
                    waiting: writer.waiting(),
                    groups: Some(writer.groups()),
                }
            }
            Engine::Postgres(postgres) => on_postgres!(postgres, {
                let pool = postgres.pool();
                let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
                StoreFigures {
                    engine: "postgresql",
                    asked,
                    retries,
                    connections_limit: pool.options().get_max_connections(),
                    connections_used: pool.size().saturating_sub(idle),
                    connections_idle: idle,
                    waiting: postgres.waiting(),
                    groups: None,
                }
            }),
        }
    }
}
