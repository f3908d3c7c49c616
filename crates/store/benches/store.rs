//! What the store costs beside bare sqlx on the same file format, and what committing in groups gains.
//! Both sides of a ratio run in turns in one process, so that a busy machine slows both.
//!
//! `cargo bench -p latchkey-store`
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program that prints figures or stops")]

use std::{
    future::Future,
    path::Path,
    time::{Duration, Instant},
};

use latchkey_store::*;
use sqlx::{
    FromRow, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::task::JoinSet;

const NOW: Micros = Micros(1_790_000_000_000_000);
const ACCOUNTS: u64 = 2_000;
/// Many short turns: what else the machine does then meets both sides alike.
const ROUNDS: u32 = 41;
const WRITE_ROUNDS: u64 = 11;

const CHECK: &str = "SELECT s.session_id, s.browser, s.browser_version, s.operating_system, s.model, s.ip_address, \
    s.engine, s.cpu_architecture, s.created_at AS session_created_at, s.last_authentication_at, \
    s.last_second_factor_at, s.last_modified_at, s.expires_at, s.closed_at, s.close_reason, a.account_id, a.username, \
    a.email, a.name, a.location, a.bio, a.avatar_etag, a.pending_email, a.two_factor_since, a.version, a.disabled_at, a.created_at, a.updated_at FROM sessions s \
    JOIN accounts a ON a.account_id = s.account_id WHERE s.account_id = $1 AND s.token_hash = $2";
const CLAIM: &str = "INSERT INTO logins (login_key, account_id) VALUES ($1, $3), ($2, $3) \
    ON CONFLICT (login_key) DO NOTHING RETURNING login_key";
const ACCOUNT: &str = "INSERT INTO accounts (account_id, username, username_key, email, email_key, name, version, \
    created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) RETURNING account_id";
const PASSWORD: &str = "INSERT INTO passwords (account_id, phc, changed_at) VALUES ($1, $2, $3)";

#[derive(FromRow)]
struct Checked {
    #[sqlx(flatten)]
    session: Session,
    #[sqlx(flatten)]
    account: Account,
}

fn person(n: u64) -> NewAccount {
    NewAccount {
        account_id: AccountId(Uuid::from_u128(u128::from(n) << 64)),
        username: format!("person{n}"),
        username_key: format!("person{n}"),
        email: format!("person{n}@example.org"),
        email_key: format!("person{n}@example.org"),
        name: format!("Person {n}"),
        password_phc: "$argon2id$v=19$m=19456,t=2,p=1$".to_owned() + &"x".repeat(66),
        name_hash: None,
        created_at: NOW,
        event: event(),
    }
}

fn event() -> NewEvent {
    NewEvent {
        event_id: Uuid::nil(),
        kind: "signed_in",
        category: "sign_in",
        at: NOW,
        session_id: None,
        device: None,
        ip_address: None,
        details: "{}".into(),
    }
}

fn token_hash(n: u64) -> [u8; 32] {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    hash
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("mmap_size", "268435456")
}

/// Calls a second, of `calls` calls shared by `tasks` tasks.
async fn rate<F>(tasks: u64, calls: u64, call: impl Fn(u64) -> F + Clone + Send + 'static) -> f64
where
    F: Future<Output = ()> + Send,
{
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for task in 0..tasks {
        let call = call.clone();
        running.spawn(async move {
            for n in (task..calls).step_by(usize::try_from(tasks).unwrap()) {
                call(n).await;
            }
        });
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
    f64::from(u32::try_from(calls).unwrap()) / begun.elapsed().as_secs_f64()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn report(what: &str, ours: Vec<f64>, theirs: Vec<f64>) {
    let ratio = median(ours.iter().zip(&theirs).map(|(a, b)| a / b).collect());
    println!("{what:<44} {:>9.0}/s {:>9.0}/s   x {ratio:.2}", median(ours), median(theirs));
}

async fn checks(folder: &Path, tasks: u64) {
    let path = folder.join(format!("checks{tasks}.db"));
    let store = Store::open(&path).await.unwrap();
    rate(64, ACCOUNTS, {
        let store = store.clone();
        move |n| {
            let store = store.clone();
            async move {
                let account_id = store.sign_up(person(n)).await.unwrap().account_id;
                let session_id = SessionId(account_id.0);
                let device = Device { browser: Some("Latchkey".into()), ..Device::default() };
                let expires_at = Micros(NOW.0 + 1);
                let token_hash = token_hash(n);
                let new = NewSession { account_id, session_id, token_hash, device, created_at: NOW, expires_at };
                store.add_session(new, &person(n).password_phc, event()).await.unwrap().unwrap();
            }
        }
    })
    .await;
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .min_connections(4)
        .test_before_acquire(false)
        .connect_with(options(&path).pragma("query_only", "on"))
        .await
        .unwrap();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let store = store.clone();
        ours.push(
            rate(tasks, 2_000, move |n| {
                let (store, n) = (store.clone(), n * 7919 % ACCOUNTS);
                async move {
                    let found = store.check_session(person(n).account_id, &token_hash(n)).await.unwrap().unwrap();
                    assert_eq!(found.0.session_id.0, found.1.account_id.0);
                }
            })
            .await,
        );
        let pool = pool.clone();
        theirs.push(
            rate(tasks, 2_000, move |n| {
                let (pool, n) = (pool.clone(), n * 7919 % ACCOUNTS);
                async move {
                    let hash = token_hash(n);
                    let query = sqlx::query_as(CHECK).bind(person(n).account_id).bind(&hash[..]);
                    let found: Checked = query.fetch_one(&pool).await.unwrap();
                    assert_eq!(found.session.session_id.0, found.account.account_id.0);
                }
            })
            .await,
        );
    }
    report(&format!("session checks, {tasks} tasks: store, sqlx"), ours, theirs);
    store.close().await;
}

async fn plain_sign_up(pool: &SqlitePool, new: NewAccount) {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let claim = sqlx::query(CLAIM)
        .bind(format!("e:{}", new.email_key))
        .bind(format!("u:{}", new.username_key))
        .bind(new.account_id);
    assert_eq!(claim.fetch_all(&mut *tx).await.unwrap().len(), 2);
    sqlx::query(ACCOUNT)
        .bind(new.account_id)
        .bind(&new.username)
        .bind(&new.username_key)
        .bind(&new.email)
        .bind(&new.email_key)
        .bind(&new.name)
        .bind(new.created_at)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    let password = sqlx::query(PASSWORD).bind(new.account_id).bind(&new.password_phc).bind(new.created_at);
    password.execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn sign_ups(folder: &Path, tasks: u64) {
    let calls = (tasks * 20).max(200);
    let grouped = Store::open(&folder.join(format!("grouped{tasks}.db"))).await.unwrap();
    let path = folder.join(format!("plain{tasks}.db"));
    Store::open(&path).await.unwrap().close().await;
    let plain = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_mins(1))
        .test_before_acquire(false)
        .connect_with(options(&path))
        .await
        .unwrap();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..WRITE_ROUNDS {
        let (grouped, plain) = (grouped.clone(), plain.clone());
        ours.push(
            rate(tasks, calls, move |n| {
                let grouped = grouped.clone();
                async move {
                    grouped.sign_up(person(round * calls + n)).await.unwrap();
                }
            })
            .await,
        );
        theirs.push(
            rate(tasks, calls, move |n| {
                let plain = plain.clone();
                async move { plain_sign_up(&plain, person(round * calls + n)).await }
            })
            .await,
        );
    }
    report(&format!("sign-ups, {tasks} tasks: in groups, one by one"), ours, theirs);
    grouped.close().await;
}

/// What overwriting deleted content costs where something is replaced all the time.
async fn overwriting(folder: &Path, what: &'static str, statements: &'static [&'static str], bytes: usize) {
    let pool = async |secure: &'static str| {
        let path = folder.join(format!("{secure}-{bytes}.db"));
        let store = Store::open(&path).await.unwrap();
        for n in 0..200 {
            store.sign_up(person(n)).await.unwrap();
        }
        store.close().await;
        let options = options(&path).pragma("secure_delete", secure);
        SqlitePoolOptions::new().max_connections(1).test_before_acquire(false).connect_with(options).await.unwrap()
    };
    let (on, off) = (pool("on").await, pool("off").await);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..WRITE_ROUNDS {
        for (pool, figures) in [(&on, &mut ours), (&off, &mut theirs)] {
            let pool = pool.clone();
            let turn = move |n: u64| {
                let pool = pool.clone();
                async move {
                    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
                    let content = vec![b'a' + u8::try_from((round + n) % 26).unwrap(); bytes];
                    for statement in statements {
                        let account = person(n % 200).account_id;
                        sqlx::query(*statement).bind(account).bind(&content).execute(&mut *tx).await.unwrap();
                    }
                    tx.commit().await.unwrap();
                }
            };
            figures.push(rate(1, 200, turn).await);
        }
    }
    report(&format!("{what}: overwritten, left"), ours, theirs);
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    for tasks in [1, 32] {
        checks(folder.path(), tasks).await;
    }
    for tasks in [1, 8, 64] {
        sign_ups(folder.path(), tasks).await;
    }
    let bio: &[&str] = &["UPDATE accounts SET bio = CAST($2 AS TEXT) WHERE account_id = $1"];
    overwriting(folder.path(), "texts of 250 bytes", bio, 250).await;
    let picture: &[&str] = &[
        "DELETE FROM avatars WHERE account_id = $1 AND $2 IS NOT NULL",
        "INSERT INTO avatars (account_id, size, media_type, bytes) VALUES ($1, 512, 'image/webp', $2)",
    ];
    overwriting(folder.path(), "pictures of 60 kB", picture, 60_000).await;
}
