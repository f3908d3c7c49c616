//! Keyed hashes. What was hashed cannot be read and hashed anew, so their keys stay those that were derived from the first
//! key, whatever seals since. From the first rotation on they are in the database, sealed like any other secret: the
//! first key itself is then needed for nothing any more.

use latchkey_api::problem::{ApiResult, Problem};
use zeroize::Zeroizing;

use super::{
    SealingKey,
    format::{derive, hmac},
    hex,
    ring::Ring,
    unhex,
};
use crate::{error::problem, service::Service, signing_keys::NO_ACCOUNT};

/// The name of the setting they are in, sealed.
pub(super) const SETTING: &str = "hash_keys";

/// What they are sealed for.
pub(super) const PURPOSE: &str = "hash_keys";

/// What is hashed, in the order of their keys. A new one is put behind the others.
pub(super) const HASHED: [&str; 4] = ["backup codes", "held names", "email change", "password reset"];

/// A key for each of [`HASHED`].
pub(super) struct HashKeys(Vec<SealingKey>);

impl HashKeys {
    /// Those of the first key.
    pub(super) fn of(first: &SealingKey) -> Self {
        Self(HASHED.iter().map(|purpose| derive(first, purpose)).collect())
    }

    /// All of them, to be sealed.
    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.iter().flat_map(|key| key.iter().copied()).collect())
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (keys, rest) = bytes.as_chunks::<32>();
        (keys.len() == HASHED.len() && rest.is_empty())
            .then(|| Self(keys.iter().map(|key| Zeroizing::new(*key)).collect()))
    }
}

/// Sealed hash keys as they stand in the setting.
pub(super) fn write(sealed: &[u8]) -> String {
    hex(sealed)
}

/// The other way round; nothing where it was not written by this.
pub(super) fn read(setting: &str) -> Vec<u8> {
    unhex(setting).unwrap_or_default()
}

impl Service {
    /// A hash nobody can recompute, or guess from, without the key (HMAC-SHA-256).
    pub(crate) async fn keyed_hash(&self, purpose: &str, parts: &[&[u8]]) -> ApiResult<[u8; 32]> {
        let keys = self.shared.sealing.hashes.get_or_try_init(async || self.find_hash_keys().await).await?;
        let place = HASHED.iter().position(|known| *known == purpose);
        let key = place.and_then(|place| keys.0.get(place)).ok_or_else(|| Problem::internal("no key for this hash"))?;
        Ok(hmac(&**key, parts))
    }

    async fn find_hash_keys(&self) -> ApiResult<HashKeys> {
        let ring = self.ring().await?;
        if let Some(keys) = first_key(&ring) {
            return Ok(keys);
        }
        let setting = self.store().get_setting(SETTING).await.map_err(problem)?.unwrap_or_default();
        let bytes = self.unseal(PURPOSE, NO_ACCOUNT, &read(&setting)).await?;
        HashKeys::read(&bytes).ok_or_else(|| Problem::internal("the keys of hashes are not as they were written"))
    }
}

/// They are those of the key that seals, while it is the first one.
fn first_key(ring: &Ring) -> Option<HashKeys> {
    (!ring.rotated).then(|| HashKeys::of(ring.sealing().key))
}
