//! What is sealed, and with which keys: every value there is, looked at one after another.

use std::collections::{BTreeMap, BTreeSet};

use latchkey_api::problem::ApiResult;
use latchkey_store::{AccountId, SealedIn};
use zeroize::Zeroizing;

use super::{
    format::{self, Parts},
    hashes, hex,
    ring::{FIRST, MARK, Ring},
};
use crate::{
    api_keys,
    error::problem,
    integration_tokens, mail, registry_checks,
    service::Service,
    signing_keys::{self, NO_ACCOUNT},
    totp,
};

/// What a key is for at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It was added, and seals nothing yet.
    Waiting,
    /// It seals.
    InUse,
    /// It opens what it sealed before.
    Old,
    /// It is not here, and something needs it.
    Missing,
}

/// How many sealed values there are in each table.
pub type SealedCount = BTreeMap<&'static str, u64>;

/// A key, and what needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealingKeySummary {
    /// What it is told by: 16 hexadecimal digits that say nothing of the key.
    pub fingerprint: String,
    /// What it is for.
    pub state: KeyState,
    /// What it opens.
    pub needed: SealedCount,
}

/// All keys, those of the file in its order, and what none of them opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealingKeys {
    /// The keys.
    pub keys: Vec<SealingKeySummary>,
    /// Values that do not open with the key they name: damaged.
    pub damaged: SealedCount,
}

/// What each table's values are sealed for.
pub(super) fn purpose(of: SealedIn) -> &'static str {
    match of {
        SealedIn::TwoFactor => totp::PURPOSE,
        SealedIn::PersonalApiKeys => api_keys::PURPOSE,
        SealedIn::Outbox => mail::PURPOSE,
        SealedIn::Integrations | SealedIn::IntegrationAttempts => integration_tokens::PURPOSE,
        SealedIn::ContainerRegistries => registry_checks::PURPOSE,
    }
}

const SIGNING_KEYS: &str = "signing_keys";
const SETTINGS: &str = "instance_settings";

/// What a value was found to be.
pub(super) enum Found<'a> {
    /// Sealed with a key that is here.
    Opens(&'a str, Zeroizing<Vec<u8>>),
    /// Sealed with one that is not.
    Missing(String),
    /// Not as it was sealed.
    Damaged,
}

pub(super) fn find<'a>(ring: &'a Ring, purpose: &str, account: AccountId, sealed: &[u8]) -> Found<'a> {
    let Some(parts) = Parts::read(sealed) else { return Found::Damaged };
    let wanted = ring.mark_of(&parts);
    let Some((mark, key)) = ring.keys.iter().find(|(mark, _)| *mark == wanted) else { return Found::Missing(wanted) };
    format::open(key, purpose, account, &parts).map_or(Found::Damaged, |secret| Found::Opens(mark, secret))
}

impl Service {
    /// All keys, and how many values need each. It opens every value there is.
    pub async fn sealing_keys(&self) -> ApiResult<SealingKeys> {
        let ring = self.read_ring().await?;
        let mut needed: BTreeMap<String, SealedCount> = BTreeMap::new();
        let mut damaged = SealedCount::new();
        let mut count = |table, found: Found<'_>| {
            let of = match found {
                Found::Opens(mark, _) => needed.entry(mark.to_owned()).or_default(),
                Found::Missing(mark) => needed.entry(mark).or_default(),
                Found::Damaged => &mut damaged,
            };
            *of.entry(table).or_default() += 1;
        };
        self.each_sealed(|table, purpose, account, sealed| count(table, find(&ring, purpose, account, sealed))).await?;
        let mut keys: Vec<_> = ring
            .keys
            .iter()
            .enumerate()
            .map(|(place, (mark, _))| {
                let state = match place.cmp(&ring.active) {
                    std::cmp::Ordering::Less => KeyState::Old,
                    std::cmp::Ordering::Equal => KeyState::InUse,
                    std::cmp::Ordering::Greater => KeyState::Waiting,
                };
                SealingKeySummary { fingerprint: mark.clone(), state, needed: needed.remove(mark).unwrap_or_default() }
            })
            .collect();
        keys.extend(needed.into_iter().map(|(fingerprint, needed)| SealingKeySummary {
            fingerprint,
            state: KeyState::Missing,
            needed,
        }));
        Ok(SealingKeys { keys, damaged })
    }

    /// The fingerprints of all keys this database cannot be read without. None of them is needed for this.
    pub(crate) async fn needed_sealing_keys(&self) -> ApiResult<BTreeSet<String>> {
        let Some(active) = self.store().get_setting(MARK).await.map_err(problem)? else { return Ok(BTreeSet::new()) };
        let first = self.store().get_setting(FIRST).await.map_err(problem)?.unwrap_or_else(|| active.clone());
        let mut needed = BTreeSet::from([active]);
        self.each_sealed(|_, _, _, sealed| {
            if let Some(parts) = Parts::read(sealed) {
                needed.insert(parts.mark.map_or_else(|| first.clone(), |mark| hex(mark)));
            }
        })
        .await?;
        Ok(needed)
    }

    /// Gives every sealed value: its table, what it is sealed for, whose it is, and itself.
    async fn each_sealed(&self, mut each: impl FnMut(&'static str, &'static str, AccountId, &[u8])) -> ApiResult<()> {
        for &of in SealedIn::ALL {
            let mut after = None;
            loop {
                let page = self.store().sealed_values(of, after.as_ref()).await.map_err(problem)?;
                for value in &page {
                    each(of.table(), purpose(of), value.account_id, &value.sealed);
                }
                let Some(last) = page.into_iter().next_back() else { break };
                after = Some(last);
            }
        }
        for key in self.store().signing_keys().await.map_err(problem)? {
            each(SIGNING_KEYS, signing_keys::PURPOSE, NO_ACCOUNT, &key.sealed);
        }
        if let Some(setting) = self.store().get_setting(hashes::SETTING).await.map_err(problem)? {
            each(SETTINGS, hashes::PURPOSE, NO_ACCOUNT, &hashes::read(&setting));
        }
        Ok(())
    }
}
