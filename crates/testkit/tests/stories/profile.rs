//! Reading and changing the profile and the avatar.

use latchkey_api::{
    avatar::{AvatarPath, AvatarSize},
    problem::{ErrorCode, FieldCode},
    profile::{IfMatch, ProfilePatch},
    wire::{ETag, Upload},
};
use latchkey_testkit::{Person, Wiring, World, png, sign_in};

use crate::{code, nobody, pointers, stories};

stories! {
    two_editors_of_one_profile;
    a_patch_changes_what_it_names_and_nothing_else;
    an_address_moves_and_frees_the_old_one;
    an_avatar_is_put_served_and_removed;
    what_is_no_picture_is_refused_and_the_old_one_stays;
}

async fn two_editors_of_one_profile(wiring: Wiring) {
    let world = World::new(wiring).await;
    let one = Person::joins(&*world.api, "ada").await;
    let two = Person::signs_in(&*world.api, "ada").await;
    let read = world.api.get_profile(&one.caller).await.unwrap();
    let change = |bio: &str| ProfilePatch { bio: Some(Some(bio.into())), ..ProfilePatch::default() };
    let tag = || IfMatch { if_match: read.etag.clone() };
    let saved = world.api.update_profile(&one.caller, tag(), change("first")).await.unwrap();
    assert_ne!(saved.etag, read.etag);
    assert_eq!(code(world.api.update_profile(&two.caller, tag(), change("second")).await), ErrorCode::Stale);
    assert_eq!(world.api.get_profile(&two.caller).await.unwrap().value.bio.as_deref(), Some("first"));
    let overwrite = IfMatch { if_match: ETag("*".into()) };
    let saved = world.api.update_profile(&two.caller, overwrite, change("second")).await.unwrap();
    assert_eq!(saved.value.bio.as_deref(), Some("second"));
}

async fn a_patch_changes_what_it_names_and_nothing_else(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let any = || IfMatch { if_match: ETag("*".into()) };
    let patch = ProfilePatch {
        location: Some(Some("  Bergen, Norway ".into())),
        bio: Some(Some("Two\r\nlines".into())),
        ..ProfilePatch::default()
    };
    let saved = world.api.update_profile(&ada.caller, any(), patch).await.unwrap();
    assert_eq!(saved.value.location.as_deref(), Some("Bergen, Norway"));
    assert_eq!(saved.value.bio.as_deref(), Some("Two\nlines"));
    assert_eq!(saved.value.name, "ada Example");
    let unchanged = world.api.update_profile(&ada.caller, any(), ProfilePatch::default()).await.unwrap();
    assert_eq!(unchanged, saved, "nothing to change is no change");
    let blank = ProfilePatch { location: Some(Some("  ".into())), bio: Some(None), ..ProfilePatch::default() };
    let cleared = world.api.update_profile(&ada.caller, any(), blank).await.unwrap();
    assert_eq!((cleared.value.location, cleared.value.bio), (None, None));
    let bad = ProfilePatch { name: Some(" ".into()), bio: Some(Some("x".repeat(251))), ..ProfilePatch::default() };
    let problem = world.api.update_profile(&ada.caller, any(), bad).await.unwrap_err();
    assert_eq!(pointers(&problem), [("/name".into(), FieldCode::Blank), ("/bio".into(), FieldCode::TooLong)]);
}

async fn an_address_moves_and_frees_the_old_one(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let bob = Person::joins(&*world.api, "bob").await;
    let any = || IfMatch { if_match: ETag("*".into()) };
    let to = |email: &str| ProfilePatch { email: Some(email.into()), ..ProfilePatch::default() };
    let taken = world.api.update_profile(&ada.caller, any(), to("BOB@example.com")).await.unwrap_err();
    assert_eq!(pointers(&taken), [("/email".into(), FieldCode::Taken)]);
    world.api.update_profile(&ada.caller, any(), to("ada@new.example")).await.unwrap();
    world.api.update_profile(&bob.caller, any(), to("ada@example.com")).await.unwrap();
    assert_eq!(Person::signs_in(&*world.api, "ada@new.example").await.profile.username, "ada");
    assert_eq!(Person::signs_in(&*world.api, "ada@example.com").await.profile.username, "bob");
    assert_eq!(code(world.api.sign_in(&nobody(), sign_in("bob@example.com")).await), ErrorCode::InvalidCredentials);
}

async fn an_avatar_is_put_served_and_removed(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let path = |size| AvatarPath { username: "ADA".into(), size };
    let initials = world.api.get_avatar(&nobody(), path(None)).await.unwrap();
    assert_eq!(initials.media_type, "image/svg+xml");
    let upload = Upload { media_type: "image/png".into(), bytes: png(300, 200, [200, 30, 30]) };
    let put = world.api.put_avatar(&ada.caller, upload).await.unwrap();
    assert!(put.value.avatar.custom);
    assert_ne!(put.etag, world.api.delete_avatar(&ada.caller).await.unwrap().etag);
    let upload = Upload { media_type: "image/png".into(), bytes: png(300, 200, [30, 30, 200]) };
    world.api.put_avatar(&ada.caller, upload).await.unwrap();
    for size in AvatarSize::ALL {
        let served = world.api.get_avatar(&nobody(), path(Some(size))).await.unwrap();
        let picture = image::load_from_memory(&served.bytes).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (size.pixels(), size.pixels()));
        let [red, _, blue] = picture.get_pixel(size.pixels() / 2, size.pixels() / 2).0;
        assert!(blue > 180 && red < 60, "the picture that was uploaded, in {size:?}");
    }
    let removed = world.api.delete_avatar(&ada.caller).await.unwrap();
    assert!(!removed.value.avatar.custom);
    assert_eq!(world.api.get_avatar(&nobody(), path(None)).await.unwrap(), initials);
    let unknown = AvatarPath { username: "nobody-here".into(), size: None };
    assert_eq!(code(world.api.get_avatar(&nobody(), unknown).await), ErrorCode::NotFound);
}

async fn what_is_no_picture_is_refused_and_the_old_one_stays(wiring: Wiring) {
    let world = World::new(wiring).await;
    let ada = Person::joins(&*world.api, "ada").await;
    let png = png(64, 64, [9, 9, 9]);
    let upload = |bytes: bytes::Bytes| Upload { media_type: "image/png".into(), bytes };
    let put = world.api.put_avatar(&ada.caller, upload(png.clone())).await.unwrap();
    for bad in [bytes::Bytes::from_static(b"PK\x03\x04 a zip"), png.slice(..png.len() / 2), bytes::Bytes::new()] {
        let problem = world.api.put_avatar(&ada.caller, upload(bad)).await.unwrap_err();
        assert_eq!(problem.code(), ErrorCode::InvalidImage);
        assert!(problem.body().detail.as_ref().is_some_and(|detail| detail.ends_with('.')), "{problem}");
    }
    assert_eq!(world.api.get_profile(&ada.caller).await.unwrap().etag, put.etag);
}
