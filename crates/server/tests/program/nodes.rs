//! Two nodes on one PostgreSQL, with nothing else between or in front of them.

mod hearing;
mod once;
mod upgrading;

use std::time::{Duration, Instant};

use latchkey_api::{accounts::AccountsApi, activity::Push, common::Caller, problem::ApiResult, sessions::SessionsApi};
use latchkey_client::Client;
use latchkey_postgres_testkit::TestDatabase;

use crate::{
    program::{Home, Served},
    serving::{ada, sign_in},
};

/// How soon the other node has to know, on a machine that has much else to do. Without notices it is nine seconds at the
/// earliest.
const SOON: Duration = Duration::from_secs(6);

struct Nodes {
    home: Home,
    database: TestDatabase,
    /// Of whom each has its own process.
    served: [Served; 2],
}

impl Nodes {
    /// Both run, and listen to each other.
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(environment: &[(&str, &str)]) -> Self {
        Self::on(Home::new(), TestDatabase::empty(), environment)
    }

    fn on(home: Home, database: TestDatabase, environment: &[(&str, &str)]) -> Self {
        let url = database.url();
        let environment = [environment, &[("LATCHKEY_STORAGE__DATABASE", &url)]].concat();
        let served = [home.serve(&environment), home.serve(&environment)];
        let nodes = Self { home, database, served };
        nodes.listen(2);
        nodes
    }

    /// Others in their place, with something done between.
    fn again<T>(self, environment: &[(&str, &str)], between: impl FnOnce() -> T) -> (Self, T) {
        let Self { home, database, served } = self;
        for node in served {
            node.signal("TERM");
            assert_eq!(node.end().code, 0);
        }
        let between = between();
        (Self::on(home, database, environment), between)
    }

    /// Waits until so many nodes listen.
    fn listen(&self, number: usize) {
        let listening = format!(
            "SELECT COUNT(*) >= {number} FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"
        );
        let given_up = Instant::now() + Duration::from_secs(30);
        while self.database.sql(&listening) != "t" {
            assert!(Instant::now() < given_up, "{number} nodes listen");
        }
    }

    fn clients(&self) -> [Client; 2] {
        [self.served[0].client(), self.served[1].client()]
    }

    /// Runs a command of the program's, as on a third machine.
    fn command(&self, arguments: &[&str]) -> String {
        self.home.run(&[arguments, &["--database", &self.database.url()]].concat(), "").well()
    }
}

/// Signs up at the first of the nodes.
async fn ada_joins(clients: &[Client; 2]) -> Caller {
    clients[0].create_account(&Caller::default(), ada()).await.unwrap();
    signs_in(&clients[0]).await
}

async fn signs_in(client: &Client) -> Caller {
    Caller::with_token(client.sign_in(&Caller::default(), sign_in()).await.unwrap().token.expose())
}

/// An event stream that is heard already.
struct Stream(futures_util::stream::BoxStream<'static, ApiResult<Push>>);

impl Stream {
    async fn open(client: &Client, caller: &Caller) -> Self {
        Self(client.events(caller).await.unwrap())
    }

    /// What comes next, which has to come soon.
    async fn next(&mut self) -> Push {
        let next = tokio::time::timeout(SOON, futures_util::StreamExt::next(&mut self.0)).await;
        next.expect("it is heard soon").expect("the stream goes on").unwrap()
    }
}
