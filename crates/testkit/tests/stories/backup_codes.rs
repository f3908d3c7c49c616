//! Backup codes: each once, new ones in the place of old ones, few left.

use latchkey_api::password::Reauthentication;
use latchkey_api::{problem::ErrorCode, sessions::Alert, two_factor::BackupCodeSet, wire::Secret};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, with_backup_code};

use crate::{code, nobody, stories};

stories! {
    each_backup_code_signs_in_once_however_it_is_typed;
    new_codes_are_in_use_once_they_are_confirmed;
    a_code_is_spent_by_proving_who_one_is_too;
}

async fn each_backup_code_signs_in_once_however_it_is_typed(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (_, codes) = ada.sets_two_factor_up(&world).await;
    for (used, shown) in codes.iter().enumerate() {
        let transaction = Person::begins_to_sign_in(&*world.api, "ada").await;
        let text = shown.expose();
        let typed = match used % 3 {
            0 => text.to_owned(),
            1 => text.to_uppercase().replace('-', " "),
            _ => format!("  {} ", text.replace('-', "")),
        };
        let step = with_backup_code(&transaction, Secret::new(typed));
        let answer = world.api.sign_in_second_factor(&nobody(), step).await.unwrap();
        let left = 9 - u32::try_from(used).unwrap();
        assert_eq!(answer.backup_codes_remaining, left);
        let alerts: &[Alert] = if left <= 3 { &[Alert::BackupCodesLow] } else { &[] };
        assert_eq!(answer.alerts, alerts, "{left} left");
        let status = world.api.get_two_factor(&ada.caller).await.unwrap();
        assert_eq!((status.backup_codes_remaining, status.backup_codes_low), (left, left <= 3));
        let transaction = Person::begins_to_sign_in(&*world.api, "ada").await;
        let again = world.api.sign_in_second_factor(&nobody(), with_backup_code(&transaction, shown.clone())).await;
        assert_eq!(code(again), ErrorCode::InvalidCode, "once");
    }
}

async fn new_codes_are_in_use_once_they_are_confirmed(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let (_, old) = ada.sets_two_factor_up(&world).await;
    let works = async |shown: &Secret| {
        let transaction = Person::begins_to_sign_in(&*world.api, "ada").await;
        world.api.sign_in_second_factor(&nobody(), with_backup_code(&transaction, shown.clone())).await.is_ok()
    };
    let path = |set_id| BackupCodeSet { set_id };
    let first = world.api.generate_backup_codes(&ada.caller).await.unwrap();
    let second = world.api.generate_backup_codes(&ada.caller).await.unwrap();
    assert!(!works(&second.backup_codes[0]).await, "not confirmed yet");
    assert!(works(&old[0]).await, "the old ones are still in use");
    let replaced = world.api.confirm_backup_codes(&ada.caller, path(first.set_id)).await;
    assert_eq!(code(replaced), ErrorCode::NotFound, "generating again replaces what waits");
    let strangers = world.api.confirm_backup_codes(&bob.caller, path(second.set_id)).await;
    assert_eq!(code(strangers), ErrorCode::NotFound);
    world.api.confirm_backup_codes(&ada.caller, path(second.set_id)).await.unwrap();
    world.api.confirm_backup_codes(&ada.caller, path(second.set_id)).await.unwrap();
    assert_eq!(world.api.get_two_factor(&ada.caller).await.unwrap().backup_codes_remaining, 10);
    assert!(!works(&old[1]).await && !works(&first.backup_codes[0]).await);
    assert!(works(&second.backup_codes[0]).await && !works(&second.backup_codes[0]).await);
    // What waits for more than a day is swept, and the codes in use are not.
    let third = world.api.generate_backup_codes(&ada.caller).await.unwrap();
    world.clock.advance(chrono::Duration::hours(25));
    world.service.upkeep(true).await;
    assert_eq!(code(world.api.confirm_backup_codes(&ada.caller, path(third.set_id)).await), ErrorCode::NotFound);
    assert!(works(&second.backup_codes[1]).await);
}

async fn a_code_is_spent_by_proving_who_one_is_too(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (_, codes) = ada.sets_two_factor_up(&world).await;
    let proof =
        || Reauthentication { password: Secret::new(PASSWORD), code: None, backup_code: Some(codes[0].clone()) };
    world.clock.advance(chrono::Duration::hours(1));
    assert_eq!(code(world.api.generate_backup_codes(&ada.caller).await), ErrorCode::InsufficientUserAuthentication);
    world.api.reauthenticate(&ada.caller, proof()).await.unwrap();
    world.api.generate_backup_codes(&ada.caller).await.unwrap();
    assert_eq!(code(world.api.reauthenticate(&ada.caller, proof()).await), ErrorCode::InvalidCode);
    assert_eq!(world.api.get_two_factor(&ada.caller).await.unwrap().backup_codes_remaining, 9);
}
