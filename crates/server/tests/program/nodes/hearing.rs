//! What happens on one node is heard on the other.

use latchkey_api::{
    activity::{Category, Push},
    api_keys::{ApiKeysApi, CreateApiKey, Scope},
    common::{Caller, PageQuery},
    instance::{InstanceApi, SignUpPolicy},
    problem::{CloseReason, ErrorCode},
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SessionPath, SessionsApi},
    wire::ETag,
};

use super::{Nodes, SOON, Stream, ada_joins, signs_in};

#[tokio::test]
async fn what_happens_on_one_node_is_heard_on_the_other() {
    let nodes = Nodes::new();
    let [here, there] = nodes.clients();
    let laptop = ada_joins(&[here.clone(), there.clone()]).await;
    let mut stream = Stream::open(&there, &laptop).await;

    let phone = signs_in(&here).await;
    let signed_in = stream.next().await;
    let Push::SignInNew { session_id, ip_address, .. } = signed_in else { panic!("{signed_in:?}") };
    assert_eq!(ip_address.as_deref(), Some("127.0.0.1"), "read in the database, not in the notice");
    assert_eq!(there.list_sessions(&laptop, PageQuery::default()).await.unwrap().items.len(), 2);

    let patch = ProfilePatch { location: Some(Some("London".into())), ..ProfilePatch::default() };
    here.update_profile(&phone, IfMatch { if_match: ETag("*".into()) }, patch).await.unwrap();
    assert_eq!(stream.next().await, Push::ActivityNew { category: Category::Profile });
    assert_eq!(there.get_profile(&laptop).await.unwrap().value.location.as_deref(), Some("London"));

    let mut at_phone = Stream::open(&here, &phone).await;
    there.close_session(&laptop, SessionPath { id: session_id.to_string() }).await.unwrap();
    // At once: each request reads the database.
    let refused = here.get_profile(&phone).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SessionClosed);
    assert_eq!(at_phone.next().await, Push::SessionClosed { reason: Some(CloseReason::ClosedElsewhere) });

    // Of a third process, which ends as soon as it has told it.
    nodes.command(&["admin", "user", "close-sessions", "ada"]);
    let refused = here.get_profile(&laptop).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SessionClosed);
    let mut last = stream.next().await;
    while matches!(last, Push::ActivityNew { .. }) {
        last = stream.next().await;
    }
    assert_eq!(last, Push::SessionClosed { reason: Some(CloseReason::ClosedByAdministrator) });
}

/// Ends the connections by which the nodes listen, and listens on when they are back.
#[tokio::test]
async fn nodes_that_were_cut_off_look_at_once_what_they_missed() {
    let nodes = Nodes::new();
    let [here, there] = nodes.clients();
    let laptop = ada_joins(&[here.clone(), there.clone()]).await;
    let mut stream = Stream::open(&there, &laptop).await;
    // Nobody hears of this: nothing but the database says it.
    nodes.database.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND query LIKE 'LISTEN %'; \
         UPDATE sessions SET closed_at = 1, close_reason = 'closed_by_administrator'",
    );
    nodes.listen(2);
    assert_eq!(stream.next().await, Push::SessionClosed { reason: Some(CloseReason::ClosedByAdministrator) });
}

#[tokio::test]
async fn what_is_no_notice_is_ignored() {
    let nodes = Nodes::new();
    let [here, there] = nodes.clients();
    let laptop = ada_joins(&[here.clone(), there.clone()]).await;
    let mut stream = Stream::open(&there, &laptop).await;
    for nonsense in ["", "{", "[]", r#"{"from":"x","kind":"of tomorrow"}"#, &"x".repeat(7_999)] {
        nodes.database.sql(&format!("SELECT pg_notify('latchkey', '{nonsense}')"));
    }
    signs_in(&here).await;
    assert!(matches!(stream.next().await, Push::SignInNew { .. }));
}

#[tokio::test]
async fn a_policy_holds_on_every_node_within_a_second_or_two() {
    let nodes = Nodes::new();
    let clients = nodes.clients();
    let begun = tokio::time::Instant::now();
    nodes.command(&["admin", "policy", "set", "sign_up", "closed"]);
    for client in clients {
        while client.get_instance(&Caller::default()).await.unwrap().sign_up != SignUpPolicy::Closed {
            assert!(begun.elapsed() < SOON, "with the next upkeep it would be up to fifteen seconds");
        }
    }
}

/// Each node is told what the other let through.
#[tokio::test]
async fn an_api_key_has_one_quota_on_all_nodes() {
    const QUOTA: u32 = 600;
    const USED: u32 = 300;
    let nodes = Nodes::with(&[("LATCHKEY_POLICY__API_KEY_RATE", &QUOTA.to_string())]);
    let [here, there] = nodes.clients();
    let me = ada_joins(&[here.clone(), there.clone()]).await;
    let asked = CreateApiKey { name: "Nightly".into(), scopes: vec![Scope::Api], expires_at: None };
    let token = here.create_api_key(&me, asked).await.unwrap().token;
    let remaining = |served: usize| {
        let head = format!("Authorization: Bearer {}\r\n", token.expose());
        let answer = crate::metrics::ask_with(nodes.served[served].address, "/v1/me", &head);
        let line = answer.lines().find(|line| line.to_lowercase().starts_with("ratelimit:"));
        let line = line.unwrap_or_else(|| panic!("a rate limit in {answer}"));
        let left = line.split("r=").nth(1).and_then(|rest| rest.split(';').next());
        left.unwrap_or_else(|| panic!("{line}")).trim().parse::<u32>().unwrap()
    };
    for _ in 0..USED {
        remaining(0);
    }
    let begun = tokio::time::Instant::now();
    let (mut asked, mut least) = (0, QUOTA);
    // What comes back meanwhile is less than half of what was used there.
    while least > QUOTA - USED / 2 {
        least = remaining(1);
        asked += 1;
        assert!(begun.elapsed() < SOON && asked < USED / 3, "{asked} requests here, and {least} left");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}
