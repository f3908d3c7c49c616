//! PostgreSQL goes away under load: stopped and started, ended as by a crash, its connections cut, the line to it dead.
//! What is asked meanwhile is done, or answered with 503 and when to come again; afterwards everything goes on by itself.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use fastrand::Rng;
use latchkey_api::{
    common::Caller,
    problem::{ErrorCode, Problem},
    profile::{IfMatch, ProfileApi, ProfilePatch},
};
use latchkey_client::Client;
use latchkey_postgres_testkit::Server;

use crate::{
    chance::chance,
    load::{Load, Told, WhenLost, says_when, told},
    program::{Home, Served},
    proxy::{Line, Proxy, socket},
    running::{SETTINGS, crowd, somebody, without_faults},
    tools::eventually,
};

/// How long the service may take until it serves again, on a machine that has much else to do. A line that fell silent is
/// given up after 15 seconds, and so is the next one, where both were in use.
const AGAIN: Duration = Duration::from_mins(1);

/// Connections of the pool: fewer than those who work, so that one that leaked would be missed at once.
const CONNECTIONS: &str = "4";

struct There {
    server: Server,
    proxy: Proxy,
    served: Served,
    _home: Home,
}

impl There {
    async fn new() -> Self {
        Self::with("").await
    }

    /// With other limits than the service sets by itself.
    async fn with(options: &str) -> Self {
        let server = Server::start(&[]);
        server.sql("postgres", "CREATE DATABASE latchkey");
        let proxy = Proxy::to(socket(&server.home(), server.port())).await;
        let url = format!("postgres://latchkey@127.0.0.1:{}/latchkey?sslmode=disable{options}", proxy.address.port());
        let home = Home::new();
        let place = [("LATCHKEY_STORAGE__DATABASE", &*url), ("LATCHKEY_STORAGE__DATABASE_CONNECTIONS", CONNECTIONS)];
        let settings: Vec<_> = SETTINGS.into_iter().chain(place).collect();
        Self { server, proxy, served: home.serve(&settings), _home: home }
    }

    /// Puts it under load, has something happen, and waits until everybody is served again.
    async fn under_load(mut self, rng: &mut Rng, happens: impl AsyncFnOnce(&mut Server, &Proxy)) -> Told {
        let client = self.served.client();
        let (workers, contested) = crowd(&client, rng).await;
        let (_, me) = somebody(&client, "reader").await;
        let load = Load::start(workers, &contested, || self.served.client(), WhenLost::GoOn);
        tokio::time::sleep(Duration::from_millis(500)).await;
        happens(&mut self.server, &self.proxy).await;
        let back = Instant::now();
        is_served_again(&client, &me).await;
        println!("served again after {:?}", back.elapsed());
        tokio::time::sleep(Duration::from_millis(500)).await;
        let workers = load.end().await;
        let said = told(&workers);
        println!("{said:?}");
        let unexpected: Vec<_> = said.not.iter().filter(|(what, _)| !says_when(what)).collect();
        assert!(unexpected.is_empty(), "done, or 503 with the time to come again: {unexpected:?}");
        // The server may have carried out what nobody waited for any more.
        eventually(AGAIN, async || {
            let busy = "SELECT COUNT(*) FROM pg_stat_activity \
                WHERE datname = 'latchkey' AND pid <> pg_backend_pid() AND state <> 'idle'";
            (self.server.sql("postgres", busy) == "0").then_some(())
        })
        .await;
        for mut worker in workers {
            for person in &mut worker.people {
                person.settle(&client).await.unwrap_or_else(|lost| panic!("{lost}"));
            }
        }
        contested.settle(&client).await.unwrap_or_else(|lost| panic!("the profile everybody edits: {lost}"));
        self.has_all_its_connections(&client, &me).await;
        self.served.signal("TERM");
        let ended = self.served.end();
        assert_eq!(ended.code, 0, "{}", ended.err);
        without_faults(&ended.err);
        said
    }

