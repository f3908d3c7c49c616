//! The event stream: open, alive, bounded, and no reason to wait at the end.

use std::{net::SocketAddr, time::Duration};

use futures_util::StreamExt;
use latchkey_api::{
    accounts::AccountsApi,
    activity::Push,
    common::Caller,
    problem::{CloseReason, ErrorCode},
};
use latchkey_client::Client;
use latchkey_server::{Connections, Limits, in_process, router, router_with, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::{Instant, sleep, timeout},
};

use crate::{
    shutdown::person,
    toy::toy,
    wire::{ask, listen},
};

const SOON: Duration = Duration::from_secs(5);

fn client(address: SocketAddr) -> Client {
    Client::remote(&format!("http://{address}").parse().unwrap(), "stream").unwrap()
}

fn ada() -> Caller {
    Caller::with_token("token")
}

async fn open(address: SocketAddr, user_agent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "GET /v1/me/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\nUser-Agent: {user_agent}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Reads until these words came.
async fn until(stream: &mut TcpStream, words: &str) -> String {
    let mut heard = String::new();
    while !heard.contains(words) {
        let mut piece = [0; 1024];
        let length = timeout(SOON, stream.read(&mut piece)).await.expect("more in time").unwrap();
        assert!(length > 0, "it ended after {heard:?}");
        heard.push_str(std::str::from_utf8(&piece[..length]).unwrap());
    }
    heard
}

#[tokio::test]
async fn a_stream_begins_at_once_and_gives_signs_of_life() {
    let limits = Limits { heartbeat: Duration::from_millis(50), ..Limits::default() };
    let address = listen(toy(), limits, Connections::default()).await;
    let mut stream = open(address, "x").await;
    let heard = until(&mut stream, "\n:\n\n").await;
    let lower = heard.to_lowercase();
    assert!(lower.starts_with("http/1.1 200 "), "{heard}");
    for header in
        ["content-type: text/event-stream", "cache-control: no-store", "x-accel-buffering: no", "x-request-id: "]
    {
        assert!(lower.contains(header), "{header} in {heard}");
    }
    let ok = heard.find(": ok\n\n").unwrap();
    let event = "event: backup_codes.low\ndata: {\"event\":\"backup_codes.low\",\"remaining\":3}\n\n";
    assert!(heard.find(event).unwrap() > ok, "{heard}");
}

#[tokio::test]
async fn the_gate_comes_first() {
    for (token, code) in
        [("", "unauthenticated"), ("Bearer closed", "session_closed"), ("Bearer no", "unauthenticated")]
    {
        let answer = ask(toy(), "GET /v1/me/events/stream", &[("authorization", token)], "").await;
        assert_eq!((answer.status, answer.code().as_str()), (401, code));
    }
    let bearer = [("authorization", "Bearer token")];
    assert_eq!(ask(toy(), "GET /v1/me/events/stream?x=1", &bearer, "").await.status, 400);
    assert_eq!(ask(toy(), "POST /v1/me/events/stream", &bearer, "").await.status, 405);
}

#[tokio::test]
async fn clients_hear_it_in_process_and_over_a_socket() {
    let address = listen(toy(), Limits::default(), Connections::default()).await;
    for client in [Client::in_process(in_process(router(toy()))), client(address)] {
        let mut events = client.events(&ada()).await.unwrap();
        let first = timeout(SOON, events.next()).await.unwrap().unwrap();
        assert_eq!(first.unwrap(), Push::BackupCodesLow { remaining: 3 });
        assert!(timeout(Duration::from_millis(100), events.next()).await.is_err(), "and then it waits");
        let refused = client.events(&Caller::with_token("closed")).await.err().unwrap();
        assert_eq!(refused.code(), ErrorCode::SessionClosed);
        assert_eq!(refused.body().members.close_reason, Some(CloseReason::ClosedElsewhere));
    }
}

#[tokio::test]
async fn there_are_so_many_places_and_one_that_left_frees_its_own() {
    let limits = Limits { streams: 2, heartbeat: Duration::from_millis(20), ..Limits::default() };
    let address = listen(toy(), limits, Connections::default()).await;
    let mut open = Vec::new();
    for _ in 0..2 {
        open.push(client(address).events(&ada()).await.unwrap());
    }
    let refused = client(address).events(&ada()).await.err().unwrap();
    assert_eq!((refused.code(), refused.body().members.retry_after), (ErrorCode::Busy, Some(60)));
    open.pop();
    let mut left = 0;
    while client(address).events(&ada()).await.is_err() {
        left += 1;
        assert!(left < 250, "the place is never free");
        sleep(Duration::from_millis(20)).await;
    }
}

/// What waits for a reader is what the sockets hold, and after a while nobody waits any more.
#[tokio::test]
async fn a_reader_that_stops_reading_is_dropped() {
    let limits = Limits { streams: 1, ..Limits::default() };
    let connections = Connections { write: Duration::from_millis(300), ..Connections::default() };
    let address = listen(toy(), limits, connections).await;
    let mut slow = open(address, "flood").await;
    until(&mut slow, "event: sign_in.new").await;
    assert_eq!(client(address).events(&ada()).await.err().unwrap().code(), ErrorCode::Busy);
    let started = Instant::now();
    while client(address).events(&ada()).await.is_err() {
        assert!(started.elapsed() < SOON, "it still holds its place");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Streams end when the service stops; a request that is being answered is answered nevertheless.
#[tokio::test]
async fn stopping_waits_for_requests_and_not_for_streams() {
    let start = async || {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = router_with(toy(), Limits::default());
        let served = tokio::spawn(serve(listener, router, Connections::default(), async { drop(stopped.await) }));
        let mut streams = Vec::new();
        for _ in 0..50 {
            let mut events = client(address).events(&ada()).await.unwrap();
            events.next().await.unwrap().unwrap();
            streams.push(events);
        }
        (address, stop, served, streams)
    };

    let (_, stop, served, streams) = start().await;
    let started = Instant::now();
    stop.send(()).unwrap();
    served.await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    for mut events in streams {
        assert!(events.next().await.is_none(), "the end is a clean one");
    }

    let (address, stop, served, mut streams) = start().await;
    let slow = tokio::spawn(async move { client(address).create_account(&Caller::default(), person("slow")).await });
    sleep(Duration::from_millis(300)).await;
    stop.send(()).unwrap();
    assert!(timeout(Duration::from_millis(500), streams[0].next()).await.unwrap().is_none());
    assert_eq!(slow.await.unwrap().unwrap().name, "slow");
    timeout(SOON, served).await.expect("an end").unwrap();
}
