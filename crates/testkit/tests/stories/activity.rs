//! What happened on an account, as its owner reads it.

use chrono::Duration;
use futures_util::future::join_all;
use latchkey_api::{
    activity::{Activity, ActivityKind, ActivityQuery, Category, Push},
    common::Caller,
    deletion::DeleteAccount,
    password::{ChangePassword, Reauthentication},
    problem::{ApiResult, ErrorCode},
    profile::{IfMatch, ProfilePatch},
    sessions::SessionsApi,
    wire::{ETag, Secret, Upload},
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, png};

use crate::{code, nobody, password, stories, stream::next};

stories! {
    what_a_person_does_is_recorded_and_told_to_the_other_devices;
    activity_is_read_in_pages_and_by_category;
    whatever_happens_the_chain_is_whole;
    wrong_passwords_are_recorded_and_strangers_drown_nothing;
    @files
    activity_that_was_changed_is_found;
}

async fn newest(world: &World, person: &Person) -> Activity {
    let query = ActivityQuery { limit: Some(1), ..ActivityQuery::default() };
    world.api.list_events(&person.caller, query).await.unwrap().items.remove(0)
}

async fn try_bio(world: &World, person: &Person, bio: &str) -> ApiResult<()> {
    let patch = ProfilePatch { bio: Some(Some(bio.into())), ..ProfilePatch::default() };
    let any = IfMatch { if_match: ETag("*".into()) };
    world.api.update_profile(&person.caller, any, patch).await.map(drop)
}

async fn set_bio(world: &World, person: &Person, bio: &str) {
    try_bio(world, person, bio).await.unwrap();
}

async fn what_a_person_does_is_recorded_and_told_to_the_other_devices(wiring: Wiring) {
    let world = World::new(wiring).await;
    let laptop = Person::joins(&*world.api, "ada").await;
    let phone = Person::signs_in(&*world.api, "ada").await;
    let (mut here, mut there) =
        (world.events(&laptop.caller).await.unwrap(), world.events(&phone.caller).await.unwrap());
    let told = Push::ActivityNew { category: Category::Profile };

    world.clock.advance(Duration::minutes(5));
    set_bio(&world, &laptop, "Mathematician").await;
    assert_eq!(next(&mut there).await, Some(told.clone()));
    let event = newest(&world, &laptop).await;
    assert_eq!((event.kind, event.category), (ActivityKind::ProfileUpdated, Category::Profile));
    assert_eq!(event.details.fields, Some(vec!["bio".to_owned()]));
    assert_eq!((event.session_id, event.current_session), (Some(laptop.session.id), true));
    assert_eq!(event.at, laptop.session.created_at + Duration::minutes(5));
    assert_eq!(event.device.as_deref(), Some("Latchkey"));
    assert_eq!(event.ip_address.as_deref(), (wiring == Wiring::Socket).then_some("127.0.0.1"));
    assert!(!newest(&world, &phone).await.current_session);
    // The same again is no change, and no event.
    set_bio(&world, &laptop, "Mathematician").await;
    assert_eq!(newest(&world, &laptop).await, event);

    let upload = Upload { media_type: "image/png".into(), bytes: png(32, 32, [1, 2, 3]) };
    world.api.put_avatar(&phone.caller, upload).await.unwrap();
    assert_eq!(next(&mut here).await, Some(told.clone()));
    assert_eq!(newest(&world, &laptop).await.kind, ActivityKind::AvatarChanged);
    world.api.delete_avatar(&laptop.caller).await.unwrap();
    assert_eq!(next(&mut there).await, Some(told));
    assert_eq!(newest(&world, &laptop).await.kind, ActivityKind::AvatarRemoved);
    world.api.delete_avatar(&laptop.caller).await.unwrap();
    assert_eq!(newest(&world, &laptop).await.kind, ActivityKind::AvatarRemoved);
    let verified = world.service.verify_activity(None).await.unwrap();
    assert_eq!((verified.accounts, verified.broken), (1, vec![]));
}

