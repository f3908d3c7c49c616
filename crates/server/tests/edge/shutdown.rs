//! Stopping drops no request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::Caller,
    instance::InstanceApi,
    problem::{ErrorCode, Problem},
    wire::Secret,
};
use latchkey_client::Client;
use latchkey_server::{Connections, router, serve};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

use crate::toy::toy;

async fn start(connections: Connections) -> (Client, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = serve(listener, router(toy()), connections, async { drop(stopped.await) });
    (Client::remote(&origin, "shutdown").unwrap(), stop, tokio::spawn(served))
}

pub(crate) fn person(username: &str) -> SignUp {
    let text = || username.to_owned();
    SignUp { username: text(), email: text(), name: text(), password: Secret::new("x") }
}

#[tokio::test]
async fn what_is_being_answered_is_answered() {
    let (client, stop, served) = start(Connections::default()).await;
    let slow = tokio::spawn(async move { client.create_account(&Caller::default(), person("slow")).await });
    sleep(Duration::from_millis(300)).await;
    stop.send(()).unwrap();
    assert_eq!(slow.await.unwrap().unwrap().name, "slow");
    timeout(Duration::from_secs(5), served).await.expect("an end").unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_service() {
    let (client, stop, served) =
        start(Connections { farewell: Duration::from_millis(300), ..Connections::default() }).await;
    let never = tokio::spawn(async move { client.create_account(&Caller::default(), person("never")).await });
    sleep(Duration::from_millis(200)).await;
    stop.send(()).unwrap();
    timeout(Duration::from_secs(5), served).await.expect("an end").unwrap();
    never.abort();
}

/// Clients that hold their connections open and ask without a pause: each gets its answer until the door is shut.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_every_request_is_answered_or_was_never_taken() {
    for _ in 0..5 {
        let (client, stop, served) = start(Connections::default()).await;
        let answered = Arc::new(AtomicUsize::new(0));
        let mut clients: JoinSet<Problem> = JoinSet::new();
        for _ in 0..32 {
            let (client, answered) = (client.clone(), Arc::clone(&answered));
            clients.spawn(async move {
                loop {
                    match client.get_instance(&Caller::default()).await {
                        Ok(_) => answered.fetch_add(1, Ordering::Relaxed),
                        Err(problem) => return problem,
                    };
                }
            });
        }
        while answered.load(Ordering::Relaxed) < 200 {
            sleep(Duration::from_millis(5)).await;
        }
        let before = answered.load(Ordering::Relaxed);
        stop.send(()).unwrap();
        while let Some(problem) = clients.join_next().await {
            let problem = problem.unwrap();
            assert_eq!(problem.code(), ErrorCode::Offline, "refused at the door, not cut off: {problem}");
        }
        assert!(answered.load(Ordering::Relaxed) > before);
        timeout(Duration::from_secs(5), served).await.expect("an end").unwrap();
    }
}
