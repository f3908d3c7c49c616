//! TLS without a proxy, as curl and OpenSSL see it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, ChildStdout, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::{
    certificates::Authority,
    program::{Home, Served, ended},
    serving::{ada, sign_in},
    tools,
};

const PATIENCE: Duration = Duration::from_secs(30);

fn serve(home: &Home, authority: &Authority) -> Served {
    let tls = authority.environment();
    let mut environment: Vec<_> = tls.iter().map(|(name, value)| (*name, value.as_str())).collect();
    environment.extend([("LATCHKEY_LOG__FORMAT", "json"), ("LATCHKEY_LOG__LEVEL", "trace")]);
    home.serve(&environment)
}

fn curl(authority: &Authority, address: SocketAddr, path: &str, arguments: &[&str]) -> std::process::Command {
    let mut command = tools::system("curl");
    command.args(["-sS", "--ipv4", "--cacert"]).arg(authority.path("ca.pem")).args(arguments);
    command.arg(format!("https://localhost:{}{path}", address.port()));
    command
}

/// What OpenSSL says of a connection.
fn s_client(address: SocketAddr, arguments: &[&str]) -> String {
    let mut command = tools::system("openssl");
    command.args(["s_client", "-connect", &address.to_string(), "-servername", "localhost"]).args(arguments);
    let (_, out, err) = tools::output(&mut command);
    format!("{out}{err}")
}

fn fingerprint(address: SocketAddr) -> String {
    let shown = s_client(address, &[]);
    ended(tools::system("openssl").args(["x509", "-noout", "-fingerprint", "-sha256"]), &shown).well()
}

fn post(authority: &Authority, address: SocketAddr, path: &str, body: &Value) -> Value {
    let json = ["-H", "Content-Type: application/json", "-d", &body.to_string()];
    serde_json::from_str(&tools::well(&mut curl(authority, address, path, &json))).unwrap()
}

/// Signs up and in; the answer.
fn signed_in(authority: &Authority, address: SocketAddr) -> Value {
    let (ada, sign_in) = (ada(), sign_in());
    let password = ada.password.expose();
    let account =
        serde_json::json!({"username": ada.username, "email": ada.email, "name": ada.name, "password": password});
    post(authority, address, "/v1/accounts", &account);
    post(authority, address, "/v1/sessions", &serde_json::json!({"login": sign_in.login, "password": password}))
}

