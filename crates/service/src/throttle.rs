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

mod limits;
mod networks;

use std::{net::IpAddr, time::Duration};

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_figures::Counter;
use latchkey_store::{AccountId, Micros, Session, SessionId, Store};

use crate::error::problem;

pub(crate) use self::{limits::SECOND_FACTOR, networks::network_of};
use self::{
    limits::*,
    networks::{network, site},
};

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

/// Whole seconds from now on after which a moment has come.
pub(crate) fn wait(until: Micros, now: Micros) -> u32 {
    let wait = until.0.saturating_sub(now.0).max(0);
    u32::try_from(wait / 1_000_000 + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use latchkey_store::Database;

    use super::{limits::SITE, *};
    use crate::{Environment, Service, Settings};

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
