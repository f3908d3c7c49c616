//! Reads of one row by its key, on the thread of whoever asks.
//!
//! Every request in a session begins with such a read, and its pages are in memory: SQLite then takes some microseconds,
//! far less than handing the statement to the thread of a pooled connection and being woken by it. Only statements that go
//! straight to their rows belong here (`plans.rs` holds them to it), because the thread does nothing else meanwhile.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::available_parallelism,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Params, Row};

use super::connections::MMAP_SIZE;

/// Connections for reads on the caller's thread, as many as threads can read at once. Absent once the store is closed.
pub(crate) struct Direct(Mutex<Option<Vec<Connection>>>);

impl Direct {
    /// Those that cannot be opened are missing, and the pool reads in their place.
    pub(crate) fn open(path: &Path) -> Self {
        let wanted = available_parallelism().map_or(1, usize::from);
        Self(Mutex::new(Some((0..wanted).map_while(|_| connect(path).ok()).collect())))
    }

    /// What `read` makes of the row that `statement` finds. `None` where that cannot be said here and now, for whatever
    /// reason: all connections are in use, the database is locked, the store is closed. The pool is asked then, which
    /// waits, and says what is wrong.
    #[expect(clippy::option_option, reason = "what is not there is an answer, what cannot be said is none")]
    pub(crate) fn find<T>(
        &self,
        statement: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Option<Option<T>> {
        let connection = self.lock().as_mut()?.pop()?;
        let found = find(&connection, statement, params, read);
        // Dropped where the store was closed meanwhile.
        if let Some(idle) = self.lock().as_mut() {
            idle.push(connection);
        }
        found.ok()
    }

    /// Ends the connections, those in use as soon as they are done.
    pub(crate) fn close(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find<T>(
    connection: &Connection,
    statement: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    connection.prepare_cached(statement)?.query_row(params, read).optional()
}

/// As the pool's connections are, but that it waits for nobody.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // SQLite answers with what it has taken.
    connection.pragma_update_and_check(None, "mmap_size", MMAP_SIZE, |_| Ok(()))?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, Store, engine::Engine, session_check};

    const FIND: &str = "SELECT name FROM people WHERE id = ?1";

    fn database() -> (tempfile::TempDir, Direct) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.db");
        let writer = Connection::open(&path).unwrap();
        let filled = "PRAGMA journal_mode = wal; CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT); \
            INSERT INTO people VALUES (1, 'Maren')";
        writer.execute_batch(filled).unwrap();
        let direct = Direct::open(&path);
        (folder, direct)
    }

    #[expect(clippy::option_option, reason = "as in `find`")]
    fn name(direct: &Direct, id: i64) -> Option<Option<String>> {
        direct.find(FIND, [id], |row| row.get(0))
    }

    #[test]
    fn a_row_is_found_or_is_not_there() {
        let (_folder, direct) = database();
        assert_eq!(name(&direct, 1), Some(Some("Maren".to_owned())));
        assert_eq!(name(&direct, 2), Some(None));
    }

    #[test]
    fn whoever_finds_all_connections_in_use_is_sent_to_the_pool() {
        let (_folder, direct) = database();
        let in_use = direct.lock().as_mut().map(std::mem::take).unwrap();
        assert_eq!(name(&direct, 1), None);
        *direct.lock() = Some(in_use);
        assert_eq!(name(&direct, 1), Some(Some("Maren".to_owned())));
    }

    #[test]
    fn what_cannot_be_said_is_left_to_the_pool() {
        let (_folder, direct) = database();
        assert_eq!(direct.find("SELECT name FROM nobody", [], |row| row.get::<_, String>(0)), None);
        direct.find("DELETE FROM people", [], |_| Ok(()));
        assert_eq!(name(&direct, 1), Some(Some("Maren".to_owned())), "a connection that writes nothing");
        direct.close();
        assert_eq!(name(&direct, 1), None, "closed");
    }

    #[test]
    fn a_connection_that_is_in_use_while_the_store_closes_is_ended_afterwards() {
        let (_folder, direct) = database();
        let found = direct.find(FIND, [1], |row| {
            direct.close();
            row.get::<_, String>(0)
        });
        assert_eq!(found, Some(Some("Maren".to_owned())));
        assert!(direct.lock().is_none());
    }

    #[tokio::test]
    async fn a_session_is_read_as_the_pool_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latchkey.db");
        let (account, hash) = a_session_with_everything(&path);
        let store = Store::open(&*path).await.unwrap();
        let Engine::Sqlite(sqlite) = store.engine() else { panic!("a store on SQLite") };
        let found = sqlite.direct().find(session_check::CHECK, (account.0, hash), |_| Ok(()));
        assert_eq!(found, Some(Some(())));
        let here = store.check_session(account, &hash).await.unwrap().unwrap();
        sqlite.direct().close();
        let from_the_pool = store.check_session(account, &hash).await.unwrap().unwrap();
        assert_eq!(here, from_the_pool);
        assert_eq!(here.0.device.cpu_architecture.as_deref(), Some("cpu_architecture"));
        assert_eq!(here.1.pending_email.as_deref(), Some("pending_email"));
    }

    /// A database whose one session and account have another value in each column.
    fn a_session_with_everything(path: &Path) -> (AccountId, [u8; 32]) {
        let database = Connection::open(path).unwrap();
        database.execute_batch(include_str!("../../tests/fixtures/sqlite/schema-0004.sql")).unwrap();
        let one = "SELECT account_id, token_hash FROM sessions LIMIT 1";
        let (account, hash) = database.query_row(one, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let session = "UPDATE sessions SET browser = 'browser', browser_version = 'browser_version', \
            operating_system = 'operating_system', model = 'model', ip_address = 'ip_address', engine = 'engine', \
            cpu_architecture = 'cpu_architecture', created_at = 1, last_authentication_at = 2, \
            last_second_factor_at = 3, last_modified_at = 4, expires_at = 5, closed_at = 6, \
            close_reason = 'password_changed' WHERE account_id = ?1 AND token_hash = ?2";
        database.execute(session, (account, hash)).unwrap();
        let person = "UPDATE accounts SET location = 'location', bio = 'bio', avatar_etag = 'avatar_etag', \
            pending_email = 'pending_email', two_factor_since = 7, version = 8, disabled_at = 9, created_at = 10, \
            updated_at = 11 WHERE account_id = ?1";
        database.execute(person, [account]).unwrap();
        (AccountId(account), hash)
    }
}
