//! The keys that registry tokens are signed with: made, kept sealed, followed by others, removed.
//!
//! A key is ECDSA over P-256 (ES256, RFC 7518 section 3.4). It is known to registries by a self-signed certificate, and
//! named in tokens by a hash of its public half. One key signs at a time: the newest whose time has come. A new one is in
//! the bundle from its first moment, so that registries know it before it signs, and an old one stays in it until its
//! last token has ended.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, Utc};
use data_encoding::BASE32;
use latchkey_api::{
    problem::{ApiResult, Problem},
    registry::REGISTRY_TOKEN_SECONDS,
};
use latchkey_store::{AccountId, Micros, SigningKey, Uuid};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, KeyUsagePurpose, PublicKeyData};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    environment::date_time,
    error::{internal, problem},
    service::Service,
};

const PURPOSE: &str = "registry_signing_key";

/// A key belongs to the whole server, and to no account.
const NO_ACCOUNT: AccountId = AccountId(Uuid::nil());

/// Who the certificate names where nothing is configured.
const ISSUER: &str = "latchkey";

/// How long a key that was followed stays in the bundle: the life of its last token, and as long again for services that
/// hear of the new one a little later, and for clocks that differ.
const KEEP_FOLLOWED: Duration = Duration::from_secs(2 * REGISTRY_TOKEN_SECONDS as u64);

/// A key that was made to follow the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSigningKey {
    /// What tokens name it by.
    pub key_id: String,
    /// From when on it signs.
    pub signs_from: DateTime<Utc>,
}

/// The keys this process signs with.
#[derive(Default)]
pub(crate) struct SigningKeys(RwLock<Arc<[Arc<Ready>]>>);

/// A key that was unsealed.
struct Ready {
    key_id: String,
    signs_from: Micros,
    pair: EcdsaKeyPair,
}

impl SigningKeys {
    fn get(&self) -> Arc<[Arc<Ready>]> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, keys: Vec<Arc<Ready>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys.into();
    }
}

impl Service {
    /// The certificates of all keys, one after the other, in PEM: what a registry is given as `rootcertbundle`. Where there
    /// is no key, the first one is made.
    pub async fn registry_certificates(&self) -> ApiResult<String> {
        Ok(self.stored_signing_keys().await?.into_iter().map(|key| key.certificate).collect())
    }

    /// Makes a key that is in the bundle at once and signs in a while. Where there is no key yet, the first one is made and
    /// signs at once.
    pub async fn rotate_signing_key(&self, after: Duration) -> ApiResult<NewSigningKey> {
        let first = self.store().signing_keys().await.map_err(problem)?.is_empty();
        let now = self.environment().now();
        let key = self.make_signing_key(if first { now } else { now.saturating_add(after) }).await?;
        let made = NewSigningKey { key_id: key.key_id.clone(), signs_from: date_time(key.signs_from) };
        self.store().add_signing_key(key).await.map_err(problem)?;
        Ok(made)
    }

    /// Takes over what was made and removed elsewhere; makes the first key where there is none. Without a registry there
    /// is nothing to sign.
    pub(crate) async fn refresh_signing_keys(&self) -> ApiResult<()> {
        if self.settings().registry.is_none() {
            return Ok(());
        }
        let (known, mut ready) = (self.shared.signing.get(), Vec::new());
        for stored in self.stored_signing_keys().await? {
            ready.push(match known.iter().find(|known| known.key_id == stored.key_id) {
                Some(known) => Arc::clone(known),
                None => Arc::new(self.open_signing_key(stored).await?),
            });
        }
        self.shared.signing.set(ready);
        Ok(())
    }

    /// Removes keys that another one has followed, once their last token has ended.
    pub(crate) async fn sweep_signing_keys(&self) -> ApiResult<u64> {
        let before = self.environment().now().saturating_sub(KEEP_FOLLOWED);
        self.store().remove_followed_signing_keys(before).await.map_err(problem)
    }

