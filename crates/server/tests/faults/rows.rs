//! What must not be in the tables, whatever happened: rows of something half done.

use std::{path::PathBuf, process::Command};

use latchkey_postgres_testkit::TestDatabase;

use crate::tools;

/// Where the rows are.
pub(crate) enum Rows {
    Sqlite(PathBuf),
    Postgres(TestDatabase),
}

/// Each finds what is half done, the same on both engines.
const HALF_DONE: [(&str, &str); 9] = [
    (
        "a name without its account",
        "SELECT l.login_key FROM logins l WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = l.account_id)",
    ),
    (
        "an account that cannot be found by its name and its address",
        "SELECT a.username FROM accounts a WHERE (SELECT COUNT(*) FROM logins l WHERE l.account_id = a.account_id \
         AND l.login_key IN ('u:' || a.username_key, 'e:' || a.email_key)) <> 2",
    ),
    (
        "an account without a password",
        "SELECT a.username FROM accounts a WHERE NOT EXISTS \
         (SELECT 1 FROM passwords p WHERE p.account_id = a.account_id)",
    ),
    (
        "a picture that is not whole",
        "SELECT a.username FROM accounts a WHERE (SELECT COUNT(*) FROM avatars p WHERE p.account_id = a.account_id) \
         <> CASE WHEN a.avatar_etag IS NULL THEN 0 ELSE 3 END",
    ),
    (
        "API keys that are not what is recorded",
        "SELECT a.username FROM accounts a WHERE \
         (SELECT COUNT(*) FROM api_keys k WHERE k.account_id = a.account_id) <> \
         (SELECT COALESCE(SUM(CASE e.kind WHEN 'api_key_created' THEN 1 WHEN 'api_key_deleted' THEN -1 ELSE 0 END), 0) \
          FROM events e WHERE e.account_id = a.account_id)",
    ),
    (
        "SSH keys that are not what is recorded",
        "SELECT a.username FROM accounts a WHERE \
         (SELECT COUNT(*) FROM ssh_keys k WHERE k.account_id = a.account_id) <> \
         (SELECT COALESCE(SUM(CASE e.kind WHEN 'ssh_key_added' THEN 1 WHEN 'ssh_key_removed' THEN -1 ELSE 0 END), 0) \
          FROM events e WHERE e.account_id = a.account_id)",
    ),
    (
        "sessions that are not what is recorded",
        "SELECT a.username FROM accounts a WHERE \
         (SELECT COUNT(*) FROM sessions s WHERE s.account_id = a.account_id AND s.closed_at IS NULL) <> \
         (SELECT COALESCE(SUM(CASE e.kind WHEN 'signed_in' THEN 1 WHEN 'signed_in_with_backup_code' THEN 1 \
          WHEN 'signed_out' THEN -1 ELSE 0 END), 0) FROM events e WHERE e.account_id = a.account_id)",
    ),
    (
        "two-factor authentication that is half on",
        "SELECT a.username FROM accounts a WHERE (a.two_factor_since IS NOT NULL) <> \
         (EXISTS (SELECT 1 FROM two_factor t WHERE t.account_id = a.account_id AND t.enabled_at IS NOT NULL)) \
         OR (a.two_factor_since IS NOT NULL) <> \
         ((SELECT COUNT(*) FROM backup_codes c WHERE c.account_id = a.account_id) = 10)",
    ),
    (
        "a list of events with a gap, or another end than it says",
        "SELECT h.seq FROM event_heads h WHERE h.seq <> \
         (SELECT COUNT(*) FROM events e WHERE e.account_id = h.account_id) OR h.seq <> \
         (SELECT COALESCE(MAX(e.seq), 0) FROM events e WHERE e.account_id = h.account_id)",
    ),
];

const TABLES_SQLITE: &str = "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND c.name = 'account_id'";
const TABLES_POSTGRES: &str = "SELECT table_name FROM information_schema.columns \
    WHERE column_name = 'account_id' AND table_schema = current_schema()";

impl Rows {
    /// Runs statements; what they answer, a line for each row.
    pub(crate) fn sql(&self, statements: &str) -> String {
        match self {
            Self::Sqlite(file) => {
                let mut sqlite = Command::new("sqlite3");
                // Somebody may be writing at the moment.
                sqlite.args(["-batch", "-cmd", ".timeout 5000"]).arg(file).arg(statements);
                tools::well(&mut sqlite).trim().to_owned()
            }
            Self::Postgres(database) => database.sql(statements),
        }
    }

    /// What is half done, or damaged.
    pub(crate) fn half_done(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut look = |what: &str, statement: &str, fine: &str| {
            let rows = self.sql(statement);
            if rows != fine {
                found.push(format!("{what}: {rows}"));
            }
        };
        for (what, statement) in HALF_DONE {
            look(what, statement, "");
        }
        let tables = match self {
            Self::Sqlite(_) => {
                look("a damaged file", "PRAGMA integrity_check", "ok");
                look("a row whose other half is missing", "PRAGMA foreign_key_check", "");
                TABLES_SQLITE
            }
            Self::Postgres(_) => TABLES_POSTGRES,
        };
        let tables = self.sql(tables);
        assert!(tables.lines().count() > 10, "the tables of an account, not {tables:?}");
        // Mail about a deletion is on its way when the account is gone.
        for table in tables.lines().filter(|&table| table != "outbox" && table != "accounts") {
            let left = format!(
                "SELECT COUNT(*) FROM {table} t WHERE NOT EXISTS \
                 (SELECT 1 FROM accounts a WHERE a.account_id = t.account_id)"
            );
            look(&format!("{table} of an account that is gone"), &left, "0");
        }
        found
    }
}
