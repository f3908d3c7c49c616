//! The personal API key: from the service to the keychain and to the clipboard, and never into the page.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use latchkey::{
    commands::{account, api_keys, deletion, password, place, profile},
    places::LOCAL,
};
use latchkey_api::{
    api_keys::{ApiKeysApi, CreateApiKey, Scope},
    common::Caller,
    deletion::DeleteAccount,
    desktop::{Failure, FailureCode, ListArgs, NoArgs, PlaceArgs, ShellCode},
    problem::ErrorCode,
    profile::ProfileApi,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, proof};

use crate::desk::{Desk, here, key_of};

/// What the page repeats after its dialog proved who is there.
fn asked() -> FailureCode {
    ErrorCode::InsufficientUserAuthentication.into()
}

async fn in_keychain(desk: &Desk) -> Option<String> {
    desk.keychain.token(&here("ada").api_key()).await.map(|key| key.expose().to_owned())
}

async fn copies(desk: &Desk) -> Result<Option<String>, Failure> {
    api_keys::copy_api_key(desk, NoArgs {}).await?;
    Ok(desk.clipboard.secrets.lock().unwrap().last().cloned())
}

/// The key that holds, as the person sees it on another device just after they signed in there.
async fn elsewhere(world: &World) -> (Person, String) {
    let phone = Person::signs_in(&*world.api, "ada").await;
    let key = world.service.reveal_api_key(&phone.caller).await.unwrap().api_key;
    (phone, key.expose().to_owned())
}

#[tokio::test]
async fn a_new_key_goes_to_the_keychain_and_from_there_to_the_clipboard() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let none = api_keys::get_api_key(&desk, NoArgs {}).await.unwrap();
    assert!(!none.key.exists && !none.in_keychain);
    assert_eq!(copies(&desk).await.unwrap_err().code, ErrorCode::NotFound.into());
    let view = api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    let (_, key) = elsewhere(&world).await;
    assert!(view.in_keychain && view.key.masked.as_deref().unwrap().ends_with(&key[key.len() - 4..]));
    assert_eq!(in_keychain(&desk).await.as_ref(), Some(&key));
    assert!(!serde_json::to_string(&view).unwrap().contains(&key), "the page is not told");

    // No proof is asked for, however long ago the last one was.
    world.clock.advance(TimeDelta::hours(2));
    assert_eq!(copies(&desk).await.unwrap().as_ref(), Some(&key));
    world.service.get_profile(&Caller::with_token(&key)).await.unwrap();
    assert_eq!(api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap_err().code, asked());
    assert_eq!(in_keychain(&desk).await, Some(key));
}

#[tokio::test]
async fn a_key_that_was_replaced_elsewhere_is_forgotten_and_the_new_one_takes_a_proof_once() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    world.clock.advance(TimeDelta::minutes(20));
    let phone = Person::signs_in(&*world.api, "ada").await;
    let fresh = world.service.generate_api_key(&phone.caller).await.unwrap().api_key.expose().to_owned();
    assert_eq!(copies(&desk).await.unwrap_err().code, asked());
    assert_eq!(in_keychain(&desk).await, None);
    assert!(desk.clipboard.secrets.lock().unwrap().is_empty());
    password::reauthenticate(&desk, proof(None)).await.unwrap();
    assert_eq!(copies(&desk).await.unwrap().as_ref(), Some(&fresh));
    assert_eq!(in_keychain(&desk).await.as_ref(), Some(&fresh));
    world.clock.advance(TimeDelta::minutes(20));
    assert_eq!(copies(&desk).await.unwrap(), Some(fresh));
}

#[tokio::test]
async fn without_a_keychain_the_key_is_kept_nowhere() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    desk.keychain.take_away(true);
    assert!(!api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap().in_keychain);
    assert_eq!(copies(&desk).await.unwrap(), Some(elsewhere(&world).await.1), "the service shows it");
    world.clock.advance(TimeDelta::minutes(20));
    assert_eq!(copies(&desk).await.unwrap_err().code, asked());
    // What it still holds is the one before, which is no good.
    desk.keychain.take_away(false);
    assert!(!api_keys::get_api_key(&desk, NoArgs {}).await.unwrap().in_keychain);
    assert_eq!(in_keychain(&desk).await, None);
}

