//! The person's own profile.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    common::Caller,
    endpoint::{Auth, Endpoint},
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, ErrorCode},
    wire::{ETag, Empty, Json, Tagged, Versioned, given},
};

/// Where the avatar is, and whether the person chose it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct AvatarLink {
    /// Path on this service; add `?size=64`, `128` or `512`.
    pub url: String,
    /// False where the service draws the initials.
    pub custom: bool,
}

/// A profile. Blank optional fields are null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, TS)]
pub struct Profile {
    /// The account.
    pub id: Uuid,
    /// The name to sign in with, in the case it was chosen.
    pub username: String,
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// A new address that has not been confirmed yet.
    #[schema(required)]
    pub pending_email: Option<String>,
    /// Where the person is.
    #[schema(required)]
    pub location: Option<String>,
    /// A short biography.
    #[schema(required)]
    pub bio: Option<String>,
    /// The avatar.
    pub avatar: AvatarLink,
    /// Whether signing in asks for a second factor.
    pub two_factor_enabled: bool,
    /// When the account was created.
    pub created_at: DateTime<Utc>,
    /// When anything of the profile last changed.
    pub updated_at: DateTime<Utc>,
}

/// A change of the profile as a merge patch (RFC 7396): what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ProfilePatch {
    /// The display name, 1 to 100 characters on one line.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(
        nullable = false,
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*[^\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000][^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
    )]
    pub name: Option<String>,
    /// The e-mail address, at most 254 bytes.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "idn-email", max_length = 254)]
    pub email: Option<String>,
    /// Up to 100 characters on one line; null or blank clears it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$")]
    pub location: Option<Option<String>>,
    /// Up to 250 characters; null or blank clears it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 250, pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$")]
    pub bio: Option<Option<String>>,
}

/// The version a change was made on (RFC 9110 section 13.1.1).
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct IfMatch {
    /// The `ETag` of the profile this change was made on; `*` for whatever it is now
    #[serde(deserialize_with = "condition")]
    #[param(value_type = String, pattern = r#"^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$"#)]
    pub if_match: ETag,
}

fn condition<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ETag, D::Error> {
    let text = String::deserialize(deserializer)?;
    if ETag::list(&text).is_none() {
        return Err(D::Error::custom("If-Match is an entity tag, as it was answered, or *"));
    }
    Ok(ETag(text))
}

/// Reads the profile.
pub const GET_PROFILE: Endpoint<NoParams, Empty, Tagged<Profile>> =
    Endpoint::get("get_profile", "/v1/me").auth(Auth::SessionOrKey).during_setup().summary("Read the profile");

/// Changes the profile.
pub const UPDATE_PROFILE: Endpoint<IfMatch, Json<ProfilePatch>, Tagged<Profile>> =
    Endpoint::patch("update_profile", "/v1/me")
        .auth(Auth::SessionOrKey)
        .headers(&["if_match"])
        .accepts(&["application/merge-patch+json", "application/json"])
        .summary("Change the profile; another e-mail address asks for a fresh proof")
        .errors(&[
            ErrorCode::Stale,
            ErrorCode::InsufficientUserAuthentication,
            ErrorCode::SealingUnavailable,
            ErrorCode::TooManyRequests,
        ]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[GET_PROFILE.described(), UPDATE_PROFILE.described()];

/// The person's own profile.
#[async_trait::async_trait]
pub trait ProfileApi: Send + Sync {
    /// [`GET_PROFILE`]
    async fn get_profile(&self, caller: &Caller) -> ApiResult<Versioned<Profile>>;

    /// [`UPDATE_PROFILE`]. Answers `stale` when `if_match` is not the current version, and `invalid_field` with one
    /// entry a bad field.
    async fn update_profile(
        &self,
        caller: &Caller,
        if_match: IfMatch,
        patch: ProfilePatch,
    ) -> ApiResult<Versioned<Profile>>;
}
