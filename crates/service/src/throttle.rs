//! Slowing down those who guess. The counters live in the database, so that they hold across nodes and restarts.
//!
//! Signing in is counted three ways, before the password is looked at:
//! - account and address together: 5 at once, then one a minute; forgiven when the password is right;
//! - address: 60 at once, then one every 5 seconds; one address cannot try many accounts. Of IPv6 it is the /64, and ten
//!   times as often the /48 around it;
//! - account from all addresses: 30 at once, then one every 20 seconds. A stranger can keep this one exhausted, so it
//!   does not apply to an address the account is signed in from: nobody can lock another person out for good.
//!
//! Inside of a session the password is counted by the session: 5 at once, then one a minute. Whoever guesses elsewhere
//! does not keep the person from proving who they are where they are signed in.

use std::{net::IpAddr, time::Duration};

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_figures::Counter;
use latchkey_store::{AccountId, Micros, Session, SessionId, Store};
use sha2::{Digest, Sha256};

use crate::error::problem;

/// How many times as often a site may try as one of its networks.
const SITE: u32 = 10;

struct Limit {
    name: &'static str,
    step: Duration,
    burst: u32,
}

const PAIR: Limit = Limit { name: "sign-in pair", step: Duration::from_mins(1), burst: 5 };
const ADDRESS: Limit = Limit { name: "sign-in address", step: Duration::from_secs(5), burst: 60 };
const ACCOUNT: Limit = Limit { name: "sign-in account", step: Duration::from_secs(20), burst: 30 };
const SESSION: Limit = Limit { name: "session password", step: Duration::from_mins(1), burst: 5 };
const SIGN_UP_TRY: Limit = Limit { name: "sign-up try", step: Duration::from_secs(2), burst: 30 };
const SIGN_UP: Limit = Limit { name: "sign-up address", step: Duration::from_mins(1), burst: 10 };

// Providers are not asked without end, whoever's name it is in.
const INTEGRATION_ATTEMPT: Limit = Limit { name: "integration attempts", step: Duration::from_mins(1), burst: 10 };
const REPOSITORIES: Limit = Limit { name: "repositories", step: Duration::from_secs(2), burst: 60 };
const INTEGRATION_CHECK: Limit = Limit { name: "integration checks", step: Duration::from_secs(15), burst: 20 };

// What strangers do is written down so often, and what matters more stays to be seen between it.
const WRONG_PASSWORD: Limit = Limit { name: "wrong password event", step: Duration::from_mins(10), burst: 20 };

// Mail: nobody is written to without end, whoever asks for it.
const NOTICE_ACCOUNT: Limit = Limit { name: "notices account", step: Duration::from_mins(10), burst: 20 };
const NOTICE_RECIPIENT: Limit = Limit { name: "notices recipient", step: Duration::from_mins(10), burst: 20 };
const CODE_ACCOUNT: Limit = Limit { name: "mailed codes account", step: Duration::from_mins(10), burst: 5 };
const CODE_RECIPIENT: Limit = Limit { name: "mailed codes recipient", step: Duration::from_mins(10), burst: 5 };
const RESET_ADDRESS: Limit = Limit { name: "reset address", step: Duration::from_secs(30), burst: 20 };
const RESET_PAIR: Limit = Limit { name: "reset pair", step: Duration::from_mins(10), burst: 5 };
const RESET_ACCOUNT: Limit = Limit { name: "reset account", step: Duration::from_mins(10), burst: 5 };
const RESET_TRY_ADDRESS: Limit = Limit { name: "reset try address", step: Duration::from_secs(10), burst: 30 };
const RESET_TRY_PAIR: Limit = Limit { name: "reset try pair", step: Duration::from_mins(1), burst: 15 };

// Each of these has the service ask a registry that the person names.
const REGISTRY: Limit = Limit { name: "registry try", step: Duration::from_secs(15), burst: 20 };

/// All of them, for whoever counts.
const LIMITS: [&Limit; 20] = [
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
    fn of(&self, about: &[&str]) -> latchkey_store::Limit {
        latchkey_store::Limit { key: key(self, about), step: self.step, burst: self.burst }
    }

    /// The same for a site, to whom a provider gives many networks: ten times as often.
    fn of_site(&self, site: &str) -> latchkey_store::Limit {
        latchkey_store::Limit { key: key(self, &[site]), step: self.step / SITE, burst: self.burst * SITE }
    }
}

