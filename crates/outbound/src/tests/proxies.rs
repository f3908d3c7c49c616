//! Proxies of the environment, which is read when a process starts: the calls are made in one of their own.

use std::process::Command;

use reqwest::{Method, Request};

use super::local::{Local, json};
use crate::{Outbound, OutboundSection, trouble::Trouble};

/// Where the process of its own finds this computer's server.
const HERE: &str = "LATCHKEY_TEST_HERE";

async fn get(url: &str) -> Result<u16, Trouble> {
    let outbound = Outbound::new(&OutboundSection::default(), "latchkey-test/1").unwrap();
    let request = Request::new(Method::GET, url.parse().unwrap());
    outbound.send(request, 1024).await.map(|answer| answer.status.as_u16())
}

#[tokio::test]
async fn a_proxy_is_asked_for_others_and_not_for_this_computer() {
    if let Ok(here) = std::env::var(HERE) {
        assert_eq!(get(&here).await, Ok(200));
        // The proxy refuses; what counts is that it was asked.
        assert!(get("https://git.example.org/").await.is_err());
        assert_eq!(get("https://169.254.169.254/").await, Err(Trouble::AddressRefused));
        // Named in NO_PROXY: there is no such host, and nobody else is asked for it.
        assert_eq!(get("https://inside.invalid/").await, Err(Trouble::NameUnknown));
        return;
    }
    let proxy = Local::http(|_| json(403, "", "")).await;
    let here = Local::http(|_| json(200, "", "{}")).await;
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "tests::proxies::a_proxy_is_asked_for_others_and_not_for_this_computer"]);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "NO_PROXY", "REQUEST_METHOD"] {
        again.env_remove(name);
    }
    again
        .env("HTTPS_PROXY", proxy.url())
        .env("HTTP_PROXY", proxy.url())
        .env("NO_PROXY", "invalid")
        .env(HERE, here.url());
    let output = tokio::task::spawn_blocking(move || again.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let lines: Vec<String> = proxy.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, ["CONNECT git.example.org:443"]);
    assert_eq!(here.seen().len(), 1);
}
