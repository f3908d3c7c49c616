//! The state machine behind the window: where the account is, and who is signed in.
//!
//! ```text
//!                 no place is known
//!   start ───────────────────────────────▶ FirstRun
//!     │                                       │ choose_place
//!     │ the place used last                   ▼
//!     └───────────────▶ opening a place: connect, read the token, read the profile
//!                          │        │        │
//!        cannot be reached │        │        │ token taken, profile read
//!        or opened; token  │        │        └──────────────────────────▶ SignedIn
//!        kept              │        │ no token, or token refused (then     │  ▲
//!                          ▼        │ wiped; the reason says why)          │  │
//!                    Unavailable    └─────────▶ SignedOut ◀────────────────┘  │
//!                       │    ▲                     │  sign_out, add_account,   │
//!                       └────┘ retry: opens again  │  or any call answered     │
//!                                                  │  401 or account_disabled  │
//!                                                  └───────────────────────────┘
//!                                                    sign_in, create_account
//! ```
//!
//! `choose_place`, `switch_account` and `forget_place` open a place from any state. Where each failing arm lands:
//!
//! | What fails | Lands in |
//! |---|---|
//! | the list of places is damaged or newer | `Unavailable` without a place; `retry` reads it again |
//! | connecting to, or opening, a known place | `Unavailable`, token kept |
//! | connecting to a new place | where it was; the command answers the failure |
//! | reading the profile, for any reason but the token | `Unavailable`, token kept |
//! | `sign_in` | where it was (`SignedOut`); the command answers the failure |
//! | reading the profile right after `sign_in` | `Unavailable`, token kept |
//! | signing in right after `create_account` | `SignedOut` with the new user name |
//! | telling the service of a `sign_out` | `SignedOut` all the same, token wiped |
//! | any call of `SignedIn`, by 401 or `account_disabled` | `SignedOut` with the reason, token wiped, `view` event |
//! | any call of `SignedIn`, otherwise | `SignedIn`; the command answers the failure |
//!
//! Two commands at once are safe by two counters. A *transition* takes an attempt number when it begins and lands only
//! if no later one began meanwhile: the last wish wins. Every other call notes the *generation*, which grows with
//! each landing: an answer for an account that is no longer in the window changes nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use latchkey_api::{
    common::Caller,
    desktop::{ProfileView, SignedOutReason},
    instance::Instance,
    wire::Secret,
};
use latchkey_client::Client;

use crate::{
    places::AccountKey,
    scene::{Account, Scene, State},
};

/// One transition on its way. It does not land if a later one began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt(u64);

/// What a call for the account in the window needs, and which window it was.
#[derive(Clone)]
pub struct Ticket {
    generation: u64,
    /// How to talk to the place.
    pub client: Client,
    /// The account.
    pub key: AccountKey,
    /// Its session token.
    pub token: Secret,
    /// The profile as it was read last.
    pub profile: ProfileView,
}

impl Ticket {
    /// The caller of the account's session.
    pub fn caller(&self) -> Caller {
        Caller::with_token(self.token.expose())
    }
}

/// The machine.
pub struct Session(Mutex<Inner>);

struct Inner {
    attempts: u64,
    generation: u64,
    scene: Scene,
}

impl Default for Session {
    fn default() -> Self {
        Self(Mutex::new(Inner { attempts: 0, generation: 0, scene: Scene::first_run() }))
    }
}

impl Session {
    /// Begins a transition; those that began earlier will not land.
    pub fn attempt(&self) -> Attempt {
        let mut inner = self.lock();
        inner.attempts += 1;
        Attempt(inner.attempts)
    }

    /// Lands a transition. False if a later one began, and then nothing changes.
    pub fn land(&self, attempt: Attempt, scene: Scene) -> bool {
        let mut inner = self.lock();
        if inner.attempts != attempt.0 {
            return false;
        }
        inner.generation += 1;
        inner.scene = scene;
        true
    }

    /// What the machine holds now.
    pub fn scene(&self) -> Scene {
        self.lock().scene.clone()
    }

    /// A ticket for the account in the window, if one is signed in.
    pub fn ticket(&self) -> Option<Ticket> {
        let inner = self.lock();
        let Account { key, token, profile } = inner.scene.account()?.clone();
        Some(Ticket { generation: inner.generation, client: inner.scene.client.clone()?, key, token, profile })
    }

    /// Whether the ticket's account is still the one in the window.
    pub fn holds(&self, ticket: &Ticket) -> bool {
        self.lock().generation == ticket.generation
    }

    /// Takes over a profile that was read, unless a newer one is there. False if the account is no longer in the
    /// window.
    pub fn take_profile(&self, ticket: &Ticket, fresh: &ProfileView) -> bool {
        let mut inner = self.lock();
        if inner.generation != ticket.generation {
            return false;
        }
        if let State::SignedIn(account) = &mut inner.scene.state
            && account.profile.profile.updated_at <= fresh.profile.updated_at
        {
            account.profile = fresh.clone();
        }
        true
    }

