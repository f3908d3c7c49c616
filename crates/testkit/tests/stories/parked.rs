//! Requests that were let in and whose body came late: the session was closed in between.

use latchkey_api::{
    avatar::{AvatarApi, DELETE_AVATAR, PUT_AVATAR},
    common::Caller,
    deletion::{DeletionApi, EXPORT_ACCOUNT},
    email::{CANCEL_EMAIL_CHANGE, CONFIRM_EMAIL, ConfirmEmail, EmailApi},
    endpoint::{Gate, Meta},
    password::ChangePassword,
    problem::{CloseReason, ErrorCode, Problem},
    profile::{IfMatch, ProfileApi, ProfilePatch, UPDATE_PROFILE},
    sessions::{CLOSE_OTHER_SESSIONS, CLOSE_SESSION, SessionPath, SessionsApi},
    two_factor::{
        BackupCodeSet, CHECK_BACKUP_CODE, CONFIRM_BACKUP_CODES, CheckBackupCode, DISABLE_TWO_FACTOR,
        GENERATE_BACKUP_CODES, START_TWO_FACTOR, TwoFactorApi,
    },
    wire::{ETag, Secret, Upload},
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, png};

use crate::code;

/// Let in by the gate, as an edge does before it reads the body.
async fn let_in(world: &World, person: &Person, meta: &Meta) -> Caller {
    world.service.admit(person.caller.clone(), meta).await.unwrap()
}

fn any() -> IfMatch {
    IfMatch { if_match: ETag("*".into()) }
}

fn address(email: &str) -> ProfilePatch {
    ProfilePatch { email: Some(email.into()), ..ProfilePatch::default() }
}

fn closed(problem: &Problem) {
    assert_eq!(problem.code(), ErrorCode::SessionClosed, "{problem}");
    assert_eq!(problem.body().members.close_reason, Some(CloseReason::ClosedElsewhere));
}

#[tokio::test]
async fn a_session_that_was_closed_finishes_nothing() {
    let world = World::with(Wiring::Direct).mail().build().await;
    let thief = Person::joins(&*world.api, "ada").await;
    let waiting = world.api.update_profile(&thief.caller, any(), address("thief@new.example")).await.unwrap();
    let mailed = world.post().code("thief@new.example", "Confirm").await;
    let service = &world.service;
    let update = let_in(&world, &thief, &UPDATE_PROFILE.meta).await;
    let confirm = let_in(&world, &thief, &CONFIRM_EMAIL.meta).await;
    let cancel = let_in(&world, &thief, &CANCEL_EMAIL_CHANGE.meta).await;
    let put = let_in(&world, &thief, &PUT_AVATAR.meta).await;
    let delete = let_in(&world, &thief, &DELETE_AVATAR.meta).await;
    let start = let_in(&world, &thief, &START_TWO_FACTOR.meta).await;
    let others = let_in(&world, &thief, &CLOSE_OTHER_SESSIONS.meta).await;
    let one = let_in(&world, &thief, &CLOSE_SESSION.meta).await;
    let export = let_in(&world, &thief, &EXPORT_ACCOUNT.meta).await;
    let owner = Person::signs_in(&*world.api, "ada").await;
    world.api.close_other_sessions(&owner.caller).await.unwrap();

    closed(&service.update_profile(&update, any(), address("thief2@new.example")).await.unwrap_err());
    let name = ProfilePatch { name: Some("Thief".into()), ..ProfilePatch::default() };
    closed(&service.update_profile(&update, any(), name).await.unwrap_err());
    closed(&service.confirm_email(&confirm, ConfirmEmail { code: Secret::new(mailed) }).await.unwrap_err());
    closed(&service.cancel_email_change(&cancel).await.unwrap_err());
    let upload = Upload { media_type: "image/png".into(), bytes: png(32, 32, [1, 2, 3]) };
    closed(&service.put_avatar(&put, upload).await.unwrap_err());
    closed(&service.delete_avatar(&delete).await.unwrap_err());
    closed(&service.start_two_factor(&start).await.unwrap_err());
    closed(&service.close_other_sessions(&others).await.unwrap_err());
    let of_owner = SessionPath { id: owner.session.id.to_string() };
    closed(&service.close_session(&one, of_owner).await.unwrap_err());
    closed(&service.export_account(&export).await.unwrap_err());
    let now = world.api.get_profile(&owner.caller).await.unwrap();
    assert_eq!((now.etag, now.value), (waiting.etag, waiting.value), "nothing has moved");
}

#[tokio::test]
async fn a_session_that_was_closed_leaves_the_second_factor_alone() {
    let world = World::new(Wiring::Direct).await;
    let thief = Person::joins(&*world.api, "ada").await;
    let (app, codes) = thief.sets_two_factor_up(&world).await;
    let service = &world.service;
    let set_id = world.api.generate_backup_codes(&thief.caller).await.unwrap().set_id;
    let disable = let_in(&world, &thief, &DISABLE_TWO_FACTOR.meta).await;
    let generate = let_in(&world, &thief, &GENERATE_BACKUP_CODES.meta).await;
    let confirm = let_in(&world, &thief, &CONFIRM_BACKUP_CODES.meta).await;
    let check = let_in(&world, &thief, &CHECK_BACKUP_CODE.meta).await;
    let owner = Person::signs_in_with(&world, "ada", &app).await;
    world.api.close_other_sessions(&owner.caller).await.unwrap();
    let before = world.api.get_two_factor(&owner.caller).await.unwrap();
    closed(&service.disable_two_factor(&disable).await.unwrap_err());
    closed(&service.generate_backup_codes(&generate).await.unwrap_err());
    closed(&service.confirm_backup_codes(&confirm, BackupCodeSet { set_id }).await.unwrap_err());
    let found = CheckBackupCode { backup_code: codes[0].clone() };
    closed(&service.check_backup_code(&check, found).await.unwrap_err());
    assert_eq!(world.api.get_two_factor(&owner.caller).await.unwrap(), before);
}

/// The thief asked for an address of their own; the person changes the password, or an administrator steps in.
#[tokio::test]
async fn an_address_that_waits_goes_with_the_password_and_with_the_account() {
    let world = World::with(Wiring::Direct).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let waits = async |person: &Person| {
        world.api.update_profile(&person.caller, any(), address("thief@new.example")).await.unwrap();
        ConfirmEmail { code: Secret::new(world.post().code("thief@new.example", "Confirm").await) }
    };
    let gone = async |person: &Person, mailed| {
        assert_eq!(world.api.get_profile(&person.caller).await.unwrap().value.pending_email, None);
        assert_eq!(code(world.api.confirm_email(&person.caller, mailed).await), ErrorCode::Conflict);
    };
    let mailed = waits(&ada).await;
    let new = "nine large herons sleep";
    let change = ChangePassword {
        current_password: Secret::new(PASSWORD),
        new_password: Secret::new(new),
        close_other_sessions: false,
    };
    world.api.change_password(&ada.caller, change).await.unwrap();
    gone(&ada, mailed).await;

    let mailed = waits(&ada).await;
    world.service.reset_user_password("ada", &Secret::new(PASSWORD)).await.unwrap();
    let again = Person::signs_in(&*world.api, "ada").await;
    gone(&again, mailed).await;

    let mailed = waits(&again).await;
    world.service.disable_user("ada").await.unwrap();
    world.service.enable_user("ada").await.unwrap();
    let again = Person::signs_in(&*world.api, "ada").await;
    gone(&again, mailed).await;
}
