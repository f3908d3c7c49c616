//! The bare references: a route that does nothing, and one with a single read by primary key, as anybody would write
//! them with axum and sqlx.

use std::{path::PathBuf, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use clap::Args;
use serde::Serialize;
use sqlx::{
    FromRow, PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use tokio::{net::TcpListener, runtime::Runtime};

/// People in the table.
pub(crate) const PEOPLE: u32 = 1000;

/// As many as the service has by default, for each engine.
const SQLITE_CONNECTIONS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS people \
    (id BIGINT PRIMARY KEY, username TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, created_at BIGINT NOT NULL)";
const ADD: &str =
    "INSERT INTO people (id, username, name, email, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
const READ: &str = "SELECT id, username, name, email, created_at FROM people WHERE id = $1";

#[derive(Args)]
pub(crate) struct Bare {
    /// Folder of the SQLite database
    #[arg(long)]
    folder: PathBuf,
    /// Address of a PostgreSQL database
    #[arg(long)]
    postgres: String,
}

#[derive(FromRow, Serialize)]
struct Person {
    id: i64,
    username: String,
    name: String,
    email: String,
    created_at: i64,
}

impl Bare {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        Runtime::new()?.block_on(self.serve())
    }

    async fn serve(self) -> anyhow::Result<()> {
        let options = SqliteConnectOptions::new()
            .filename(self.folder.join("bare.sqlite3"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(5));
        let sqlite = SqlitePoolOptions::new().max_connections(SQLITE_CONNECTIONS).connect_with(options).await?;
        let postgres = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).connect(&self.postgres).await?;
        fill(&sqlite, &postgres).await?;

        let router = Router::new()
            .route("/nothing", get(async || StatusCode::NO_CONTENT))
            .route("/sqlite/{id}", get(of_sqlite).with_state(sqlite))
            .route("/postgresql/{id}", get(of_postgres).with_state(postgres));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        Ok(axum::serve(listener, router).await?)
    }
}

async fn fill(sqlite: &SqlitePool, postgres: &PgPool) -> sqlx::Result<()> {
    sqlx::query(TABLE).execute(sqlite).await?;
    sqlx::query(TABLE).execute(postgres).await?;
    let (mut in_sqlite, mut in_postgres) = (sqlite.begin().await?, postgres.begin().await?);
    for id in 0..i64::from(PEOPLE) {
        let (name, email) = (format!("Person {id}"), format!("person{id}@example.org"));
        let username = format!("person{id}");
        let row = sqlx::query(ADD).bind(id).bind(&username).bind(&name).bind(&email).bind(1_790_000_000_000_000_i64);
        row.execute(&mut *in_sqlite).await?;
        let row = sqlx::query(ADD).bind(id).bind(&username).bind(&name).bind(&email).bind(1_790_000_000_000_000_i64);
        row.execute(&mut *in_postgres).await?;
    }
    in_sqlite.commit().await?;
    in_postgres.commit().await
}

async fn of_sqlite(State(pool): State<SqlitePool>, Path(id): Path<i64>) -> Result<Response, StatusCode> {
    answer(sqlx::query_as(READ).bind(id).fetch_optional(&pool).await)
}

async fn of_postgres(State(pool): State<PgPool>, Path(id): Path<i64>) -> Result<Response, StatusCode> {
    answer(sqlx::query_as(READ).bind(id).fetch_optional(&pool).await)
}

fn answer(read: sqlx::Result<Option<Person>>) -> Result<Response, StatusCode> {
    let person = read.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let person = person.ok_or(StatusCode::NOT_FOUND)?;
    // What `axum::Json` does. With it, axum would be another build than the service's.
    let text = serde_json::to_vec(&person).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}
