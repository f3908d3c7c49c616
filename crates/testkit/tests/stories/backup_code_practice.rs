//! Practising with backup codes: what a code is worth is said, and nothing comes of it.

use chrono::Duration;
use latchkey_api::{
    activity::{ActivityKind, ActivityQuery},
    password::Reauthentication,
    problem::{ApiResult, ErrorCode},
    sessions::SessionPath,
    two_factor::{
        BackupCodeSet,
        BackupCodeState::{self, *},
        CheckBackupCode,
    },
    wire::Secret,
};
use latchkey_testkit::{Person, Wiring, World, proof, with_backup_code};

use crate::{code, nobody, stories};

stories! {
    a_code_that_was_practised_with_signs_in_as_before;
    only_the_codes_in_use_are_worth_anything;
    practising_proves_nothing;
    guesses_are_counted_with_those_at_proofs;
    a_code_that_works_forgives_no_guess;
    of_64_guesses_at_once_ten_are_looked_at;
}

async fn practises(world: &World, person: &Person, typed: &str) -> ApiResult<BackupCodeState> {
    let body = CheckBackupCode { backup_code: Secret::new(typed) };
    world.api.check_backup_code(&person.caller, body).await.map(|checked| checked.state)
}

async fn signs_in(world: &World, shown: &Secret) -> bool {
    let transaction = Person::begins_to_sign_in(&*world.api, "ada").await;
    world.api.sign_in_second_factor(&nobody(), with_backup_code(&transaction, shown.clone())).await.is_ok()
}

async fn activity(world: &World, person: &Person) -> Vec<ActivityKind> {
    let page = world.api.list_events(&person.caller, ActivityQuery::default()).await.unwrap();
    page.items.iter().map(|event| event.kind).collect()
}

/// Somebody guesses where they prove who they are.
async fn guesses_at_a_proof(world: &World, person: &Person) -> ErrorCode {
    let guess = Reauthentication { backup_code: Some(Secret::new("aaaaa-aaaaa")), ..proof(None) };
    code(world.api.reauthenticate(&person.caller, guess).await)
}

async fn throttled(wiring: Wiring) -> World {
    World::with(wiring).settings(|settings| settings.throttles = true).build().await
}

async fn a_code_that_was_practised_with_signs_in_as_before(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (_, codes) = ada.sets_two_factor_up(&world).await;
    let (before, recorded) = (world.api.get_two_factor(&ada.caller).await.unwrap(), activity(&world, &ada).await);
    for shown in &codes {
        let text = shown.expose();
        for typed in [text.to_owned(), text.to_uppercase().replace('-', " "), format!(" {} ", text.replace('-', ""))] {
            assert_eq!(practises(&world, &ada, &typed).await.unwrap(), Works, "however often");
        }
    }
    for odd in ["", "aaaaa", "aaaaa-aaaaa", "123456"] {
        assert_eq!(practises(&world, &ada, odd).await.unwrap(), Unknown);
    }
    assert_eq!(world.api.get_two_factor(&ada.caller).await.unwrap(), before);
    assert_eq!(activity(&world, &ada).await, recorded, "nothing that alarms anybody");
    assert!(signs_in(&world, &codes[0]).await);
    assert_eq!(practises(&world, &ada, codes[0].expose()).await.unwrap(), Used);
    assert!(!signs_in(&world, &codes[0]).await, "practising does not make a used code good again");
    assert_eq!(practises(&world, &ada, codes[1].expose()).await.unwrap(), Works);
}

async fn only_the_codes_in_use_are_worth_anything(wiring: Wiring) {
    let world = World::new(wiring).await;
    let (ada, bob) = (Person::joins(&*world.api, "ada").await, Person::joins(&*world.api, "bob").await);
    let (_, old) = ada.sets_two_factor_up(&world).await;
    assert_eq!(code(practises(&world, &bob, old[0].expose()).await), ErrorCode::Conflict, "he has none");
    let (_, his) = bob.sets_two_factor_up(&world).await;
    assert_eq!(practises(&world, &bob, old[0].expose()).await.unwrap(), Unknown);
    assert_eq!(practises(&world, &ada, his[0].expose()).await.unwrap(), Unknown);
    let new = world.api.generate_backup_codes(&ada.caller).await.unwrap();
    let worth = async |shown: &Secret| practises(&world, &ada, shown.expose()).await.unwrap();
    assert_eq!((worth(&old[0]).await, worth(&new.backup_codes[0]).await), (Works, Unknown), "not confirmed yet");
    world.api.confirm_backup_codes(&ada.caller, BackupCodeSet { set_id: new.set_id }).await.unwrap();
    assert_eq!((worth(&old[0]).await, worth(&new.backup_codes[0]).await), (Unknown, Works));
    world.api.disable_two_factor(&ada.caller).await.unwrap();
    assert_eq!(code(practises(&world, &ada, new.backup_codes[0].expose()).await), ErrorCode::Conflict);
}

