//! Signing in with a second factor: every way through it, and every way out.

use std::sync::Arc;

use chrono::TimeDelta;
use latchkey::{
    commands::{account, place, second_factor},
    places::LOCAL,
};
use latchkey_api::{
    common::{Caller, PageQuery},
    desktop::{Failure, NoArgs, Phase, Request, SecondFactorArgs, ShellCode, View},
    freshness::Method,
    problem::ErrorCode,
    sessions::{Alert, SessionsApi},
    wire::Secret,
};
use latchkey_testkit::{Authenticator, Person, Wiring, World};

use crate::desk::{Desk, arrival, here};

/// Somebody with two-factor authentication, whose password was just accepted.
struct AtTheSecondStep {
    world: World,
    desk: Desk,
    app: Authenticator,
    codes: Vec<Secret>,
}

async fn at_the_second_step() -> AtTheSecondStep {
    let world = World::new(Wiring::Direct).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    // The code that switched it on is spent.
    world.clock.advance(TimeDelta::seconds(30));
    let desk = Desk::new(&world);
    desk.chooses(LOCAL).await.unwrap();
    desk.signs_in("ada").await.unwrap();
    AtTheSecondStep { world, desk, app, codes }
}

async fn code(desk: &Desk, code: Secret) -> Result<View, Failure> {
    second_factor::verify_second_factor(desk, SecondFactorArgs { code: Some(code), backup_code: None }).await
}

async fn backup_code(desk: &Desk, code: &Secret) -> Result<View, Failure> {
    let args = SecondFactorArgs { code: None, backup_code: Some(code.clone()) };
    second_factor::verify_second_factor(desk, args).await
}

fn asks(desk: &Desk) -> bool {
    matches!(desk.view().phase, Phase::SecondFactor { .. })
}

#[tokio::test]
async fn the_right_password_leads_to_the_second_step_and_the_transaction_stays_in_the_shell() {
    let AtTheSecondStep { desk, .. } = at_the_second_step().await;
    let view = desk.view();
    let Phase::SecondFactor { login, methods } = &view.phase else { panic!("the second step: {view:?}") };
    assert_eq!((login.as_str(), methods.as_slice()), ("ada", &[Method::Totp, Method::BackupCode][..]));
    assert!(view.instance.is_some() && view.accounts.is_empty());
    let latchkey::scene::State::SecondFactor(step) = desk.session.scene().state else { panic!("the second step") };
    assert!(!serde_json::to_string(&view).unwrap().contains(step.transaction.expose()));
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
}

#[tokio::test]
async fn a_code_signs_in() {
    let AtTheSecondStep { world, desk, app, .. } = at_the_second_step().await;
    let said = arrival(&code(&desk, app.code(&world.clock)).await.unwrap()).unwrap();
    assert!(desk.profile().profile.two_factor_enabled);
    assert_eq!((said.by_backup_code, said.backup_codes_remaining, said.alerts), (false, 10, vec![]));
    assert!(desk.keychain.token(&here("ada")).await.is_some());
    assert!(desk.notices.0.lock().unwrap().is_empty());
    let again = desk.restart();
    again.first_view().await;
    assert_eq!(arrival(&again.view()), None, "a session that was kept says nothing of a sign-in");
}

