//! The state machine behind the window: where the account is, and who is signed in.
//!
//! ```text
//!                 no place is known
//!   start ───────────────────────────────▶ FirstRun
//!     │                                       │ choose_place
//!     │ the place used last                   ▼
//!     └───────────────▶ opening a place: connect, read the token, read the profile, or what was seen before
//!                          │        │        │
//!        cannot be reached │        │        │ token taken, profile read
//!        or opened; token  │        │        └──────────────────────────▶ SignedIn
//!        kept              │        │ no token, or token refused (then     │ ▲ ▲
//!                          ▼        ▼ wiped; the reason says why)          │ │ │
//!                    Unavailable   SignedOut ◀─────────────────────────────┘ │ │
//!                       │    ▲      │ ▲  │   sign_out, add_account,          │ │
//!                       └────┘      │ │  │   delete_account, or whatever     │ │
//!            retry: opens again     │ │  │   hears that the session is over  │ │
//!                                   │ │  └───────────────────────────────────┘ │
//!      sign_in: the password is     │ │      sign_in, create_account           │
//!      right, and a second factor   │ │                                        │
//!      is asked for                 ▼ │ leave_second_factor,                   │
//!                            SecondFactor  or the transaction ended            │
//!                                   │                                          │
//!                                   └──────────────────────────────────────────┘
//!                                     verify_second_factor
//! ```
//!
//! `choose_place`, `switch_account`, `forget_place` and a click on a notification open a place from any state. Where each
//! failing arm lands:
//!
//! | What fails | Lands in |
//! |---|---|
//! | the list of places is damaged or newer | `Unavailable` without a place; `retry` reads it again |
//! | connecting to, or opening, a known place | `Unavailable`, token kept |
//! | connecting to a new place | where it was; the command answers the failure |
//! | reading the profile, out of reach, of an account with a [snapshot](crate::snapshot) | `SignedIn` with what was `saved`, until a profile is read |
//! | reading the profile, for any other reason but the token | `Unavailable`, token kept |
//! | `sign_in` | where it was (`SignedOut`); the command answers the failure |
//! | `verify_second_factor`, with a wrong code or no answer | `SecondFactor`; the command answers the failure |
//! | `verify_second_factor`, with `transaction_ended` | `SignedOut` with the login, `view` event; the failure is answered |
//! | reading the profile right after `sign_in` or `verify_second_factor` | `Unavailable`, token kept |
//! | signing in right after `create_account` | `SignedOut` with the new user name |
//! | telling the service of a `sign_out` | `SignedOut` all the same, token wiped |
//! | `delete_account` | `SignedIn`; the command answers the failure |
//! | any call of `SignedIn`, by the end of its session | `SignedOut` with the reason, token wiped, `view` event |
//! | the session in the window, as the event stream tells | `SignedOut` with the reason, token wiped, `view` event |
//! | any call of `SignedIn`, otherwise | `SignedIn`; the command answers the failure |
//!
//! Two commands at once are safe by two counters. A *transition* takes an attempt number when it begins and lands only
//! if no later one began meanwhile: the last wish wins. Every other call notes the *generation*, which grows with
//! each landing: an answer for an account that is no longer in the window changes nothing.
//!
//! The [follower](crate::follower) of the event stream is told whom to follow: the generation with somebody signed in,
//! and nobody while the person is ending that very session here.

use std::sync::{Mutex, MutexGuard, PoisonError};

use latchkey_api::{
    common::Caller,
    desktop::{ProfileView, SignedOutReason},
    instance::Instance,
    wire::Secret,
};
use latchkey_client::Client;
use tokio::sync::watch;

use crate::{
    places::AccountKey,
    scene::{Scene, State},
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
    /// Whether that was before the account was opened: the service has not been reached since.
    pub saved: bool,
}

impl Ticket {
    /// Grows with each landing.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// The caller of the account's session.
    pub fn caller(&self) -> Caller {
        Caller::with_token(self.token.expose())
    }
}

/// The machine.
pub struct Session {
    inner: Mutex<Inner>,
    /// The generation whose event stream is to be followed, if somebody is signed in.
    followed: watch::Sender<Option<u64>>,
}

struct Inner {
    attempts: u64,
    generation: u64,
    scene: Scene,
}

impl Default for Session {
    fn default() -> Self {
        let inner = Inner { attempts: 0, generation: 0, scene: Scene::first_run() };
        Self { inner: Mutex::new(inner), followed: watch::Sender::new(None) }
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
        self.tell_follower(&inner);
        true
    }

    /// What the machine holds now.
    pub fn scene(&self) -> Scene {
        self.lock().scene.clone()
    }

    /// A ticket for the account in the window, if one is signed in.
    pub fn ticket(&self) -> Option<Ticket> {
        let inner = self.lock();
        let account = inner.scene.account()?;
        Some(Ticket {
            generation: inner.generation,
            client: inner.scene.client.clone()?,
            key: account.key.clone(),
            token: account.token.clone(),
            profile: account.profile.clone(),
            saved: account.saved.is_some(),
        })
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
        if let State::SignedIn(account) = &mut inner.scene.state {
            // Whatever a server says goes before what was seen before.
            let seen_before = account.saved.take().is_some();
            if seen_before || account.profile.profile.updated_at <= fresh.profile.updated_at {
                account.profile = fresh.clone();
            }
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
        self.tell_follower(&inner);
        true
    }

    /// Tells when somebody else is to be followed.
    pub fn followed(&self) -> watch::Receiver<Option<u64>> {
        self.followed.subscribe()
    }

    /// Nobody is followed until the answer is dropped: the person ends this session here, and need not be told that
    /// it ended.
    pub fn quiet(&self) -> Quiet<'_> {
        self.followed.send_replace(None);
        Quiet(self)
    }

    fn tell_follower(&self, inner: &Inner) {
        self.followed.send_replace(inner.scene.account().map(|_| inner.generation));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While this is held, nobody is followed.
pub struct Quiet<'a>(&'a Session);

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        self.0.tell_follower(&self.0.lock());
    }
}

#[cfg(test)]
mod tests;
