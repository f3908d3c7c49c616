//! The person's own profile.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    freshness::CHANGE_EMAIL,
    problem::{ApiResult, ErrorCode, Problem},
    profile::{AvatarLink, GET_PROFILE, IfMatch, Profile, ProfileApi, ProfilePatch, UPDATE_PROFILE},
    wire::{ETag, Versioned},
};
use latchkey_store::{Account, ProfileChange, ProfileUpdate};

use crate::{
    environment::date_time,
    error::problem,
    events::Origin,
    identity_rules::{self, Findings},
    service::Service,
};

#[async_trait::async_trait]
impl ProfileApi for Service {
    async fn get_profile(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        let me = self.admitted(caller, &GET_PROFILE.meta).await?;
        Ok(versioned(&me.account))
    }

    async fn update_profile(
        &self,
        caller: &Caller,
        if_match: IfMatch,
        patch: ProfilePatch,
    ) -> ApiResult<Versioned<Profile>> {
        let me = self.admitted(caller, &UPDATE_PROFILE.meta).await?;
        let account = &me.account;
        if !matches(&if_match.if_match, &etag(account)) {
            return Err(Problem::new(ErrorCode::Stale));
        }
        let mut change = merge(account, patch)?;
        if unchanged(account, &change) {
            return Ok(versioned(account));
        }
        if account.email != change.email {
            self.hold_freshness(&me, CHANGE_EMAIL)?;
        }
        let origin = Origin::of_session(caller, &me);
        let (kind, fields) = (ActivityKind::ProfileUpdated, changed(account, &change));
        let recorded = !fields.is_empty();
        if recorded {
            let details = ActivityDetails { fields: Some(fields), ..ActivityDetails::default() };
            change.events.push(self.event(kind, &origin, &details));
        }
        let now = self.environment().now();
        match self.store().update_profile(account.account_id, account.version, change, now).await.map_err(problem)? {
            ProfileUpdate::Updated(account) => {
                if recorded {
                    self.announce(account.account_id, origin.session, kind);
                }
                Ok(versioned(&account))
            }
            ProfileUpdate::Stale => Err(Problem::new(ErrorCode::Stale)),
            ProfileUpdate::Gone => Err(Problem::new(ErrorCode::Unauthenticated)),
        }
    }
}

/// A profile as the wire shows it.
pub(crate) fn wire(account: &Account) -> Profile {
    Profile {
        id: account.account_id.0,
        username: account.username.clone(),
        name: account.name.clone(),
        email: account.email.clone(),
        pending_email: account.pending_email.clone(),
        location: account.location.clone(),
        bio: account.bio.clone(),
        avatar: AvatarLink {
            url: format!("/v1/users/{}/avatar", account.username),
            custom: account.avatar_etag.is_some(),
        },
        two_factor_enabled: account.two_factor_since.is_some(),
        created_at: date_time(account.created_at),
        updated_at: date_time(account.updated_at),
    }
}

/// A profile with its version.
pub(crate) fn versioned(account: &Account) -> Versioned<Profile> {
    Versioned { etag: etag(account), value: wire(account) }
}

/// Version and time together: a restored backup does not give an old tag a new meaning.
fn etag(account: &Account) -> ETag {
    ETag(format!("\"{:x}-{:x}\"", account.version, account.updated_at.0))
}

/// `If-Match` is `*` or a list of tags; a weak one never matches (RFC 9110 section 13.1.1).
fn matches(if_match: &ETag, current: &ETag) -> bool {
    if_match.0.split(',').map(str::trim).any(|tag| tag == "*" || tag == current.0)
}

/// The account's values with the patch over them.
fn merge(account: &Account, patch: ProfilePatch) -> ApiResult<ProfileChange> {
    let mut findings = Findings::default();
    let mut change = ProfileChange {
        name: account.name.clone(),
        email_key: identity_rules::email_key(&account.email),
        email: account.email.clone(),
        location: account.location.clone(),
        bio: account.bio.clone(),
        events: Vec::new(),
    };
    if let Some(name) = patch.name
        && let Some(name) = findings.take("/name", identity_rules::display_name(&name))
    {
        change.name = name;
    }
    if let Some(email) = patch.email
        && let Some(email) = findings.take("/email", identity_rules::email(&email))
    {
        (change.email, change.email_key) = (email.shown, email.key);
    }
    if let Some(location) = patch.location
        && let Some(location) = findings.take("/location", identity_rules::line(&location.unwrap_or_default(), 100))
    {
        change.location = location;
    }
    if let Some(bio) = patch.bio
        && let Some(bio) = findings.take("/bio", identity_rules::paragraph(&bio.unwrap_or_default(), 250))
    {
        change.bio = bio;
    }
    findings.problem().map_or(Ok(change), Err)
}

fn unchanged(account: &Account, change: &ProfileChange) -> bool {
    account.name == change.name
        && account.email == change.email
        && account.location == change.location
        && account.bio == change.bio
}

/// The names of the fields that change. The address is not among them: it has events of its own.
fn changed(account: &Account, change: &ProfileChange) -> Vec<String> {
    let fields = [
        ("name", account.name != change.name),
        ("location", account.location != change.location),
        ("bio", account.bio != change.bio),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_is_a_list() {
        let current = ETag("\"2-f\"".into());
        for yes in ["\"2-f\"", "*", "\"1-a\", \"2-f\""] {
            assert!(matches(&ETag(yes.into()), &current), "{yes}");
        }
        for no in ["\"1-a\"", "W/\"2-f\"", "", "2-f"] {
            assert!(!matches(&ETag(no.into()), &current), "{no}");
        }
    }
}
