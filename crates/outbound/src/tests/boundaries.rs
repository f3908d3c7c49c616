//! What others cannot do to the service.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use latchkey_api::{container_registries::RegistryFailure, instance::Provider};
use latchkey_service::{ProviderError, RegistryCheck, RegistryCredentials, RepositoriesAsked, SourceCodeProviders};
use reqwest::{Method, Request};

use super::local::{Certificate, Known, Local, Reply, json, knowing, outbound, plan, provider, secret};
use crate::{
    Outbound, OutboundError, OutboundSection, PrivateNetworks,
    http_client::{Patience, Plan},
    resolver::Names,
    trouble::Trouble,
};

async fn get(outbound: &Outbound, url: &str) -> Result<u16, Trouble> {
    let request = Request::new(Method::GET, url.parse().unwrap());
    outbound.send(request, 64 * 1024).await.map(|answer| answer.status.as_u16())
}

fn impatient() -> Outbound {
    let millis = Duration::from_millis;
    let patience = Patience { connect: millis(400), total: millis(600), whole: millis(5000) };
    Outbound::with(Plan { patience, ..plan() })
}

fn head(rest: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{rest}\r\n").into_bytes()
}

#[tokio::test]
async fn answers_without_an_end_are_not_read_to_it() {
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let chunked = Reply::Endless(head("Transfer-Encoding: chunked\r\n"), chunk.clone().into_bytes());
    let replies = [
        (chunked, Trouble::TooLong),
        (Reply::Endless(head(""), vec![b'x'; 4096]), Trouble::TooLong),
        (Reply::Stalled(head("Content-Length: 99999999999\r\n")), Trouble::TooLong),
    ];
    for (reply, trouble) in replies {
        let reply = std::sync::Mutex::new(Some(reply));
        let server = Local::http(move |_| reply.lock().unwrap().take().unwrap()).await;
        assert_eq!(get(&outbound(), &server.url()).await, Err(trouble));
    }
}

#[tokio::test]
async fn heads_without_an_end_are_not_read_to_it() {
    for piece in ["X-A: b\r\n".to_owned(), format!("X-{}: b\r\n", "a".repeat(60_000)), "a".repeat(4096)] {
        let server = Local::http(move |_| Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), piece.clone().into())).await;
        let said = tokio::time::timeout(Duration::from_secs(10), get(&outbound(), &server.url())).await.unwrap();
        assert!(matches!(said, Err(Trouble::NotHttp | Trouble::Broken(_))), "{said:?}");
    }
}