async fn practising_proves_nothing(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (_, codes) = ada.sets_two_factor_up(&world).await;
    world.clock.advance(Duration::hours(1));
    assert_eq!(practises(&world, &ada, codes[0].expose()).await.unwrap(), Works, "it asks for no proof itself");
    let asks = world.api.generate_backup_codes(&ada.caller).await;
    assert_eq!(code(asks), ErrorCode::InsufficientUserAuthentication);
    let session = world.api.get_session(&ada.caller, SessionPath { id: "current".into() }).await.unwrap();
    assert_eq!(session.last_authentication_at, ada.session.last_authentication_at);
}

async fn guesses_are_counted_with_those_at_proofs(wiring: Wiring) {
    let world = throttled(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    for _ in 0..4 {
        assert_eq!(guesses_at_a_proof(&world, &ada).await, ErrorCode::InvalidCode);
    }
    for _ in 0..6 {
        assert_eq!(practises(&world, &ada, "aaaaa-aaaaa").await.unwrap(), Unknown);
    }
    for typed in [codes[0].expose(), "aaaaa-aaaaa"] {
        let refused = practises(&world, &ada, typed).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::TooManyRequests, "whether it is right is not told");
        assert_eq!(refused.body().members.retry_after, Some(15 * 60 + 1));
    }
    let right = proof(Some(app.next_code(&world.clock)));
    assert_eq!(code(world.api.reauthenticate(&ada.caller, right).await), ErrorCode::TooManyRequests, "one door");
    let told = activity(&world, &ada).await;
    let count = |kind| told.iter().filter(|one| **one == kind).count();
    let counted = (count(ActivityKind::WrongSecondFactor), count(ActivityKind::SecondFactorPaused));
    assert_eq!(counted, (4, 1), "those at proofs, and that the door is shut");
    // Elsewhere nothing is shut, and here it opens again.
    let laptop = Person::signs_in_with(&world, "ada", &app).await;
    assert_eq!(practises(&world, &laptop, codes[0].expose()).await.unwrap(), Works);
    world.clock.advance(Duration::minutes(15));
    assert_eq!(practises(&world, &ada, codes[0].expose()).await.unwrap(), Works);
    assert_eq!(practises(&world, &ada, "aaaaa-aaaaa").await.unwrap(), Unknown);
}

/// Otherwise whoever has one code could guess at the others for ever.
async fn a_code_that_works_forgives_no_guess(wiring: Wiring) {
    let world = throttled(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (_, codes) = ada.sets_two_factor_up(&world).await;
    assert!(signs_in(&world, &codes[9]).await);
    for guess in 1..=10 {
        for (typed, state) in [(&codes[0], Works), (&codes[9], Used)] {
            assert_eq!(practises(&world, &ada, typed.expose()).await.unwrap(), state, "before guess {guess}");
        }
        assert_eq!(practises(&world, &ada, "aaaaa-aaaaa").await.unwrap(), Unknown);
    }
    assert_eq!(code(practises(&world, &ada, codes[0].expose()).await), ErrorCode::TooManyRequests);
    assert_eq!(guesses_at_a_proof(&world, &ada).await, ErrorCode::TooManyRequests);
}

async fn of_64_guesses_at_once_ten_are_looked_at(wiring: Wiring) {
    let world = throttled(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    ada.sets_two_factor_up(&world).await;
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let (api, caller) = (world.api.clone(), ada.caller.clone());
            let body = CheckBackupCode { backup_code: Secret::new("aaaaa-aaaaa") };
            tokio::spawn(async move { api.check_backup_code(&caller, body).await.map(|checked| checked.state) })
        })
        .collect();
    let mut looked_at = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(state) => {
                assert_eq!(state, Unknown);
                looked_at += 1;
            }
            Err(problem) => assert_eq!(problem.code(), ErrorCode::TooManyRequests),
        }
    }
    assert_eq!(looked_at, 10);
    let paused = activity(&world, &ada).await.into_iter().filter(|kind| *kind == ActivityKind::SecondFactorPaused);
    assert_eq!(paused.count(), 1);
}
