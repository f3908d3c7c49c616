//! The picture that stands for a person.

use bytes::Bytes;
use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    avatar::{AvatarApi, AvatarImage, AvatarPath, AvatarSize, DELETE_AVATAR, PUT_AVATAR},
    common::Caller,
    problem::{ApiResult, ErrorCode, Problem},
    profile::Profile,
    wire::{ETag, Upload, Versioned},
};
use latchkey_avatar::{AvatarSet, Limits, initials};
use sha2::{Digest, Sha256};

use crate::{error::problem, events::Origin, identity_rules::username_key, profile::versioned, service::Service};

#[async_trait::async_trait]
impl AvatarApi for Service {
    async fn put_avatar(&self, caller: &Caller, image: Upload) -> ApiResult<Versioned<Profile>> {
        let person = self.admitted_person(caller, &PUT_AVATAR.meta).await?;
        // Whatever the sender says it is: the first bytes decide, and only pixels are kept.
        let made = self.on_pictures(move || latchkey_avatar::derive(&image.bytes, None, &Limits::SERVICE)).await?;
        let set = made.map_err(|refusal| Problem::new(ErrorCode::InvalidImage).detail(refusal))?;
        let etag = tag(&set.large.bytes);
        let (id, now) = (person.account().account_id, self.environment().now());
        let (origin, kind) = (Origin::of_person(caller, &person), ActivityKind::AvatarChanged);
        let event = self.event(kind, &origin, &ActivityDetails::default());
        let account = match self.store().put_avatar(id, Some(person.actor()), stored(set), &etag.0, now, event).await {
            Ok(account) => account.ok_or_else(|| Problem::new(ErrorCode::Unauthenticated))?,
            Err(error) => return Err(self.ended_meanwhile(&person, error).await),
        };
        self.announce(id, origin.session, kind);
        Ok(versioned(&account))
    }

    async fn delete_avatar(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        let person = self.admitted_person(caller, &DELETE_AVATAR.meta).await?;
        let (id, now) = (person.account().account_id, self.environment().now());
        let (origin, kind) = (Origin::of_person(caller, &person), ActivityKind::AvatarRemoved);
        let event = self.event(kind, &origin, &ActivityDetails::default());
        let account = match self.store().delete_avatar(id, Some(person.actor()), now, event).await {
            Ok(account) => account.ok_or_else(|| Problem::new(ErrorCode::Unauthenticated))?,
            Err(error) => return Err(self.ended_meanwhile(&person, error).await),
        };
        if person.account().avatar_etag.is_some() {
            self.announce(id, origin.session, kind);
        }
        Ok(versioned(&account))
    }

    async fn get_avatar(&self, _: &Caller, path: AvatarPath) -> ApiResult<AvatarImage> {
        let size = path.size.unwrap_or_default();
        let key = username_key(&path.username);
        let found = self.store().avatar(&key, i64::from(size.pixels())).await.map_err(problem)?;
        let (account, picture) = found.ok_or_else(|| Problem::new(ErrorCode::NotFound))?;
        Ok(match picture {
            Some(picture) => {
                AvatarImage { etag: ETag(picture.etag), media_type: picture.media_type, bytes: picture.bytes.into() }
            }
            None => default_avatar(&account, size),
        })
    }
}

/// The initials on a colour: vector graphics, because a name may be in any script and the viewer has the letters.
fn default_avatar(account: &latchkey_store::Account, size: AvatarSize) -> AvatarImage {
    let bytes = Bytes::from(initials::svg(&account.name, &account.username, size.pixels()));
    AvatarImage { etag: tag(&bytes), media_type: "image/svg+xml".into(), bytes }
}

fn stored(set: AvatarSet) -> Vec<latchkey_store::AvatarImage> {
    let sizes = [(AvatarSize::Small, set.small), (AvatarSize::Medium, set.medium), (AvatarSize::Large, set.large)];
    let row = |(size, made): (AvatarSize, latchkey_avatar::Encoded)| latchkey_store::AvatarImage {
        size: i64::from(size.pixels()),
        media_type: made.media_type.into(),
        bytes: made.bytes,
    };
    sizes.into_iter().map(row).collect()
}

/// A strong tag: the beginning of the bytes' SHA-256.
fn tag(bytes: &[u8]) -> ETag {
    use std::fmt::Write;
    let mut text = String::from("\"");
    for byte in &Sha256::digest(bytes)[..16] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    ETag(text)
}