#[tokio::test]
async fn answers_that_do_not_come_are_not_waited_for() {
    for begun in [Vec::new(), b"HTTP/1.1 200 OK\r\nX-A".to_vec(), head("Content-Length: 5\r\n"), b"HTTP/1.1 2".to_vec()]
    {
        let server = Local::http(move |_| Reply::Stalled(begun.clone())).await;
        let started = Instant::now();
        assert_eq!(get(&impatient(), &server.url()).await, Err(Trouble::TimedOut));
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    // Somebody listens there, and never says a word of TLS.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", silent.local_addr().unwrap());
    assert_eq!(get(&impatient(), &url).await, Err(Trouble::TimedOut));
}

#[tokio::test]
async fn many_answers_that_come_slowly_are_not_waited_for_either() {
    let millis = Duration::from_millis;
    let patience = Patience { connect: millis(20_000), total: millis(20_000), whole: millis(300) };
    let slow = Outbound::with(Plan { patience, ..plan() });
    let server = Local::http(|_| Reply::Stalled(head(""))).await;
    let (at, token) = (provider(Provider::Github, server.url()), secret("a"));
    let asked = RepositoriesAsked { search: Some("a"), page: 1, rows: 1 };
    let said = slow.repositories(&at, &token, &asked).await.unwrap_err();
    assert_eq!(said, ProviderError::Unreachable("no answer in time".into()));
    let at = provider(Provider::Gitlab, server.url());
    assert_eq!(slow.revoke(&at, &token, Some(&token)).await.unwrap_err(), said);
    let host = server.address.to_string();
    let checked = slow.check(&RegistryCredentials { host: &host, username: "ada", password: &token }).await;
    assert_eq!(checked.unwrap_err().failure, RegistryFailure::Unreachable);
}

#[tokio::test]
async fn redirections_are_not_followed() {
    let elsewhere = Local::http(|_| json(200, "", "{}")).await;
    let location = format!("Location: {}\r\n", elsewhere.url());
    let server = Local::http(move |_| json(307, &location, "")).await;
    assert_eq!(get(&outbound(), &server.url()).await, Ok(307));
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn what_speaks_no_http_or_no_tls_is_told_apart() {
    let server = Local::http(|_| Reply::Bytes(b"220 mail.example.org ESMTP\r\n".to_vec())).await;
    assert_eq!(get(&outbound(), &server.url()).await, Err(Trouble::NotHttp));
    assert_eq!(get(&outbound(), &format!("https://{}/", server.address)).await, Err(Trouble::NotEncrypted));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(get(&outbound(), &format!("https://{nobody}/")).await, Err(Trouble::NothingThere));
    let closing = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", closing.local_addr().unwrap());
    tokio::spawn(async move { while closing.accept().await.is_ok() {} });
    let said = get(&outbound(), &url).await;
    assert!(matches!(said, Err(Trouble::Handshake(_))), "{said:?}");
}

#[tokio::test]
async fn only_this_computer_is_spoken_to_without_tls() {
    let server = Local::http(|_| json(200, "", "{}")).await;
    let names = vec![("git.example.org", server.address), ("localhost", "192.0.2.1:80".parse().unwrap())];
    let outbound = Outbound::with(Plan { names: Arc::new(Known(names)), ..plan() });
    assert_eq!(get(&outbound, "http://git.example.org/").await, Err(Trouble::NotEncrypted));
    // A name server cannot move this computer.
    assert_eq!(get(&outbound, "http://localhost/").await, Err(Trouble::AddressRefused));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn some_addresses_are_not_connected_to_however_they_are_named() {
    let names: Vec<(&'static str, SocketAddr)> = vec![
        ("metadata.example.org", "169.254.169.254:80".parse().unwrap()),
        ("mapped.example.org", "[::ffff:169.254.169.254]:80".parse().unwrap()),
        ("six.example.org", "[fe80::1]:80".parse().unwrap()),
        ("zero.example.org", "0.0.0.0:80".parse().unwrap()),
        ("inside.example.org", "10.0.0.1:80".parse().unwrap()),
        ("here.example.org", "127.0.0.1:80".parse().unwrap()),
        ("localhost", "127.0.0.1:80".parse().unwrap()),
    ];
    let with =
        |private_networks| Outbound::with(Plan { names: Arc::new(Known(names.clone())), private_networks, ..plan() });
    let allow = with(PrivateNetworks::Allow);
    for url in [
        "https://metadata.example.org/",
        "https://mapped.example.org/",
        "https://six.example.org/",
        "https://zero.example.org/",
        "https://169.254.169.254/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[fe80::1]/",
        // Other ways to write an address are read as one.
        "https://0xa9fea9fe/",
        "https://2852039166/",
        "https://0/",
    ] {
        assert_eq!(get(&allow, url).await, Err(Trouble::AddressRefused), "{url}");
    }
    let refuse = with(PrivateNetworks::Refuse);
    for url in ["https://inside.example.org/", "https://here.example.org/", "https://127.0.0.1/", "http://localhost/"] {
        assert_eq!(get(&refuse, url).await, Err(Trouble::AddressRefused), "{url}");
    }
    assert_eq!(get(&allow, "https://unknown.example.org/").await, Err(Trouble::NameUnknown));
}

#[tokio::test]
async fn what_an_administrator_configured_may_be_in_a_private_network() {
    let (configured, other) = (Local::http(|_| json(200, "", "{}")).await, Local::http(|_| json(200, "", "{}")).await);
    let names = vec![("localhost", configured.address)];
    let refusing = Plan { private_networks: PrivateNetworks::Refuse, names: Arc::new(Known(names)), ..plan() };
    let [by_address, by_name] = [configured.url(), format!("http://localhost:{}", configured.address.port())]
        .map(|url| (Outbound::with(refusing.clone()).trusting(&[provider(Provider::Gitlab, url.clone())]), url));
    for (outbound, url) in [by_address, by_name] {
        assert_eq!(get(&outbound, &format!("{url}/api/v4/user")).await, Ok(200), "{url}");
        assert_eq!(get(&outbound, &other.url()).await, Err(Trouble::AddressRefused), "another port beside {url}");
        assert_eq!(get(&outbound, "https://169.254.169.254/").await, Err(Trouble::AddressRefused), "{url}");
    }
    assert_eq!(get(&Outbound::with(refusing), &configured.url()).await, Err(Trouble::AddressRefused));
    assert_eq!((configured.seen().len(), other.seen().len()), (2, 0));
}

/// A name that has a good address when it is asked for first, and another one from then on.
struct Rebinding(SocketAddr, AtomicUsize);

#[async_trait::async_trait]
impl Names for Rebinding {
    async fn addresses(&self, _: &str) -> io::Result<Vec<SocketAddr>> {
        let first = self.1.fetch_add(1, Ordering::SeqCst) == 0;
        Ok(vec![if first { self.0 } else { "169.254.169.254:80".parse().unwrap() }])
    }
}

#[tokio::test]
async fn the_address_that_was_looked_at_is_the_one_connected_to() {
    let certificate = Certificate::of(&["rebind.example.org"]);
    let server = Local::https(&certificate, |_| json(200, "", "{}")).await;
    let names = Arc::new(Rebinding(server.address, AtomicUsize::new(0)));
    let outbound = Outbound::with(Plan { names: names.clone(), extra: vec![certificate.der()], ..plan() });
    assert_eq!(get(&outbound, "https://rebind.example.org/").await, Ok(200));
    assert_eq!(names.1.load(Ordering::SeqCst), 1, "the name was looked up once");
    assert_eq!(get(&outbound, "https://rebind.example.org/").await, Err(Trouble::AddressRefused));
}

#[tokio::test]
async fn certificates_are_trusted_for_their_names_alone() {
    let certificate = Certificate::of(&["git.example.org"]);
    let server = Local::https(&certificate, |_| json(200, "", "{}")).await;
    let names = vec![("git.example.org", server.address), ("other.example.org", server.address)];
    let trusting = knowing(names.clone(), &certificate);
    assert_eq!(get(&trusting, "https://git.example.org/").await, Ok(200));
    assert!(matches!(get(&trusting, "https://other.example.org/").await, Err(Trouble::Certificate(_))));
    let other = knowing(names, &Certificate::of(&["git.example.org"]));
    assert!(matches!(get(&other, "https://git.example.org/").await, Err(Trouble::Certificate(_))));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_certificate_in_a_file_is_trusted_beside_the_computers() {
    let certificate = Certificate::of(&["localhost"]);
    let server = Local::https(&certificate, |_| json(200, "", "{}")).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let with = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Outbound::new(&OutboundSection { extra_ca: Some(path.clone()), ..OutboundSection::default() }, "test/1")
    };
    let url = format!("https://localhost:{}/", server.port());
    assert_eq!(get(&with(&certificate.pem()).unwrap(), &url).await, Ok(200));
    let other = with(&Certificate::of(&["localhost"]).pem()).unwrap();
    assert!(matches!(get(&other, &url).await, Err(Trouble::Certificate(_))));
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let said = with(text).unwrap_err();
        assert!(matches!(&said, OutboundError::Certificates(why) if why.contains("ca.pem")), "{said:?}");
    }
    assert!(matches!(Outbound::new(&OutboundSection::default(), "a\nb"), Err(OutboundError::UserAgent)));
}

#[tokio::test]
async fn what_is_logged_of_a_broken_call_has_no_secret_and_no_address() {
    let server = Local::http(|_| Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{".to_vec())).await;
    let at = provider(Provider::Gitlab, server.url());
    let said = outbound().refresh(&at, &secret("r3fresh")).await.unwrap_err();
    assert!(matches!(said, ProviderError::Unreachable(_)), "{said:?}");
    assert!(!said.to_string().contains("r3fresh") && !said.to_string().contains("127.0.0.1"), "{said}");
}
