//! The second step of signing in, and guessing at it.

use chrono::Duration;
use latchkey_api::{
    freshness::Method,
    password::{ChangePassword, Reauthentication},
    problem::{ErrorCode, FieldCode},
    sessions::SecondFactor,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World, proof, sign_in, transaction, with_backup_code, with_code};

use crate::{code, nobody, password, pointers, stories};

stories! {
    the_password_alone_answers_a_transaction_that_serves_once;
    a_wrong_code_says_why_and_the_transaction_lives_on;
    exactly_one_factor_is_taken;
    a_transaction_ends_with_time_and_with_the_password;
    ten_wrong_codes_shut_this_door_and_no_other;
    of_64_guesses_at_once_ten_are_looked_at;
    of_64_uses_of_one_code_one_signs_in;
}

async fn the_password_alone_answers_a_transaction_that_serves_once(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, _) = ada.sets_two_factor_up(&world).await;
    let refusal = world.api.sign_in(&nobody(), sign_in("ada")).await.unwrap_err();
    let methods = refusal.body().members.methods.clone();
    assert_eq!(methods, Some(vec![Method::Totp, Method::BackupCode]));
    let begun = transaction(&refusal);
    assert!(begun.expose().starts_with("lkx_"));
    let caller = latchkey_api::common::Caller::with_token(begun.expose());
    assert_eq!(code(world.api.get_profile(&caller).await), ErrorCode::Unauthenticated, "it is no session");
    let step = with_code(&begun, app.next_code(&world.clock));
    let answer = world.api.sign_in_second_factor(&nobody(), step).await.unwrap();
    assert_eq!((answer.backup_codes_remaining, answer.alerts.len()), (10, 0));
    assert_eq!(answer.session.browser.as_deref(), Some("Latchkey"), "what the app said in the first step");
    assert_eq!(answer.session.last_authentication_at, answer.session.created_at);
    let again = with_code(&begun, app.next_code(&world.clock));
    assert_eq!(code(world.api.sign_in_second_factor(&nobody(), again).await), ErrorCode::TransactionEnded);
    // A new session has proved both.
    let laptop = Person::from(answer);
    world.api.generate_backup_codes(&laptop.caller).await.unwrap();
    let wrong = world.api.sign_in(&nobody(), password("ada", "not the password")).await;
    assert_eq!(code(wrong), ErrorCode::InvalidCredentials, "without the password nobody learns of the second factor");
}

async fn a_wrong_code_says_why_and_the_transaction_lives_on(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    let begun = Person::begins_to_sign_in(&*world.api, "ada").await;
    world.clock.advance(Duration::minutes(2));
    let give = async |code: Secret| world.api.sign_in_second_factor(&nobody(), with_code(&begun, code)).await;
    for (seconds, offset) in [(90, Some(90)), (-90, Some(-90))] {
        let refused = give(app.ahead_by(seconds).code(&world.clock)).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidCode);
        assert_eq!(refused.body().members.clock_offset, offset);
        assert!(refused.body().members.server_time.is_some());
    }
    let plain = give(app.wrong_code(&world.clock)).await.unwrap_err();
    assert_eq!((plain.code(), plain.body().members.clock_offset), (ErrorCode::InvalidCode, None));
    let wrong = with_backup_code(&begun, Secret::new("aaaaa-aaaaa"));
    assert_eq!(code(world.api.sign_in_second_factor(&nobody(), wrong).await), ErrorCode::InvalidCode);
    // A device that is half a minute off is none that is off.
    give(app.ahead_by(-30).code(&world.clock)).await.unwrap();
    let begun = Person::begins_to_sign_in(&*world.api, "ada").await;
    world.api.sign_in_second_factor(&nobody(), with_backup_code(&begun, codes[0].clone())).await.unwrap();
}

async fn exactly_one_factor_is_taken(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    let begun = Person::begins_to_sign_in(&*world.api, "ada").await;
    let none = SecondFactor { transaction: begun.clone(), code: None, backup_code: None };
    let refused = world.api.sign_in_second_factor(&nobody(), none).await.unwrap_err();
    assert_eq!(pointers(&refused), [("/code".into(), FieldCode::Missing)]);
    let both = SecondFactor {
        transaction: begun.clone(),
        code: Some(app.next_code(&world.clock)),
        backup_code: Some(codes[0].clone()),
    };
    let refused = world.api.sign_in_second_factor(&nobody(), both.clone()).await.unwrap_err();
    assert_eq!(pointers(&refused), [("/backup_code".into(), FieldCode::Invalid)]);
    // Neither was spent.
    world.api.sign_in_second_factor(&nobody(), SecondFactor { backup_code: None, ..both }).await.unwrap();
    assert_eq!(world.api.get_two_factor(&ada.caller).await.unwrap().backup_codes_remaining, 10);
    for odd in ["", "lkx_nonsense", begun.expose().trim_end_matches(|c| c != '_')] {
        let step = with_code(&Secret::new(odd), app.next_code(&world.clock));
        assert_eq!(code(world.api.sign_in_second_factor(&nobody(), step).await), ErrorCode::TransactionEnded);
    }
}

