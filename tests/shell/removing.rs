//! Removals that waited for their undo: they are for the account they were asked for, whoever is in the window by then.

use latchkey::{
    commands::{account, api_keys, ssh_keys},
    places::LOCAL,
};
use latchkey_api::{
    api_keys::{ApiKeysApi, CreateApiKey, Scope},
    common::{Caller, PageQuery},
    desktop::{AccountArgs, NoArgs, ShellCode},
    problem::ErrorCode,
    ssh_keys::{AddSshKey, SshKeysApi},
};
use latchkey_testkit::{Wiring, World, sign_up};
use uuid::Uuid;

use crate::{
    desk::{Desk, here, key_of},
    ssh_keys::KEY,
};

/// A desk where ada and then bob signed in: bob is in the window. Each has an API key and the same SSH key.
struct Two {
    desk: Desk,
    ada: Caller,
    bob: Caller,
    ada_keys: (Uuid, Uuid),
}

async fn two(world: &World) -> Two {
    let desk = Desk::of(world, "ada").await;
    let mut made = Vec::new();
    for username in ["ada", "bob"] {
        if username == "bob" {
            account::add_account(&desk, NoArgs {}).await.unwrap();
            account::create_account(&desk, sign_up("bob")).await.unwrap();
        }
        let key = CreateApiKey { name: "backup".into(), scopes: vec![Scope::Api], expires_at: Some(None) };
        let api = api_keys::create_api_key(&desk, key).await.unwrap().id;
        let ssh = AddSshKey { name: "Laptop".into(), public_key: KEY.into() };
        let ssh = ssh_keys::add_ssh_key(&desk, ssh).await.map(|key| key.id).unwrap_or_default();
        made.push((desk.ticket().unwrap().caller(), (api, ssh)));
    }
    let (ada, ada_keys) = made.remove(0);
    Two { desk, ada, bob: made.remove(0).0, ada_keys }
}

async fn counts(world: &World, who: &Caller) -> (usize, usize) {
    let api = world.service.list_api_keys(who, PageQuery::default()).await.unwrap().items.len();
    (api, world.service.list_ssh_keys(who, PageQuery::default()).await.unwrap().items.len())
}

#[tokio::test]
async fn a_removal_reaches_the_account_it_was_asked_for_and_no_other() {
    let world = World::new(Wiring::Direct).await;
    let Two { desk, ada, bob, ada_keys: (api, ssh) } = two(&world).await;
    let before = counts(&world, &bob).await;
    let other = api_keys::delete_api_key(&desk, key_of("bob", api)).await.unwrap_err();
    assert_eq!(other.code, ErrorCode::NotFound.into(), "it is not bob's");
    api_keys::delete_api_key(&desk, key_of("ada", api)).await.unwrap();
    ssh_keys::remove_ssh_key(&desk, key_of("ada", ssh)).await.unwrap();
    assert_eq!((counts(&world, &ada).await, counts(&world, &bob).await), ((0, 0), before));
    assert_eq!(desk.profile().profile.username, "bob", "the window stays where it is");
    let gone = ssh_keys::remove_ssh_key(&desk, key_of("ada", ssh)).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound.into());
}

#[tokio::test]
async fn somebody_who_goes_to_another_account_while_it_is_on_its_way_is_not_told_that_it_failed() {
    let world = World::new(Wiring::Direct).await;
    let Two { desk, ada, ada_keys: (api, ssh), .. } = two(&world).await;
    let to = |username: &str| AccountArgs { place: LOCAL.into(), username: username.into() };
    account::switch_account(&desk, to("ada")).await.unwrap();
    let fingerprint =
        world.service.list_ssh_keys(&ada, PageQuery::default()).await.unwrap().items[0].fingerprint.clone();
    desk.parts.keys.keep_passphrase(&here("ada"), &fingerprint, &latchkey_api::wire::Secret::new("horse")).await;
    for target in ["/v1/me/api-keys/", "/v1/me/ssh-keys/"] {
        desk.line.hold(target);
        let switch = async {
            desk.line.until_held(1).await;
            account::switch_account(&desk, to("bob")).await.unwrap();
            desk.line.release();
        };
        let removed = async {
            match target {
                "/v1/me/api-keys/" => api_keys::delete_api_key(&desk, key_of("ada", api)).await,
                _ => ssh_keys::remove_ssh_key(&desk, key_of("ada", ssh)).await,
            }
        };
        let (removed, ()) = tokio::join!(removed, switch);
        removed.unwrap();
        account::switch_account(&desk, to("ada")).await.unwrap();
    }
    assert_eq!(counts(&world, &ada).await, (0, 0));
    assert_eq!(desk.parts.keys.passphrase(&here("ada"), &fingerprint).await, Ok(None), "its passphrase went with it");
}

#[tokio::test]
async fn an_account_that_is_not_signed_in_here_any_more_is_told_so_and_one_whose_session_ended_leaves() {
    let world = World::new(Wiring::Direct).await;
    let Two { desk, ada_keys: (api, _), .. } = two(&world).await;
    desk.keychain.take_away(true);
    let locked = api_keys::delete_api_key(&desk, key_of("ada", api)).await.unwrap_err();
    assert_eq!(locked.code, ShellCode::KeychainUnavailable.into());
    desk.keychain.take_away(false);
    desk.line.fail("/v1/me/api-keys", ErrorCode::SessionClosed);
    let ended = api_keys::delete_api_key(&desk, key_of("ada", api)).await.unwrap_err();
    assert_eq!(ended.code, ErrorCode::SessionClosed.into());
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
    assert_eq!(desk.profile().profile.username, "bob");
    desk.line.repair();
    let gone = api_keys::delete_api_key(&desk, key_of("ada", api)).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::Unauthenticated.into());
    assert_eq!(gone.detail.as_deref(), Some("ada is not signed in on this computer any more."));
}
