//! The personal API key: from the service to the keychain and to the clipboard, and never into the page.

use latchkey::{
    commands::{account, api_keys, deletion, place},
    places::LOCAL,
};
use latchkey_api::{
    deletion::DeleteAccount,
    desktop::{Failure, NoArgs, PlaceArgs, ShellCode},
    problem::ErrorCode,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Wiring, World};

use crate::desk::{Desk, here};

async fn in_keychain(desk: &Desk) -> Option<String> {
    desk.keychain.token(&here("ada").api_key()).await.map(|key| key.expose().to_owned())
}

async fn copies(desk: &Desk) -> Result<Option<String>, Failure> {
    api_keys::copy_api_key(desk, NoArgs {}).await?;
    Ok(desk.clipboard.secrets.lock().unwrap().last().cloned())
}

#[tokio::test]
async fn a_new_key_goes_to_the_keychain_and_from_there_to_the_clipboard() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let none = api_keys::get_api_key(&desk, NoArgs {}).await.unwrap();
    assert!(!none.key.exists && !none.in_keychain);
    let view = api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    let key = desk.line.keys.personal().unwrap();
    assert!(view.in_keychain && view.key.masked.as_deref().unwrap().ends_with(&key[key.len() - 4..]));
    assert_eq!(in_keychain(&desk).await.as_ref(), Some(&key));
    assert!(!serde_json::to_string(&view).unwrap().contains(&key), "the page is not told");

    // Without any proof: the service would ask for one.
    desk.line.fail("/v1/me/api-key/reveal", ErrorCode::InsufficientUserAuthentication);
    assert_eq!(copies(&desk).await.unwrap(), Some(key));
    assert_eq!(api_keys::get_api_key(&desk, NoArgs {}).await.unwrap(), view);
}

#[tokio::test]
async fn a_key_that_was_replaced_elsewhere_is_forgotten_and_the_new_one_takes_a_proof_once() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    let fresh = desk.line.keys.generate();
    desk.line.fail("/v1/me/api-key/reveal", ErrorCode::InsufficientUserAuthentication);
    let asked = copies(&desk).await.unwrap_err();
    assert_eq!(asked.code, ErrorCode::InsufficientUserAuthentication.into());
    assert_eq!(in_keychain(&desk).await, None);
    assert!(desk.clipboard.secrets.lock().unwrap().is_empty());
    desk.line.repair();
    assert_eq!(copies(&desk).await.unwrap(), Some(fresh.clone()));
    assert_eq!(in_keychain(&desk).await, Some(fresh));
}

#[tokio::test]
async fn without_a_keychain_the_key_is_kept_nowhere() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap();
    desk.keychain.take_away(true);
    assert!(!api_keys::generate_api_key(&desk, NoArgs {}).await.unwrap().in_keychain);
    assert_eq!(copies(&desk).await.unwrap(), desk.line.keys.personal(), "the service shows it");
    desk.line.fail("/v1/me/api-key/reveal", ErrorCode::InsufficientUserAuthentication);
    copies(&desk).await.unwrap_err();
    // What it still holds is the one before, which is no good.
    desk.keychain.take_away(false);
    assert!(!api_keys::get_api_key(&desk, NoArgs {}).await.unwrap().in_keychain);
    assert_eq!(in_keychain(&desk).await, None);
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
                latchkey::commands::profile::get_profile(&desk, NoArgs {}).await.unwrap_err();
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
    desk.clipboard.gone.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(copies(&desk).await.unwrap_err().code, ShellCode::ClipboardUnavailable.into());
}
