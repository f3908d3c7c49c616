//! That API keys end soon is mailed, once, and without what anybody else could have written.

use chrono::Duration;
use latchkey_api::{
    api_keys::{ApiKeyPath, CreateApiKey, NewApiKey, Scope},
    password::ChangePassword,
    wire::Secret,
};
use latchkey_testkit::{PASSWORD, Person, Wiring, World};

use crate::api_keys::{asks_for, creates};

fn lasting(person: &Person, name: &str, ends_in: Duration) -> CreateApiKey {
    CreateApiKey { expires_at: Some(Some(person.profile.created_at + ends_in)), ..asks_for(name, &[Scope::Api]) }
}

async fn told_of_new_keys(world: &World, keys: &[&NewApiKey]) {
    for key in keys {
        let told = world.post().next("ada@example.com", "A new API key").await;
        assert!(told.text.contains(&format!("Key ends in: {}", key.last_four)), "{}", told.text);
        assert!(told.text.contains("For: API"), "{}", told.text);
        assert!(!told.text.contains("Zither") && !told.html.contains("Zither"), "{}", told.text);
    }
}

#[tokio::test]
async fn the_end_of_a_key_is_mailed_a_week_and_a_day_before_and_once() {
    let world = World::with(Wiring::Direct).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let monthly = creates(&world, &ada, lasting(&ada, "Zither buy now", Duration::days(30))).await;
    // On the same day (UTC), though not in the same hour.
    let later = creates(&world, &ada, lasting(&ada, "Zither too", Duration::days(30) + Duration::hours(11))).await;
    let weekly = creates(&world, &ada, lasting(&ada, "Zither weekly", Duration::days(7))).await;
    let daily = creates(&world, &ada, lasting(&ada, "Zither daily", Duration::days(1))).await;
    let deleted = creates(&world, &ada, lasting(&ada, "Zither deleted", Duration::days(30))).await;
    told_of_new_keys(&world, &[&monthly, &later, &weekly, &daily, &deleted]).await;
    world.api.delete_api_key(&ada.caller, ApiKeyPath { id: deleted.id }).await.unwrap();
    let other = world.another_service().await;
    let mut sent = world.post().attempts(0).await;
    let mut day = 0;
    let mut until = async |wanted: i64, expected: &[&NewApiKey]| {
        world.clock.advance(Duration::days(wanted - day));
        day = wanted;
        // Both nodes look, and look again.
        tokio::join!(world.service.upkeep(true), other.upkeep(true));
        world.service.upkeep(true).await;
        if !expected.is_empty() {
            sent += 1;
            world.post().attempts(sent).await;
            let told = world.post().next("ada@example.com", "end soon").await;
            let lines: Vec<_> = told.text.lines().filter(|line| line.trim().starts_with("Key: …")).collect();
            assert_eq!(lines.len(), expected.len(), "day {wanted}: {}", told.text);
            for (line, key) in lines.iter().zip(expected) {
                let end = key.expires_at.unwrap().format("%-d %B %Y, %H:%M UTC");
                assert_eq!(line.trim(), format!("Key: …{}, for API, until {end}", key.last_four));
            }
            assert!(!told.text.contains("Zither"), "{}", told.text);
        }
        assert_eq!(world.post().subjects(), [], "day {wanted}");
    };
    until(0, &[]).await;
    until(5, &[]).await;
    until(6, &[&weekly]).await;
    until(7, &[]).await;
    until(23, &[&monthly, &later]).await;
    until(24, &[]).await;
    until(29, &[&monthly, &later]).await;
    until(31, &[]).await;
}

/// Many keys are one mail, and keep nothing from being told that matters more.
#[tokio::test]
async fn of_many_keys_none_is_lost_and_no_notice_is_starved() {
    let world = World::with(Wiring::Direct).mail().settings(|settings| settings.throttles = true).build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let mut keys = Vec::new();
    for n in 0..30 {
        let ends_in = Duration::days(30) + Duration::minutes(n);
        keys.push(creates(&world, &ada, lasting(&ada, &format!("key {n}"), ends_in)).await);
    }
    // Of the mail about new keys what is too much is left out.
    world.post().attempts(20).await;
    for _ in 0..20 {
        world.post().next("ada@example.com", "A new API key").await;
    }
    world.clock.advance(Duration::days(23));
    world.service.upkeep(true).await;
    let told = world.post().next("ada@example.com", "end soon").await;
    for key in &keys {
        assert!(told.text.contains(&format!("…{},", key.last_four)), "{}", told.text);
    }
    let body = ChangePassword {
        current_password: Secret::new(PASSWORD),
        new_password: Secret::new("nine quiet herons wade"),
        close_other_sessions: false,
    };
    world.api.change_password(&ada.caller, body).await.unwrap();
    world.post().next("ada@example.com", "password").await;
    assert_eq!(world.post().subjects(), []);
}

#[tokio::test]
async fn a_message_that_cannot_be_written_stays_due() {
    let world = World::with(Wiring::Direct).mail().build().await;
    let ada = Person::joins(&*world.api, "ada").await;
    let key = creates(&world, &ada, lasting(&ada, "x", Duration::days(8))).await;
    world.post().next("ada@example.com", "A new API key").await;
    world.clock.advance(Duration::days(1));
    // As on a node whose sealing key is another one.
    world.service_with_another_key().await.upkeep(true).await;
    assert_eq!(world.post().subjects(), []);
    world.service.upkeep(true).await;
    let told = world.post().next("ada@example.com", "end soon").await;
    assert!(told.text.contains(&key.last_four), "{}", told.text);
}
