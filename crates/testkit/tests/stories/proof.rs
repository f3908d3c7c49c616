//! Fresh proof: what could lock a person out, or hand the account over, asks once more who they are.

use chrono::Duration;
use latchkey_api::{
    freshness::{Freshness, Method},
    password::Reauthentication,
    problem::{ErrorCode, FieldCode, Problem},
    profile::{IfMatch, ProfilePatch},
    wire::{ETag, Secret},
};
use latchkey_testkit::{Person, Wiring, World, proof};

use crate::{code, every_endpoint::*, pointers, stories};

stories! {
    every_endpoint_that_asks_for_a_fresh_proof_holds_it;
    what_is_missing_is_named_and_proving_it_is_enough;
    each_session_proves_for_itself_and_no_clock_proves_anything;
    another_address_asks_and_another_name_does_not;
    what_is_wrong_with_a_proof_is_said;
}

/// What a refusal asks for.
fn missing(refused: &Problem) -> (Vec<Method>, u32) {
    assert_eq!(refused.code(), ErrorCode::InsufficientUserAuthentication, "{refused}");
    let members = &refused.body().members;
    (members.methods.clone().unwrap(), members.max_age.unwrap())
}

async fn every_endpoint_that_asks_for_a_fresh_proof_holds_it(wiring: Wiring) {
    let world = World::new(wiring).await;
    let mut asking = 0;
    for (n, endpoint) in endpoints().enumerate() {
        let (id, meta) = (endpoint.meta.id, &endpoint.meta);
        let person = Person::joins(&*world.api, &format!("ada{n}")).await;
        let fresh = call(&*world.api, &person.caller, id).await;
        assert_ne!(fresh, Some(ErrorCode::InsufficientUserAuthentication), "{id} right after signing in");
        let person = Person::joins(&*world.api, &format!("bob{n}")).await;
        person.sets_two_factor_up(&world).await;
        let (Freshness::Both(max_age) | Freshness::SecondFactor(max_age)) = meta.freshness else {
            world.clock.advance(Duration::days(1));
            let stale = call(&*world.api, &person.caller, id).await;
            assert_ne!(stale, Some(ErrorCode::InsufficientUserAuthentication), "{id} asks for nothing");
            continue;
        };
        world.clock.advance(Duration::seconds(i64::from(max_age) + 1));
        let stale = call(&*world.api, &person.caller, id).await;
        assert_eq!(stale, Some(ErrorCode::InsufficientUserAuthentication), "{id}");
        asking += 1;
    }
    assert!(asking >= 5, "{asking}");
}

async fn what_is_missing_is_named_and_proving_it_is_enough(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.clock.advance(Duration::minutes(16));
    let refused = world.api.start_two_factor(&ada.caller).await.unwrap_err();
    assert_eq!(missing(&refused), (vec![Method::Password], 300));
    let at = world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap().authenticated_at;
    assert_eq!(at - ada.session.created_at, Duration::minutes(16));
    let (app, _) = ada.sets_two_factor_up(&world).await;
    let session = world.api.get_session(&ada.caller, crate::current()).await.unwrap();
    assert_eq!(session.last_authentication_at, at);

    world.clock.advance(Duration::minutes(5));
    world.api.generate_backup_codes(&ada.caller).await.unwrap();
    world.clock.advance(Duration::microseconds(1));
    let refused = world.api.generate_backup_codes(&ada.caller).await.unwrap_err();
    assert_eq!(missing(&refused), (vec![Method::Password, Method::Totp], 300));
    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    let refused = world.api.generate_backup_codes(&ada.caller).await.unwrap_err();
    assert_eq!(missing(&refused), (vec![Method::Totp], 300), "the password alone proves the password");
    world.api.reauthenticate(&ada.caller, proof(Some(app.next_code(&world.clock)))).await.unwrap();
    world.api.generate_backup_codes(&ada.caller).await.unwrap();
}

async fn each_session_proves_for_itself_and_no_clock_proves_anything(wiring: Wiring) {
    let world = World::new(wiring).await;
    let laptop = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    world.clock.advance(Duration::hours(1));
    world.api.reauthenticate(&laptop.caller, proof(None)).await.unwrap();
    assert_eq!(code(world.api.start_two_factor(&phone.caller).await), ErrorCode::InsufficientUserAuthentication);
    // The clock was an hour ahead, and is set right: what was proved by it lies in the future.
    world.clock.advance(Duration::minutes(-30));
    let refused = world.api.start_two_factor(&laptop.caller).await.unwrap_err();
    assert_eq!(missing(&refused), (vec![Method::Password], 300));
    world.api.reauthenticate(&laptop.caller, proof(None)).await.unwrap();
    world.api.start_two_factor(&laptop.caller).await.unwrap();
}

async fn another_address_asks_and_another_name_does_not(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    world.clock.advance(Duration::hours(1));
    let save = async |patch| {
        let any = IfMatch { if_match: ETag("*".into()) };
        world.api.update_profile(&ada.caller, any, patch).await
    };
    let unchanged = Some("ada@example.com".to_owned());
    save(ProfilePatch { name: Some("Ada".into()), email: unchanged, ..ProfilePatch::default() }).await.unwrap();
    let other = || ProfilePatch { email: Some("ada@new.example".into()), ..ProfilePatch::default() };
    assert_eq!(missing(&save(other()).await.unwrap_err()), (vec![Method::Password], 900));
    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    save(other()).await.unwrap();
}

async fn what_is_wrong_with_a_proof_is_said(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    world.clock.advance(Duration::hours(1));
    let prove = async |body| world.api.reauthenticate(&ada.caller, body).await;
    let wrong_password = Reauthentication { password: Secret::new("not mine"), ..proof(None) };
    assert_eq!(code(prove(wrong_password.clone()).await), ErrorCode::InvalidCredentials);
    let spent = Reauthentication { backup_code: Some(codes[0].clone()), ..wrong_password };
    assert_eq!(code(prove(spent).await), ErrorCode::InvalidCredentials);
    let off = prove(proof(Some(app.ahead_by(-120).code(&world.clock)))).await.unwrap_err();
    assert_eq!((off.code(), off.body().members.clock_offset), (ErrorCode::InvalidCode, Some(-120)));
    let both = Reauthentication { backup_code: Some(codes[0].clone()), ..proof(Some(app.code(&world.clock))) };
    assert_eq!(pointers(&prove(both).await.unwrap_err()), [("/backup_code".into(), FieldCode::Invalid)]);
    let shown = app.code(&world.clock);
    prove(proof(Some(shown.clone()))).await.unwrap();
    let used = prove(proof(Some(shown))).await.unwrap_err();
    assert!(used.body().detail.as_ref().is_some_and(|detail| detail.contains("next one")), "{used}");
    assert_eq!(world.api.get_two_factor(&ada.caller).await.unwrap().backup_codes_remaining, 10, "none was spent");
}