#[tokio::test]
async fn a_list_of_accounts_that_another_program_shortened_takes_no_key_away() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.parts.places.change(|known| known.forget_account(&here("ada")));
    assert!(api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap().in_keychain, "the session holds");
    assert_eq!(in_keychain(&desk).await, Some(elsewhere(&world).await.1));

    // But one that comes after the token went is kept nowhere.
    desk.line.hold("/v1/me/api-key");
    let leave = async {
        desk.line.until_held(1).await;
        desk.parts.tokens.forget(&here("ada")).await;
        desk.line.release();
    };
    let (generated, ()) = tokio::join!(api_keys::generate_api_key(&desk, NoArgs {}), leave);
    assert_eq!(generated.unwrap_err().code, ShellCode::Cancelled.into());
    assert_eq!(in_keychain(&desk).await, None);
}

#[tokio::test]
async fn of_two_keys_that_are_generated_at_once_the_keychain_keeps_the_one_that_holds() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.line.hold("/v1/me/api-key");
    let release = async {
        desk.line.until_held(1).await;
        desk.line.release();
    };
    let (one, two, three, ()) = tokio::join!(
        api_keys::generate_api_key(&desk, NoArgs {}),
        api_keys::generate_api_key(&desk, NoArgs {}),
        copies(&desk),
        release
    );
    assert!(one.unwrap().in_keychain && two.unwrap().in_keychain);
    let holds = elsewhere(&world).await.1;
    assert_eq!((three.unwrap(), in_keychain(&desk).await), (Some(holds.clone()), Some(holds)));
}

#[tokio::test]
async fn a_named_key_is_created_listed_and_deleted() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let create = |name: &str| CreateApiKey { name: name.into(), scopes: vec![Scope::Api], expires_at: Some(None) };
    let key = api_keys::create_api_key(&desk, create("backup")).await.unwrap();
    world.service.get_profile(&Caller::with_token(key.token.expose())).await.unwrap();
    let listed = api_keys::list_api_keys(&desk, ListArgs { after: None }).await.unwrap().items;
    assert_eq!((listed.len(), listed[0].id, listed[0].name.as_str()), (1, key.id, "backup"));
    let refused = api_keys::create_api_key(&desk, create(" ")).await.unwrap_err();
    assert_eq!(refused.errors[0].pointer, "/name");
    api_keys::delete_api_key(&desk, key_of("ada", key.id)).await.unwrap();
    world.service.get_profile(&Caller::with_token(key.token.expose())).await.unwrap_err();
    let gone = api_keys::delete_api_key(&desk, key_of("ada", key.id)).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound.into());
}

#[tokio::test]
async fn the_key_leaves_the_keychain_with_the_account() {
    let world = World::new(Wiring::Direct).await;
    let delete = || DeleteAccount { username: "ada".into(), password: Secret::new(PASSWORD), code: None };
    for leaving in ["sign out", "forget", "ended", "delete"] {
        let desk = match leaving {
            "sign out" => Desk::of(&world, "ada").await,
            _ => Desk::new(&world),
        };
        desk.chooses(LOCAL).await.unwrap();
        if desk.ticket().is_err() {
            desk.signs_in("ada").await.unwrap();
        }
        api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
        assert!(in_keychain(&desk).await.is_some());
        match leaving {
            "sign out" => drop(account::sign_out(&desk, NoArgs {}).await.unwrap()),
            "forget" => drop(place::forget_place(&desk, PlaceArgs { id: LOCAL.into() }).await.unwrap()),
            "ended" => {
                desk.line.fail("/v1/me", ErrorCode::SessionClosed);
                profile::get_profile(&desk, NoArgs {}).await.unwrap_err();
            }
            _ => drop(deletion::delete_account(&desk, delete()).await.unwrap()),
        }
        assert_eq!(in_keychain(&desk).await, None, "{leaving}");
        assert_eq!(desk.keychain.token(&here("ada")).await, None, "{leaving}");
    }
}

#[tokio::test]
async fn a_clipboard_that_takes_nothing_says_so() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    desk.clipboard.gone.store(true, Ordering::SeqCst);
    assert_eq!(copies(&desk).await.unwrap_err().code, ShellCode::ClipboardUnavailable.into());
}
