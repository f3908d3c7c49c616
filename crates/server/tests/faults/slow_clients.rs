//! Clients that are slow, silent, greedy or too fast: they get what the limits say, and everybody else is served.

use std::{net::SocketAddr, time::Duration};

use latchkey_api::profile::ProfileApi;
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet, time::timeout};

use crate::{
    program::Home,
    raw::{ASK, answer, connect_from, send, to_the_end},
    running::{open_files, resident, somebody, without_faults},
    tools::eventually,
};

/// How long limits may take that are up to 30 seconds, on a machine that has much else to do.
const LIMITS: Duration = Duration::from_secs(100);

/// Slow ones of each kind.
const MANY: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn slow_heads_and_bodies_and_readers_end_by_themselves() {
    let home = Home::new();
    let served = home.serve(&[]);
    let (client, address) = (served.client(), served.address);
    let (_, me) = somebody(&client, "ada").await;
    let (memory, files) = (resident(&served), open_files(&served));
    let mut slow = Vec::new();
    for _ in 0..MANY {
        let body =
            b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{";
        slow.push(("drips", tokio::spawn(drip(address, b"GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"x"))));
        slow.push(("has no body", tokio::spawn(silent(address, body))));
        slow.push(("has half a head", tokio::spawn(silent(address, b"GET /v1/me HTT"))));
        slow.push(("says nothing", tokio::spawn(silent(address, b""))));
    }
    // All of them are there, and everybody else does not notice.
    eventually(LIMITS, async || (open_files(&served) >= files + 3 * MANY).then_some(())).await;
    for _ in 0..50 {
        client.get_profile(&me).await.unwrap();
    }
    let held = resident(&served).saturating_sub(memory);
    println!("{held} KiB for {} slow connections", 4 * MANY);
    assert!(held < 64 * 1024, "{held} KiB");
    // The limits end them, not their patience.
    let mut answers = Vec::new();
    for (who, client) in slow {
        let answer = timeout(LIMITS, client).await.unwrap_or_else(|_| panic!("who {who} is let go")).unwrap();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{who}: {answer}");
        answers.push(answer);
    }
    assert!(answers.iter().filter(|answer| answer.contains("did not arrive in time")).count() >= MANY);
    eventually(LIMITS, async || (open_files(&served) <= files + 8).then_some(())).await;
    client.get_profile(&me).await.unwrap();
}

/// A byte now and then, until the other end has had enough.
async fn drip(to: SocketAddr, beginning: &'static [u8], more: &'static [u8]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(beginning).await.unwrap();
    while stream.write_all(more).await.is_ok() {
        if let Ok(answer) = timeout(Duration::from_millis(500), stream.readable()).await {
            answer.unwrap();
            break;
        }
    }
    to_the_end(&mut stream).await
}

/// A beginning, and no more.
async fn silent(to: SocketAddr, beginning: &'static [u8]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(beginning).await.unwrap();
    to_the_end(&mut stream).await
}

/// Asks for much and takes nothing: the pages of the documentation, over and over.
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_and_does_not_read_is_let_go() {
    let home = Home::new();
    let served = home.serve(&[]);
    let client = served.client();
    let (_, me) = somebody(&client, "ada").await;
    let (memory, files) = (resident(&served), open_files(&served));
    let mut asking = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        let much = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(64);
        // As many as it takes: those who do not read are not read, either.
        let _ = timeout(Duration::from_secs(1), stream.write_all(&much)).await;
        asking.push(stream);
    }
    client.get_profile(&me).await.unwrap();
    let held = resident(&served).saturating_sub(memory);
    println!("{held} KiB for {} that do not read", asking.len());
    assert!(held < 128 * 1024, "{held} KiB");
    eventually(LIMITS, async || (open_files(&served) <= files + 8).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_and_forgotten() {
    let home = Home::new();
    let served = home.serve(&[]);
    let (client, address) = (served.client(), served.address);
    let (_, me) = somebody(&client, "ada").await;
    let memory = resident(&served);
    let token = me.credential.as_ref().unwrap().expose();
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        let long = format!("GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(200 * 1024));
        asking.spawn(async move { ("431", send(address, long.as_bytes()).await) });
        let target = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(200 * 1024));
        asking.spawn(async move { ("4", send(address, target.as_bytes()).await) });
        let many = (0..2000).map(|n| format!("X-{n}: x")).collect::<Vec<_>>().join("\r\n");
        let many = format!("GET /v1/me HTTP/1.1\r\nHost: x\r\n{many}\r\n\r\n");
        asking.spawn(async move { ("431", send(address, many.as_bytes()).await) });
        // A picture has to be that of somebody: strangers are refused before.
        for authorization in [String::new(), format!("Authorization: Bearer {token}\r\n")] {
            let head = format!(
                "PUT /v1/me/avatar HTTP/1.1\r\nHost: x\r\n{authorization}Content-Type: image/png\r\nConnection: close\r\n"
            );
            let expected = if authorization.is_empty() { "401" } else { "413" };
            let said = format!("{head}Content-Length: 1000000000\r\n\r\n");
            asking.spawn(async move { (expected, send(address, said.as_bytes()).await) });
            let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
            for _ in 0..192 {
                chunked.extend_from_slice(b"10000\r\n");
                chunked.extend_from_slice(&vec![b'x'; 0x10000]);
                chunked.extend_from_slice(b"\r\n");
            }
            chunked.extend_from_slice(b"0\r\n\r\n");
            asking.spawn(async move { (expected, send(address, &chunked).await) });
        }
    }
    let answers = timeout(LIMITS, asking.join_all()).await.expect("each is answered");
    for (expected, answer) in answers {
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected}")), "{expected} expected: {answer}");
    }
    let held = resident(&served).saturating_sub(memory);
    println!("{held} KiB more after 140 requests that were too large");
    assert!(held < 256 * 1024, "{held} KiB");
    client.get_profile(&me).await.unwrap();
    served.signal("TERM");
    without_faults(&served.end().err);
}

/// Several requests at once on one connection are answered in their order; of the last ones each is answered, or none.
#[tokio::test(flavor = "multi_thread")]
async fn requests_on_each_others_heels_are_answered_in_order() {
    let home = Home::new();
    let served = home.serve(&[]);
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let mut requests = Vec::new();
    for n in 0..500 {
        requests.extend_from_slice(
            format!("GET /nowhere/{n} HTTP/1.1\r\nHost: x\r\nX-Request-Id: n{n}\r\n\r\n").as_bytes(),
        );
        requests.extend_from_slice(ASK);
    }
    stream.write_all(&requests).await.unwrap();
    let mut rest = String::new();
    while rest.matches("HTTP/1.1 ").count() < 1000 {
        match timeout(LIMITS, one_more(&mut stream)).await.unwrap() {
            Some(more) => rest.push_str(&more),
            None => break,
        }
    }
    let statuses: Vec<_> = rest.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses.len(), 1000);
    assert!(statuses.chunks(2).all(|pair| pair == ["404", "200"]));
}

async fn one_more(stream: &mut TcpStream) -> Option<String> {
    use tokio::io::AsyncReadExt;
    let mut bytes = vec![0; 64 * 1024];
    match stream.read(&mut bytes).await {
        Ok(read @ 1..) => Some(String::from_utf8_lossy(&bytes[..read]).into_owned()),
        _ => None,
    }
}

/// Ten thousand that say nothing, from several addresses of this computer's.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_idle_connections() {
    const IDLE: usize = 10_000;
    let home = Home::new();
    // Each holds a file here and one there.
    raise_the_limit(&std::process::id().to_string());
    let served =
        crate::program::Served::start(home.serving(&["prlimit", "--nofile=20000:20000", "--"], "127.0.0.1:0", &[]));
    let (client, address) = (served.client(), served.address);
    let (_, me) = somebody(&client, "ada").await;
    let memory = resident(&served);
    let mut idle = Vec::new();
    for n in 0..IDLE {
        let from = std::net::Ipv4Addr::new(127, 0, 0, u8::try_from(2 + n % 8).unwrap());
        let mut stream = connect_from(from.into(), address).await.unwrap();
        // Half of them have been served once.
        if n % 2 == 0 {
            stream.write_all(ASK).await.unwrap();
            answer(&mut stream).await.unwrap();
        }
        idle.push(stream);
    }
    eventually(LIMITS, async || (open_files(&served) > IDLE / 2).then_some(())).await;
    let held = resident(&served).saturating_sub(memory);
    println!("{held} KiB for {} idle connections", open_files(&served));
    for _ in 0..50 {
        let mut stream = connect_from([127, 0, 0, 1].into(), address).await.unwrap();
        stream.write_all(ASK).await.unwrap();
        assert!(answer(&mut stream).await.unwrap().starts_with("HTTP/1.1 200 "), "a new client is served");
        client.get_profile(&me).await.unwrap();
    }
    assert!(held < 256 * 1024, "{held} KiB");
    drop(idle);
    eventually(LIMITS, async || (open_files(&served) < 100).then_some(())).await;
    served.signal("TERM");
    without_faults(&served.end().err);
}

/// More connections than are let in wait, and come in when others leave.
#[tokio::test(flavor = "multi_thread")]
async fn those_past_the_limit_wait_until_others_leave() {
    let home = Home::new();
    let served = home.serve(&[("LATCHKEY_SERVER__MAX_CONNECTIONS", "20")]);
    let mut inside = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(ASK).await.unwrap();
        answer(&mut stream).await.unwrap();
        inside.push(stream);
    }
    let mut waiting = TcpStream::connect(served.address).await.unwrap();
    waiting.write_all(ASK).await.unwrap();
    let early = timeout(Duration::from_millis(500), answer(&mut waiting)).await;
    assert!(early.is_err(), "there is no place yet: {early:?}");
    inside.pop();
    let late = timeout(LIMITS, answer(&mut waiting)).await.expect("one left").unwrap();
    assert!(late.starts_with("HTTP/1.1 200 "), "{late}");
}

fn raise_the_limit(process: &str) {
    let mut prlimit = std::process::Command::new("prlimit");
    prlimit.args(["--pid", process, "--nofile=20000:20000"]);
    assert!(
        prlimit.status().unwrap().success(),
        "this test holds 10,000 connections: raise the hard limit of open files"
    );
}
