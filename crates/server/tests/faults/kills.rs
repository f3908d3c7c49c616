//! Killed at any moment (SIGKILL), over and over: what was acknowledged is there afterwards, and nothing is half done.

use std::{process::Stdio, time::Duration};

use fastrand::Rng;
use latchkey_postgres_testkit::TestDatabase;
use tokio::task::JoinSet;

use crate::{
    chance::{chance, rounds},
    contested::Contested,
    load::{Load, Told, WhenLost, Worker, told},
    program::{Home, Served},
    rows::Rows,
    running::{SETTINGS, WORKERS, crowd, kill, without_faults},
};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    let home = Home::new();
    let rows = Rows::Sqlite(home.data().join("latchkey.sqlite3"));
    let rounds = rounds("LATCHKEY_FAULT_ROUNDS_SQLITE", 15);
    Story { home, rows, place: Vec::new() }.goes_on_for(rounds).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_postgresql() {
    let database = TestDatabase::empty();
    let place = vec![("LATCHKEY_STORAGE__DATABASE".to_owned(), database.url())];
    let rounds = rounds("LATCHKEY_FAULT_ROUNDS_POSTGRES", 6);
    Story { home: Home::new(), rows: Rows::Postgres(database), place }.goes_on_for(rounds).await;
}

struct Story {
    home: Home,
    rows: Rows,
    place: Vec<(String, String)>,
}

impl Story {
    async fn goes_on_for(&self, rounds: u64) {
        let mut rng = chance();
        let (mut served, mut all, mut uncertain) = (self.serve(), Told::default(), 0);
        let (mut workers, contested) = crowd(&served.client(), &mut rng).await;
        for round in 1..=rounds {
            let load = Load::start(workers, &contested, || served.client(), WhenLost::Stop);
            tokio::time::sleep(Duration::from_millis(rng.u64(20..1200))).await;
            // In the middle of everything: those who work are told to stop only when it is gone.
            without_faults(&kill(served));
            workers = load.end().await;
            self.is_killed_while_it_starts(&mut rng).await;
            served = self.serve();
            let did_not_know;
            (workers, did_not_know) = settle(&served, workers, &contested, &mut rng, round == rounds).await;
            uncertain += did_not_know;
            assert_eq!(self.rows.half_done(), [""; 0], "round {round}");
            all.add(&told(&workers));
            for worker in &mut workers {
                worker.told = Told::default();
            }
        }
        let verified = self.admin(&["admin", "verify-activity"]);
        assert_eq!(verified.0, 0, "{}", verified.1);
        let people: usize = workers.iter().map(|worker| worker.people.len()).sum();
        println!(
            "{rounds} rounds: {} acknowledged writes of {people} people, {uncertain} answers lost with the service, \
             0 acknowledged writes lost\n{:?}",
            all.acknowledged, all.done
        );
        assert!(all.acknowledged > rounds * WORKERS / 2, "enough was written: {all:?}");
    }

    fn serve(&self) -> Served {
        Served::start(self.home.serving(&[], "127.0.0.1:0", &self.settings()))
    }

    fn settings(&self) -> Vec<(&str, &str)> {
        SETTINGS.into_iter().chain(self.place.iter().map(|(name, value)| (&**name, &**value))).collect()
    }

    /// Now and then it is killed again before it serves anybody, while it reads what it left.
    async fn is_killed_while_it_starts(&self, rng: &mut Rng) {
        while rng.u8(..4) == 0 {
            let mut command = self.home.serving(&[], "127.0.0.1:0", &self.settings());
            let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            tokio::time::sleep(Duration::from_millis(rng.u64(..60))).await;
            child.kill().unwrap();
            child.wait().unwrap();
        }
        // A server of PostgreSQL's ends what its client began before it was killed.
        if let Rows::Postgres(database) = &self.rows {
            let others = "SELECT COUNT(*) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
            while database.sql(others) != "0" {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }

    fn admin(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = crate::program::program();
        command.args(arguments).arg("--data").arg(self.home.data()).envs(self.settings());
        let ended = crate::program::ended(&mut command, "");
        (ended.code, ended.out + &ended.err)
    }
}

/// Compares everybody who may have been touched with the service, some of those from before, and at the end all of them.
/// How many did not know.
async fn settle(
    served: &Served,
    workers: Vec<Worker>,
    contested: &Contested,
    rng: &mut Rng,
    everybody: bool,
) -> (Vec<Worker>, usize) {
    let mut settling = JoinSet::new();
    for mut worker in workers {
        let (client, mut rng) = (served.client(), rng.fork());
        settling.spawn(async move {
            let (newest, mut uncertain) = (worker.people.len().saturating_sub(2), 0);
            for (n, person) in worker.people.iter_mut().enumerate() {
                uncertain += usize::from(!person.is_sure());
                if everybody || !person.is_sure() || n >= newest || rng.usize(..newest.max(1)) == 0 {
                    person.settle(&client).await.unwrap_or_else(|lost| panic!("{lost}"));
                }
            }
            (worker, uncertain)
        });
    }
    let (workers, uncertain): (Vec<_>, Vec<usize>) = settling.join_all().await.into_iter().unzip();
    let edits = contested.settle(&served.client()).await;
    edits.unwrap_or_else(|lost| panic!("the profile everybody edits: {lost}"));
    (workers, uncertain.iter().sum())
}