#[test]
fn both_versions_of_http_over_both_versions_of_tls() {
    let (home, authority) = (Home::new(), Authority::new());
    authority.put();
    let served = serve(&home, &authority);
    for (http, tls, version) in
        [("--http2", "--tlsv1.3", "2"), ("--http2", "--tls-max=1.2", "2"), ("--http1.1", "--tlsv1.3", "1.1")]
    {
        let tls: Vec<_> = tls.split('=').collect();
        let arguments = [&[http, "-D", "-", "-o", "/dev/null", "-w", "%{http_version}"], tls.as_slice()].concat();
        let said = tools::well(&mut curl(&authority, served.address, "/v1/instance", &arguments)).to_lowercase();
        assert!(said.ends_with(version), "{said}");
        assert!(said.contains("\r\nstrict-transport-security: max-age=31536000; includesubdomains\r\n"), "{said}");
        assert!(said.contains("\r\ncontent-length: "), "{said}");
    }
    assert!(s_client(served.address, &["-alpn", "h2"]).contains("ALPN protocol: h2"));
    let old = s_client(served.address, &["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]);
    assert!(old.contains("no peer certificate available") && old.contains("SSL alert number"), "{old}");
    // Who asks is known as before.
    let signed_in = signed_in(&authority, served.address);
    assert_eq!(signed_in["session"]["ip_address"], "127.0.0.1");
    served.signal("TERM");
    let ended = served.end();
    assert_eq!(ended.code, 0);
    // Neither those who speak TLS nor those who speak HTTP/2 tell what they are told, at their most talkative.
    for secret in [signed_in["token"].as_str().unwrap(), ada().password.expose(), "example.org"] {
        assert_eq!(ended.err.lines().find(|line| line.contains(secret)), None, "{secret} is in the log");
    }
}

#[test]
fn plain_http_is_told_to_speak_tls() {
    let (home, authority) = (Home::new(), Authority::new());
    authority.put();
    let served = serve(&home, &authority);
    let ask = |bytes: &str| {
        let mut stream = TcpStream::connect(served.address).unwrap();
        write!(stream, "{bytes}").unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    let answer = ask("GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("https://"), "{answer}");
    assert_eq!(ask("\0nonsense"), "");
}

/// An event stream of curl's.
struct Listening {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Listening {
    fn start(authority: &Authority, address: SocketAddr, token: &str) -> Self {
        let bearer = format!("Authorization: Bearer {token}");
        let mut command = curl(authority, address, "/v1/me/events/stream", &["-N", "--http2", "-H", &bearer]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut listening = Self { child, lines };
        assert_eq!(listening.line(), ": ok");
        listening
    }

    /// The next line that is not empty and no sign of life.
    fn line(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the stream has ended");
            if !matches!(line.trim_end(), "" | ":") {
                return line.trim_end().to_owned();
            }
        }
    }
}

#[tokio::test]
async fn a_new_certificate_is_taken_while_connections_stay_open() {
    let (home, authority) = (Home::new(), Authority::new());
    authority.put();
    let served = serve(&home, &authority);
    let address = served.address;
    let token = signed_in(&authority, address)["token"].as_str().unwrap().to_owned();
    let mut listening = Listening::start(&authority, address, &token);
    let another = async |than: &str| {
        tools::eventually(PATIENCE, async || Some(fingerprint(address)).filter(|found| found != than)).await
    };

    // By signal.
    let first = fingerprint(address);
    authority.put();
    served.signal("HUP");
    let second = another(&first).await;
    // What cannot be used changes nothing.
    authority.write("server.pem", "no certificate");
    served.signal("HUP");
    assert_eq!(fingerprint(address), second);
    // By itself, because the files are others.
    authority.put();
    another(&second).await;

    let password = ada();
    post(
        &authority,
        address,
        "/v1/sessions",
        &serde_json::json!({"login": "ada", "password": password.password.expose()}),
    );
    assert_eq!(listening.line(), "event: sign_in.new", "the connection of the first certificate lives");
    served.signal("TERM");
    assert!(listening.child.wait().unwrap().success(), "the stream is ended, not cut off");
    let ended = served.end();
    assert_eq!(ended.code, 0);
    assert!(ended.err.contains("the certificate stays as it is"), "{}", ended.err);
    assert!(
        ended.err.contains("this is no certificate") || ended.err.contains("no certificate (PEM)"),
        "{}",
        ended.err
    );
}

#[test]
fn what_cannot_be_used_is_refused_at_the_start() {
    let (home, authority, other) = (Home::new(), Authority::new(), Authority::new());
    let (file, key) = (authority.path("server.pem"), authority.path("server.key"));
    let serve = |key: &std::path::Path| {
        let (file, key) = (file.to_str().unwrap(), key.to_str().unwrap());
        let ended = home.run(&["serve", "--listen", "127.0.0.1:0", "--tls-certificate", file, "--tls-key", key], "");
        (ended.code, ended.err)
    };
    let refused = |(code, said): (i32, String), words: &[&str]| {
        assert_eq!(code, 2, "{said}");
        for word in words {
            assert!(said.contains(word), "{said:?} lacks {word:?}");
        }
    };
    refused(serve(&key), &["server.pem", "No such file"]);
    authority.put_until(2020);
    refused(serve(&key), &["server.pem", "expired"]);
    authority.put();
    other.put();
    refused(serve(&other.path("server.key")), &["server.key", "not the one of the certificate"]);
    refused(serve(&file), &["server.pem", "no private key"]);
    authority.write("server.pem", "nonsense");
    refused(serve(&key), &["server.pem", "no certificate"]);
    let alone = home.run(&["serve", "--tls-certificate", file.to_str().unwrap()], "");
    refused((alone.code, alone.err), &["tls.certificate", "--tls-certificate", "tls.key has to be set"]);
}
