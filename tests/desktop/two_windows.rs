//! The same account in two apps on two computers: what is closed in one is gone from the other, at once.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{app::App, keychain, person::ADA, server::Server, stage::Stage};

/// What the issue of a closed session may take to be seen.
const AT_ONCE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_session_closed_in_one_app_empties_the_other() {
    let (a, b) = (Stage::set("two_windows_a"), Stage::set("two_windows_b"));
    let server = Server::start(&a);
    // The script that made the account leaves, so that there are the two apps alone.
    let script = ADA.joins(&server);
    assert_eq!(script.request("DELETE", "/v1/me/sessions/current", &[], &[]).status, 204);
    let first = App::open(&a).await;
    ADA.begins_on(&server, first.screen()).await;
    assert!(keychain::search_all(&a, "service", "latchkey").contains("lks_"), "the keychain has the token");
    let second = App::open(&b).await;
    ADA.begins_on(&server, second.screen()).await;

    // The first one hears of the sign-in.
    first.screen().get("button", "Alerts, 1 unread").await;
    ADA.opens(second.screen(), "Sessions").await;
    second.screen().press("button", "Close session").await;
    let pressed = Instant::now();
    first.screen().sees("This session was closed from another device").await;
    let took = pressed.elapsed();
    assert!(took < AT_ONCE, "it took {took:?}");
    let left = keychain::search_all(&a, "service", "latchkey");
    assert!(!left.contains("lks_"), "the token is gone from the keychain: {left}");
    assert_eq!(first.screen().value("Username or email").await, ADA.username);

    // Changing the password in one signs the other out as well, and says why.
    first.screen().fill("Password", ADA.password).await;
    first.screen().press("button", "Sign in").await;
    first.screen().arrives_at(ADA.name).await;
    ADA.opens(second.screen(), "Password").await;
    second.screen().fill("Current password", ADA.password).await;
    second.screen().fill("New password", "four brass owls at noon").await;
    second.screen().fill("Confirm new password", "four brass owls at noon").await;
    second.screen().press("button", "Change Password").await;
    second.screen().sees("Password changed").await;
    first.screen().sees("Your password was changed on another device").await;

    // While the app is not running, it says so at the next start.
    first.screen().fill("Password", "four brass owls at noon").await;
    first.screen().press("button", "Sign in").await;
    first.screen().arrives_at(ADA.name).await;
    first.close().await;
    let script = server.script().signed_in(ADA.username, "four brass owls at noon");
    let closed = script.request("DELETE", "/v1/me/sessions", &[], &[]);
    assert_eq!((closed.status, closed.json()), (200, json!({ "closed": 2 })));
    second.screen().sees("This session was closed from another device").await;
    let first = App::open(&a).await;
    first.screen().sees("This session was closed from another device").await;
    assert!(!keychain::search_all(&a, "service", "latchkey").contains("lks_"));
    first.close().await;
    second.close().await;
}
