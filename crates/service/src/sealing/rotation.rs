//! Another key takes the place of the one that seals: it is made, it seals from then on, what was sealed before is sealed
//! anew with it, and the old one goes when nothing needs it any more.
//!
//! Each step can be ended anywhere and done again. Services go on meanwhile: they open with every key there is, take the
//! new one over within [`FRESH`](super::ring::FRESH), and a value is written anew only where it is as it was read.

use std::time::Duration;

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_store::{AccountId, Micros, SealedIn};
use zeroize::Zeroizing;

use super::{
    SealingKey,
    format::{self, Parts, mark},
    hashes::{self, HashKeys},
    hex,
    inventory::{Found, find, purpose},
    ring::{FIRST, MARK, Ring},
};
use crate::{
    error::problem,
    service::Service,
    signing_keys::{self, NO_ACCOUNT},
};

/// The name of the setting that tells since when the key that seals does.
const SINCE: &str = "sealing_key_since";

/// After this nobody seals with the key before any more: they asked within [`FRESH`](super::ring::FRESH), and a write that began then has
/// ended, or never will.
const TAKEN_OVER: Duration = Duration::from_mins(1);

/// What sealing anew came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResealedValues {
    /// The key everything is sealed with now.
    pub fingerprint: String,
    /// Values that were sealed anew.
    pub resealed: u64,
    /// Values no key here opens; they were left as they are.
    pub unopened: u64,
}

impl Service {
    /// Makes a key that seals nothing yet, so that it can be brought to every node before it does; answers its
    /// fingerprint. `conflict` where one waits already.
    pub async fn add_sealing_key(&self) -> ApiResult<String> {
        let ring = self.read_ring().await?;
        if let Some((waiting, _)) = ring.keys.last().filter(|(mark, _)| mark != ring.active()) {
            let detail = format!("The key {waiting} waits already. Take it into use with sealing-key rotate.");
            return Err(Problem::new(ErrorCode::Conflict).detail(detail));
        }
        let new: SealingKey = Zeroizing::new(self.environment().bytes());
        let fingerprint = hex(&mark(&new));
        self.environment().keys.add(new).await.map_err(unavailable)?;
        self.read_ring().await?;
        Ok(fingerprint)
    }

    /// Takes the newest key into use, and seals everything anew that another one sealed. `tell` hears how many values
    /// that were so far. To be called again where it was ended. `conflict` where there never was another key.
    pub async fn rotate_sealing_key(&self, mut tell: impl FnMut(u64)) -> ApiResult<ResealedValues> {
        let ring = self.read_ring().await?;
        let newest = ring.keys.last().map(|(mark, _)| mark.clone()).unwrap_or_default();
        if newest != ring.active() {
            self.take_into_use(&ring, &newest).await?;
        } else if !ring.rotated {
            let detail = "There is one key alone. Make another one with sealing-key add.";
            return Err(Problem::new(ErrorCode::Conflict).detail(detail));
        }
        let resealed = self.reseal_everything(&mut tell).await?;
        self.clean_files().await;
        Ok(resealed)
    }

    /// Removes a key that seals nothing, once everything it sealed is sealed anew. `conflict` where it is in use or was a
    /// moment ago, `not_found` where there is none of that fingerprint.
    pub async fn remove_sealing_key(&self, fingerprint: &str) -> ApiResult<ResealedValues> {
        let ring = self.read_ring().await?;
        let conflict = |detail: String| Err(Problem::new(ErrorCode::Conflict).detail(detail));
        if ring.key(fingerprint).is_none() {
            let detail = format!("There is no key {fingerprint} here. sealing-key list shows those there are.");
            return Err(Problem::new(ErrorCode::NotFound).detail(detail));
        }
        if fingerprint == ring.active() {
            return conflict(
                "This key is in use. Make another one with sealing-key add, then sealing-key rotate.".into(),
            );
        }
        let since = self.store().get_setting(SINCE).await.map_err(problem)?.and_then(|text| text.parse().ok());
        let ready = since.map_or(Micros(i64::MIN), |since| Micros(since).saturating_add(TAKEN_OVER));
        if self.environment().now() < ready {
            let seconds = TAKEN_OVER.as_secs();
            return conflict(format!(
                "The key was in use until less than {seconds} seconds ago, and a service may still seal with it. Try again \
                 in a minute."
            ));
        }
        let resealed = self.reseal_everything(&mut |_| {}).await?;
        let keys = self.sealing_keys().await?.keys;
        let needed =
            keys.into_iter().find(|key| key.fingerprint == fingerprint).map(|key| key.needed).unwrap_or_default();
        if !needed.is_empty() {
            let what: Vec<_> = needed.iter().map(|(table, count)| format!("{count} in {table}")).collect();
            return conflict(format!("The key is still needed: {}. Try again.", what.join(", ")));
        }
        let ring = self.read_ring().await?;
        if let Some(key) = ring.key(fingerprint) {
            self.environment().keys.remove(key).await.map_err(unavailable)?;
            self.read_ring().await?;
        }
        self.clean_files().await;
        Ok(resealed)
    }

