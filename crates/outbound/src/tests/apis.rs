//! Who a token stands for, and what it reaches.

use latchkey_api::{instance::Provider, integrations::Visibility};
use latchkey_service::{ProviderError, RepositoriesAsked, SourceCodeProviders};
use serde_json::{Value, json as value};

use super::local::{Local, json, outbound, provider, secret};

const ALL: RepositoriesAsked<'_> = RepositoriesAsked { search: None, page: 2, rows: 50 };

#[tokio::test]
async fn github_says_who_it_is_and_what_was_granted() {
    let server = Local::http(|_| {
        json(200, "X-OAuth-Scopes: repo, read:org\r\n", r#"{"id":583231,"login":"octocat","node_id":"x","plan":{}}"#)
    })
    .await;
    let at = provider(Provider::Github, server.url());
    let user = outbound().user(&at, &secret("gho_a")).await.unwrap();
    assert_eq!((user.subject.as_str(), user.login.as_str()), ("583231", "octocat"));
    assert_eq!(user.scopes.unwrap(), ["repo", "read:org"]);
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /api/v3/user");
    assert_eq!(seen.header("authorization"), Some("Bearer gho_a"));
    assert_eq!(seen.header("accept"), Some("application/vnd.github+json"));
    assert_eq!(seen.header("x-github-api-version"), Some("2022-11-28"));
}

#[tokio::test]
async fn gitlab_says_who_it_is() {
    let server = Local::http(|_| json(200, "", r#"{"id":7,"username":"maren","state":"active"}"#)).await;
    let at = provider(Provider::Gitlab, format!("{}/code", server.url()));
    let user = outbound().user(&at, &secret("glpat")).await.unwrap();
    assert_eq!((user.subject.as_str(), user.login.as_str(), user.scopes), ("7", "maren", None));
    assert_eq!(server.seen()[0].line, "GET /code/api/v4/user");
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_told_from_what_is_wrong_with_the_provider() {
    let limited = "X-RateLimit-Remaining: 0\r\nRetry-After: 30\r\n";
    for (status, headers, expected) in [
        (401, "", ProviderError::Revoked("status 401".into())),
        (403, "", ProviderError::Refused("status 403".into())),
        (403, limited, ProviderError::TooOften { retry_after: Some(30) }),
        (429, "", ProviderError::TooOften { retry_after: None }),
        (301, "Location: https://example.org/\r\n", ProviderError::Unreachable("status 301".into())),
        (503, "", ProviderError::Unreachable("status 503".into())),
    ] {
        for kind in [Provider::Github, Provider::Gitlab] {
            let server = Local::http(move |_| json(status, headers, r#"{"message":"gho_a is bad"}"#)).await;
            let at = provider(kind, server.url());
            assert_eq!(outbound().user(&at, &secret("gho_a")).await.unwrap_err(), expected);
            assert_eq!(outbound().repositories(&at, &secret("gho_a"), &ALL).await.unwrap_err(), expected);
        }
    }
    for body in ["", "<html>", "{}", r#"{"id":"x","login":7}"#, r#"{"id":1,"login":"a b"}"#, r#"{"id":1,"login":""}"#] {
        let server = Local::http(move |_| json(200, "", body)).await;
        let said = outbound().user(&provider(Provider::Github, server.url()), &secret("a")).await.unwrap_err();
        assert!(matches!(said, ProviderError::Unreachable(_)), "{body}: {said:?}");
    }
}

fn github_row(host: &str, name: &str) -> Value {
    value!({
        "full_name": name,
        "description": null,
        "private": true,
        "visibility": "internal",
        "default_branch": "main",
        "clone_url": format!("http://{host}/{name}.git"),
        "html_url": format!("http://{host}/{name}"),
        "owner": {"login": "northwind"},
    })
}

#[tokio::test]
async fn repositories_of_github_are_listed() {
    let server = Local::http(|seen| {
        let host = seen.header("host").unwrap();
        let mut old = github_row(host, "northwind/old");
        old.as_object_mut().unwrap().remove("visibility");
        let mut elsewhere = github_row(host, "northwind/elsewhere");
        elsewhere["clone_url"] = "https://evil.example.org/a.git".into();
        let rows = value!([
            github_row(host, "northwind/tools"),
            old,
            elsewhere,
            {"full_name": "northwind/broken"},
            null,
            github_row(host, "northwind/last"),
        ]);
        let link = format!("Link: <http://{host}/user/repos?page=3>; rel=\"next\"\r\n");
        json(200, &link, &rows.to_string())
    })
    .await;
    let at = provider(Provider::Github, server.url());
    let page = outbound().repositories(&at, &secret("a"), &ALL).await.unwrap();
    let names: Vec<&str> = page.items.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["northwind/tools", "northwind/old", "northwind/last"]);
    assert_eq!(page.items[0].visibility, Visibility::Internal);
    assert_eq!(page.items[1].visibility, Visibility::Private);
    assert_eq!(page.items[0].clone_url, format!("{}/northwind/tools.git", server.url()));
    assert_eq!(page.items[0].default_branch.as_deref(), Some("main"));
    assert!(page.more);
    assert_eq!(server.seen()[0].line, "GET /api/v3/user/repos?sort=full_name&per_page=50&page=2");
}

/// A GitHub with 250 repositories, of which every fifth has `tool` in its name.
async fn many() -> Local {
    Local::http(|seen| {
        let host = seen.header("host").unwrap();
        let number = |name: &str| seen.query(name).unwrap().parse::<usize>().unwrap();
        let (page, rows) = (number("page"), number("per_page"));
        let name = |n: usize| format!("northwind/{}{n:03}", if n.is_multiple_of(5) { "Tool" } else { "site" });
        let range = ((page - 1) * rows..page * rows).take_while(|n| *n < 250);
        let all: Vec<Value> = range.map(|n| github_row(host, &name(n))).collect();
        let link = if page * rows < 250 { format!("Link: <http://{host}/>; rel=\"next\"\r\n") } else { String::new() };
        json(200, &link, &Value::Array(all).to_string())
    })
    .await
}

#[tokio::test]
async fn repositories_of_github_are_searched_by_their_names() {
    let server = many().await;
    let at = provider(Provider::Github, server.url());
    let outbound = outbound();
    let mut found = Vec::new();
    for page in 1..=4 {
        let asked = RepositoriesAsked { search: Some("tOOl"), page, rows: 15 };
        let answer = outbound.repositories(&at, &secret("a"), &asked).await.unwrap();
        assert_eq!(answer.more, page < 4, "page {page}");
        found.extend(answer.items.into_iter().map(|one| one.name));
    }
    let all: Vec<String> = (0..250).step_by(5).map(|n| format!("northwind/Tool{n:03}")).collect();
    assert_eq!(found, all);
    let asked = RepositoriesAsked { search: Some("none of them"), page: 1, rows: 15 };
    let none = outbound.repositories(&at, &secret("a"), &asked).await.unwrap();
    assert!(none.items.is_empty() && !none.more);
    assert!(server.seen().iter().all(|seen| seen.query("per_page").as_deref() == Some("100")));
}

#[tokio::test]
async fn projects_of_gitlab_are_listed_and_searched() {
    let server = Local::http(|seen| {
        let host = seen.header("host").unwrap();
        let rows = value!([
            {
                "path_with_namespace": "northwind/tools/cli",
                "description": "Tools\nfor people",
                "visibility": "private",
                "default_branch": null,
                "http_url_to_repo": format!("http://{host}/northwind/tools/cli.git"),
                "web_url": format!("http://{host}/northwind/tools/cli"),
            },
            {
                "path_with_namespace": "northwind/ssh-only",
                "visibility": "private",
                "http_url_to_repo": null,
                "web_url": format!("http://{host}/northwind/ssh-only"),
            },
        ]);
        json(200, "Link: <http://x/>; rel=\"first\"\r\n", &rows.to_string())
    })
    .await;
    let at = provider(Provider::Gitlab, server.url());
    let asked = RepositoriesAsked { search: Some("a&b"), page: 1, rows: 20 };
    let page = outbound().repositories(&at, &secret("a"), &asked).await.unwrap();
    let [only] = &page.items[..] else { panic!("one row: {page:?}") };
    assert_eq!(only.description.as_deref(), Some("Tools for people"));
    assert_eq!((only.visibility, &only.default_branch, page.more), (Visibility::Private, &None, false));
    assert_eq!(
        server.seen()[0].line,
        "GET /api/v4/projects?membership=true&order_by=path&sort=asc&per_page=20&page=1&search=a%26b\
         &search_namespaces=true"
    );
}