    /// None is held by what was given up: as many as there are come to be used at once, and no more are open.
    async fn has_all_its_connections(&self, client: &Client, me: &Caller) {
        eventually(AGAIN, async || {
            let mut asking = tokio::task::JoinSet::new();
            for _ in 0..64 {
                let (client, me) = (client.clone(), me.clone());
                asking.spawn(async move { client.get_profile(&me).await.map(drop) });
            }
            for answer in asking.join_all().await {
                answer.unwrap();
            }
            // The server still counts those that were forgotten with the line; they do nothing any more.
            let held = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = 'latchkey' \
                AND application_name = 'latchkey' AND state_change > now() - interval '1 second'";
            (self.server.sql("postgres", held) == CONNECTIONS).then_some(())
        })
        .await;
    }
}

/// Reads and writes until both are done.
async fn is_served_again(client: &Client, me: &Caller) {
    eventually(AGAIN, async || {
        let read = client.get_profile(me).await.ok()?;
        let patch = ProfilePatch { location: Some(Some("Graz".into())), ..ProfilePatch::default() };
        client.update_profile(me, IfMatch { if_match: read.etag }, patch).await.ok()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_crashes_and_comes_back() {
    let mut rng = chance();
    let said = There::new()
        .await
        .under_load(&mut rng, async |server, _| {
            for _ in 0..2 {
                server.stop();
                tokio::time::sleep(Duration::from_millis(700)).await;
                server.resume();
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        })
        .await;
    assert!(said.not.keys().any(says_when), "somebody asked while it was away");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_ended_and_lines_that_are_cut() {
    let mut rng = chance();
    There::new()
        .await
        .under_load(&mut rng, async |server, proxy| {
            for _ in 0..5 {
                server.sql(
                    "postgres",
                    "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'latchkey'",
                );
                tokio::time::sleep(Duration::from_millis(200)).await;
                proxy.set(Line::Cut);
                tokio::time::sleep(Duration::from_millis(200)).await;
                proxy.set(Line::Open);
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_falls_silent() {
    let mut rng = chance();
    There::new()
        .await
        .under_load(&mut rng, async |_, proxy| {
            proxy.set(Line::Silent);
            tokio::time::sleep(Duration::from_secs(5)).await;
            // Those that are dead stay so.
            proxy.set(Line::Open);
        })
        .await;
}

/// Whoever waits for a row that somebody else holds is told to come again, and so is who asks for what takes too long.
#[tokio::test(flavor = "multi_thread")]
async fn locks_and_statements_that_take_too_long() {
    for (limits, retry_after) in [("lock_timeout%3D300", 1), ("lock_timeout%3D0%20-c%20statement_timeout%3D300", 5)] {
        let there = There::with(&format!("&options=-c%20{limits}")).await;
        let client = there.served.client();
        let (_, me) = somebody(&client, "ada").await;
        let server = Arc::new(there.server);
        let held = server.clone();
        let holding = tokio::task::spawn_blocking(move || {
            held.sql("latchkey", "BEGIN; SELECT 1 FROM accounts FOR UPDATE; SELECT pg_sleep(5); COMMIT")
        });
        let asleep = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        eventually(AGAIN, async || (server.sql("postgres", asleep) == "1").then_some(())).await;
        let refused = edit(&client, &me).await.unwrap_err();
        let told = refused.body().members.retry_after;
        assert_eq!((refused.code(), told), (ErrorCode::Busy, Some(retry_after)), "{limits}");
        client.get_profile(&me).await.expect("reading waits for nobody");
        holding.await.unwrap();
        edit(&client, &me).await.expect("it is free again");
    }
}

async fn edit(client: &Client, me: &Caller) -> Result<(), Problem> {
    let etag = client.get_profile(me).await?.etag;
    let patch = ProfilePatch { bio: Some(Some(format!("{etag:?}"))), ..ProfilePatch::default() };
    client.update_profile(me, IfMatch { if_match: etag }, patch).await.map(drop)
}
