//! The person's own profile.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    freshness::CHANGE_EMAIL,
    problem::{ApiResult, ErrorCode, Problem},
    profile::{AvatarLink, GET_PROFILE, IfMatch, Profile, ProfileApi, ProfilePatch, UPDATE_PROFILE},
    wire::{ETag, Versioned},
};
use latchkey_store::{Account, Pending, ProfileChange, ProfileUpdate};

use crate::{
    email,
    environment::date_time,
    events::Origin,
    identity_rules::{self, Email, Findings},
    mail::Lane,
    person::Person,
    service::Service,
};

#[async_trait::async_trait]
impl ProfileApi for Service {
    async fn get_profile(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        let person = self.admitted_person(caller, &GET_PROFILE.meta).await?;
        Ok(versioned(person.account()))
    }

    async fn update_profile(
        &self,
        caller: &Caller,
        if_match: IfMatch,
        patch: ProfilePatch,
    ) -> ApiResult<Versioned<Profile>> {
        let person = self.admitted_person(caller, &UPDATE_PROFILE.meta).await?;
        let account = person.account();
        if !matches(&if_match.if_match, &etag(account)) {
            return Err(Problem::new(ErrorCode::Stale));
        }
        let origin = Origin::of_person(caller, &person);
        let Merged { mut change, email } = merge(account, patch)?;
        change.by = Some(person.actor());
        let mut kinds = Vec::new();
        let fields = changed(account, &change);
        if !fields.is_empty() {
            let details = ActivityDetails { fields: Some(fields), ..ActivityDetails::default() };
            change.events.push(self.event(ActivityKind::ProfileUpdated, &origin, &details));
            kinds.push(ActivityKind::ProfileUpdated);
        }
        if let Some(email) = email {
            kinds.extend(self.change_email(&person, email, &mut change, &origin).await?);
        }
        if kinds.is_empty() {
            return Ok(versioned(account));
        }
        let mail: Vec<_> = change.mail.iter().map(|mail| mail.mail_id).collect();
        let (id, now) = (account.account_id, self.environment().now());
        match self.store().update_profile(id, account.version, change, now).await {
            Ok(ProfileUpdate::Updated(account)) => {
                for mail in mail {
                    self.send_soon(Lane::Codes, id, mail);
                }
                for kind in kinds {
                    self.announce(id, origin.session, kind);
                }
                Ok(versioned(&account))
            }
            Ok(ProfileUpdate::Stale) => Err(Problem::new(ErrorCode::Stale)),
            Ok(ProfileUpdate::Gone) => Err(Problem::new(ErrorCode::Unauthenticated)),
            Err(error) => Err(self.ended_meanwhile(&person, error).await),
        }
    }
}

impl Service {
    /// What a patch that names an address does to it: another one has to be confirmed where the service sends mail, and
    /// is taken at once where it sends none; the one of now gives up another that waits. With an API key none of it can be
    /// done: whoever has the address can set a new password.
    async fn change_email(
        &self,
        person: &Person,
        email: Email,
        change: &mut ProfileChange,
        origin: &Origin,
    ) -> ApiResult<Option<ActivityKind>> {
        let account = person.account();
        if email.shown == account.email && account.pending_email.is_none() {
            return Ok(None);
        }
        let me = person.in_session()?;
        if email.shown == account.email {
            change.pending = Pending::Drop;
            let kind = ActivityKind::EmailChangeCancelled;
            change.events.push(self.event(kind, origin, &email::given_up(account)));
            return Ok(Some(kind));
        }
        self.hold_freshness(me, CHANGE_EMAIL)?;
        // The same address in other letters is no other address: nothing to confirm.
        if self.sends_mail() && email.key != change.email_key {
            let (new, mail) = self.new_email_change(account, &email).await?;
            change.pending = Pending::Wait(new);
            change.mail.push(mail);
            let kind = ActivityKind::EmailChangeRequested;
            change.events.push(self.event(kind, origin, &email::about(&email.shown)));
            return Ok(Some(kind));
        }
        let kind = ActivityKind::EmailChanged;
        change.events.push(self.event(kind, origin, &email::about(&email.shown)));
        if email.key != change.email_key {
            change.pending = Pending::Drop;
        }
        (change.email, change.email_key) = (email.shown, email.key);
        Ok(Some(kind))
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
    ETag::list(&if_match.0).is_some_and(|tags| tags.iter().any(|tag| *tag == "*" || *tag == current.0))
}

/// A patch, checked.
struct Merged {
    /// The account's values with the patch over them, but for the address.
    change: ProfileChange,
    /// The address in it.
    email: Option<Email>,
}

/// The account's values with the patch over them.
fn merge(account: &Account, patch: ProfilePatch) -> ApiResult<Merged> {
    let mut findings = Findings::default();
    let mut change = ProfileChange {
        by: None,
        name: account.name.clone(),
        email_key: identity_rules::email_key(&account.email),
        email: account.email.clone(),
        location: account.location.clone(),
        bio: account.bio.clone(),
        pending: Pending::Keep,
        events: Vec::new(),
        mail: Vec::new(),
    };
    if let Some(name) = patch.name
        && let Some(name) = findings.take("/name", identity_rules::display_name(&name))
    {
        change.name = name;
    }
    let email = patch.email.and_then(|email| findings.take("/email", identity_rules::email(&email)));
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
    findings.problem().map_or(Ok(Merged { change, email }), Err)
}

/// Names of the fields that change, but for the address.
fn changed(account: &Account, change: &ProfileChange) -> Vec<String> {
    let fields = [
        ("name", account.name != change.name),
        ("location", account.location != change.location),
        ("bio", account.bio != change.bio),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect()
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
