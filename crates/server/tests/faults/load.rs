//! Several people at once, who change whatever can be changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use latchkey_api::problem::{ErrorCode, Problem};
use latchkey_client::Client;
use tokio::task::JoinHandle;

use crate::{
    account::Account,
    change::Change,
    contested::Contested,
    people::{Ended, Person},
};

/// Changes of one person before the next one comes: many people, whose accounts stay small.
const CHANGES: usize = 25;

/// What the service said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) acknowledged: u64,
    /// What was acknowledged, by what is recorded of it.
    pub(crate) done: BTreeMap<&'static str, u64>,
    /// By code, and whether it said when to come again.
    pub(crate) not: BTreeMap<(&'static str, bool), u64>,
}

impl Told {
    pub(crate) fn add(&mut self, other: &Self) {
        self.acknowledged += other.acknowledged;
        for (&what, count) in &other.done {
            *self.done.entry(what).or_default() += count;
        }
        for (&what, count) in &other.not {
            *self.not.entry(what).or_default() += count;
        }
    }

    fn acknowledge(&mut self, what: &'static str) {
        self.acknowledged += 1;
        *self.done.entry(what).or_default() += 1;
    }

    fn note(&mut self, problem: &Problem) {
        let when = problem.body().members.retry_after.is_some();
        *self.not.entry((problem.code().as_str(), when)).or_default() += 1;
    }
}

/// One of those who work at the same time.
pub(crate) struct Worker {
    name: String,
    rng: Rng,
    joined: usize,
    changes: usize,
    /// What they may be told, and somebody else goes on: for the rest everything they ask for can be done.
    pub(crate) bears: &'static [ErrorCode],
    /// Everybody so far, the one who acts now last.
    pub(crate) people: Vec<Person>,
    pub(crate) told: Told,
}

impl Worker {
    pub(crate) fn all(count: u64, rng: &mut Rng) -> Vec<Self> {
        (0..count)
            .map(|n| Self {
                name: format!("w{n}"),
                rng: rng.fork(),
                joined: 0,
                changes: 0,
                bears: &[],
                people: Vec::new(),
                told: Told::default(),
            })
            .collect()
    }

    /// One change. `false` where its outcome is not known.
    async fn turn(&mut self, client: &Client, contested: &Contested) -> bool {
        if self.rng.u8(..8) == 0 {
            return match contested.edit(client).await {
                Ok(done) => {
                    if done {
                        self.told.acknowledge("contested edit");
                    }
                    true
                }
                Err(problem) => {
                    self.told.note(&problem);
                    false
                }
            };
        }
        let ended = if self.changes < CHANGES && self.people.last().is_some_and(Person::is_there) {
            self.goes_on(client).await
        } else {
            self.is_somebody_new(client).await
        };
        match ended {
            Ended::Acknowledged => {
                let account = self.people.last().and_then(|person| person.sure.as_ref());
                self.told.acknowledge(account.and_then(|account| account.events.last()).unwrap_or(&"account deleted"));
                true
            }
            Ended::Refused(problem) => {
                self.told.note(&problem);
                true
            }
            Ended::Lost(problem) => {
                self.told.note(&problem);
                false
            }
        }
    }

    async fn goes_on(&mut self, client: &Client) -> Ended {
        let person = self.people.last_mut().expect("somebody");
        self.changes += 1;
        let change = choose(person, &mut self.rng, self.changes);
        let ended = person.makes(client, &change).await;
        match &ended {
            Ended::Refused(problem) if self.bears.contains(&problem.code()) => self.changes = CHANGES,
            Ended::Refused(problem) => {
                panic!("{change:?} of {} was refused: {problem}, {:#?}", person.username, person.sure)
            }
            Ended::Acknowledged | Ended::Lost(_) => {}
        }
        ended
    }

    async fn is_somebody_new(&mut self, client: &Client) -> Ended {
        (self.changes, self.joined) = (0, self.joined + 1);
        let (person, ended) = Person::joins(client, format!("{}n{}", self.name, self.joined)).await;
        if let Ended::Refused(problem) = &ended {
            panic!("{} was refused: {problem}", person.username);
        }
        self.people.push(person);
        ended
    }
}

/// What somebody does next, of what they can do.
fn choose(person: &Person, rng: &mut Rng, number: usize) -> Change {
    let (Some(account), Some(token)) = (&person.sure, &person.token) else { return Change::SignIn };
    let with_codes = account.codes.is_some() && !person.codes.is_empty();
    let may_sign_in = account.codes.is_none() || with_codes;
    loop {
        let named = format!("{} {number}", person.username);
        let any = |names: &BTreeSet<String>| names.iter().next().cloned();
        let change = match rng.u8(..16) {
            0 | 1 => Some(Change::Rename(named)),
            2 | 3 => Some(Change::AddApiKey(named)),
            4 => any(&account.api_keys).map(|name| Change::DeleteApiKey(name.clone(), person.keys.get(&name).cloned())),
            5 | 6 => Some(Change::AddSshKey(named)),
            7 => any(&account.ssh_keys).map(Change::RemoveSshKey),
            8 => Some(Change::PutAvatar),
            9 => account.avatar.then_some(Change::DeleteAvatar),
            10 => may_sign_in.then_some(Change::SignIn),
            11 | 12 => other_session(account, token).map(Change::Close),
            13 => (account.codes.is_none() && account.open == 1).then_some(Change::EnableTwoFactor),
            14 => with_codes.then_some(Change::SpendCode),
            _ if account.codes.is_some() => (account.open == 1).then_some(Change::DisableTwoFactor),
            _ => (number > CHANGES / 2).then_some(Change::Delete),
        };
        if let Some(change) = change {
            return change;
        }
    }
}

/// The token of a session that is open and not the one the person acts by. API keys close no session.
fn other_session(account: &Account, token: &str) -> Option<String> {
    account
        .tokens
        .iter()
        .find(|(other, open)| **open && *other != token && other.starts_with("lks_"))
        .map(|(t, _)| t.clone())
}

/// What to do when the outcome of a request is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenLost {
    /// The service is gone: stop.
    Stop,
    /// It may come back: go on, as somebody else.
    GoOn,
}

/// Those who work, until they are told to stop.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    working: Vec<JoinHandle<Worker>>,
}

impl Load {
    pub(crate) fn start(
        workers: Vec<Worker>,
        contested: &Arc<Contested>,
        client: impl Fn() -> Client,
        lost: WhenLost,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let working = workers
            .into_iter()
            .map(|mut worker| {
                let (stop, contested, client) = (stop.clone(), contested.clone(), client());
                tokio::spawn(async move {
                    while !stop.load(Ordering::Relaxed) {
                        if worker.turn(&client, &contested).await {
                            continue;
                        }
                        if lost == WhenLost::Stop {
                            break;
                        }
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    worker
                })
            })
            .collect();
        Self { stop, working }
    }

    /// Lets everybody finish what they asked for.
    pub(crate) async fn end(self) -> Vec<Worker> {
        self.stop.store(true, Ordering::Relaxed);
        let mut workers = Vec::new();
        for working in self.working {
            workers.push(working.await.expect("nobody is told what cannot be"));
        }
        workers
    }
}

/// Everything that was told to all of them.
pub(crate) fn told(workers: &[Worker]) -> Told {
    let mut all = Told::default();
    for worker in workers {
        all.add(&worker.told);
    }
    all
}

/// Whether a problem is one that says to come again.
pub(crate) fn says_when(what: &(&'static str, bool)) -> bool {
    what.0 == ErrorCode::Busy.as_str() && what.1
}
