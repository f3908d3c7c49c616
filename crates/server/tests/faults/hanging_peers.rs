//! Those the service asks do not answer, answer a byte a second, or without end: everybody else is served, what is kept for
//! them is bounded, and they do not hold up the end.

use std::time::{Duration, Instant};

use latchkey_api::{
    common::Caller,
    container_registries::{AuthoriseRegistry, ContainerRegistriesApi},
    instance::Provider,
    integrations::{Connect, ConnectMethod, IntegrationsApi, ProviderPath},
    problem::ErrorCode,
    profile::ProfileApi,
    wire::Secret,
};
use tokio::task::JoinSet;

use crate::{
    change::Change,
    peer::{ENDLESS_BODY, Manners, Peer},
    people::Ended,
    program::{Home, Served},
    running::{resident, somebody, without_faults},
    tools::eventually,
};

const HTTP: [Manners; 3] = [Manners::Silent, Manners::Slow, Manners::Endless(ENDLESS_BODY, "x")];
const SMTP: [Manners; 4] = [
    Manners::Silent,
    Manners::Slow,
    Manners::Endless("220-", "a line"),
    Manners::Endless("220-x\r\n", "220-another\r\n"),
];

/// How much more memory may be held while they hang, in KiB: far less than an answer without end brings in that time.
const MORE: u64 = 48 * 1024;

/// How long the end may take: shorter than the mail server would be waited for (45 seconds).
const END: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_hangs_is_nobody_elses_trouble() {
    for manners in SMTP {
        let (home, peer) = (Home::new(), Peer::start(manners).await);
        let url = format!("smtp://localhost:{}", peer.address.port());
        let served = home.serve(&[
            ("LATCHKEY_SMTP__URL", &*url),
            ("LATCHKEY_SMTP__FROM", "accounts@example.org"),
            ("LATCHKEY_POLICY__THROTTLES", "off"),
        ]);
        let client = served.client();
        let (mut ada, me) = somebody(&client, "ada").await;
        let before = resident(&served);
        // Each of these is told of by mail.
        for n in 0..60 {
            let change = Change::AddSshKey(format!("key {n}"));
            assert!(matches!(ada.makes(&client, &change).await, Ended::Acknowledged), "{manners:?}");
        }
        eventually(END, async || (peer.visits() > 0).then_some(())).await;
        for _ in 0..100 {
            client.get_profile(&me).await.unwrap();
        }
        assert!(peer.open() <= 8, "{} connections to a mail server: {manners:?}", peer.open());
        is_bounded(&served, before, manners);
        ends(served, manners);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn providers_and_registries_that_hang_are_nobody_elses_trouble() {
    for manners in HTTP {
        let (home, peer) = (Home::new(), Peer::start(manners).await);
        let url = format!("http://{}", peer.address);
        let served = home.serve(&[
            ("LATCHKEY_INTEGRATIONS__HANGING__PROVIDER", "gitlab"),
            ("LATCHKEY_INTEGRATIONS__HANGING__URL", &*url),
            ("LATCHKEY_INTEGRATIONS__HANGING__CLIENT_ID", "latchkey"),
            ("LATCHKEY_POLICY__THROTTLES", "off"),
        ]);
        let client = served.client();
        let (_, me) = somebody(&client, "ada").await;
        let before = resident(&served);
        let mut asking = JoinSet::new();
        for n in 0..40 {
            let (client, me, host) = (client.clone(), me.clone(), peer.address.to_string());
            asking.spawn(async move {
                if n % 2 == 0 { connect(&client, &me).await } else { authorise(&client, &me, host).await }
            });
        }
        eventually(END, async || (peer.visits() > 10).then_some(())).await;
        for _ in 0..100 {
            client.get_profile(&me).await.unwrap();
        }
        is_bounded(&served, before, manners);
        // Each is told in the end, and nothing is held for them.
        for code in asking.join_all().await {
            assert!(
                matches!(code, ErrorCode::ProviderUnavailable | ErrorCode::InvalidField | ErrorCode::Busy),
                "{code} of a peer that is {manners:?}"
            );
        }
        eventually(END, async || (peer.open() == 0).then_some(())).await;
        is_bounded(&served, before, manners);
        // And once more, with the end in the middle of it.
        let mut asking = JoinSet::new();
        let seen = peer.visits();
        for _ in 0..10 {
            let (client, me) = (client.clone(), me.clone());
            asking.spawn(async move { connect(&client, &me).await });
        }
        eventually(END, async || (peer.visits() > seen).then_some(())).await;
        ends(served, manners);
    }
}

async fn connect(client: &latchkey_client::Client, me: &Caller) -> ErrorCode {
    let body = Connect { method: ConnectMethod::Device, host: None, redirect_uri: None, reconnect: None };
    let path = ProviderPath { provider: Provider::Gitlab };
    client.connect_integration(me, path, body).await.unwrap_err().code()
}

async fn authorise(client: &latchkey_client::Client, me: &Caller, host: String) -> ErrorCode {
    let body = AuthoriseRegistry {
        host,
        username: "ada".into(),
        password: Secret::new("secret"),
        only_if_verified: Some(true),
    };
    client.authorise_registry(me, body).await.unwrap_err().code()
}

fn is_bounded(served: &Served, before: u64, manners: Manners) {
    let now = resident(served);
    println!("{manners:?}: {before} KiB before, {now} KiB now");
    assert!(now < before + MORE, "{before} KiB before, {now} KiB now: {manners:?}");
}

fn ends(served: Served, manners: Manners) {
    let begun = Instant::now();
    served.signal("TERM");
    let ended = served.end();
    println!("{manners:?}: ended after {:?}", begun.elapsed());
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(begun.elapsed() < END, "{manners:?} held it up: {:?}", begun.elapsed());
    without_faults(&ended.err);
}