/// Open sessions looked at to find whether an address is known.
const KNOWN_SESSIONS: i64 = 50;

/// Counts attempts.
pub(crate) struct Throttle {
    store: Store,
    enabled: bool,
    refused: [Counter; LIMITS.len()],
}

impl Throttle {
    pub(crate) fn new(store: Store, enabled: bool) -> Self {
        Self { store, enabled, refused: Default::default() }
    }

    /// How often each limit has refused something.
    pub(crate) fn refused(&self) -> Vec<(&'static str, u64)> {
        LIMITS.iter().zip(&self.refused).map(|(limit, refused)| (limit.name, refused.get())).collect()
    }

    /// Whether it is known at once that [`sign_in`](Self::sign_in) lets an attempt through, unless others come first.
    pub(crate) fn has_room_to_sign_in(&self, login: &str, address: Option<IpAddr>, now: Micros) -> bool {
        !self.enabled || self.store.has_room(&of_sign_in(login, address).1, now)
    }

    /// Counts an attempt to sign in as `login`. Answers `too_many_requests` with the time to wait.
    pub(crate) async fn sign_in(
        &self,
        login: &str,
        account: Option<AccountId>,
        address: Option<IpAddr>,
        now: Micros,
    ) -> ApiResult<()> {
        if !self.enabled {
            return Ok(());
        }
        let (counted, limits) = of_sign_in(login, address);
        let Some(refusal) = self.store.charge_in_turn(limits, now).await.map_err(problem)? else { return Ok(()) };
        if refusal.by == counted.len() - 1
            && let Some(account) = account
            && self.is_known(account, &network(address), now).await?
        {
            return Ok(());
        }
        if let Some(limit) = counted.get(refusal.by) {
            self.count_refusal(limit);
        }
        Err(Problem::new(ErrorCode::TooManyRequests).retry_after(wait(refusal.retry_at, now)))
    }

    /// The password was right: what this person mistyped before is forgotten.
    pub(crate) async fn forgive_sign_in(&self, login: &str, address: Option<IpAddr>) -> ApiResult<()> {
        if !self.enabled {
            return Ok(());
        }
        self.store.forgive(&key(&PAIR, &[login, &network(address)])).await.map_err(problem)
    }

    /// Counts an attempt to prove the password inside of a session.
    pub(crate) async fn prove_password(&self, session: SessionId, now: Micros) -> ApiResult<()> {
        self.charge(&SESSION, &[&session.0.to_string()], now).await
    }

    /// The password was right.
    pub(crate) async fn forgive_prove_password(&self, session: SessionId) -> ApiResult<()> {
        if !self.enabled {
            return Ok(());
        }
        self.store.forgive(&key(&SESSION, &[&session.0.to_string()])).await.map_err(problem)
    }

    /// Waits for one write, as writing the event of a wrong password does: that there is no such account is not told by
    /// a quicker answer.
    pub(crate) async fn wait_for_a_write(&self, now: Micros) -> ApiResult<()> {
        let charged = self.store.charge("no such account", Duration::from_micros(1), 1, now).await;
        charged.map(|_| ()).map_err(problem)
    }

    /// Counts an attempt to create an account, whatever becomes of it.
    pub(crate) async fn try_sign_up(&self, address: Option<IpAddr>, now: Micros) -> ApiResult<()> {
        self.charge_address(&SIGN_UP_TRY, address, now).await
    }

    /// Counts an account that is to be created.
    pub(crate) async fn sign_up(&self, address: Option<IpAddr>, now: Micros) -> ApiResult<()> {
        self.charge_address(&SIGN_UP, address, now).await
    }

    /// Counts a code that is to be mailed to somebody's new address.
    pub(crate) async fn email_code(&self, account: AccountId, email_key: &str, now: Micros) -> ApiResult<()> {
        self.charge(&CODE_ACCOUNT, &[&account.0.to_string()], now).await?;
        self.charge(&CODE_RECIPIENT, &[email_key], now).await
    }

