//! The group commit by itself, on a table of numbers.
mod faults;

use std::{collections::BTreeSet, sync::Arc};

use tempfile::TempDir;
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

struct Bench {
    writer: Arc<Writer>,
    path: PathBuf,
    _folder: TempDir,
}

impl Bench {
    async fn new() -> Self {
        Self::with_turn(PATIENCE).await
    }

    async fn with_turn(turn: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers.db");
        std::fs::write(&path, b"").unwrap();
        let mut connection = connections::writer(&path).await.unwrap();
        connection
            .execute(
                "PRAGMA journal_mode = WAL; CREATE TABLE numbers (n INTEGER PRIMARY KEY, pad BLOB) STRICT;
                 CREATE TABLE parts (n INTEGER NOT NULL REFERENCES numbers (n)) STRICT",
            )
            .await
            .unwrap();
        let writer = Arc::new(Writer::start(path.clone(), connection, turn));
        Self { writer, path, _folder: folder }
    }

    /// Hands in a body that adds a number.
    fn add(&self, n: i64) -> JoinHandle<Result<i64>> {
        let writer = self.writer.clone();
        tokio::spawn(async move { writer.run(move |c| Box::pin(async move { insert(c, n).await.map(|()| n) })).await })
    }

    /// Hands in a body that has the writer in its hands until it is let go: who comes meanwhile waits in
    /// line and is in the same group.
    async fn hold(&self) -> (Arc<Notify>, JoinHandle<Result<()>>) {
        let (held, let_go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (writer, holds, waits) = (self.writer.clone(), held.clone(), let_go.clone());
        let holder = tokio::spawn(async move {
            writer
                .run(move |_| {
                    Box::pin(async move {
                        holds.notify_one();
                        waits.notified().await;
                        Ok(())
                    })
                })
                .await
        });
        held.notified().await;
        (let_go, holder)
    }

    /// What another connection sees.
    async fn numbers(&self) -> BTreeSet<i64> {
        let mut connection = connections::writer(&self.path).await.unwrap();
        let numbers: Vec<i64> = sqlx::query_scalar("SELECT n FROM numbers").fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        numbers.into_iter().collect()
    }
}

async fn insert(c: &mut SqliteConnection, n: i64) -> Result<()> {
    sqlx::query("INSERT INTO numbers (n) VALUES ($1)").bind(n).execute(c).await?;
    Ok(())
}

/// Lets what was just spawned take its place in line.
async fn queue_up() {
    sleep(Duration::from_millis(50)).await;
}

async fn soon<T>(work: impl Future<Output = T>) -> T {
    timeout(PATIENCE, work).await.expect("an answer within the time")
}

#[tokio::test]
async fn nobody_is_told_before_the_group_is_on_the_disk() {
    let bench = Bench::new().await;
    let (first_goes, first_holds) = bench.hold().await;
    let one = bench.add(1);
    queue_up().await;
    let second = {
        let writer = bench.writer.clone();
        let (held, goes) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (holds, waits) = (held.clone(), goes.clone());
        let call = tokio::spawn(async move {
            writer
                .run(move |_| {
                    Box::pin(async move {
                        holds.notify_one();
                        waits.notified().await;
                        Ok(())
                    })
                })
                .await
        });
        queue_up().await;
        (held, goes, call)
    };
    first_goes.notify_one();
    // The second holder has its turn, so the insert before it is done, in the same group.
    soon(second.0.notified()).await;
    queue_up().await;
    assert!(!first_holds.is_finished() && !one.is_finished());
    assert_eq!(bench.numbers().await, BTreeSet::new());
    second.1.notify_one();
    assert_eq!(soon(one).await.unwrap().unwrap(), 1);
    assert_eq!(bench.numbers().await, BTreeSet::from([1]));
    soon(second.2).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_failing_body_undoes_only_itself() {
    let bench = Bench::new().await;
    let (let_go, _holder) = bench.hold().await;
    let calls: Vec<_> = [1, 2, 2, 3].map(|n| bench.add(n)).into_iter().collect();
    queue_up().await;
    let_go.notify_one();
    let mut failed = 0;
    for call in calls {
        failed += u32::from(soon(call).await.unwrap().is_err());
    }
    assert_eq!(failed, 1);
    assert_eq!(bench.numbers().await, BTreeSet::from([1, 2, 3]));
}

#[tokio::test]
async fn a_body_that_fails_half_way_leaves_nothing() {
    let bench = Bench::new().await;
    let before = bench.add(1);
    let failed: Result<()> = bench
        .writer
        .run(|c| {
            Box::pin(async move {
                insert(c, 7).await?;
                Err(Error::ReadOnly)
            })
        })
        .await;
    assert!(matches!(failed, Err(Error::ReadOnly)));
    soon(before).await.unwrap().unwrap();
    assert_eq!(bench.numbers().await, BTreeSet::from([1]));
}

#[tokio::test]
async fn a_caller_that_is_gone_is_undone_and_one_still_in_line_never_begins() {
    let bench = Bench::new().await;
    let (_, holder) = bench.hold().await;
    let in_line = bench.add(1);
    let after = bench.add(2);
    queue_up().await;
    in_line.abort();
    holder.abort();
    soon(after).await.unwrap().unwrap();
    assert_eq!(bench.numbers().await, BTreeSet::from([2]));
}

#[tokio::test]
async fn closing_finishes_those_in_line_and_refuses_later_ones() {
    let bench = Bench::new().await;
    let (let_go, _holder) = bench.hold().await;
    let in_line: Vec<_> = (1..=100).map(|n| bench.add(n)).collect();
    queue_up().await;
    let writer = bench.writer.clone();
    let closing = tokio::spawn(async move { writer.close().await });
    queue_up().await;
    assert!(matches!(soon(bench.add(101)).await.unwrap(), Err(Error::Closed)));
    let_go.notify_one();
    soon(closing).await.unwrap();
    for call in in_line {
        soon(call).await.unwrap().unwrap();
    }
    soon(bench.writer.close()).await;
    assert_eq!(bench.numbers().await, (1..=100).collect());
}

/// Adds 2i and 2i + 1 for each of a thousand at once, each as long as the caller has patience; answers who
/// was told that it was done.
async fn add_pairs(bench: &Bench, from: i64, patience: impl Fn(u32) -> Duration) -> Vec<i64> {
    let calls: Vec<_> = (0..1000_u32)
        .map(|k| {
            let (i, patience, writer) = (from + i64::from(k), patience(k), bench.writer.clone());
            tokio::spawn(async move {
                let pair = writer.run(move |c| {
                    Box::pin(async move {
                        insert(c, 2 * i).await?;
                        insert(c, 2 * i + 1).await
                    })
                });
                timeout(patience, pair).await.is_ok_and(|told| told.is_ok()).then_some(i)
            })
        })
        .collect();
    let mut done = Vec::new();
    for call in calls {
        done.extend(call.await.unwrap());
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_dropped_at_any_moment_leave_whole_bodies_or_nothing() {
    let bench = Bench::new().await;
    // How long all of them take with patience: the others' patience is spread over more than that, so that
    // some are served even where the second time is slower.
    let begun = Instant::now();
    assert_eq!(add_pairs(&bench, 0, |_| PATIENCE).await.len(), 1000);
    let span = begun.elapsed();
    let done = add_pairs(&bench, 1000, |k| 4 * span * (k % 97) / 97).await;
    assert!(!done.is_empty() && done.len() < 1000, "{} of 1000", done.len());
    soon(bench.add(-1)).await.unwrap().unwrap();
    let numbers = bench.numbers().await;
    assert!(done.iter().all(|i| numbers.contains(&(2 * i))));
    assert!((0..2000).all(|i| numbers.contains(&(2 * i)) == numbers.contains(&(2 * i + 1))));
}
