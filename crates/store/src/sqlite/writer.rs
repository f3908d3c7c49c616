//! Group commit: one task owns the one connection that writes, and runs what callers hand in, one after
//! another, each inside a savepoint of a shared transaction. It commits (one fsync) when nobody waits or
//! the group is full, and only then tells everybody in the group.
//!
//! The task runs the callers' bodies itself instead of lending them the connection: a caller that is
//! dropped, or not polled any more, can therefore never keep it.
mod turn;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use latchkey_figures::{Distribution, Gauge, Histogram};
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};

use self::turn::{Call, Turn};
use super::connections;
use crate::error::{Error, Result};

/// Bodies to a group: past this, the gain from sharing an fsync is small and the first one waits for it.
const GROUP: usize = 64;
/// Callers that may wait in line; more wait to get into the line.
const LINE: usize = 1024;

/// How long the log may wait for readers to leave it, in milliseconds: meanwhile nobody writes.
const READERS_LEAVE: &str = "PRAGMA busy_timeout = 200";

/// Bounds of the sizes of groups that are told apart.
const SIZES: &[u64] = &[1, 2, 4, 8, 16, 32, 64];

/// What the writing task tells of itself.
struct Figures {
    groups: Histogram,
    writing: Gauge,
}

/// What is wanted of the writing task.
enum Errand {
    /// A write.
    Write(Box<dyn Turn>),
    /// The log moved into the database file, and emptied.
    EmptyLog(oneshot::Sender<Result<bool>>),
}

/// The way to the writing task.
pub(crate) struct Writer {
    line: Mutex<Option<mpsc::Sender<Errand>>>,
    finished: watch::Receiver<()>,
    figures: Arc<Figures>,
}

impl Writer {
    /// Starts the task on the running tokio runtime. A body that keeps the connection for longer than
    /// `turn` is undone. `path` is for a new connection, should this one fail.
    pub(crate) fn start(path: PathBuf, connection: SqliteConnection, turn: Duration) -> Self {
        let (line, waiting) = mpsc::channel(LINE);
        let (finishing, finished) = watch::channel(());
        let figures = Arc::new(Figures { groups: Histogram::new(SIZES), writing: Gauge::default() });
        let told = Arc::clone(&figures);
        tokio::spawn(async move {
            let connection = Some(connection);
            Desk { path, connection, waiting, turn, emptying: Vec::new(), figures: told }.serve().await;
            drop(finishing);
        });
        Self { line: Mutex::new(Some(line)), finished, figures }
    }

    /// Runs `body` in a transaction of its own and answers when the outcome is certain: `Ok` means it is
    /// on the disk, `Err` that it is undone, except where [`Error`] says otherwise. A caller that is
    /// dropped before its body has ended has it undone; after that, the body may still be committed.
    pub(crate) async fn run<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.send(Errand::Write(Box::new(Call { body: Some(body), value: None, reply }))).await?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Moves the whole log into the database file and cuts it to nothing, after everything that is in line before.
    /// `false` where a reader was still within it.
    pub(crate) async fn empty_log(&self) -> Result<bool> {
        let (reply, answer) = oneshot::channel();
        self.send(Errand::EmptyLog(reply)).await?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    async fn send(&self, errand: Errand) -> Result<()> {
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Error::Closed)?;
        line.send(errand).await.map_err(|_| Error::Closed)
    }

    /// Callers in line.
    pub(crate) fn waiting(&self) -> u64 {
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.as_ref().map_or(0, |line| (line.max_capacity() - line.capacity()) as u64)
    }

    /// Whether somebody has the connection.
    pub(crate) fn is_writing(&self) -> bool {
        self.figures.writing.get() > 0
    }

    /// How many writes each group had.
    pub(crate) fn groups(&self) -> Distribution {
        self.figures.groups.distribution()
    }

    /// Lets those in line finish, then closes the connection.
    pub(crate) async fn close(&self) {
        self.line.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Nothing is ever sent: this ends when the task has dropped its end.
        let _ = self.finished.clone().changed().await;
    }
}

/// The task's side.
struct Desk {
    path: PathBuf,
    /// Absent after a failure: then the next group begins with a new one.
    connection: Option<SqliteConnection>,
    waiting: mpsc::Receiver<Errand>,
    turn: Duration,
    /// Who asked for an empty log while a group was under way.
    emptying: Vec<oneshot::Sender<Result<bool>>>,
    figures: Arc<Figures>,
}