    /// Counts a request for a new password, whether or not there is such an account.
    pub(crate) async fn reset_request(&self, login: &str, address: Option<IpAddr>, now: Micros) -> ApiResult<()> {
        let from = network(address);
        self.charge_address(&RESET_ADDRESS, address, now).await?;
        self.charge(&RESET_PAIR, &[login, &from], now).await
    }

    /// Counts a code for a new password that is to be mailed: an account may be asked for by name and by address.
    pub(crate) async fn reset_mail(&self, account: AccountId, now: Micros) -> ApiResult<()> {
        self.charge(&RESET_ACCOUNT, &[&account.0.to_string()], now).await
    }

    /// Counts an attempt to set a new password, whether or not there is such an account.
    pub(crate) async fn reset_attempt(&self, login: &str, address: Option<IpAddr>, now: Micros) -> ApiResult<()> {
        let from = network(address);
        self.charge_address(&RESET_TRY_ADDRESS, address, now).await?;
        self.charge(&RESET_TRY_PAIR, &[login, &from], now).await
    }

    /// Counts credentials that are to be tried at a container registry.
    pub(crate) async fn try_registry(&self, account: AccountId, now: Micros) -> ApiResult<()> {
        self.charge(&REGISTRY, &[&account.0.to_string()], now).await
    }

    /// Counts an attempt to connect an account at a provider.
    pub(crate) async fn integration_attempt(&self, account: AccountId, now: Micros) -> ApiResult<()> {
        self.charge(&INTEGRATION_ATTEMPT, &[&account.0.to_string()], now).await
    }

    /// Counts a question for the repositories of a connection.
    pub(crate) async fn repositories(&self, account: AccountId, now: Micros) -> ApiResult<()> {
        self.charge(&REPOSITORIES, &[&account.0.to_string()], now).await
    }

    /// Counts a look at whether a connection works.
    pub(crate) async fn integration_check(&self, account: AccountId, now: Micros) -> ApiResult<()> {
        self.charge(&INTEGRATION_CHECK, &[&account.0.to_string()], now).await
    }

    /// Whether one more notice may be mailed to this address, about this account.
    pub(crate) async fn notice(&self, account: AccountId, email_key: &str, now: Micros) -> ApiResult<bool> {
        Ok(self.is_within(&NOTICE_ACCOUNT, &[&account.0.to_string()], now).await?
            && self.is_within(&NOTICE_RECIPIENT, &[email_key], now).await?)
    }

    /// Whether one more wrong password of a stranger may be written down; the same work where there is no such account.
    pub(crate) async fn wrong_password(&self, account: Option<AccountId>, now: Micros) -> ApiResult<bool> {
        let account = account.unwrap_or(AccountId(uuid::Uuid::nil()));
        self.is_within(&WRONG_PASSWORD, &[&account.0.to_string()], now).await
    }

