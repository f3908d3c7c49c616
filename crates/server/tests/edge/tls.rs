//! Handshakes: how long they are waited for.

use std::time::Duration;

use latchkey_server::{CertificateFiles, Connections, Limits, Tls};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    toy::toy,
    wire::{exchange, listen},
};

/// Bytes of the beginning of a handshake: a record of 256 bytes is announced, and none comes.
const BEGUN: &[u8] = &[0x16, 3, 1, 1, 0];

#[tokio::test]
async fn who_is_silent_in_the_handshake_holds_no_place_for_long() {
    let folder = tempfile::tempdir().unwrap();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("server.pem"), folder.path().join("server.key"));
    std::fs::write(&certificate, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let tls = Tls::load(&CertificateFiles { certificate, key }).unwrap().with_patience(Duration::from_millis(300));
    let connections = Connections { most: 2, tls: Some(tls), ..Connections::default() };
    let address = listen(toy(), Limits::default(), connections).await;
    let mut silent = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
    silent[1].write_all(BEGUN).await.unwrap();
    let ask = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let answer = timeout(Duration::from_secs(10), exchange(address, ask)).await.expect("a place");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    for stream in &mut silent {
        let closed = timeout(Duration::from_secs(10), stream.read(&mut [0; 64])).await.expect("an end");
        assert!(matches!(closed, Ok(0) | Err(_)), "{closed:?}");
    }
}