    /// Takes over what the place says of itself.
    pub fn take_instance(&self, place: &str, instance: Instance) {
        let mut inner = self.lock();
        if inner.scene.place.as_ref().is_some_and(|current| current.id == place) {
            inner.scene.instance = Some(instance);
        }
    }

    /// Ends the ticket's session: `SignedIn` to `SignedOut`. False if its account is no longer in the window.
    pub fn end(&self, ticket: &Ticket, reason: SignedOutReason) -> bool {
        let mut inner = self.lock();
        if inner.generation != ticket.generation {
            return false;
        }
        inner.generation += 1;
        inner.scene.state = State::SignedOut { reason: Some(reason), login: Some(ticket.key.username.clone()) };
        true
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use latchkey_api::{
        desktop::Phase,
        problem::CloseReason,
        profile::{AvatarLink, Profile},
        wire::ETag,
    };
    use tower::{service_fn, util::BoxCloneSyncService};

    use super::*;
    use crate::places::{LOCAL, this_computer};

    fn nobody_answers() -> Client {
        Client::in_process(BoxCloneSyncService::new(service_fn(|_| async { Err("nobody answers".into()) })))
    }

    fn profile(name: &str, minute: i64) -> ProfileView {
        let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let profile = Profile {
            id: uuid::Uuid::nil(),
            username: "ada".into(),
            name: name.into(),
            email: "ada@example.org".into(),
            pending_email: None,
            location: None,
            bio: None,
            avatar: AvatarLink { url: "/v1/users/ada/avatar".into(), custom: false },
            two_factor_enabled: false,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: at,
        };
        ProfileView { profile, etag: ETag(format!("\"{minute}\"")) }
    }

    fn signed_in(username: &str) -> Scene {
        let key = AccountKey { place: LOCAL.into(), username: username.into() };
        let account = Account { key, token: Secret::new("lks_1"), profile: profile("Ada", 1) };
        Scene {
            place: Some(this_computer()),
            client: Some(nobody_answers()),
            instance: None,
            state: State::SignedIn(Box::new(account)),
        }
    }

    #[test]
    fn the_last_wish_wins_whichever_is_ready_first() {
        let session = Session::default();
        let (first, second) = (session.attempt(), session.attempt());
        assert!(session.land(second, signed_in("second")));
        assert!(!session.land(first, signed_in("first")));
        assert_eq!(session.ticket().unwrap().key.username, "second");
    }

    #[test]
    fn an_answer_for_another_account_changes_nothing() {
        let session = Session::default();
        session.land(session.attempt(), signed_in("ada"));
        let old = session.ticket().unwrap();
        session.land(session.attempt(), signed_in("bob"));
        assert!(!session.holds(&old));
        assert!(!session.take_profile(&old, &profile("Late", 9)));
        assert!(!session.end(&old, SignedOutReason::Expired));
        let account = session.ticket().unwrap();
        assert_eq!((account.key.username.as_str(), account.profile.profile.name.as_str()), ("bob", "Ada"));
    }

    #[test]
    fn a_slow_read_does_not_undo_a_newer_change() {
        let session = Session::default();
        session.land(session.attempt(), signed_in("ada"));
        let ticket = session.ticket().unwrap();
        assert!(session.take_profile(&ticket, &profile("New", 3)));
        assert!(session.take_profile(&ticket, &profile("Old", 2)));
        assert_eq!(session.ticket().unwrap().profile, profile("New", 3));
    }

    #[test]
    fn a_session_ends_once_with_its_reason_and_name() {
        let session = Session::default();
        session.land(session.attempt(), signed_in("ada"));
        let ticket = session.ticket().unwrap();
        let reason = SignedOutReason::Closed(CloseReason::ClosedElsewhere);
        assert!(session.end(&ticket, reason));
        assert!(!session.end(&ticket, SignedOutReason::Expired));
        assert!(session.ticket().is_none());
        let Phase::SignedOut { reason: said, login } = session.scene().phase() else { panic!("signed out") };
        assert_eq!((said, login.as_deref()), (Some(reason), Some("ada")));
    }

    #[test]
    fn a_session_that_ends_does_not_stop_a_transition_on_its_way() {
        let session = Session::default();
        session.land(session.attempt(), signed_in("ada"));
        let ticket = session.ticket().unwrap();
        let attempt = session.attempt();
        session.end(&ticket, SignedOutReason::Expired);
        assert!(session.land(attempt, signed_in("bob")));
        assert_eq!(session.ticket().unwrap().key.username, "bob");
    }

    #[test]
    fn what_a_place_says_of_itself_stays_with_it() {
        let session = Session::default();
        session.land(session.attempt(), signed_in("ada"));
        let instance = serde_json::json!({
            "name": "X", "version": "1", "sign_up": "open", "two_factor": "optional",
            "password": {"min_length": 12, "min_score": 3}, "registry": null, "integrations": []
        });
        let instance: Instance = serde_json::from_value(instance).unwrap();
        session.take_instance("https://elsewhere.example.org", instance.clone());
        assert_eq!(session.scene().instance, None);
        session.take_instance(LOCAL, instance.clone());
        assert_eq!(session.scene().instance, Some(instance));
    }
}