    async fn is_within(&self, limit: &Limit, about: &[&str], now: Micros) -> ApiResult<bool> {
        match self.charge(limit, about, now).await {
            Ok(()) => Ok(true),
            Err(problem) if problem.code() == ErrorCode::TooManyRequests => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    /// By the network of an address, and by its site.
    async fn charge_address(&self, limit: &Limit, address: Option<IpAddr>, now: Micros) -> ApiResult<()> {
        let limits = [limit.of(&[&network(address)])].into_iter().chain(site(address).map(|site| limit.of_site(&site)));
        self.charge_all(limit, limits.collect(), now).await
    }

    async fn charge(&self, limit: &Limit, about: &[&str], now: Micros) -> ApiResult<()> {
        self.charge_all(limit, vec![limit.of(about)], now).await
    }

    async fn charge_all(&self, limit: &Limit, all: Vec<latchkey_store::Limit>, now: Micros) -> ApiResult<()> {
        if !self.enabled {
            return Ok(());
        }
        let Some(refusal) = self.store.charge_in_turn(all, now).await.map_err(problem)? else { return Ok(()) };
        self.count_refusal(limit);
        Err(Problem::new(ErrorCode::TooManyRequests).retry_after(wait(refusal.retry_at, now)))
    }

    fn count_refusal(&self, limit: &Limit) {
        let place = LIMITS.iter().position(|known| known.name == limit.name);
        if let Some(refused) = place.and_then(|place| self.refused.get(place)) {
            refused.count();
        }
    }

    async fn is_known(&self, account: AccountId, from: &str, now: Micros) -> ApiResult<bool> {
        let sessions = self.store.list_sessions(account, now, None, KNOWN_SESSIONS).await.map_err(problem)?;
        let here = |session: &Session| network_of(session.device.ip_address.as_deref()).as_deref() == Some(from);
        Ok(sessions.iter().any(here))
    }
}

/// What an attempt to sign in is counted against, that of the account last.
fn of_sign_in(login: &str, address: Option<IpAddr>) -> (Vec<&'static Limit>, Vec<latchkey_store::Limit>) {
    let from = network(address);
    let mut counted = vec![&ADDRESS, &PAIR, &ACCOUNT];
    let mut limits = vec![ADDRESS.of(&[&from]), PAIR.of(&[login, &from]), ACCOUNT.of(&[login])];
    if let Some(site) = site(address) {
        counted.insert(1, &ADDRESS);
        limits.insert(1, ADDRESS.of_site(&site));
    }
    (counted, limits)
}

/// Whole seconds from now on after which a moment has come.
pub(crate) fn wait(until: Micros, now: Micros) -> u32 {
    let wait = until.0.saturating_sub(now.0).max(0);
    u32::try_from(wait / 1_000_000 + 1).unwrap_or(u32::MAX)
}

/// Names of people do not stand in the counters' keys in the clear.
fn key(limit: &Limit, about: &[&str]) -> String {
    use std::fmt::Write;
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

/// The network an address is counted by: one IPv4 address, a /64 of IPv6 (what one customer gets), or this computer.
fn network(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        None => "this computer".into(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The site of an address of IPv6: the /48 that a provider gives to whoever asks for many networks (RFC 6177).
fn site(address: Option<IpAddr>) -> Option<String> {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
        _ => None,
    }
}

/// The network of an address as it is stored; `None` where it is none.
pub(crate) fn network_of(stored: Option<&str>) -> Option<String> {
    match stored {
        Some(text) => text.parse().ok().map(|address| network(Some(address))),
        None => Some(network(None)),
    }
}

#[cfg(test)]
mod tests {
    use latchkey_store::Database;

    use super::*;
    use crate::{Environment, Service, Settings};

    #[test]
    fn addresses_of_one_customer_count_as_one() {
        let of = |text: &str| network(Some(text.parse().unwrap()));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        let site = |text: &str| site(Some(text.parse().unwrap()));
        assert_eq!(site("2001:db8:1:2::1"), site("2001:db8:1:3::1"));
        assert_ne!(site("2001:db8:1:2::1"), site("2001:db8:2:2::1"));
        assert_eq!((site("192.0.2.1"), site("::ffff:192.0.2.1")), (None, None));
    }

    #[test]
    fn keys_do_not_run_together_and_hide_the_person() {
        assert_ne!(key(&PAIR, &["ab", "c"]), key(&PAIR, &["a", "bc"]));
        assert!(!key(&ACCOUNT, &["ada"]).contains("ada"));
    }

    /// Somebody with a /48 has 65,536 networks to try from.
    #[tokio::test]
    async fn many_networks_of_one_site_count_together() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(folder.path().join("latchkey.sqlite3"));
        let service = Service::open(database, Settings::default(), Environment::system()).await.unwrap();
        let (throttle, now) = (&service.shared.throttle, service.environment().now());
        let try_from = async |network: u32, site: u32| {
            let address = format!("2001:db8:{site:x}:{network:x}::1").parse().unwrap();
            throttle.try_sign_up(Some(address), now).await.map_err(|refused| refused.code())
        };
        for network in 0..SIGN_UP_TRY.burst * SITE {
            assert_eq!(try_from(network, 1).await, Ok(()), "{network}");
        }
        assert_eq!(try_from(0xffff, 1).await, Err(ErrorCode::TooManyRequests));
        assert_eq!(try_from(0xffff, 2).await, Ok(()), "another site");
        service.close().await;
    }
}
