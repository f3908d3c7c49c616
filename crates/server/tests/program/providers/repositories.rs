//! Repositories a connection reaches.

use latchkey_api::integrations::{RepositoriesQuery, Repository, Visibility};
use serde_json::json;

use super::{at_both, there::LOGIN, *};

at_both! {
    they_are_listed_page_by_page
    they_are_searched
    rows_without_what_they_have_to_have_are_left_out
}

/// Beside the four that are always there.
const MORE: usize = 121;

async fn they_are_listed_page_by_page(kind: Kind) {
    let there = There::described(kind, json!({"repositories": MORE})).await;
    there.connects(LOGIN).await;
    let (mut found, mut after) = (Vec::<Repository>::new(), None);
    let mut pages = 0;
    loop {
        let query = RepositoriesQuery { after: after.clone(), limit: Some(50), ..there.all() };
        let page = there.client.list_repositories(&there.me, query).await.unwrap();
        (pages, after) = (pages + 1, page.next);
        found.extend(page.items);
        if after.is_none() {
            break;
        }
    }
    let names: std::collections::BTreeSet<_> = found.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((pages, found.len(), names.len()), (3, MORE + 4, MORE + 4));

    let url = there.provider.url();
    let tools = found.iter().find(|one| one.name == "northwind/tools").unwrap();
    let expected = Repository {
        name: "northwind/tools".into(),
        description: Some("Tools of the house".into()),
        visibility: Visibility::Private,
        default_branch: Some("trunk".into()),
        clone_url: format!("{url}/northwind/tools.git"),
        web_url: format!("{url}/northwind/tools"),
    };
    assert_eq!(*tools, expected);
    let of = |name: &str| found.iter().find(|one| one.name == name).unwrap();
    assert_eq!(of("maren/dotfiles").visibility, Visibility::Public);
    assert_eq!(of("northwind/handbook").visibility, Visibility::Internal);
    if kind == Kind::Gitlab {
        assert_eq!(of("northwind/empty").default_branch, None);
    }
    there.keeps_to_the_description();
}

async fn they_are_searched(kind: Kind) {
    let there = There::described(kind, json!({"repositories": MORE})).await;
    there.connects(LOGIN).await;
    let search = async |text: &str| -> Vec<String> {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let query = RepositoriesQuery { search: Some(text.into()), after, ..there.all() };
            let page = there.client.list_repositories(&there.me, query).await.unwrap();
            found.extend(page.items.into_iter().map(|one| one.name));
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
    };
    assert_eq!(search("TOOLS").await, ["northwind/tools"]);
    assert_eq!(search("service-12").await, ["northwind/service-120", "northwind/service-121"]);
    assert_eq!(search("northwind/hand").await, ["northwind/handbook"]);
    assert_eq!(search("nothing of the kind").await, [""; 0]);
    assert_eq!(search("service").await.len(), MORE);
    there.keeps_to_the_description();
}

async fn rows_without_what_they_have_to_have_are_left_out(kind: Kind) {
    let there = There::described(kind, json!({})).await;
    there.connects(LOGIN).await;
    there.provider.set(&json!({"malformed": true}));
    assert_eq!(there.client.list_repositories(&there.me, there.all()).await.unwrap().items, []);
    // That answers are held against the description shows where they do not keep to it.
    if kind == Kind::Github {
        let violations = there.provider.seen("/violations").to_string();
        assert!(violations.contains("full_name"), "{violations}");
    }
}

/// The examples in GitHub's own description, as Prism answers them.
#[tokio::test]
async fn what_github_documents_is_understood() {
    let there = There::described(Kind::Github, json!({"examples": true})).await;
    let made = there.connects(LOGIN).await;
    assert_eq!((made.login.as_deref(), made.healthy), (Some("octocat"), Some(true)));
    let found = there.client.list_repositories(&there.me, there.all()).await.unwrap().items;
    let names: Vec<_> = found.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["octocat/Hello-World"]);
    assert_eq!(found[0].clone_url, format!("{}/octocat/Hello-World.git", there.provider.url()));
    there.keeps_to_the_description();
}
