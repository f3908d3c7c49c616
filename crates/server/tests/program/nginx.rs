//! The service behind nginx, by the configuration that administrators are given.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::Stdio,
};

use serde_json::{Value, json};

use crate::{
    program::Home,
    serving::{ada, sign_in},
    tools::{self, Running},
};

/// The address of somebody who is not the proxy.
const CLIENT: &str = "127.0.0.2";

#[test]
fn the_proxy_passes_on_who_asks_and_holds_no_event_back() {
    let home = Home::new();
    let served = home.serve(&[("LATCHKEY_SERVER__TRUSTED_PROXIES", "127.0.0.1"), ("LATCHKEY_LOG__FORMAT", "json")]);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let snippet = tools::snippet("ADMINISTRATION.md", "nginx.conf");
    let of_tls = |line: &&str| !line.trim_start().starts_with("ssl_");
    let plain: Vec<_> = snippet.lines().filter(of_tls).collect();
    let plain = plain.join("\n").replace("127.0.0.1:8787", &served.address.to_string());
    let plain = plain.replace("listen 443 ssl http2;", &format!("listen 127.0.0.1:{port};"));
    assert!(plain.contains(&served.address.to_string()) && plain.contains(&port.to_string()), "{plain}");
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("{what}_temp_path {};\n", home.file(what, "").with_extension("d").display()))
        .concat();
    let whole = format!(
        "daemon off;\nmaster_process off;\npid {};\nerror_log stderr notice;\nevents {{}}\nhttp {{\naccess_log off;\n\
         {temporary}{plain}\n}}\n",
        home.file("pid", "").display()
    );
    let mut nginx = tools::system("nginx");
    nginx.arg("-c").arg(home.file("nginx.conf", &whole)).args(["-e", "stderr"]);
    let (_nginx, ()) = Running::start(nginx, |line| line.contains("nginx/").then_some(())).expect("nginx runs");

    let curl = |path: &str, arguments: &[&str]| {
        let mut command = tools::system("curl");
        command.args(["-sS", "--interface", CLIENT]).args(arguments);
        command.args(["--retry", "20", "--retry-connrefused", "--retry-delay", "1"]);
        command.arg(format!("http://127.0.0.1:{port}{path}"));
        command
    };
    let send = |path: &str, body: &Value| {
        let forged = "X-Forwarded-For: 198.51.100.7";
        let json = ["-D", "-", "-H", "Content-Type: application/json", "-H", forged, "-d", &body.to_string()];
        let said = tools::well(&mut curl(path, &json));
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), serde_json::from_str::<Value>(body).unwrap())
    };
    let (ada, password) = (ada(), sign_in().password);
    let password = password.expose();
    send(
        "/v1/accounts",
        &json!({"username": ada.username, "email": ada.email, "name": ada.name, "password": password}),
    );
    let credentials = json!({"login": "ada", "password": password});
    let (head, signed_in) = send("/v1/sessions", &credentials);
    assert_eq!(signed_in["session"]["ip_address"], CLIENT, "whoever asks cannot say who they are");
    // The id is nginx's, so that both logs have it.
    let id = head.split_once("\r\nx-request-id: ").unwrap().1.split("\r\n").next().unwrap().to_owned();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");

    let bearer = format!("Authorization: Bearer {}", signed_in["token"].as_str().unwrap());
    let mut stream = curl("/v1/me/events/stream", &["-N", "-H", &bearer]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(stream.stdout.take().unwrap()).lines().map(Result::unwrap);
    // The first piece comes before there is a second one, and so does the next.
    assert_eq!(lines.next().as_deref(), Some(": ok"));
    send("/v1/sessions", &credentials);
    assert!(lines.any(|line| line == "event: sign_in.new"));
    let large = home.file("large", &"x".repeat(9_000_000));
    let put = ["-X", "PUT", "-H", &bearer, "-H", "Content-Type: image/png", "-T", large.to_str().unwrap()];
    let refused = tools::well(&mut curl("/v1/me/avatar", &put));
    assert!(refused.contains("request_id"), "what is too large is for the service to say: {refused}");
    served.signal("TERM");
    stream.wait().unwrap();
    let log = served.end().err;
    assert!(log.lines().any(|line| line.contains(&id) && line.contains("\"answered\"")), "{log}");
}
