//! Fills a database by SQL: people with a password, a name to sign in with, and sessions.
//!
//! Rust makes a temporary table of people, with what SQL cannot compute on both engines; the rest is made of it by the
//! engine itself, which takes a minute or two for a million accounts with five million sessions.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use clap::Args;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::{hashing, token};

/// Rows of the temporary table to a statement.
const ROWS: u32 = 5000;

/// Sessions begin and end within so many microseconds: a month.
const MONTH: i64 = 30 * 24 * 3_600_000_000;

#[derive(Args)]
pub(crate) struct Fill {
    /// sqlite:PATH or postgres://…
    #[arg(long)]
    pub(crate) database: String,
    /// People
    #[arg(long)]
    pub(crate) accounts: u32,
    /// Sessions of each
    #[arg(long, default_value_t = 5)]
    pub(crate) sessions: u32,
}

const PEOPLE: &str = "CREATE TEMPORARY TABLE people (n BIGINT PRIMARY KEY, id BLOB NOT NULL, token BLOB NOT NULL)";

/// What is made of the people, in an order that the foreign keys allow. `{now}` and `{phc}` are filled in; `{digest}` is
/// 32 bytes for a row, `{id}` 16.
const ROWS_OF_THE_SERVICE: [&str; 6] = [
    "INSERT INTO accounts (account_id, username, username_key, email, email_key, name, version, created_at, updated_at) \
     SELECT id, 'person' || n, 'person' || n, 'person' || n || '@example.org', 'person' || n || '@example.org', \
     'Person ' || n, 1, {now} - {month}, {now} - {month} FROM people ORDER BY n",
    "INSERT INTO logins (login_key, account_id) SELECT 'u:person' || n, id FROM people ORDER BY 'u:person' || n",
    "INSERT INTO logins (login_key, account_id) \
     SELECT 'e:person' || n || '@example.org', id FROM people ORDER BY 'e:person' || n",
    "INSERT INTO passwords (account_id, phc, changed_at) SELECT id, '{phc}', {now} - {month} FROM people ORDER BY n",
    "INSERT INTO event_heads (account_id, seq, hash) SELECT id, 0, {nothing} FROM people ORDER BY n",
    "INSERT INTO sessions (account_id, token_hash, session_id, browser, browser_version, operating_system, ip_address, \
     created_at, last_authentication_at, last_modified_at, expires_at) \
     SELECT id, CASE WHEN k = 0 THEN token ELSE {digest} END, {id}, 'Firefox', '145.0', 'Linux', '192.0.2.' || (n % 250), \
     {now} - {month} + n + k, {now} - {month} + n + k, {now} - n % 1000000, {now} + {month} + n + k \
     FROM people, (SELECT {k}) AS numbers ORDER BY n",
];

impl Fill {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        Runtime::new()?.block_on(self.fill())
    }

    #[expect(clippy::disallowed_methods, reason = "what is filled in is as old as its database")]
    async fn fill(self) -> anyhow::Result<()> {
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
        let phc = hashing::phc()?;
        if let Some(path) = self.database.strip_prefix("sqlite:") {
            let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await?;
            // What is lost with the machine is made again.
            connection
                .execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = memory")
                .await?;
            let mut transaction = connection.begin().await?;
            self.fill_sqlite(&mut transaction, now, &phc).await?;
            transaction.commit().await?;
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize").await?;
            connection.close().await?;
        } else if self.database.starts_with("postgres:") {
            let mut connection = PgConnection::connect(&self.database).await?;
            let mut transaction = connection.begin().await?;
            self.fill_postgres(&mut transaction, now, &phc).await?;
            transaction.commit().await?;
            connection.execute("VACUUM ANALYZE").await?;
            connection.close().await?;
        } else {
            bail!("{}: give sqlite:PATH or postgres://USER@HOST/NAME", self.database);
        }
        Ok(())
    }

    async fn fill_sqlite(&self, c: &mut SqliteConnection, now: i64, phc: &str) -> anyhow::Result<()> {
        c.execute(PEOPLE).await?;
        for first in (0..self.accounts).step_by(ROWS as usize) {
            let people = first..self.accounts.min(first + ROWS);
            let places = vec!["(?, ?, ?)"; people.len()].join(", ");
            let text = AssertSqlSafe(format!("INSERT INTO people (n, id, token) VALUES {places}"));
            let mut statement = sqlx::query(text).persistent(false);
            for n in people {
                let hash = token::hash(&token::session(n));
                statement = statement.bind(i64::from(n)).bind(token::account(n)).bind(hash.to_vec());
            }
            statement.execute(&mut *c).await.context("people cannot be written")?;
        }
        for text in ROWS_OF_THE_SERVICE {
            let text =
                self.filled_in(text, now, phc).replace("{digest}", "randomblob(32)").replace("{id}", "randomblob(16)");
            c.execute(AssertSqlSafe(text.replace("{nothing}", "zeroblob(32)"))).await.context(text.clone())?;
        }
        Ok(())
    }

    async fn fill_postgres(&self, c: &mut PgConnection, now: i64, phc: &str) -> anyhow::Result<()> {
        c.execute(AssertSqlSafe(PEOPLE.replacen("BLOB", "UUID", 1).replacen("BLOB", "BYTEA", 1))).await?;
        for first in (0..self.accounts).step_by(ROWS as usize) {
            let people = first..self.accounts.min(first + ROWS);
            let numbers: Vec<i64> = people.clone().map(i64::from).collect();
            let ids: Vec<Uuid> = people.clone().map(token::account).collect();
            let hashes: Vec<Vec<u8>> = people.map(|n| token::hash(&token::session(n)).to_vec()).collect();
            sqlx::query("INSERT INTO people (n, id, token) SELECT * FROM UNNEST($1, $2, $3)")
                .bind(numbers)
                .bind(ids)
                .bind(hashes)
                .execute(&mut *c)
                .await
                .context("people cannot be written")?;
        }
        let digest = "sha256(convert_to(n || '-' || k, 'UTF8'))";
        for text in ROWS_OF_THE_SERVICE {
            let text = self.filled_in(text, now, phc).replace("{digest}", digest).replace("{id}", "gen_random_uuid()");
            let text = text.replace("{nothing}", "decode(repeat('00', 32), 'hex')");
            c.execute(AssertSqlSafe(text.clone())).await.context(text)?;
        }
        Ok(())
    }

    fn filled_in(&self, text: &str, now: i64, phc: &str) -> String {
        let numbers: Vec<String> = (0..self.sessions).map(|k| format!("{k}")).collect();
        let numbers = numbers.join(" AS k UNION ALL SELECT ") + if self.sessions == 1 { " AS k" } else { "" };
        text.replace("{now}", &now.to_string())
            .replace("{month}", &MONTH.to_string())
            .replace("{phc}", phc)
            .replace("{k}", &numbers)
    }
}
