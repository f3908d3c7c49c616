//! A service that is told to end under load drops no request it took up, and the next one takes its port over.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};

use crate::{
    chance::chance,
    load::{Load, WhenLost, told},
    program::{Home, Served},
    raw::answer,
    running::{SETTINGS, crowd, somebody, without_faults},
};

/// Ends under load, one after the other.
const ROUNDS: usize = 4;

#[derive(Default)]
struct Count {
    answered: AtomicU64,
    refused: AtomicU64,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_dropped_and_the_next_one_takes_over() {
    let (home, mut rng) = (Home::new(), chance());
    let mut served = home.serve(&SETTINGS);
    let address = served.address;
    let (mut workers, contested) = crowd(&served.client(), &mut rng).await;
    let (_, me) = somebody(&served.client(), "reader").await;
    let token = me.credential.as_ref().unwrap().expose().to_owned();
    let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(Count::default()));
    let mut reading = JoinSet::new();
    for kept in [true, true, true, true, false, false, false, false] {
        reading.spawn(read_on(address, token.clone(), kept, stop.clone(), count.clone()));
    }
    for _ in 0..ROUNDS {
        let load = Load::start(workers, &contested, || served.client(), WhenLost::Stop);
        tokio::time::sleep(Duration::from_millis(500)).await;
        served.signal("TERM");
        let ended = tokio::task::spawn_blocking(|| served.end()).await.unwrap();
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(!without_faults(&ended.err).contains("are dropped"), "{}", ended.err);
        served = Served::start(home.serving(&[], &address.to_string(), &SETTINGS));
        workers = load.end().await;
        // Whoever writes was answered, or not let in: those who do not know what became of it were dropped.
        let said = told(&workers);
        let dropped: Vec<_> = said.not.keys().filter(|(code, _)| *code != "offline").collect();
        assert!(dropped.is_empty(), "{dropped:?}");
        for person in workers.iter_mut().flat_map(|worker| &mut worker.people) {
            person.settle(&served.client()).await.unwrap_or_else(|lost| panic!("{lost}"));
        }
        contested.settle(&served.client()).await.unwrap_or_else(|lost| panic!("{lost}"));
    }
    stop.store(true, Ordering::Relaxed);
    reading.join_all().await;
    let (answered, refused) = (count.answered.load(Ordering::Relaxed), count.refused.load(Ordering::Relaxed));
    println!("{answered} reads answered, {refused} connections refused, 0 dropped, over {ROUNDS} ends");
    assert!(answered > 100);
}

/// Reads over and over; a connection that is kept is left when the service says so, as HTTP has it.
async fn read_on(address: std::net::SocketAddr, token: String, kept: bool, stop: Arc<AtomicBool>, count: Arc<Count>) {
    let close = if kept { "" } else { "Connection: close\r\n" };
    let request = format!("GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{close}\r\n");
    let mut connection: Option<TcpStream> = None;
    while !stop.load(Ordering::Relaxed) {
        if connection.is_none() {
            connection = TcpStream::connect(address).await.ok();
        }
        let Some(mut stream) = connection.take() else {
            count.refused.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = answer(&mut stream).await.unwrap_or_else(|some| panic!("dropped after {some:?}"));
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        count.answered.fetch_add(1, Ordering::Relaxed);
        if kept && !answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n") {
            connection = Some(stream);
        }
    }
}
