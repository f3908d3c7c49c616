//! Container registries by a script, in the place of those of other people.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use latchkey_api::container_registries::RegistryFailure;
use latchkey_service::{RegistryCheck, RegistryCredentials, RegistryRefusal};
use tokio::sync::watch;

/// Registries that say what they are told to say, and remember what they were asked. A host nobody has spoken of cannot be
/// reached.
pub struct Registries {
    hosts: Mutex<HashMap<String, Behaviour>>,
    asked: watch::Sender<Vec<Asked>>,
    held: watch::Sender<BTreeSet<String>>,
    at_once: Mutex<(usize, usize)>,
}

/// What a registry was asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The host.
    pub host: String,
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

enum Behaviour {
    Takes { username: String, password: String },
    Fails(RegistryFailure),
}

impl Default for Registries {
    fn default() -> Self {
        let (asked, held) = (watch::Sender::new(Vec::new()), watch::Sender::new(BTreeSet::new()));
        Self { hosts: Mutex::default(), asked, held, at_once: Mutex::default() }
    }
}

impl Registries {
    /// From now on the host takes these credentials, and refuses others.
    pub fn takes(&self, host: &str, username: &str, password: &str) {
        let takes = Behaviour::Takes { username: username.into(), password: password.into() };
        locked(&self.hosts).insert(host.into(), takes);
    }

    /// From now on the host fails for this reason.
    pub fn fails(&self, host: &str, failure: RegistryFailure) {
        locked(&self.hosts).insert(host.into(), Behaviour::Fails(failure));
    }

    /// Has everybody wait who asks with this password, until it is let go.
    pub fn hold(&self, password: &str) {
        self.held.send_modify(|held| {
            held.insert(password.into());
        });
    }

    /// Lets those go on who ask with this password.
    pub fn let_go(&self, password: &str) {
        self.held.send_modify(|held| {
            held.remove(password);
        });
    }

    /// All that was asked, in its order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.borrow().clone()
    }

    /// Waits until so much was asked in all.
    ///
    /// # Panics
    /// When that does not happen within ten seconds.
    pub async fn until_asked(&self, times: usize) {
        let mut asked = self.asked.subscribe();
        let enough = asked.wait_for(|asked| asked.len() >= times);
        let heard = tokio::time::timeout(std::time::Duration::from_secs(10), enough).await;
        heard.expect("registries are asked in time").expect("the sender lives as long as this");
    }

    /// The most that ever asked at one time.
    pub fn most_at_once(&self) -> usize {
        locked(&self.at_once).1
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts who asks at one time.
struct Asking<'a>(&'a Registries);

impl<'a> Asking<'a> {
    fn begin(of: &'a Registries) -> Self {
        let mut at_once = locked(&of.at_once);
        at_once.0 += 1;
        at_once.1 = at_once.1.max(at_once.0);
        Self(of)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        locked(&self.0.at_once).0 -= 1;
    }
}

#[async_trait::async_trait]
impl RegistryCheck for Registries {
    async fn check(&self, credentials: &RegistryCredentials<'_>) -> Result<(), RegistryRefusal> {
        let _asking = Asking::begin(self);
        let asked = Asked {
            host: credentials.host.into(),
            username: credentials.username.into(),
            password: credentials.password.expose().into(),
        };
        self.asked.send_modify(|all| all.push(asked.clone()));
        let mut held = self.held.subscribe();
        // The sender lives as long as this.
        let _ = held.wait_for(|held| !held.contains(&asked.password)).await;
        let failure = match locked(&self.hosts).get(&asked.host) {
            Some(Behaviour::Takes { username, password })
                if *username == asked.username && *password == asked.password =>
            {
                return Ok(());
            }
            Some(Behaviour::Takes { .. }) => RegistryFailure::CredentialsRefused,
            Some(Behaviour::Fails(failure)) => *failure,
            None => RegistryFailure::Unreachable,
        };
        Err(RegistryRefusal { failure, detail: format!("{} says {failure:?}. Try something else.", asked.host) })
    }
}
