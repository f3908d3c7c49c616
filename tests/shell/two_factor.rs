//! Setting two-factor authentication up, living with it, and switching it off.

use chrono::TimeDelta;
use latchkey::commands::{account, backup_codes, password, second_factor, two_factor};
use latchkey_api::{
    desktop::{BackupCodeSetArgs, BackupCodesView, NoArgs, SecondFactorArgs, TwoFactorSetupView, VerifyTwoFactorArgs},
    freshness::Method,
    problem::{ErrorCode, FieldCode},
    two_factor::{BackupCodeState, CheckBackupCode, TwoFactorSetup},
    wire::Secret,
};
use latchkey_testkit::{Authenticator, Wiring, World, proof};

use crate::{desk::Desk, qr};

/// What an authenticator app makes of the page.
fn scans(setup: &TwoFactorSetupView) -> Authenticator {
    Authenticator::scans(&TwoFactorSetup {
        secret: Secret::new(setup.manual_code.concat()),
        otpauth_uri: Secret::new(qr::read(setup.qr.as_ref().expect("it reads back"))),
        expires_at: setup.expires_at,
    })
}

async fn sets_up(world: &World, desk: &Desk) -> (Authenticator, BackupCodesView) {
    let app = scans(&two_factor::start_two_factor(desk, NoArgs {}).await.unwrap());
    let code = app.code(&world.clock);
    let codes = two_factor::verify_two_factor(desk, VerifyTwoFactorArgs { code }).await.unwrap();
    (app, codes)
}

#[tokio::test]
async fn an_authenticator_app_reads_the_qr_code_and_its_first_code_switches_it_on() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    assert!(!two_factor::get_two_factor(&desk, NoArgs {}).await.unwrap().enabled);
    let setup = two_factor::start_two_factor(&desk, NoArgs {}).await.unwrap();
    assert_eq!(setup.manual_code.iter().map(String::len).collect::<Vec<_>>(), [4; 8]);
    let app = scans(&setup);
    let code = app.wrong_code(&world.clock);
    let wrong = two_factor::verify_two_factor(&desk, VerifyTwoFactorArgs { code }).await.unwrap_err();
    assert_eq!((wrong.errors[0].pointer.as_str(), wrong.errors[0].code), ("/code", FieldCode::Incorrect));
    assert!(wrong.server_time.is_some());

    let code = app.code(&world.clock);
    let codes = two_factor::verify_two_factor(&desk, VerifyTwoFactorArgs { code }).await.unwrap();
    assert_eq!((codes.codes.len(), codes.set_id), (10, None));
    assert_eq!((codes.username.as_str(), codes.server.as_str()), ("ada", "This computer"));
    assert!(desk.profile().profile.two_factor_enabled, "the window knows at once");
    assert_eq!(desk.heard.views.lock().unwrap().len(), 1);
    let stands = two_factor::get_two_factor(&desk, NoArgs {}).await.unwrap();
    assert_eq!((stands.enabled, stands.backup_codes_remaining), (true, 10));
}

#[tokio::test]
async fn new_backup_codes_ask_for_a_fresh_proof_and_replace_the_old_ones_when_they_are_confirmed() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let (app, old) = sets_up(&world, &desk).await;
    world.clock.advance(TimeDelta::minutes(6));
    let stale = backup_codes::generate_backup_codes(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(stale.code, ErrorCode::InsufficientUserAuthentication.into());
    assert_eq!(stale.methods, [Method::Password, Method::Totp]);

    let mut wrong = proof(Some(app.code(&world.clock)));
    wrong.password = Secret::new("not the password");
    let refused = password::reauthenticate(&desk, wrong).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidCredentials.into());
    assert_eq!(desk.profile().profile.username, "ada", "a wrong proof ends no session");
    password::reauthenticate(&desk, proof(Some(app.next_code(&world.clock)))).await.unwrap();

    let new = backup_codes::generate_backup_codes(&desk, NoArgs {}).await.unwrap();
    let set_id = new.set_id.unwrap();
    backup_codes::confirm_backup_codes(&desk, BackupCodeSetArgs { set_id }).await.unwrap();
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    desk.signs_in("ada").await.unwrap();
    let spend = |code: &Secret| SecondFactorArgs { code: None, backup_code: Some(code.clone()) };
    let dead = second_factor::verify_second_factor(&desk, spend(&old.codes[0])).await.unwrap_err();
    assert_eq!(dead.code, ErrorCode::InvalidCode.into());
    second_factor::verify_second_factor(&desk, spend(&new.codes[0])).await.unwrap();
}

#[tokio::test]
async fn codes_that_were_not_made_cannot_be_confirmed() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    sets_up(&world, &desk).await;
    let gone = BackupCodeSetArgs { set_id: uuid::Uuid::nil() };
    let refused = backup_codes::confirm_backup_codes(&desk, gone).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound.into());
}

#[tokio::test]
async fn a_backup_code_is_practised_with_and_signs_in_afterwards() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let (_, made) = sets_up(&world, &desk).await;
    let practise = async |code: &Secret| {
        backup_codes::check_backup_code(&desk, CheckBackupCode { backup_code: code.clone() }).await.unwrap().state
    };
    assert_eq!(practise(&made.codes[0]).await, BackupCodeState::Works);
    assert_eq!(practise(&Secret::new("aaaaa-aaaaa")).await, BackupCodeState::Unknown);
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    desk.signs_in("ada").await.unwrap();
    let spend = SecondFactorArgs { code: None, backup_code: Some(made.codes[0].clone()) };
    second_factor::verify_second_factor(&desk, spend).await.unwrap();
    assert_eq!(practise(&made.codes[0]).await, BackupCodeState::Used);
}

#[tokio::test]
async fn it_is_switched_off_with_a_fresh_proof() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let (app, _) = sets_up(&world, &desk).await;
    world.clock.advance(TimeDelta::minutes(6));
    let stale = two_factor::disable_two_factor(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(stale.code, ErrorCode::InsufficientUserAuthentication.into());
    password::reauthenticate(&desk, proof(Some(app.code(&world.clock)))).await.unwrap();
    two_factor::disable_two_factor(&desk, NoArgs {}).await.unwrap();
    assert!(!desk.profile().profile.two_factor_enabled);
    assert!(!two_factor::get_two_factor(&desk, NoArgs {}).await.unwrap().enabled);
}