impl Desk {
    async fn serve(mut self) {
        while let Some(errand) = self.waiting.recv().await {
            match errand {
                Errand::Write(first) => self.group(first).await,
                Errand::EmptyLog(reply) => self.emptying.push(reply),
            }
            if !self.emptying.is_empty() {
                let outcome = self.empty_log().await;
                self.emptying.drain(..).for_each(|reply| drop(reply.send(outcome.clone())));
            }
        }
        if let Some(connection) = self.connection {
            // Nobody is left to tell; every answer given has been committed.
            let _ = connection.close().await;
        }
    }

    async fn group(&mut self, first: Box<dyn Turn>) {
        let figures = Arc::clone(&self.figures);
        let _writing = figures.writing.hold();
        let mut connection = match self.begin().await {
            Ok(connection) => connection,
            Err(error) => return self.refuse(first, &error),
        };
        let mut done = Vec::new();
        let outcome = match self.turns(&mut connection, first, &mut done).await {
            Ok(()) => connection.execute("COMMIT").await.map(drop).map_err(Error::from),
            Err(error) => Err(error),
        };
        // After a failure nobody knows what state the connection is in, and closing it undoes the
        // transaction for certain.
        match &outcome {
            Ok(()) => self.connection = Some(connection),
            Err(_) => drop(connection.close().await),
        }
        if outcome.is_ok() {
            figures.groups.observe(done.len() as u64);
        }
        for turn in done {
            turn.tell(outcome.clone());
        }
    }

    async fn connection(&mut self) -> Result<SqliteConnection> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => Ok(connections::writer(&self.path).await?),
        }
    }

    async fn empty_log(&mut self) -> Result<bool> {
        let mut connection = self.connection().await?;
        connection.execute(READERS_LEAVE).await?;
        let (busy, _, _): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut connection).await?;
        connection.execute(connections::BE_PATIENT).await?;
        self.connection = Some(connection);
        Ok(busy == 0)
    }

    async fn begin(&mut self) -> Result<SqliteConnection> {
        let mut connection = self.connection().await?;
        connection.execute("BEGIN IMMEDIATE; SAVEPOINT turn").await?;
        Ok(connection)
    }

    /// One turn after another until nobody waits, the group is full or has lasted as long as one turn may. Whoever is to hear the outcome of
    /// the whole group is put into `done`; `Err` is the failure of all of them.
    async fn turns(
        &mut self,
        connection: &mut SqliteConnection,
        first: Box<dyn Turn>,
        done: &mut Vec<Box<dyn Turn>>,
    ) -> Result<()> {
        let begun = Instant::now();
        let mut served = 0;
        let mut waiting = Some(first);
        while let Some(mut turn) = waiting.take() {
            let kept = match turn.run(connection, self.turn).await {
                Ok(()) => {
                    done.push(turn);
                    true
                }
                Err(error) => {
                    // Where SQLite has undone the whole transaction by itself (a full disk can do that),
                    // the savepoint is gone and this fails, for everybody in the group.
                    let undone = connection.execute("ROLLBACK TO turn").await.map_err(Error::from);
                    let outcome = undone
                        .map(drop)
                        .map_err(|failure| if error.is_of_the_disk() { error.clone() } else { failure });
                    turn.tell(Err(error));
                    outcome?;
                    false
                }
            };
            served += 1;
            if served < GROUP && begun.elapsed() < self.turn {
                waiting = self.next().await;
            }
            if kept && waiting.is_some() {
                let released = connection.execute("RELEASE turn; SAVEPOINT turn").await;
                if released.is_err() {
                    done.extend(waiting.take());
                }
                released?;
            }
        }
        Ok(())
    }

    /// The next one in line, if there is one or one comes at once.
    async fn next(&mut self) -> Option<Box<dyn Turn>> {
        if self.waiting.is_empty() {
            tokio::task::yield_now().await;
        }
        match self.waiting.try_recv().ok()? {
            Errand::Write(turn) => Some(turn),
            // Outside of a transaction: the group ends here.
            Errand::EmptyLog(reply) => {
                self.emptying.push(reply);
                None
            }
        }
    }

    /// Nobody can begin: tells everybody in line, instead of letting each wait for the same in turn.
    fn refuse(&mut self, first: Box<dyn Turn>, error: &Error) {
        first.tell(Err(error.clone()));
        while let Ok(errand) = self.waiting.try_recv() {
            match errand {
                Errand::Write(turn) => turn.tell(Err(error.clone())),
                Errand::EmptyLog(reply) => drop(reply.send(Err(error.clone()))),
            }
        }
    }
}

#[cfg(test)]
mod tests;
