//! Practising with backup codes.
use std::time::Duration;

use latchkey_store::*;

use crate::world::*;

/// Somebody who switches two-factor authentication off elsewhere while they practise has no codes: nothing of what they type
/// is wrong then, and nothing is counted.
#[tokio::test]
async fn where_two_factor_authentication_is_off_nothing_is_looked_at_or_counted() {
    let world = World::new().await;
    let ada = world.with_account("ada").await;
    let (session, _) = world.with_session(ada.account_id, NOW).await;
    let limit = AttemptLimit { attempts: 1, pause: Duration::from_mins(15) };
    for _ in 0..2 {
        let practice = Practice {
            by: session.session_id,
            code_hash: Some([7; 32]),
            door: "session".to_owned(),
            limit: Some(limit),
            now: NOW,
            event: event("second_factor_paused", NOW),
        };
        let practised = world.store.practise_backup_code(ada.account_id, practice).await.unwrap();
        assert_eq!(practised, Practised::Off);
    }
    let counted = world.store.count_second_factor(ada.account_id, "session", limit, NOW).await.unwrap();
    assert!(matches!(counted, Attempt::Allowed { .. }), "{counted:?}");
}
