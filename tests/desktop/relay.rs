//! A way to a server that can go wrong: it cuts, stalls or answers in the server's place when it is told to.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
};

use rcgen::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, crypto::ring, pki_types::PrivateKeyDer};

/// What happens to requests on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// They arrive.
    Clear,
    /// Uploads of an avatar are cut off in the middle.
    CutsUploads,
    /// Uploads of an avatar stop half way, until the way changes.
    HoldsUploads,
    /// Nothing is ever answered, until the way changes.
    Silent,
    /// Something answers 500, and not in Latchkey's words.
    Answers500,
    /// Something answers 200, and is a web site.
    IsAWebSite,
}

/// A relay on a port of its own.
pub(crate) struct Relay {
    address: SocketAddr,
    way: Arc<(Mutex<Way>, Condvar)>,
}

impl Relay {
    /// Relays to a server.
    pub(crate) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let way = Arc::new((Mutex::new(Way::Clear), Condvar::new()));
        let shared = Arc::clone(&way);
        // Ends with the test's process; nothing waits for it.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || relay(client, server, &shared));
            }
        });
        Self { address, way }
    }

    /// What a person types to connect through it.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes what happens from now on.
    pub(crate) fn becomes(&self, way: Way) {
        *self.way.0.lock().unwrap() = way;
        self.way.1.notify_all();
    }
}

/// One connection. Requests are small or begin a piece of their own, so that each is seen from its first byte.
fn relay(mut client: TcpStream, server: SocketAddr, way: &(Mutex<Way>, Condvar)) {
    let Ok(mut server) = TcpStream::connect(server) else { return };
    let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = client.read(&mut piece) {
        let upload = piece.starts_with(b"PUT /v1/me/avatar");
        let now = way.0.lock().unwrap();
        match *now {
            Way::CutsUploads if upload => break,
            Way::HoldsUploads if upload => hold(now, &way.1),
            Way::Silent => hold(now, &way.1),
            Way::Answers500 => {
                answer(&mut client, "500 Internal Server Error", "<h1>Oops</h1>");
                break;
            }
            Way::IsAWebSite => {
                answer(&mut client, "200 OK", "<h1>Welcome to our web site</h1>");
                break;
            }
            _ => drop(now),
        }
        if server.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

fn hold(now: MutexGuard<'_, Way>, changed: &Condvar) {
    let held = *now;
    drop(changed.wait_while(now, |way| *way == held).unwrap());
}

fn answer(client: &mut TcpStream, status: &str, page: &str) {
    let length = page.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close");
    let _ = client.write_all(format!("{head}\r\n\r\n{page}").as_bytes());
    // What is closed with something unread in it takes the answer down with it.
    let _ = client.shutdown(Shutdown::Write);
    let _ = std::io::copy(client, &mut std::io::sink());
}

/// A server whose certificate nobody vouches for. Answers its address.
pub(crate) fn impostor() -> SocketAddr {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let tls = Arc::new(tls);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut connection = ServerConnection::new(Arc::clone(&tls)).unwrap();
            // Nobody goes on after seeing the certificate.
            let _ = connection.complete_io(&mut client);
        }
    });
    address
}
