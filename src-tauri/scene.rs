//! What the [session](crate::session) holds: a state, and the place it is about.

use std::sync::Arc;

use latchkey_api::{
    desktop::{Failure, Phase, Place, ProfileView, SignedOutReason, Snapshot},
    freshness::Method,
    instance::Instance,
    wire::Secret,
};
use latchkey_client::Client;
use tokio::sync::Mutex;

use crate::places::AccountKey;

/// Which account a place is opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The one used last there.
    LastUsed,
    /// This user name.
    Account(String),
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account's name on this computer.
    pub key: AccountKey,
    /// The session token.
    pub token: Secret,
    /// The profile as it was read last.
    pub profile: ProfileView,
    /// What was seen before, until the service was reached.
    pub saved: Option<Box<Snapshot>>,
}

/// A sign-in after its first step: the password was right.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// Who signs in.
    pub login: String,
    /// What the service knows the first step by. It never enters the page.
    pub transaction: Secret,
    /// One of these will do.
    pub methods: Vec<Method>,
    /// Held while a code is on its way: a code is good for once, so that a second one must not overtake it.
    pub one_at_a_time: Arc<Mutex<()>>,
}

/// A state of the machine.
#[derive(Clone, Debug)]
pub enum State {
    /// Nothing was chosen yet.
    FirstRun,
    /// The place cannot be used.
    Unavailable {
        /// Why.
        failure: Failure,
        /// For whom it was being opened.
        who: Who,
    },
    /// Somebody has to sign in.
    SignedOut {
        /// Why the last session ended.
        reason: Option<SignedOutReason>,
        /// The user name to begin with.
        login: Option<String>,
    },
    /// The password was right; now the second factor.
    SecondFactor(SecondStep),
    /// Somebody is signed in.
    SignedIn(Box<Account>),
}

/// Everything the machine holds: the state, and the place it is about.
#[derive(Clone)]
pub struct Scene {
    /// Where the account is.
    pub place: Option<Place>,
    /// How to talk to it, once it was reached.
    pub client: Option<Client>,
    /// What it says of itself.
    pub instance: Option<Instance>,
    /// The state.
    pub state: State,
}

impl Scene {
    /// Before anything was chosen.
    pub fn first_run() -> Self {
        Self { place: None, client: None, instance: None, state: State::FirstRun }
    }

    /// A place that cannot be used.
    pub fn unavailable(place: Option<Place>, failure: Failure, who: Who) -> Self {
        Self { place, client: None, instance: None, state: State::Unavailable { failure, who } }
    }

    /// The state as the window is told.
    pub fn phase(&self) -> Phase {
        match &self.state {
            State::FirstRun => Phase::FirstRun,
            State::Unavailable { failure, .. } => Phase::Unavailable { failure: failure.clone() },
            State::SignedOut { reason, login } => Phase::SignedOut { reason: *reason, login: login.clone() },
            State::SecondFactor(step) => {
                Phase::SecondFactor { login: step.login.clone(), methods: step.methods.clone() }
            }
            // What a sign-in says is added to its own answer alone.
            State::SignedIn(account) => {
                Phase::SignedIn { profile: account.profile.clone(), arrival: None, saved: account.saved.clone() }
            }
        }
    }

    /// The account in the window.
    pub fn account(&self) -> Option<&Account> {
        match &self.state {
            State::SignedIn(account) => Some(account),
            _ => None,
        }
    }
}
