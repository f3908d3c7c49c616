//! Makes the events of an account's activity.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind, Category, Push},
    common::Caller,
};
use latchkey_store::{AccountId, CountedEvent, Device, NewEvent, SessionId};

use crate::{
    person::{Me, Person},
    service::Service,
};

/// Who did something, and from where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) session: Option<SessionId>,
    pub(crate) device: Option<String>,
    pub(crate) ip_address: Option<String>,
}

impl Origin {
    /// Somebody who is not signed in.
    pub(crate) fn of_caller(caller: &Caller) -> Self {
        Self { session: None, ..Self::of_device(&crate::device::device(caller, None)) }
    }

    /// Somebody in a session.
    pub(crate) fn of_session(caller: &Caller, me: &Me) -> Self {
        let device = label(&me.session.device);
        Self { session: Some(me.session.session_id), device, ip_address: ip_address(caller) }
    }

    /// Somebody in a session, or with an API key.
    pub(crate) fn of_person(caller: &Caller, person: &Person) -> Self {
        match person {
            Person::Session(me) => Self::of_session(caller, me),
            Person::Key(holder) => {
                Self { session: None, device: Some(holder.key.label()), ip_address: ip_address(caller) }
            }
        }
    }

    /// A device that signs in.
    pub(crate) fn of_device(device: &Device) -> Self {
        Self { session: None, device: label(device), ip_address: device.ip_address.clone() }
    }

    /// An administrator at the service's own machine.
    pub(crate) fn administrator() -> Self {
        Self::default()
    }
}

/// An address as it is stored.
pub(crate) fn ip_address(caller: &Caller) -> Option<String> {
    caller.address.map(|address| address.to_canonical().to_string())
}

/// What to call a device: `Firefox on Linux`.
pub(crate) fn label(device: &Device) -> Option<String> {
    match (&device.browser, &device.operating_system) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

impl Service {
    /// An event that happens now.
    pub(crate) fn event(&self, kind: ActivityKind, origin: &Origin, details: &ActivityDetails) -> NewEvent {
        let environment = self.environment();
        NewEvent {
            event_id: environment.uuid(),
            kind: kind.as_str(),
            category: category(kind.category()),
            at: environment.now(),
            session_id: origin.session,
            device: origin.device.clone(),
            ip_address: origin.ip_address.clone(),
            details: json(details),
        }
    }

    /// An event that happens now and tells a number only the transaction knows, which `details` puts in its place.
    pub(crate) fn counted_event(
        &self,
        kind: ActivityKind,
        origin: &Origin,
        details: fn(u32) -> ActivityDetails,
    ) -> CountedEvent {
        let event = self.event(kind, origin, &ActivityDetails::default());
        Box::new(move |number| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            NewEvent { details: json(&details(number)), ..event.clone() }
        })
    }

    /// Tells the other sessions of an account that something happened, once it is stored.
    pub(crate) fn announce(&self, account: AccountId, by: Option<SessionId>, kind: ActivityKind) {
        self.tell(account, by, &Push::ActivityNew { category: kind.category() });
    }
}

fn json(details: &ActivityDetails) -> String {
    serde_json::to_string(details).unwrap_or_else(|_| "{}".into())
}

/// Says how many sessions were closed.
pub(crate) fn closed(count: u32) -> ActivityDetails {
    ActivityDetails { count: Some(count), ..ActivityDetails::default() }
}

/// Says how many backup codes are left.
pub(crate) fn remaining(remaining: u32) -> ActivityDetails {
    ActivityDetails { remaining: Some(remaining), ..ActivityDetails::default() }
}

/// A category as it is stored and stands in JSON.
pub(crate) const fn category(category: Category) -> &'static str {
    match category {
        Category::SignIn => "sign_in",
        Category::Password => "password",
        Category::TwoFactor => "two_factor",
        Category::ApiKeys => "api_keys",
        Category::SshKeys => "ssh_keys",
        Category::SourceCode => "source_code",
        Category::Registries => "registries",
        Category::Profile => "profile",
        Category::Account => "account",
    }
}
