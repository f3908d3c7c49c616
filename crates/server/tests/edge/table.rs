//! What is declared is what is mounted.

use std::collections::BTreeSet;

use latchkey_server::{Limits, routes};

use crate::{toy::toy, wire::ask};

#[test]
fn every_declared_endpoint_is_mounted_once() {
    let declared: BTreeSet<_> = latchkey_api::endpoints().map(|endpoint| endpoint.meta.id).collect();
    let routes = routes(toy(), Limits::default());
    assert_eq!(routes.mounted().iter().copied().collect::<BTreeSet<_>>(), declared);
    assert_eq!(routes.mounted().len(), declared.len());
}

#[tokio::test]
async fn every_declared_endpoint_is_found_under_its_method_and_path() {
    for endpoint in latchkey_api::endpoints() {
        let path = endpoint.meta.path.replace(['{', '}'], "");
        let answer = ask(toy(), &format!("{} {path}", endpoint.meta.method), &[], "").await;
        assert!(!matches!(answer.status, 404 | 405), "{} is answered {}", endpoint.meta.id, answer.status);
    }
}
