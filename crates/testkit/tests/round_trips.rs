//! What an operation costs the database: as many statements, in as many round trips, as `docs/SCALING.md` says.
//!
//! Counted by the server itself (`pg_stat_statements`), for operations that were done once before: then every statement is
//! prepared.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeMap, sync::Arc};

use latchkey_api::{
    accounts::AccountsApi,
    activity::{ActivityApi, ActivityQuery},
    api_keys::{ApiKeysApi, CreateApiKey, Scope},
    common::{Caller, PageQuery},
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SessionPath, SessionsApi},
    two_factor::{TwoFactorApi, VerifyTwoFactor},
    wire::ETag,
};
use latchkey_postgres_testkit::Server;
use latchkey_service::{Database, Environment, FixedKey, HashCost, Service, Settings};
use latchkey_testkit::{Authenticator, ManualClock, Person, sign_in, sign_up, transaction, with_code};

const DATABASE: &str = "latchkey";
// A lock stands in one message with BEGIN. Other nodes are told afterwards, and nobody waits for it.
const COUNTED: &str = "SELECT COALESCE(SUM(calls), 0), COALESCE(SUM(calls) FILTER (WHERE query NOT LIKE \
    'SELECT $1 FROM accounts WHERE account_id = $2 FOR NO KEY UPDATE' AND query NOT LIKE 'SELECT pg_advisory%'), 0) \
    FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid AND d.datname = 'latchkey' \
    WHERE query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE '%pg_notify%'";

struct Counting {
    server: Server,
    service: Service,
    clock: Arc<ManualClock>,
    /// Statements and round trips of each operation.
    found: BTreeMap<&'static str, (u32, u32)>,
}

impl Counting {
    async fn new() -> Self {
        let server = Server::start(&["shared_preload_libraries=pg_stat_statements", "pg_stat_statements.max=5000"]);
        server.sql("postgres", &format!("CREATE DATABASE {DATABASE}"));
        server.sql(DATABASE, "CREATE EXTENSION pg_stat_statements");
        let database: Database = server.url(DATABASE).parse().unwrap();
        let hash_cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
        let settings = Settings { hash_cost, ..Settings::default() };
        let clock = Arc::new(ManualClock::default());
        let keys = Arc::new(FixedKey([42; 32]));
        let environment = Environment { clock: clock.clone(), keys, ..Environment::system() };
        let service = Service::open(database, settings, environment).await.unwrap();
        Self { server, service, clock, found: BTreeMap::new() }
    }

    /// Does it twice, and counts the second time.
    async fn count<T>(&mut self, name: &'static str, operation: impl AsyncFn(&Service) -> T) -> T {
        operation(&self.service).await;
        self.clock.advance(chrono::Duration::seconds(30));
        self.server.sql(DATABASE, "SELECT pg_stat_statements_reset()");
        let answer = operation(&self.service).await;
        let counted = self.server.sql(DATABASE, COUNTED);
        let (statements, trips) = counted.split_once('|').unwrap();
        self.found.insert(name, (statements.parse().unwrap(), trips.parse().unwrap()));
        answer
    }
}

/// The rows of the table in the document.
fn documented() -> BTreeMap<String, (u32, u32)> {
    let text = include_str!("../../../docs/SCALING.md");
    let table = text.split("| Operation |").nth(1).expect("a table of operations").split("\n\n").next().unwrap();
    let rows = table.lines().filter_map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        Some((cells.first()?.to_string(), (cells.get(1)?.parse().ok()?, cells.get(2)?.parse().ok()?)))
    });
    rows.collect()
}

#[tokio::test]
async fn operations_cost_what_the_document_says() {
    let mut counting = Counting::new().await;
    let nobody = Caller::default();
    counting.service.create_account(&nobody, sign_up("ada")).await.unwrap();
    let me = Person::signs_in(&counting.service, "ada").await.caller;

    counting.count("Session check (`GET /v1/me`)", async |api| drop(api.get_profile(&me).await.unwrap())).await;
    counting
        .count("List of sessions", async |api| {
            api.list_sessions(&me, PageQuery::default()).await.unwrap();
        })
        .await;
    counting
        .count("List of the activity", async |api| {
            api.list_events(&me, ActivityQuery::default()).await.unwrap();
        })
        .await;
    let turn = std::sync::atomic::AtomicU32::new(0);
    let turn = || turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    counting
        .count("Update of the profile", async |api| {
            let patch = ProfilePatch { name: Some(format!("Ada {}", turn())), ..ProfilePatch::default() };
            api.update_profile(&me, IfMatch { if_match: ETag("*".into()) }, patch).await.unwrap();
        })
        .await;
    let person = counting.count("Sign-in", async |api| api.sign_in(&nobody, sign_in("ada")).await.unwrap()).await;
    counting
        .count("Wrong password", async |api| {
            let mut wrong = sign_in("ada");
            wrong.password = latchkey_api::wire::Secret::new("not the password of anybody");
            api.sign_in(&nobody, wrong).await.unwrap_err();
        })
        .await;
    let ids = [person.session.id, Person::signs_in(&counting.service, "ada").await.session.id];
    counting
        .count("Closing a session", async |api| {
            let id = ids[turn() as usize % 2].to_string();
            api.close_session(&me, SessionPath { id }).await.unwrap();
        })
        .await;
    counting
        .count("Sign-up", async |api| {
            api.create_account(&nobody, sign_up(&format!("bob{}", turn()))).await.unwrap();
        })
        .await;
    let asked = CreateApiKey { name: "Nightly".into(), scopes: vec![Scope::Api], expires_at: None };
    let key = counting.service.create_api_key(&me, asked).await.unwrap().token;
    let key = Caller::with_token(key.expose());
    counting.count("Request with an API key", async |api| drop(api.get_profile(&key).await.unwrap())).await;

    let me = Person::signs_in(&counting.service, "ada").await.caller;
    let app = Authenticator::scans(&counting.service.start_two_factor(&me).await.unwrap());
    let body = VerifyTwoFactor { code: app.code(&counting.clock) };
    counting.service.verify_two_factor(&me, body).await.unwrap();
    let clock = counting.clock.clone();
    counting
        .count("Sign-in with a code", async |api| {
            let begun = transaction(&api.sign_in(&nobody, sign_in("ada")).await.unwrap_err());
            api.sign_in_second_factor(&nobody, with_code(&begun, app.next_code(&clock))).await.unwrap();
        })
        .await;

    let found: BTreeMap<_, _> = counting.found.iter().map(|(name, cost)| ((*name).to_owned(), *cost)).collect();
    assert_eq!(found, documented(), "what was counted, and what docs/SCALING.md says");
    counting.service.close().await;
}
