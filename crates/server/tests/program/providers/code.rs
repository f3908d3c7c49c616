//! Authorisation codes with PKCE and a loopback redirect (RFC 6749, 7636, 8252, 9207).

use latchkey_api::{
    integrations::{AttemptStatus, Connect, ConnectMethod, FinishConnection},
    problem::{FieldCode, Problem},
    wire::Secret,
};
use serde_json::json;

use super::{
    at_both,
    there::{LOGIN, SECRET, brought, by_code, connected, words},
    *,
};

at_both! {
    an_account_is_connected_by_a_redirect
    the_person_says_no
    what_came_back_has_to_be_the_answer_to_this_attempt
    a_wrong_verifier_connects_nothing
    a_code_is_good_once
}

async fn an_account_is_connected_by_a_redirect(kind: Kind) {
    let there = There::described(kind, json!({})).await;
    let attempt = there.begins_code().await;
    let url = attempt.authorization_url.clone().unwrap();
    assert!(url.starts_with(there.provider.url()) && url.contains("code_challenge_method=S256"), "{url}");
    assert!(!url.contains(SECRET) && !url.contains("verifier"), "{url}");
    assert_eq!((attempt.user_code.as_deref(), attempt.verification_uri.as_deref()), (None, None));

    let back = there.provider.decides(&attempt, LOGIN, true);
    let made = connected(there.finishes(&attempt, brought(&back)).await.unwrap());
    assert_eq!((made.login.as_deref(), made.healthy, made.connected), (Some(LOGIN), Some(true), true));
    assert_eq!(there.listed().await, made);
    there.keeps_to_the_description();
}

async fn the_person_says_no(kind: Kind) {
    let there = There::at(kind).await;
    let attempt = there.begins_code().await;
    let back = there.provider.decides(&attempt, LOGIN, false);
    assert_eq!(back.get("error").as_deref(), Some("access_denied"));
    words(&there.finishes(&attempt, brought(&back)).await.unwrap(), AttemptStatus::Denied);
    assert!(!there.listed().await.connected);
}

/// RFC 6749 section 10.12, RFC 9207 section 2.4: somebody else's answer is refused, and the attempt goes on.
async fn what_came_back_has_to_be_the_answer_to_this_attempt(kind: Kind) {
    let there = There::at(kind).await;
    let attempt = there.begins_code().await;
    let back = there.provider.decides(&attempt, LOGIN, true);
    assert!(back.get("iss").is_some(), "the provider says who it is");
    let other = |change: fn(&mut FinishConnection)| {
        let mut finish = brought(&back);
        change(&mut finish);
        there.finishes(&attempt, finish)
    };
    for (change, pointer, code) in [
        ((|finish| finish.state.push('x')) as fn(&mut FinishConnection), "/state", FieldCode::Incorrect),
        (|finish| finish.state.clear(), "/state", FieldCode::Incorrect),
        (|finish| finish.iss = Some("https://evil.example".into()), "/iss", FieldCode::Incorrect),
        (|finish| finish.iss = Some(format!("{}/", finish.iss.take().unwrap())), "/iss", FieldCode::Incorrect),
        (|finish| finish.code = None, "/code", FieldCode::Missing),
    ] {
        refused_at(&other(change).await.unwrap_err(), pointer, code);
    }
    assert_eq!(there.provider.seen("/grants"), json!({}), "nobody was asked for a token");
    connected(there.finishes(&attempt, brought(&back)).await.unwrap());
}

/// The provider saw another challenge than the one of this attempt, as where somebody put their own code in its place.
async fn a_wrong_verifier_connects_nothing(kind: Kind) {
    let there = There::at(kind).await;
    there.provider.set(&json!({"swaps_challenge": true}));
    let attempt = there.begins_code().await;
    let back = there.provider.decides(&attempt, LOGIN, true);
    words(&there.finishes(&attempt, brought(&back)).await.unwrap(), AttemptStatus::Failed);
    assert_eq!(there.provider.seen("/grants"), json!({}));
    assert!(!there.listed().await.connected);
}