    /// A JSON Web Token (RFC 7519) in the compact form of RFC 7515.
    pub(crate) async fn sign(&self, claims: &impl Serialize) -> ApiResult<String> {
        #[derive(Serialize)]
        struct Header<'a> {
            alg: &'static str,
            typ: &'static str,
            kid: &'a str,
        }
        let encoded = |part: Result<Vec<u8>, serde_json::Error>| {
            part.map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(|error| internal(&error))
        };
        let key = self.signing_key().await?;
        let header = Header { alg: "ES256", typ: "JWT", kid: &key.key_id };
        let text = format!("{}.{}", encoded(serde_json::to_vec(&header))?, encoded(serde_json::to_vec(claims))?);
        // ECDSA needs a random number that nobody can choose: ring takes it from the operating system alone.
        let signature = key.pair.sign(&SystemRandom::new(), text.as_bytes());
        let signature = signature.map_err(|_| Problem::internal("signing failed"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The key that signs now: the newest one whose time has come, or the oldest where the clock was set back.
    async fn signing_key(&self) -> ApiResult<Arc<Ready>> {
        if self.shared.signing.get().is_empty() {
            self.refresh_signing_keys().await?;
        }
        let (keys, now) = (self.shared.signing.get(), self.environment().now());
        let due = keys.iter().rev().find(|key| key.signs_from <= now);
        due.or_else(|| keys.first()).cloned().ok_or_else(|| Problem::internal("there is no key to sign with"))
    }

    /// All keys, in the order in which they sign; at least one.
    async fn stored_signing_keys(&self) -> ApiResult<Vec<SigningKey>> {
        let keys = self.store().signing_keys().await.map_err(problem)?;
        if !keys.is_empty() {
            return Ok(keys);
        }
        let first = self.make_signing_key(self.environment().now()).await?;
        if self.store().add_first_signing_key(first).await.map_err(problem)? {
            tracing::info!("made the first key that registry tokens are signed with");
        }
        self.store().signing_keys().await.map_err(problem)
    }

    async fn make_signing_key(&self, signs_from: Micros) -> ApiResult<SigningKey> {
        let now = self.environment().now();
        let issuer = self.settings().registry.as_ref().map_or(ISSUER.to_owned(), |registry| registry.issuer.clone());
        let made = make(&issuer, date_time(now)).map_err(|error| internal(&error))?;
        let sealed = self.seal(PURPOSE, NO_ACCOUNT, &made.private).await?;
        Ok(SigningKey { key_id: made.key_id, sealed, certificate: made.certificate, created_at: now, signs_from })
    }

    async fn open_signing_key(&self, stored: SigningKey) -> ApiResult<Ready> {
        let private = self.unseal(PURPOSE, NO_ACCOUNT, &stored.sealed).await?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private, &SystemRandom::new());
        let pair = pair.map_err(|_| Problem::internal("a signing key cannot be read"))?;
        Ok(Ready { key_id: stored.key_id, signs_from: stored.signs_from, pair })
    }
}

struct Made {
    key_id: String,
    private: zeroize::Zeroizing<Vec<u8>>,
    certificate: String,
}

/// Key (PKCS #8, RFC 5958) and certificate (RFC 5280). It has no end of its own, written as section 4.1.2.5 has it: a key
/// ends by being taken out of the bundle.
fn make(issuer: &str, now: DateTime<Utc>) -> Result<Made, rcgen::Error> {
    let pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, issuer);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    // From the beginning of the day: the registry's clock may be a little behind.
    params.not_before = rcgen::date_time_ymd(now.year(), part(now.month()), part(now.day()));
    params.not_after = rcgen::date_time_ymd(9999, 12, 31);
    let certificate = params.self_signed(&pair)?.pem();
    let key_id = key_id(&pair.subject_public_key_info());
    Ok(Made { key_id, private: zeroize::Zeroizing::new(pair.serialize_der()), certificate })
}

/// How distribution's token verifier names a key: 30 bytes of the SHA-256 over the public key (`SubjectPublicKeyInfo`, DER),
/// in base 32, in groups of four.
fn key_id(public: &[u8]) -> String {
    let text = BASE32.encode(&Sha256::digest(public)[..30]);
    text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_public_half() {
        let name = key_id(b"");
        assert_eq!(name.split(':').count(), 12);
        // printf '' | sha256sum | cut -c1-60 | xxd -r -p | base32, in groups of four
        assert_eq!(name, "4OYM:IQUY:7QOB:JGX3:6TEJ:S35Z:EQT2:4QPE:MSNZ:GTFE:SWMR:W6CS");
    }

    #[test]
    fn a_certificate_is_made_out_by_its_issuer_and_the_key_reads_back() {
        let now = DateTime::from_timestamp(1_768_219_200, 0).unwrap();
        let (one, two) = (make("latchkey", now).unwrap(), make("latchkey", now).unwrap());
        assert_ne!(one.key_id, two.key_id);
        assert!(one.certificate.starts_with("-----BEGIN CERTIFICATE-----"));
        assert!(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &one.private, &SystemRandom::new()).is_ok());
    }
}