async fn activity_is_read_in_pages_and_by_category(wiring: Wiring) {
    let world = World::new(wiring).await;
    let (ada, bob) = (Person::joins(&*world.api, "ada").await, Person::joins(&*world.api, "bob").await);
    for n in 0..7 {
        set_bio(&world, &ada, &n.to_string()).await;
    }
    let read = async |category| {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let query = ActivityQuery { limit: Some(3), after, category };
            let page = world.api.list_events(&ada.caller, query).await.unwrap();
            assert!(page.items.len() <= 3);
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    };
    let all = read(None).await;
    assert_eq!(all.last().unwrap().kind, ActivityKind::AccountCreated);
    let mut ids: Vec<_> = all.iter().map(|event| event.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
    let profile = read(Some(Category::Profile)).await;
    assert_eq!(profile.len(), 7);
    assert!(profile.iter().all(|event| event.kind == ActivityKind::ProfileUpdated));
    assert_eq!(read(Some(Category::Account)).await.len(), 1);

    let bobs = world.api.list_events(&bob.caller, ActivityQuery::default()).await.unwrap();
    assert!(bobs.items.iter().all(|event| !ids.contains(&event.id)), "nobody reads somebody else's");
    assert_eq!(code(world.api.list_events(&nobody(), ActivityQuery::default()).await), ErrorCode::Unauthenticated);
    for query in [
        ActivityQuery { limit: Some(0), ..ActivityQuery::default() },
        ActivityQuery { limit: Some(101), ..ActivityQuery::default() },
        ActivityQuery { after: Some("elsewhere".into()), ..ActivityQuery::default() },
    ] {
        assert_eq!(code(world.api.list_events(&ada.caller, query).await), ErrorCode::InvalidParameter);
    }
}

/// Every kind of change that writes an event in its own transaction, some of them at once.
async fn whatever_happens_the_chain_is_whole(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    Person::joins(&*world.api, "bob").await;
    assert!(world.api.sign_in(&nobody(), password("ada", "not the password")).await.is_err());
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    let wrong = Reauthentication {
        password: Secret::new(PASSWORD),
        code: Some(app.wrong_code(&world.clock)),
        backup_code: None,
    };
    assert_eq!(code(world.api.reauthenticate(&ada.caller, wrong).await), ErrorCode::InvalidCode);
    let proof = Reauthentication { password: Secret::new(PASSWORD), code: None, backup_code: Some(codes[0].clone()) };
    world.api.reauthenticate(&ada.caller, proof).await.unwrap();
    Person::signs_in_with(&world, "ada", &app).await;
    let edits = join_all(["one", "two", "three", "four", "five", "six"].map(|bio| try_bio(&world, &ada, bio))).await;
    assert!(edits.iter().any(Result::is_ok), "some are stale by then");
    world.api.close_other_sessions(&ada.caller).await.unwrap();
    world.service.close_user_sessions("ada").await.unwrap();
    world.service.disable_user("ada").await.unwrap();
    world.service.enable_user("ada").await.unwrap();
    let verified = world.service.verify_activity(None).await.unwrap();
    assert_eq!((verified.accounts, verified.broken), (2, vec![]));
    assert!(verified.events >= 14, "{}", verified.events);
}

async fn wrong_passwords_are_recorded_and_strangers_drown_nothing(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let wrong = || Secret::new("not the password");
    let change = ChangePassword {
        current_password: wrong(),
        new_password: Secret::new("nine large herons sleep"),
        close_other_sessions: false,
    };
    world.api.change_password(&ada.caller, change).await.unwrap_err();
    let prove = Reauthentication { password: wrong(), code: None, backup_code: None };
    world.api.reauthenticate(&ada.caller, prove).await.unwrap_err();
    let leave = DeleteAccount { username: "ada".into(), password: wrong(), code: None };
    world.api.delete_account(&ada.caller, leave).await.unwrap_err();
    for n in 1..=25 {
        let stranger = Caller { address: Some(format!("192.0.2.{n}").parse().unwrap()), ..Caller::default() };
        world.service.sign_in(&stranger, password("ada", "not the password")).await.unwrap_err();
    }
    let query = ActivityQuery { limit: Some(100), ..ActivityQuery::default() };
    let events = world.api.list_events(&ada.caller, query).await.unwrap().items;
    let wrong: Vec<_> = events.iter().filter(|event| event.kind == ActivityKind::WrongPassword).collect();
    let hers = wrong.iter().filter(|event| event.current_session).count();
    assert_eq!((hers, wrong.len() - hers), (3, 20));
}

/// By a hand in the file, which no service notices by itself.
async fn activity_that_was_changed_is_found(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    Person::joins(&*world.api, "bob").await;
    set_bio(&world, &ada, "Mathematician").await;
    world.service.close().await;
    let mut bytes = std::fs::read(world.file()).unwrap();
    let (words, others) = (br#"{"fields":["bio"]}"#, br#"{"fields":["nix"]}"#);
    let place = bytes.windows(words.len()).position(|window| window == words).unwrap();
    bytes[place..place + words.len()].copy_from_slice(others);
    std::fs::write(world.file(), bytes).unwrap();

    let again = world.another_service().await;
    let verified = again.verify_activity(None).await.unwrap();
    assert_eq!(verified.accounts, 2);
    let broken: Vec<_> = verified.broken.iter().map(|chain| (chain.username.as_str(), chain.account)).collect();
    assert_eq!(broken, [("ada", ada.profile.id)]);
    assert!(verified.broken[0].place > 1, "the first ones are as they were written");
    assert_eq!(again.verify_activity(Some("bob@example.com")).await.unwrap().broken, []);
    assert_eq!(code(again.verify_activity(Some("nobody")).await), ErrorCode::NotFound);
    again.close().await;
}
