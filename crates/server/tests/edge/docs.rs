//! The page for people.

use crate::{
    toy::toy,
    wire::{Answer, ask},
};

async fn page(host: &str, known: &str) -> Answer {
    ask(toy(), "GET /docs", &[("host", host), ("if-none-match", known)], "").await
}

#[tokio::test]
async fn it_shows_every_endpoint_and_every_code_and_asks_no_other_host() {
    let answer = page("accounts.example.org", "").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    for endpoint in latchkey_api::endpoints() {
        let meta = endpoint.meta;
        assert!(html.contains(&format!("<h3 id=\"{}\">{}</h3>", meta.id, meta.summary)), "{}", meta.id);
        let route = format!("<b class=\"{0}\">{0}</b> <code>{1}</code>", meta.method, meta.path);
        assert!(html.contains(&route), "{}", meta.id);
    }
    for code in latchkey_api::problem::ErrorCode::ALL {
        assert!(html.contains(&format!("id=\"code-{code}\"")), "{code}");
    }
    // Links lead to places on the page, but for the document itself.
    for target in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let found = target == "/openapi.json" || html.contains(&format!("id=\"{}\"", target.trim_start_matches('#')));
        assert!(found, "{target} is nowhere");
    }
    for foreign in ["src=", "@import", "url(", "<script", "<link"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; style-src 'sha256-"));
}

#[tokio::test]
async fn its_lines_name_the_server_it_was_loaded_from() {
    let lines = async |host: &str| {
        let html = String::from_utf8(page(host, "").await.body.to_vec()).unwrap();
        assert!(!html.contains('\u{e000}'), "{host}");
        let (_, line) = html.split_once("curl '").unwrap();
        line.split_once("/v1/").unwrap().0.to_owned()
    };
    assert_eq!(lines("accounts.example.org").await, "https://accounts.example.org");
    assert_eq!(lines("localhost:8787").await, "http://localhost:8787");
    assert_eq!(lines("x'$(reboot)<b>").await, "https://accounts.example.org", "a placeholder, and not what was sent");
}

#[tokio::test]
async fn its_tag_is_of_what_the_reader_sees() {
    let here = page("localhost:8787", "").await;
    let there = page("accounts.example.org", "").await;
    assert_ne!(here.header("etag"), there.header("etag"));
    let again = page("localhost:8787", here.header("etag")).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(page("accounts.example.org", here.header("etag")).await.status, 200);
}
