//! What is slowed down, and how much: each limit with its burst and its step, and the keys its counters have.

use std::{fmt::Write, net::IpAddr, time::Duration};

use sha2::{Digest, Sha256};

use super::networks::{network, site};

/// How many times as often a site may try as one of its networks.
pub(super) const SITE: u32 = 10;

pub(super) struct Limit {
    pub(super) name: &'static str,
    step: Duration,
    pub(super) burst: u32,
}

pub(super) const PAIR: Limit = Limit { name: "sign-in pair", step: Duration::from_mins(1), burst: 5 };
pub(super) const ADDRESS: Limit = Limit { name: "sign-in address", step: Duration::from_secs(5), burst: 60 };
pub(super) const ACCOUNT: Limit = Limit { name: "sign-in account", step: Duration::from_secs(20), burst: 30 };
pub(super) const SESSION: Limit = Limit { name: "session password", step: Duration::from_mins(1), burst: 5 };
pub(super) const SIGN_UP_TRY: Limit = Limit { name: "sign-up try", step: Duration::from_secs(2), burst: 30 };
pub(super) const SIGN_UP: Limit = Limit { name: "sign-up address", step: Duration::from_mins(1), burst: 10 };

// Providers are not asked without end, whoever's name it is in.
pub(super) const INTEGRATION_ATTEMPT: Limit =
    Limit { name: "integration attempts", step: Duration::from_mins(1), burst: 10 };
pub(super) const REPOSITORIES: Limit = Limit { name: "repositories", step: Duration::from_secs(2), burst: 60 };
pub(super) const INTEGRATION_CHECK: Limit =
    Limit { name: "integration checks", step: Duration::from_secs(15), burst: 20 };

// What strangers do is written down so often, and what matters more stays to be seen between it.
pub(super) const WRONG_PASSWORD: Limit =
    Limit { name: "wrong password event", step: Duration::from_mins(10), burst: 20 };

// Mail: nobody is written to without end, whoever asks for it.
pub(super) const NOTICE_ACCOUNT: Limit = Limit { name: "notices account", step: Duration::from_mins(10), burst: 20 };
pub(super) const NOTICE_RECIPIENT: Limit =
    Limit { name: "notices recipient", step: Duration::from_mins(10), burst: 20 };
pub(super) const CODE_ACCOUNT: Limit = Limit { name: "mailed codes account", step: Duration::from_mins(10), burst: 5 };
pub(super) const CODE_RECIPIENT: Limit =
    Limit { name: "mailed codes recipient", step: Duration::from_mins(10), burst: 5 };
pub(super) const RESET_ADDRESS: Limit = Limit { name: "reset address", step: Duration::from_secs(30), burst: 20 };
pub(super) const RESET_PAIR: Limit = Limit { name: "reset pair", step: Duration::from_mins(10), burst: 5 };
pub(super) const RESET_ACCOUNT: Limit = Limit { name: "reset account", step: Duration::from_mins(10), burst: 5 };
pub(super) const RESET_TRY_ADDRESS: Limit =
    Limit { name: "reset try address", step: Duration::from_secs(10), burst: 30 };
pub(super) const RESET_TRY_PAIR: Limit = Limit { name: "reset try pair", step: Duration::from_mins(1), burst: 15 };

// Each of these has the service ask a registry that the person names.
pub(super) const REGISTRY: Limit = Limit { name: "registry try", step: Duration::from_secs(15), burst: 20 };

/// All of them, for whoever counts.
pub(super) const LIMITS: [&Limit; 20] = [
    &PAIR,
    &ADDRESS,
    &ACCOUNT,
    &SESSION,
    &SIGN_UP_TRY,
    &SIGN_UP,
    &INTEGRATION_ATTEMPT,
    &REPOSITORIES,
    &INTEGRATION_CHECK,
    &WRONG_PASSWORD,
    &NOTICE_ACCOUNT,
    &NOTICE_RECIPIENT,
    &CODE_ACCOUNT,
    &CODE_RECIPIENT,
    &RESET_ADDRESS,
    &RESET_PAIR,
    &RESET_ACCOUNT,
    &RESET_TRY_ADDRESS,
    &RESET_TRY_PAIR,
    &REGISTRY,
];

/// The name of what shuts the door of second factors, which is counted elsewhere.
pub(crate) const SECOND_FACTOR: &str = "second factor";

impl Limit {
    /// This limit for those it is about.
    pub(super) fn of(&self, about: &[&str]) -> latchkey_store::Limit {
        latchkey_store::Limit { key: key(self, about), step: self.step, burst: self.burst }
    }

    /// The same for a site, to whom a provider gives many networks: ten times as often.
    pub(super) fn of_site(&self, site: &str) -> latchkey_store::Limit {
        latchkey_store::Limit { key: key(self, &[site]), step: self.step / SITE, burst: self.burst * SITE }
    }
}

/// What an attempt to sign in is counted against, that of the account last.
pub(super) fn of_sign_in(login: &str, address: Option<IpAddr>) -> (Vec<&'static Limit>, Vec<latchkey_store::Limit>) {
    let from = network(address);
    let mut counted = vec![&ADDRESS, &PAIR, &ACCOUNT];
    let mut limits = vec![ADDRESS.of(&[&from]), PAIR.of(&[login, &from]), ACCOUNT.of(&[login])];
    if let Some(site) = site(address) {
        counted.insert(1, &ADDRESS);
        limits.insert(1, ADDRESS.of_site(&site));
    }
    (counted, limits)
}

/// Names of people do not stand in the counters' keys in the clear.
pub(super) fn key(limit: &Limit, about: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in about {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let mut key = format!("{}:", limit.name);
    for byte in &digest.finalize()[..16] {
        let _ = write!(key, "{byte:02x}");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_run_together_and_hide_the_person() {
        assert_ne!(key(&PAIR, &["ab", "c"]), key(&PAIR, &["a", "bc"]));
        assert!(!key(&ACCOUNT, &["ada"]).contains("ada"));
    }
}
