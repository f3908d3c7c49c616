//! What was seen of an account while its server could be reached, for when it cannot.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiKeyView, ProfileView, SshKeyView};
use crate::{
    activity::Activity, api_keys::ApiKey, common::Page, container_registries::ContainerRegistry, instance::Instance,
    integrations::Integration, password::PasswordStatus, sessions::Session, two_factor::TwoFactor,
};

/// Something the service answered, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Kept<T> {
    /// When it was read.
    pub at: DateTime<Utc>,
    /// What was answered.
    pub value: T,
}

/// What was seen of an account, each part when it was read last. There is no secret in it. Of lists it is the first page.
///
/// A part that is null was not read on this computer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Snapshot {
    /// The profile.
    pub profile: Option<Kept<ProfileView>>,
    /// What the server said of itself.
    pub instance: Option<Kept<Instance>>,
    /// The avatar as `data:` URLs by pixels a side, where the person has one of their own.
    pub avatar: BTreeMap<u32, String>,
    /// When the password was changed.
    pub password: Option<Kept<PasswordStatus>>,
    /// How two-factor authentication stands.
    pub two_factor: Option<Kept<TwoFactor>>,
    /// The personal API key, described.
    pub api_key: Option<Kept<ApiKeyView>>,
    /// The named API keys.
    pub api_keys: Option<Kept<Page<ApiKey>>>,
    /// The devices that are signed in.
    pub sessions: Option<Kept<Page<Session>>>,
    /// The SSH keys.
    pub ssh_keys: Option<Kept<Page<SshKeyView>>>,
    /// Connections with providers of source code.
    pub integrations: Option<Kept<Page<Integration>>>,
    /// The container registries.
    pub registries: Option<Kept<Page<ContainerRegistry>>>,
    /// What happened on the account.
    pub activity: Option<Kept<Page<Activity>>>,
}

impl Snapshot {
    /// What is newer takes the place of what was there.
    #[must_use]
    pub fn followed_by(self, newer: Self) -> Self {
        let version = |profile: &Option<Kept<ProfileView>>| profile.as_ref().map(|kept| kept.value.etag.clone());
        // Another version of the profile may have another avatar, or none.
        let same = newer.profile.is_none() || version(&newer.profile) == version(&self.profile);
        let mut avatar = if same { self.avatar } else { BTreeMap::new() };
        avatar.extend(newer.avatar);
        Self {
            profile: newer.profile.or(self.profile),
            avatar,
            instance: newer.instance.or(self.instance),
            password: newer.password.or(self.password),
            two_factor: newer.two_factor.or(self.two_factor),
            api_key: newer.api_key.or(self.api_key),
            api_keys: newer.api_keys.or(self.api_keys),
            sessions: newer.sessions.or(self.sessions),
            ssh_keys: newer.ssh_keys.or(self.ssh_keys),
            integrations: newer.integrations.or(self.integrations),
            registries: newer.registries.or(self.registries),
            activity: newer.activity.or(self.activity),
        }
    }
}
