//! First run, creating an account, signing in and out, starting again.

use latchkey::{
    commands::{account, place},
    places::LOCAL,
};
use latchkey_api::{
    common::Caller,
    desktop::{NoArgs, Phase, SignInArgs},
    problem::{ErrorCode, FieldCode},
    profile::ProfileApi,
    sessions::SessionsApi,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Wiring, World, sign_up};

use crate::desk::{Desk, here};

#[tokio::test]
async fn a_new_computer_becomes_an_account() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    let view = desk.first_view().await;
    assert!(matches!(view.phase, Phase::FirstRun) && view.place.is_none() && view.keychain.available);

    let view = desk.chooses(LOCAL).await.unwrap();
    assert_eq!(view.instance.unwrap().name, "Latchkey");
    assert_eq!(desk.signed_out(), (None, None));

    let view = account::create_account(&desk, sign_up("ada")).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
    assert_eq!((view.accounts.len(), view.accounts[0].current), (1, true));
    assert!(desk.keychain.token(&here("ada")).await.is_some());
}

#[tokio::test]
async fn the_session_is_there_after_a_restart() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let again = desk.restart();
    let view = again.first_view().await;
    assert_eq!(again.profile(), desk.profile());
    assert_eq!(view.instance.unwrap().name, "Latchkey");
}

#[tokio::test]
async fn no_file_of_the_app_holds_a_token_or_password() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let token = desk.keychain.token(&here("ada")).await.unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(desk.home.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in [token.expose(), PASSWORD] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
        }
        files += 1;
    }
    assert!(files > 0);
}

#[tokio::test]
async fn refused_fields_come_back_by_name_and_the_window_stays() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    let refused = account::create_account(&desk, sign_up("ada")).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidField.into());
    assert!(refused.errors.iter().any(|error| error.pointer == "/username" && error.code == FieldCode::Taken));
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
}

#[tokio::test]
async fn a_wrong_password_leaves_the_window_where_it_is() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    let wrong = SignInArgs { login: "ada".into(), password: Secret::new("not the password") };
    let refused = account::sign_in(&desk, wrong).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidCredentials.into());
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    desk.signs_in("ada@example.com").await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn signing_out_closes_the_session_and_wipes_the_token() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let token = desk.keychain.token(&here("ada")).await.unwrap();
    let view = account::sign_out(&desk, NoArgs {}).await.unwrap();
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    assert!(view.accounts.is_empty() && view.instance.is_some());
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
    let refused = world.service.get_profile(&Caller::with_token(token.expose())).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SessionClosed);

    let again = desk.restart();
    again.first_view().await;
    assert_eq!(again.signed_out(), (None, Some("ada".into())));
}

#[tokio::test]
async fn a_person_is_let_go_even_if_the_service_cannot_be_told() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.line.fail("/v1/me/sessions", ErrorCode::Offline);
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
}

#[tokio::test]
async fn an_account_that_was_created_without_signing_in_is_named_on_the_sign_in_screen() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.chooses(LOCAL).await.unwrap();
    desk.line.fail("/v1/sessions", ErrorCode::ConnectionLost);
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    desk.line.repair();
    desk.signs_in("ada").await.unwrap();
}

#[tokio::test]
async fn a_place_that_is_out_of_reach_keeps_the_session_and_can_be_tried_again() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    for target in ["connect", "/v1/me"] {
        let again = desk.restart();
        again.line.fail(target, ErrorCode::Offline);
        again.first_view().await;
        assert_eq!(again.unavailable().code, ErrorCode::Offline.into(), "{target}");
        assert!(again.keychain.token(&here("ada")).await.is_some());
        place::retry(&again, NoArgs {}).await.unwrap();
        assert_eq!(again.unavailable().code, ErrorCode::Offline.into(), "{target}");
        again.line.repair();
        place::retry(&again, NoArgs {}).await.unwrap();
        assert_eq!(again.profile().profile.username, "ada");
    }
}

#[tokio::test]
async fn a_place_that_does_not_answer_is_not_waited_for_for_long() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await.restart();
    desk.line.hold("/v1");
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    desk.first_view().await;
    assert_eq!(desk.unavailable().code, ErrorCode::TimedOut.into());
    assert!(begun.elapsed() < std::time::Duration::from_secs(30));
    tokio::time::resume();
    desk.line.release();
    place::retry(&desk, NoArgs {}).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn a_sign_in_that_breaks_off_before_the_profile_keeps_the_new_session() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    desk.line.fail("/v1/me", ErrorCode::ConnectionLost);
    desk.signs_in("ada").await.unwrap();
    assert_eq!(desk.unavailable().code, ErrorCode::ConnectionLost.into());
    desk.line.repair();
    place::retry(&desk, NoArgs {}).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn two_accounts_are_switched_without_signing_in_again() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    account::add_account(&desk, NoArgs {}).await.unwrap();
    assert_eq!(desk.signed_out(), (None, None));
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    let switch = |username: &str| latchkey_api::desktop::AccountArgs { place: LOCAL.into(), username: username.into() };
    let view = account::switch_account(&desk, switch("ada")).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
    let current: Vec<_> = view.accounts.iter().map(|a| (a.username.as_str(), a.current)).collect();
    assert_eq!(current, [("ada", true), ("bob", false)]);

    let again = desk.restart();
    again.first_view().await;
    assert_eq!(again.profile().profile.username, "ada", "the one used last");
    account::switch_account(&again, switch("eve")).await.unwrap();
    assert_eq!(again.signed_out(), (None, Some("eve".into())));
}

#[tokio::test]
async fn signing_in_again_closes_the_session_it_replaces() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let before = desk.keychain.token(&here("ada")).await.unwrap();
    account::add_account(&desk, NoArgs {}).await.unwrap();
    desk.signs_in("ada").await.unwrap();
    let old = Caller::with_token(before.expose());
    assert_eq!(world.service.get_profile(&old).await.unwrap_err().code(), ErrorCode::SessionClosed);
    let caller = Caller::with_token(desk.keychain.token(&here("ada")).await.unwrap().expose());
    let open = world.service.list_sessions(&caller, latchkey_api::common::PageQuery::default()).await.unwrap();
    assert_eq!(open.items.len(), 1);
}

#[tokio::test]
async fn passwords_are_rated_by_the_rule_of_the_service() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    let rate = |password: &str| latchkey_api::desktop::RatePassword {
        password: Secret::new(password),
        identity: vec!["ada".into(), "Ada Lovelace".into()],
    };
    let leaked = account::rate_password(&desk, rate("password")).await.unwrap();
    assert_eq!((leaked.score, leaked.common), (0, true));
    let good = account::rate_password(&desk, rate("seven small otters dance")).await.unwrap();
    assert!(good.score >= 3 && !good.common);
}
