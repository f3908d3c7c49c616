//! The picture that stands for a person.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    common::Caller,
    endpoint::{Auth, Endpoint},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    profile::Profile,
    wire::{ETag, Empty, Picture, Raw, Tagged, Upload, Versioned},
};

/// The largest picture the service takes, in bytes.
pub const AVATAR_BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The sizes an avatar is kept in: pixels a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum AvatarSize {
    /// 64 by 64 pixels
    #[serde(rename = "64")]
    Small,
    /// 128 by 128 pixels
    #[serde(rename = "128")]
    Medium,
    /// 512 by 512 pixels
    #[default]
    #[serde(rename = "512")]
    Large,
}

impl AvatarSize {
    /// All sizes, smallest first.
    pub const ALL: [AvatarSize; 3] = [Self::Small, Self::Medium, Self::Large];

    /// Pixels a side.
    pub const fn pixels(self) -> u32 {
        match self {
            Self::Small => 64,
            Self::Medium => 128,
            Self::Large => 512,
        }
    }
}

/// Whose avatar, in which size.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AvatarPath {
    /// The person's user name
    pub username: String,
    /// Pixels a side; 512 where nothing is said
    #[param(value_type = AvatarSize, required = false, inline)]
    pub size: Option<AvatarSize>,
}

/// An avatar as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvatarImage {
    /// Strong entity tag of the bytes.
    pub etag: ETag,
    /// `image/jpeg`, `image/png`, `image/webp`, or `image/svg+xml` for the default avatar.
    pub media_type: String,
    /// The encoded picture.
    pub bytes: Bytes,
}

/// Replaces the avatar.
pub const PUT_AVATAR: Endpoint<NoParams, Raw, Tagged<Profile>> = Endpoint::put("put_avatar", "/v1/me/avatar")
    .auth(Auth::SessionOrKey)
    .accepts(&["image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff"])
    .body_limit(AVATAR_BODY_LIMIT)
    .summary("Replace the avatar")
    .errors(&[ErrorCode::InvalidImage]);

/// Removes the avatar; the initials are shown from then on.
pub const DELETE_AVATAR: Endpoint<NoParams, Empty, Tagged<Profile>> =
    Endpoint::delete("delete_avatar", "/v1/me/avatar").auth(Auth::SessionOrKey).summary("Remove the avatar");

/// Reads anybody's avatar.
pub const GET_AVATAR: Endpoint<AvatarPath, Empty, Picture> = Endpoint::get("get_avatar", "/v1/users/{username}/avatar")
    .auth(Auth::Nobody)
    .summary("Read an avatar")
    .errors(&[ErrorCode::NotFound]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[PUT_AVATAR.described(), DELETE_AVATAR.described(), GET_AVATAR.described()];

/// The picture that stands for a person.
#[async_trait::async_trait]
pub trait AvatarApi: Send + Sync {
    /// [`PUT_AVATAR`]. Whatever arrives is decoded and encoded again; answers `invalid_image` with a sentence that says
    /// what is wrong with it.
    async fn put_avatar(&self, caller: &Caller, image: Upload) -> ApiResult<Versioned<Profile>>;

    /// [`DELETE_AVATAR`]
    async fn delete_avatar(&self, caller: &Caller) -> ApiResult<Versioned<Profile>>;

    /// [`GET_AVATAR`]
    async fn get_avatar(&self, caller: &Caller, path: AvatarPath) -> ApiResult<AvatarImage>;
}
