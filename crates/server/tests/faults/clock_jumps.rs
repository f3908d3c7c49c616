//! The clock of the machine jumps, forward and back, while everybody works.

use std::time::Duration;

use latchkey_api::{
    common::Caller,
    password::{PasswordApi, Reauthentication},
    problem::ErrorCode,
    profile::ProfileApi,
    sessions::{SessionsApi, SignIn},
    wire::Secret,
};

use crate::{
    chance::chance,
    change::Change,
    clock::Clock,
    load::{Load, WhenLost, told},
    peer::{Manners, Peer},
    people::{Ended, sign_in},
    program::{Home, Served},
    running::{SETTINGS, crowd, somebody, without_faults},
    tools::eventually,
};

const DAY: i64 = 24 * 60 * 60;

/// What people are told while it jumps, who then are somebody else.
const BORNE: [ErrorCode; 4] = [
    ErrorCode::InsufficientUserAuthentication,
    ErrorCode::InvalidCode,
    ErrorCode::InvalidField,
    ErrorCode::TransactionEnded,
];

/// How long what happens by itself may take: rounds come every 15 seconds.
const SOON: Duration = Duration::from_secs(90);

fn serve(home: &Home, clock: &Clock, more: &[(&str, &str)]) -> Served {
    let by_it = clock.environment();
    let environment: Vec<_> =
        by_it.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect();
    home.serve(&environment)
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_works_on_while_it_jumps() {
    let (home, clock, mut rng) = (Home::new(), Clock::new(), chance());
    let served = serve(&home, &clock, &SETTINGS);
    let client = served.client();
    let (mut workers, contested) = crowd(&client, &mut rng).await;
    let (_, early) = somebody(&client, "early").await;
    // A proof that was given in a future that did not come is not taken for a fresh one, and the codes of an app whose
    // clock is another one are wrong.
    for worker in &mut workers {
        worker.bears = &BORNE;
    }
    let load = Load::start(workers, &contested, || served.client(), WhenLost::Stop);
    let mut off = 0;
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let to = rng.i64(-60..60);
        clock.jump(to - off);
        off = to;
    }
    clock.jump(-off);
    workers = load.end().await;
    println!("{:?}", told(&workers));
    for person in workers.iter_mut().flat_map(|worker| &mut worker.people) {
        person.settle(&client).await.unwrap_or_else(|lost| panic!("{lost}"));
    }
    contested.settle(&client).await.unwrap();

    // Days back: who is signed in stays so. Days forward: nobody lives on for ever, whenever they came.
    clock.jump(-20 * DAY);
    client.get_profile(&early).await.expect("a clock that was set back ends no session");
    let (mut late, before) = somebody(&client, "late").await;
    late.settle(&client).await.unwrap();
    clock.jump(20 * DAY);
    for caller in [&early, &before] {
        client.get_profile(caller).await.expect("nor does one that is right again, within the time of a session");
    }
    clock.jump(31 * DAY);
    for caller in [&early, &before] {
        let refused = client.get_profile(caller).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SessionExpired, "30 days without use");
    }
    let (_, ahead) = somebody(&client, "ahead").await;
    clock.jump(-31 * DAY);
    client.get_profile(&ahead).await.expect("it began in a future that did not come");
    // Idle or not: its end is one that was written down, which 181 days later are past it.
    for _ in 0..9 {
        clock.jump(29 * DAY);
        match client.get_profile(&ahead).await {
            Ok(_) => {}
            Err(refused) => {
                assert_eq!(refused.code(), ErrorCode::SessionExpired);
                break;
            }
        }
    }
    assert!(client.get_profile(&ahead).await.is_err(), "a session has an end, however often it is used");
    served.signal("TERM");
    let ended = served.end();
    assert_eq!(ended.code, 0);
    without_faults(&ended.err);
}

/// Who guessed, and what was to be tried again, while the clock was ahead, does not wait until that time comes.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_time_that_does_not_come() {
    let (home, clock, post) = (Home::new(), Clock::new(), Peer::start(Manners::NotNow).await);
    let url = format!("smtp://localhost:{}", post.address.port());
    let served =
        serve(&home, &clock, &[("LATCHKEY_SMTP__URL", &*url), ("LATCHKEY_SMTP__FROM", "accounts@example.org")]);
    let client = served.client();
    let (mut ada, me) = somebody(&client, "ada").await;
    clock.jump(7 * DAY);
    let proof = Reauthentication { password: sign_in("ada").password, code: None, backup_code: None };
    client.reauthenticate(&me, proof).await.unwrap();
    // A guess from an address that is signed in from counts all the same.
    let wrong = SignIn { password: Secret::new("not it"), ..sign_in("ada") };
    let nobody = Caller::default();
    while client.sign_in(&nobody, wrong.clone()).await.unwrap_err().code() != ErrorCode::TooManyRequests {}
    let seen = post.visits();
    let Ended::Acknowledged = ada.makes(&client, &Change::AddSshKey("seven days ahead".into())).await else {
        panic!("a session lives for longer");
    };
    eventually(SOON, async || (post.visits() > seen).then_some(())).await;

    clock.jump(-7 * DAY);
    client.sign_in(&nobody, sign_in("ada")).await.expect("nobody is kept out until a time that is not now");
    client.get_profile(&me).await.unwrap();
    post.behaves(Manners::Takes);
    let title = "Subject: New SSH key";
    eventually(SOON, async || post.heard().contains(title).then_some(())).await;
}
