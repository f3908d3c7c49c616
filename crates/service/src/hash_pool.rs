//! Threads that hash passwords: as many as there are cores, at a lower priority than everything else.
//!
//! A hash takes a core for some twenty milliseconds and 19 MiB of memory. Whoever only reads does not wait behind it: the
//! system gives a core to a reader at once, and a flood of sign-ins waits in line here. A thread keeps its memory from one
//! hash to the next, which saves the system handing out and wiping 19 MiB each time, and ends when nothing came for a
//! moment.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use argon2::Block;
use tokio::sync::oneshot;

/// Memory that Argon2 works in; grown by whoever needs more.
pub(crate) type Memory = Vec<Block>;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// How long a thread waits for more to do.
const IDLE: Duration = Duration::from_secs(1);

/// What a thread stands back by (`nice`): beside others that want its core it gets a tenth.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// The threads, and who waits for them.
#[derive(Clone)]
pub(crate) struct HashPool {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    more: Condvar,
    threads: usize,
}

/// How busy the threads are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Load {
    /// Threads at most.
    pub(crate) threads: usize,
    /// Of them, those that work now.
    pub(crate) working: usize,
    /// Work that waits for one.
    pub(crate) waiting: usize,
}

#[derive(Default)]
struct State {
    line: VecDeque<Job>,
    running: usize,
    /// Of the running ones, those that wait for something to do.
    idle: usize,
}

impl HashPool {
    /// Up to so many threads; none is started yet.
    pub(crate) fn new(threads: usize) -> Self {
        Self { shared: Arc::new(Shared { state: Mutex::default(), more: Condvar::new(), threads }) }
    }

    /// Runs work on one of the threads, in the order of coming. Work whose caller is gone by then is not begun. `None` where
    /// it panicked, or no thread can be started.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.push(Box::new(move |memory| {
            if !reply.is_closed() {
                // A caller who gave up meanwhile needs no answer.
                let _ = reply.send(work(memory));
            }
        }));
        answer.await.ok()
    }

    /// How busy they are now.
    pub(crate) fn load(&self) -> Load {
        let state = self.shared.state();
        Load { threads: self.shared.threads, working: state.running - state.idle, waiting: state.line.len() }
    }

    fn push(&self, job: Job) {
        let mut state = self.shared.state();
        state.line.push_back(job);
        if state.idle >= state.line.len() {
            self.shared.more.notify_one();
        } else if state.running < self.shared.threads {
            let shared = Arc::clone(&self.shared);
            match thread::Builder::new().name("hash".into()).spawn(move || shared.work()) {
                Ok(_) => state.running += 1,
                // Those that run get to it. Where none does, nobody would.
                Err(error) if state.running == 0 => {
                    tracing::error!(%error, "no thread can be started to hash a password");
                    state.line.clear();
                }
                Err(_) => {}
            }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        stand_back();
        let mut memory = Memory::new();
        while let Some(job) = self.next() {
            // Who waits for it is told by the end of the channel.
            let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
        }
    }

    /// What comes next; `None` when nothing came for a moment.
    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.line.pop_front() {
                return Some(job);
            }
            state.idle += 1;
            let (after, waited) = self.more.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = after;
            state.idle -= 1;
            if waited.timed_out() && state.line.is_empty() {
                state.running -= 1;
                return None;
            }
        }
    }
}

/// Puts this thread behind all others. Where that is refused, it goes on as they do.
#[cfg(target_os = "linux")]
fn stand_back() {
    // Priorities are a thread's on Linux, and `None` is the one that asks. 19 is the end of them.
    let own = rustix::process::getpriority_process(None).unwrap_or_default();
    let _ = rustix::process::setpriority_process(None, (own + NICE).min(19));
}

#[cfg(not(target_os = "linux"))]
fn stand_back() {}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn no_more_run_at_a_time_than_there_are_threads() {
        let pool = HashPool::new(2);
        let (enter, entered) = mpsc::channel();
        let calls: Vec<_> = (0..8)
            .map(|n| {
                let (pool, enter) = (pool.clone(), enter.clone());
                tokio::spawn(async move {
                    pool.run(move |_| {
                        enter.send(thread::current().id()).unwrap();
                        n
                    })
                    .await
                })
            })
            .collect();
        for (n, call) in calls.into_iter().enumerate() {
            assert_eq!(call.await.unwrap(), Some(n));
        }
        drop(enter);
        let mut threads: Vec<_> = entered.iter().map(|id| format!("{id:?}")).collect();
        assert_eq!(threads.len(), 8);
        threads.sort();
        threads.dedup();
        assert!(threads.len() <= 2, "{threads:?}");
    }

    #[tokio::test]
    async fn a_panic_is_no_answer_and_ends_nothing() {
        let pool = HashPool::new(1);
        assert_eq!(pool.run(|_| -> u8 { panic!("on purpose") }).await, None);
        assert_eq!(pool.run(|_| 7).await, Some(7));
    }

    #[tokio::test]
    async fn work_of_a_caller_who_is_gone_is_not_begun() {
        let pool = HashPool::new(1);
        let (let_go, held) = mpsc::channel::<()>();
        let holder = pool.clone();
        let first = tokio::spawn(async move { holder.run(move |_| held.recv()).await });
        while pool.shared.state().running == 0 || !pool.shared.state().line.is_empty() {
            tokio::task::yield_now().await;
        }
        let (begin, has_begun) = mpsc::channel::<()>();
        let gone = pool.clone();
        let gone = tokio::spawn(async move { gone.run(move |_| begin.send(())).await });
        while pool.shared.state().line.is_empty() {
            tokio::task::yield_now().await;
        }
        gone.abort();
        assert!(gone.await.is_err());
        let_go.send(()).unwrap();
        first.await.unwrap().unwrap().unwrap();
        assert_eq!(pool.run(|_| 7).await, Some(7));
        assert!(has_begun.recv().is_err(), "the work was begun");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn others_come_first() {
        let own = rustix::process::getpriority_process(None).unwrap();
        let theirs = HashPool::new(1).run(|_| rustix::process::getpriority_process(None)).await.unwrap().unwrap();
        assert_eq!(theirs, (own + NICE).min(19));
    }
}
