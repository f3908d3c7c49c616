//! An administrator deletes all keys of somebody whose account others may have had.

use latchkey_api::{
    activity::{ActivityKind, ActivityQuery},
    api_keys::{PersonalApiKey, Scope},
    common::PageQuery,
    problem::ErrorCode,
    ssh_keys::{AddSshKey, AuthorizedKeysQuery},
};
use latchkey_service::RevokedUserKeys;
use latchkey_testkit::{Person, Wiring, World};

use crate::{
    api_keys::{asks_for, creates, generates, with},
    code, nobody,
};

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMx1TRceWSjTjv6cQgUwsJzJnZwkMP8ZYyMv2CGcvOJT";

#[tokio::test]
async fn all_keys_of_a_person_fail_at_once_and_nobody_elses() {
    let world = World::with(Wiring::Direct).mail().build().await;
    let (ada, bob) = (Person::joins(&*world.api, "ada").await, Person::joins(&*world.api, "bob").await);
    let bobs = generates(&world, &bob).await;
    world.post().next("bob@example.com", "personal API key").await;
    let personal = generates(&world, &ada).await;
    let named = with(&creates(&world, &ada, asks_for("Zither", &[Scope::Api])).await.token);
    let ssh = AddSshKey { name: "laptop".into(), public_key: ED25519.into() };
    world.api.add_ssh_key(&ada.caller, ssh).await.unwrap();
    for subject in ["personal API key", "new API key", "SSH key"] {
        world.post().next("ada@example.com", subject).await;
    }
    let revoked = world.service.revoke_user_keys("ADA").await.unwrap();
    assert_eq!(revoked, RevokedUserKeys { api_keys: 2, ssh_keys: 1 });
    for key in [&personal, &named] {
        assert_eq!(code(world.api.get_profile(key).await), ErrorCode::Unauthenticated);
    }
    world.api.get_profile(&bobs).await.unwrap();
    world.api.get_profile(&ada.caller).await.unwrap();
    let query = AuthorizedKeysQuery { username: "ada".into(), fingerprint: None };
    assert_eq!(world.api.get_authorized_keys(&nobody(), query).await.unwrap(), "");
    assert_eq!(
        world.api.get_api_key(&ada.caller).await.unwrap(),
        PersonalApiKey { exists: false, masked: None, created_at: None, last_used_at: None }
    );
    assert_eq!(world.api.list_api_keys(&ada.caller, PageQuery::default()).await.unwrap().items, []);
    let mut events = world.api.list_events(&ada.caller, ActivityQuery::default()).await.unwrap().items;
    events.truncate(3);
    let told: Vec<_> = events.iter().rev().map(|event| (event.kind, event.details.key.as_deref().unwrap())).collect();
    let expected = [
        (ActivityKind::ApiKeyDeleted, "Personal API key"),
        (ActivityKind::ApiKeyDeleted, "Zither"),
        (ActivityKind::SshKeyRemoved, "laptop"),
    ];
    assert_eq!(told, expected);
    assert_eq!(world.service.verify_activity(None).await.unwrap().broken, vec![]);
    let mail = world.post().next("ada@example.com", "deleted by the administrator").await;
    assert!(!mail.text.contains("Zither"), "{}", mail.text);
    // A second time there is nothing to delete, and nothing to tell.
    assert_eq!(world.service.revoke_user_keys("ada").await.unwrap(), RevokedUserKeys { api_keys: 0, ssh_keys: 0 });
    assert_eq!(world.post().subjects(), []);
    assert_eq!(code(world.service.revoke_user_keys("nobody").await), ErrorCode::NotFound);
}