async fn a_transaction_ends_with_time_and_with_the_password(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, _) = ada.sets_two_factor_up(&world).await;
    let finish = async |begun: &Secret| {
        world.api.sign_in_second_factor(&nobody(), with_code(begun, app.next_code(&world.clock))).await
    };
    let late = Person::begins_to_sign_in(&*world.api, "ada").await;
    world.clock.advance(Duration::minutes(5));
    assert_eq!(code(finish(&late).await), ErrorCode::TransactionEnded);
    world.api.reauthenticate(&ada.caller, proof(Some(app.next_code(&world.clock)))).await.unwrap();
    let begun = Person::begins_to_sign_in(&*world.api, "ada").await;
    let change = ChangePassword {
        current_password: Secret::new(PASSWORD),
        new_password: Secret::new("nine purple herons wait"),
        close_other_sessions: true,
    };
    world.api.change_password(&ada.caller, change).await.unwrap();
    assert_eq!(code(finish(&begun).await), ErrorCode::TransactionEnded);
    // Only so many are open: the oldest goes.
    let first = world.api.sign_in(&nobody(), password("ada", "nine purple herons wait")).await.unwrap_err();
    for _ in 0..10 {
        world.clock.advance(Duration::milliseconds(1));
        transaction(&world.api.sign_in(&nobody(), password("ada", "nine purple herons wait")).await.unwrap_err());
    }
    assert_eq!(code(finish(&transaction(&first)).await), ErrorCode::TransactionEnded);
}

async fn ten_wrong_codes_shut_this_door_and_no_other(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    let begun = Person::begins_to_sign_in(&*world.api, "ada").await;
    let wrong = app.wrong_code(&world.clock);
    for _ in 0..10 {
        let step = with_code(&begun, wrong.clone());
        assert_eq!(code(world.api.sign_in_second_factor(&nobody(), step).await), ErrorCode::InvalidCode);
    }
    for step in [with_code(&begun, app.code(&world.clock)), with_backup_code(&begun, codes[0].clone())] {
        let refused = world.api.sign_in_second_factor(&nobody(), step).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::TooManyRequests, "even the right one waits");
        assert_eq!(refused.body().members.retry_after, Some(15 * 60 + 1));
    }
    // Where the person is signed in, nothing is shut.
    world.api.reauthenticate(&ada.caller, proof(Some(app.next_code(&world.clock)))).await.unwrap();
    let guess = Reauthentication { code: Some(wrong.clone()), ..proof(None) };
    for _ in 0..10 {
        assert_eq!(code(world.api.reauthenticate(&ada.caller, guess.clone()).await), ErrorCode::InvalidCode);
    }
    assert_eq!(code(world.api.reauthenticate(&ada.caller, guess).await), ErrorCode::TooManyRequests);
    world.api.reauthenticate(&ada.caller, proof(None)).await.unwrap();
    world.clock.advance(Duration::minutes(15));
    let laptop = Person::signs_in_with(&world, "ada", &app).await;
    assert_eq!(world.api.get_two_factor(&laptop.caller).await.unwrap().backup_codes_remaining, 10);
    world.api.reauthenticate(&ada.caller, proof(Some(app.next_code(&world.clock)))).await.unwrap();
}

async fn of_64_guesses_at_once_ten_are_looked_at(wiring: Wiring) {
    let world = World::with(wiring).settings(|settings| settings.throttles = true).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, _) = ada.sets_two_factor_up(&world).await;
    let begun = Person::begins_to_sign_in(&*world.api, "ada").await;
    let step = with_code(&begun, app.wrong_code(&world.clock));
    let tasks: Vec<_> = std::iter::repeat_n(step, 64)
        .map(|step| {
            let api = world.api.clone();
            tokio::spawn(async move { code(api.sign_in_second_factor(&nobody(), step).await) })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    let count = |code| answers.iter().filter(|answer| **answer == code).count();
    assert_eq!((count(ErrorCode::InvalidCode), count(ErrorCode::TooManyRequests)), (10, 54));
}

async fn of_64_uses_of_one_code_one_signs_in(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let (app, codes) = ada.sets_two_factor_up(&world).await;
    let shown = app.next_code(&world.clock);
    for by_backup_code in [false, true] {
        let mut begun = Vec::new();
        for _ in 0..8 {
            begun.push(Person::begins_to_sign_in(&*world.api, "ada").await);
        }
        // Eight transactions, eight times each, all at once.
        let steps = (0..64).map(|n| {
            if by_backup_code {
                with_backup_code(&begun[n % 8], codes[0].clone())
            } else {
                with_code(&begun[n % 8], shown.clone())
            }
        });
        let tasks: Vec<_> = steps
            .map(|step| {
                let api = world.api.clone();
                tokio::spawn(async move { api.sign_in_second_factor(&nobody(), step).await.map(|_| ()) })
            })
            .collect();
        let mut signed_in = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => signed_in += 1,
                Err(refused) => {
                    let expected = [ErrorCode::InvalidCode, ErrorCode::TransactionEnded];
                    assert!(expected.contains(&refused.code()), "{refused}");
                }
            }
        }
        assert_eq!(signed_in, 1);
    }
    let page = world.api.list_sessions(&ada.caller, latchkey_api::common::PageQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 3);
    assert_eq!(world.api.get_two_factor(&ada.caller).await.unwrap().backup_codes_remaining, 9);
}
