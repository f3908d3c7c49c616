//! Patches of a profile (RFC 7396), to a service with a database.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use latchkey_api::{
    endpoint::Payload,
    problem::ErrorCode,
    profile::{IfMatch, Profile, ProfileApi, ProfilePatch, UPDATE_PROFILE},
    wire::{Body, ETag, Json},
};
use serde_json::{Map, Value};

use crate::stage::{Stage, on_stage};

/// The bytes are the body of a patch.
///
/// - What is read, written anew, reads as the same patch.
/// - A patch that is taken leaves just what RFC 7396 says of it, with white space around it dropped; what it does not name
///   stays.
/// - The same patch once more changes nothing; the version stays where no address is in it.
/// - A patch that is refused changes nothing at all, however much of it was good.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/merge-patch+json"));
    let payload = Payload { headers, body: Bytes::copy_from_slice(data) };
    let patch = match <Json<ProfilePatch> as Body>::read(&UPDATE_PROFILE.meta, payload) {
        Ok(patch) => patch,
        Err(problem) => {
            return assert!(matches!(problem.code(), ErrorCode::InvalidBody | ErrorCode::InvalidField), "{problem}");
        }
    };
    let written = serde_json::to_vec(&patch).expect("a patch is written as JSON");
    assert_eq!(serde_json::from_slice::<ProfilePatch>(&written).ok().as_ref(), Some(&patch));
    on_stage(|stage| apply(stage, &patch));
}

fn apply(stage: &Stage, patch: &ProfilePatch) {
    let service = &stage.world.service;
    let caller = &stage.bob.person.caller;
    stage.runtime.block_on(async {
        let any = || IfMatch { if_match: ETag("*".into()) };
        let before = service.get_profile(caller).await.expect("his session is open");
        match service.update_profile(caller, any(), patch.clone()).await {
            Ok(after) => {
                taken(&before.value, patch, &after.value);
                let again = service.update_profile(caller, any(), patch.clone()).await.expect("it is taken again");
                assert_eq!(fields(&again.value), fields(&after.value));
                // A code for another address is mailed anew.
                assert!(patch.email.is_some() || again == after, "once more it changes nothing");
            }
            Err(problem) => {
                assert_eq!(problem.code(), ErrorCode::InvalidField, "{problem}");
                assert!(!problem.errors().is_empty());
                let after = service.get_profile(caller).await.expect("his session is open");
                assert_eq!(after, before, "what is refused changes nothing");
            }
        }
    });
}

fn taken(before: &Profile, patch: &ProfilePatch, after: &Profile) {
    let patch = serde_json::to_value(patch).unwrap_or_default();
    let merged = merged(fields(before), &patch);
    for (name, value) in fields(after) {
        let expected = merged.get(&name).and_then(Value::as_str).map(|text| text.trim().replace("\r\n", "\n"));
        let expected = expected.filter(|text| !text.is_empty());
        if name == "email" && patch.get("email").is_some() {
            // Another address waits until it is confirmed; the same one in other letters does not.
            let waits = after.pending_email.as_deref();
            assert!(value.as_str() == expected.as_deref() || waits == expected.as_deref(), "{expected:?}");
        } else {
            assert_eq!(value.as_str(), expected.as_deref(), "{name}");
        }
    }
    assert_eq!((after.id, &after.username, after.created_at), (before.id, &before.username, before.created_at));
    let lengths = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
    assert!((1..=100).contains(&after.name.chars().count()) && after.email.len() <= 254);
    assert!(lengths(&after.location) <= 100 && lengths(&after.bio) <= 250);
}

/// What a patch can name.
fn fields(profile: &Profile) -> Map<String, Value> {
    let Profile { name, email, location, bio, .. } = profile;
    let fields = [("name", Some(name)), ("email", Some(email)), ("location", location.as_ref()), ("bio", bio.as_ref())];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.map_or(Value::Null, |text| text.clone().into())))
        .collect()
}

/// RFC 7396 section 2, of an object without objects in it.
fn merged(mut target: Map<String, Value>, patch: &Value) -> Map<String, Value> {
    for (name, value) in patch.as_object().into_iter().flatten() {
        match value {
            Value::Null => target.remove(name),
            value => target.insert(name.clone(), value.clone()),
        };
    }
    target
}