async fn a_code_is_good_once(kind: Kind) {
    let there = There::at(kind).await;
    let attempt = there.begins_code().await;
    let back = there.provider.decides(&attempt, LOGIN, true);
    connected(there.finishes(&attempt, brought(&back)).await.unwrap());
    let again = there.finishes(&attempt, brought(&back)).await.unwrap_err();
    assert_eq!(again.code(), ErrorCode::NotFound, "the attempt has ended");
    // In the answer to another attempt.
    let other = there.begins_code().await;
    let state = there.provider.decides(&other, LOGIN, false).get("state").unwrap();
    let replayed = FinishConnection { state, error: None, ..brought(&back) };
    words(&there.finishes(&other, replayed).await.unwrap(), AttemptStatus::Failed);
    let made_up = there.begins_code().await;
    let state = there.provider.decides(&made_up, LOGIN, true).get("state").unwrap();
    let finish = FinishConnection { state, code: Some(Secret::new("of nobody")), ..brought(&back) };
    words(&there.finishes(&made_up, finish).await.unwrap(), AttemptStatus::Failed);
}

#[tokio::test]
async fn the_browser_is_sent_to_this_computer_only() {
    let there = There::at(Kind::Gitlab).await;
    for redirect in [
        None,
        Some("https://evil.example/callback"),
        Some("http://127.0.0.1.evil.example:7777/callback"),
        Some("http://localhost:7777/callback"),
        Some("http://127.0.0.1:7777/elsewhere"),
        Some("http://127.0.0.1:7777/callback?more"),
        Some("http://ada@127.0.0.1:7777/callback"),
    ] {
        let body = Connect { redirect_uri: redirect.map(str::to_owned), ..by_code() };
        let refused = there.begins(body).await.unwrap_err();
        assert!(refused.errors().iter().any(|error| error.pointer == "/redirect_uri"), "{redirect:?}: {refused}");
    }
    let body = Connect { redirect_uri: Some("http://[::1]:7777/callback".into()), ..by_code() };
    let attempt = there.begins(body).await.unwrap();
    let back = there.provider.decides(&attempt, LOGIN, true);
    assert!(back.0.starts_with("http://[::1]:7777/callback?"), "{}", back.0);
    connected(there.finishes(&attempt, brought(&back)).await.unwrap());
}

/// GitHub gives no token for a code without the secret of the client.
#[tokio::test]
async fn github_offers_it_with_a_client_secret_alone() {
    let there = There::with(Kind::Github, None, json!({})).await;
    assert_eq!(there.listed().await.methods, [ConnectMethod::Device]);
    let refused = there.begins(by_code()).await.unwrap_err();
    assert!(refused.errors().iter().any(|error| error.pointer == "/method"), "{refused}");
    let there = There::at(Kind::Github).await;
    assert_eq!(there.listed().await.methods, [ConnectMethod::Device, ConnectMethod::AuthorizationCode]);
}

#[tokio::test]
async fn a_wrong_client_secret_is_the_administrators_to_mend() {
    for kind in [Kind::Github, Kind::Gitlab] {
        let there = There::at(kind).await;
        there.provider.set(&json!({"client_secret": "another"}));
        // It is found out when the code is spent.
        let attempt = there.begins_code().await;
        let back = there.provider.decides(&attempt, LOGIN, true);
        let said = there.finishes(&attempt, brought(&back)).await.unwrap();
        let said = words(&said, AttemptStatus::Failed).to_lowercase();
        assert!(said.contains("administrator"), "{said}");
    }
}

fn refused_at(problem: &Problem, pointer: &str, code: FieldCode) {
    let [error] = problem.errors() else { panic!("{problem}: {:?}", problem.errors()) };
    assert_eq!((error.pointer.as_str(), error.code), (pointer, code));
}