#[tokio::test]
async fn a_wrong_code_stays_and_says_how_far_the_clock_is_off() {
    let AtTheSecondStep { world, desk, app, .. } = at_the_second_step().await;
    let wrong = code(&desk, app.wrong_code(&world.clock)).await.unwrap_err();
    assert_eq!((wrong.code, wrong.clock_offset), (ErrorCode::InvalidCode.into(), None));
    let early = code(&desk, app.ahead_by(300).code(&world.clock)).await.unwrap_err();
    assert_eq!((early.code, early.clock_offset), (ErrorCode::InvalidCode.into(), Some(300)));
    assert_eq!(early.server_time, Some(latchkey_service::Clock::now(&*world.clock)));
    assert!(asks(&desk));
    code(&desk, app.code(&world.clock)).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn a_backup_code_signs_in_once_and_few_of_them_are_told() {
    let AtTheSecondStep { world, desk, codes, .. } = at_the_second_step().await;
    for (spent, one) in (1..).zip(&codes[..7]) {
        if !asks(&desk) {
            account::sign_out(&desk, NoArgs {}).await.unwrap();
            desk.signs_in("ada").await.unwrap();
        }
        let said = arrival(&backup_code(&desk, one).await.unwrap()).unwrap();
        assert_eq!((said.by_backup_code, said.backup_codes_remaining), (true, 10 - spent));
        assert_eq!(said.alerts.contains(&Alert::BackupCodesLow), 10 - spent <= 3);
        assert_eq!(arrival(&desk.view()), None, "it is said once");
    }
    let notices = desk.notices.0.lock().unwrap().clone();
    assert_eq!((notices.len(), &notices[0].account), (1, &here("ada")));
    assert_eq!(
        (notices[0].summary.as_str(), &notices[0].request),
        ("3 backup codes left", &Request::GenerateBackupCodes)
    );
    account::sign_out(&desk, NoArgs {}).await.unwrap();
    desk.signs_in("ada").await.unwrap();
    let spent = backup_code(&desk, &codes[0]).await.unwrap_err();
    assert_eq!(spent.code, ErrorCode::InvalidCode.into());
    drop(world);
}

#[tokio::test]
async fn a_first_step_too_long_ago_begins_again_with_the_name_filled_in() {
    let AtTheSecondStep { world, desk, app, .. } = at_the_second_step().await;
    world.clock.advance(TimeDelta::minutes(6));
    let ended = code(&desk, app.code(&world.clock)).await.unwrap_err();
    assert_eq!(ended.code, ErrorCode::TransactionEnded.into());
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    assert_eq!(desk.heard.views.lock().unwrap().len(), 1, "the page is told");
    assert_eq!(code(&desk, app.code(&world.clock)).await.unwrap_err().code, ErrorCode::TransactionEnded.into());
    desk.signs_in("ada").await.unwrap();
    assert!(asks(&desk));
}

#[tokio::test]
async fn one_can_go_back_to_the_password_and_anywhere_else() {
    let AtTheSecondStep { desk, .. } = at_the_second_step().await;
    second_factor::leave_second_factor(&desk, NoArgs {}).await.unwrap();
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    second_factor::leave_second_factor(&desk, NoArgs {}).await.unwrap();
    desk.signs_in("ada").await.unwrap();
    desk.chooses(LOCAL).await.unwrap();
    assert_eq!(desk.signed_out().0, None);
    desk.signs_in("ada").await.unwrap();
    let again = desk.restart();
    place::get_view(&again, NoArgs {}).await.unwrap();
    assert_eq!(again.signed_out().0, None, "a second step does not outlive the app");
}

#[tokio::test]
async fn what_does_not_arrive_can_be_tried_again() {
    let AtTheSecondStep { world, desk, app, .. } = at_the_second_step().await;
    desk.line.fail("/v1/sessions/second-factor", ErrorCode::Offline);
    assert_eq!(code(&desk, app.code(&world.clock)).await.unwrap_err().code, ErrorCode::Offline.into());
    assert!(asks(&desk));
    desk.line.repair();
    code(&desk, app.code(&world.clock)).await.unwrap();
}

#[tokio::test]
async fn a_code_that_is_sent_twice_signs_in_once() {
    let AtTheSecondStep { world, desk, app, .. } = at_the_second_step().await;
    desk.line.hold("/v1/sessions/second-factor");
    let (shell, first) = (Arc::clone(&desk.app), app.code(&world.clock));
    let first = tokio::spawn(async move {
        second_factor::verify_second_factor(&shell, SecondFactorArgs { code: Some(first), backup_code: None }).await
    });
    desk.line.until_held(1).await;
    let second = code(&desk, app.code(&world.clock)).await.unwrap_err();
    assert_eq!(second.code, ShellCode::Cancelled.into());
    desk.line.release();
    first.await.unwrap().unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
}

#[tokio::test]
async fn a_second_step_that_is_overtaken_leaves_no_session_behind() {
    let AtTheSecondStep { world, desk, app, .. } = at_the_second_step().await;
    desk.line.hold("/v1/sessions/second-factor");
    let (shell, late) = (Arc::clone(&desk.app), app.code(&world.clock));
    let late = tokio::spawn(async move {
        second_factor::verify_second_factor(&shell, SecondFactorArgs { code: Some(late), backup_code: None }).await
    });
    desk.line.until_held(1).await;
    second_factor::leave_second_factor(&desk, NoArgs {}).await.unwrap();
    desk.line.release();
    assert_eq!(late.await.unwrap().unwrap_err().code, ShellCode::Cancelled.into());
    assert_eq!(desk.signed_out(), (None, Some("ada".into())));
    assert_eq!(desk.keychain.token(&here("ada")).await, None);
    desk.signs_in("ada").await.unwrap();
    code(&desk, app.next_code(&world.clock)).await.unwrap();
    let caller = Caller::with_token(desk.keychain.token(&here("ada")).await.unwrap().expose());
    let open = world.service.list_sessions(&caller, PageQuery::default()).await.unwrap();
    assert_eq!(open.items.len(), 2, "this one, and the one that set it up");
}