    /// The database says from now on that this key seals. With the first one that takes another's place, the keys of
    /// hashes come into the database.
    async fn take_into_use(&self, ring: &Ring, newest: &str) -> ApiResult<()> {
        let mut others = vec![(SINCE, self.environment().now().0.to_string())];
        if !ring.rotated
            && let Some(key) = ring.key(newest)
        {
            let bytes = HashKeys::of(ring.sealing().key).bytes();
            let with = format::Sealer { key, named: true };
            let sealed = format::seal(with, hashes::PURPOSE, NO_ACCOUNT, &self.environment().bytes(), &bytes)?;
            others.push((hashes::SETTING, hashes::write(&sealed)));
            others.push((FIRST, ring.active().to_owned()));
        }
        let taken = self.store().replace_setting(MARK, ring.active(), newest, others).await.map_err(problem)?;
        if taken {
            tracing::info!(key = newest, "another key seals from now on");
        }
        // Where somebody else was faster, it is theirs.
        self.read_ring().await.map(drop)
    }

    async fn reseal_everything(&self, tell: &mut impl FnMut(u64)) -> ApiResult<ResealedValues> {
        let ring = self.read_ring().await?;
        let mut done = ResealedValues { fingerprint: ring.active().to_owned(), ..ResealedValues::default() };
        for &of in SealedIn::ALL {
            let mut after = None;
            loop {
                let page = self.store().sealed_values(of, after.as_ref()).await.map_err(problem)?;
                let Some(last) = page.last().cloned() else { break };
                let mut new = Vec::new();
                for value in page {
                    if let Some(sealed) = anew(&ring, purpose(of), value.account_id, &value.sealed, &mut done)? {
                        new.push((value, sealed));
                    }
                }
                if !new.is_empty() {
                    done.resealed += self.store().reseal(of, new).await.map_err(problem)?;
                    tell(done.resealed);
                }
                after = Some(last);
            }
        }
        for key in self.store().signing_keys().await.map_err(problem)? {
            if let Some(sealed) = anew(&ring, signing_keys::PURPOSE, NO_ACCOUNT, &key.sealed, &mut done)? {
                let put = self.store().reseal_signing_key(&key.key_id, key.sealed, sealed).await.map_err(problem)?;
                done.resealed += u64::from(put);
            }
        }
        if let Some(old) = self.store().get_setting(hashes::SETTING).await.map_err(problem)?
            && let Some(sealed) = anew(&ring, hashes::PURPOSE, NO_ACCOUNT, &hashes::read(&old), &mut done)?
        {
            let new = hashes::write(&sealed);
            let put = self.store().replace_setting(hashes::SETTING, &old, &new, Vec::new()).await.map_err(problem)?;
            done.resealed += u64::from(put);
        }
        Ok(done)
    }
}

/// A value sealed with the key that seals; none where it is, or cannot be opened.
fn anew(
    ring: &Ring,
    purpose: &str,
    account: AccountId,
    sealed: &[u8],
    done: &mut ResealedValues,
) -> ApiResult<Option<Vec<u8>>> {
    match (find(ring, purpose, account, sealed), Parts::read(sealed)) {
        (Found::Opens(mark, secret), Some(parts)) if mark != ring.active() => {
            format::seal(ring.sealing(), purpose, account, parts.nonce, &secret).map(Some)
        }
        (Found::Opens(..), _) => Ok(None),
        (Found::Missing(_) | Found::Damaged, _) => {
            done.unopened += 1;
            Ok(None)
        }
    }
}

fn unavailable(error: super::KeyError) -> Problem {
    Problem::new(ErrorCode::SealingUnavailable).detail(error)
}
