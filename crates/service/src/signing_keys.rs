//! The keys that registry tokens are signed with: made, kept sealed, followed by others, removed.
//!
//! A key is ECDSA over P-256 (ES256, RFC 7518 section 3.4). It is known to registries by a self-signed certificate, which
//! each token carries (`x5c`, RFC 7515 section 4.1.6): distribution 2 and 3 look it up in their bundle, while they name
//! keys (`kid`) each in its own way. One key signs at a time: the newest whose time has come. A new one is in the bundle
//! from its first moment, so that registries know it before it signs, and an old one stays in it until its last token has
//! ended.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, Utc};
use data_encoding::BASE32;
use latchkey_api::{
    problem::{ApiResult, ErrorCode, Problem},
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
    nodes::Notice,
    service::Service,
};

pub(crate) const PURPOSE: &str = "registry_signing_key";

/// A key belongs to the whole server, and to no account.
pub(crate) const NO_ACCOUNT: AccountId = AccountId(Uuid::nil());

/// Who the certificate names where nothing is configured.
const ISSUER: &str = "latchkey";

/// How long a key that was followed stays in the bundle: the life of its last token, and as long again for services that
/// hear of the new one a little later, and for clocks that differ.
const KEEP_FOLLOWED: Duration = Duration::from_secs(2 * REGISTRY_TOKEN_SECONDS as u64);

/// A key, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeySummary {
    /// What administrators name it by.
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
    /// DER in base 64, as it stands in PEM without the line breaks.
    certificate: String,
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
    pub async fn rotate_signing_key(&self, after: Duration) -> ApiResult<SigningKeySummary> {
        let key = self.make_signing_key(self.environment().now().saturating_add(after)).await?;
        let key = self.store().add_signing_key(key).await.map_err(problem)?;
        self.tell_nodes(&Notice::SigningKeys);
        Ok(summary(key))
    }

    /// All keys, the oldest first.
    pub async fn signing_keys(&self) -> ApiResult<Vec<SigningKeySummary>> {
        Ok(self.store().signing_keys().await.map_err(problem)?.into_iter().map(summary).collect())
    }

    /// Removes a key that others may know. What it signed is good until the registry has the bundle without it. Answers
    /// `not_found`.
    pub async fn remove_signing_key(&self, key_id: &str) -> ApiResult<()> {
        if self.store().remove_signing_key(key_id).await.map_err(problem)? {
            self.tell_nodes(&Notice::SigningKeys);
            return Ok(());
        }
        Err(Problem::new(ErrorCode::NotFound).detail(format!("There is no key {key_id}.")))
    }

    /// Takes over what was made and removed elsewhere; makes the first key where there is none. Without a registry there
    /// is nothing to sign.
    pub(crate) async fn refresh_signing_keys(&self) -> ApiResult<()> {
        if self.settings().registry.is_none() {
            return Ok(());
        }
        let (known, mut ready, mut refused) = (self.shared.signing.get(), Vec::new(), None);
        for stored in self.stored_signing_keys().await? {
            if let Some(known) = known.iter().find(|known| known.key_id == stored.key_id) {
                ready.push(Arc::clone(known));
                continue;
            }
            let key_id = stored.key_id.clone();
            match self.open_signing_key(stored).await {
                Ok(key) => ready.push(Arc::new(key)),
                Err(problem) => {
                    tracing::error!(key_id, %problem, "a key of registry tokens cannot be opened; the others sign");
                    refused = Some(problem);
                }
            }
        }
        match refused {
            Some(problem) if ready.is_empty() => Err(problem),
            _ => {
                self.shared.signing.set(ready);
                Ok(())
            }
        }
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
            x5c: [&'a str; 1],
        }
        let encoded = |part: Result<Vec<u8>, serde_json::Error>| {
            part.map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(|error| internal(&error))
        };
        let key = self.signing_key().await?;
        let header = Header { alg: "ES256", typ: "JWT", x5c: [&key.certificate] };
        let text = format!("{}.{}", encoded(serde_json::to_vec(&header))?, encoded(serde_json::to_vec(claims))?);
        // ECDSA needs a random number that nobody can choose: ring takes it from the operating system alone.
        let signature = key.pair.sign(&SystemRandom::new(), text.as_bytes());
        let signature = signature.map_err(|_| Problem::internal("signing failed"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The key that signs now: the newest one whose time has come, or the oldest where the clock was set back. A key that
    /// was made before it signs no more, even where its own time comes later.
    async fn signing_key(&self) -> ApiResult<Arc<Ready>> {
        if self.shared.signing.get().is_empty() {
            self.refresh_signing_keys().await?;
        }
        let (keys, now) = (self.shared.signing.get(), self.environment().now());
        let due = keys.iter().rev().find(|key| key.signs_from <= now);
        due.or_else(|| keys.first()).cloned().ok_or_else(|| Problem::internal("there is no key to sign with"))
    }

    /// All keys, the oldest first; at least one.
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
        let certificate = stored.certificate.lines().filter(|line| !line.starts_with("-----")).collect();
        Ok(Ready { key_id: stored.key_id, signs_from: stored.signs_from, certificate, pair })
    }
}

fn summary(key: SigningKey) -> SigningKeySummary {
    SigningKeySummary { key_id: key.key_id, signs_from: date_time(key.signs_from) }
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
    // From the beginning of the day before: the registry's clock may be behind.
    params.not_before = rcgen::date_time_ymd(now.year(), part(now.month()), part(now.day())) - Duration::from_hours(24);
    params.not_after = rcgen::date_time_ymd(9999, 12, 31) + Duration::from_secs(24 * 3600 - 1);
    let certificate = params.self_signed(&pair)?.pem();
    let key_id = key_id(&pair.subject_public_key_info());
    Ok(Made { key_id, private: zeroize::Zeroizing::new(pair.serialize_der()), certificate })
}

/// How administrators name a key, and distribution's token verifier up to version 2: 30 bytes of the SHA-256 over the
/// public key (`SubjectPublicKeyInfo`, DER), in base 32, in groups of four.
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
        let der = one.certificate.lines().filter(|line| !line.starts_with("-----")).collect::<String>();
        let der = base64::engine::general_purpose::STANDARD.decode(der).unwrap();
        let holds = |text: &[u8]| der.windows(text.len()).any(|window| window == text);
        // UTCTime from the day before, GeneralizedTime of no end (RFC 5280 section 4.1.2.5).
        assert!(holds(b"\x17\x0d260111000000Z\x18\x0f99991231235959Z"));
        assert!(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &one.private, &SystemRandom::new()).is_ok());
    }

    /// A row that cannot be opened is skipped, though it is the newest; where there is no other, nothing is signed.
    #[tokio::test]
    async fn a_damaged_key_keeps_the_others_signing() {
        let folder = tempfile::tempdir().unwrap();
        let info = latchkey_api::instance::RegistryInfo { service: "registry".into(), host: "registry".into() };
        let registry = Some(crate::RegistrySettings { info, issuer: "latchkey".into() });
        let settings = crate::Settings { registry, ..crate::Settings::default() };
        let keys = Arc::new(crate::FixedKey([7; 32]));
        let environment = crate::Environment { keys, ..crate::Environment::system() };
        let service = Service::open(&folder.path().join("latchkey.db"), settings, environment).await.unwrap();
        let (damaged, at) = (service.make_signing_key(Micros(0)).await.unwrap(), service.environment().now());
        let damaged = SigningKey { sealed: vec![1, 2], created_at: Micros(0), ..damaged };
        service.store().add_first_signing_key(damaged.clone()).await.unwrap();
        assert_eq!(service.sign(&()).await.unwrap_err().code(), ErrorCode::SealingUnavailable);
        let good = service.rotate_signing_key(Duration::ZERO).await.unwrap();
        let later = SigningKey { key_id: "later".into(), created_at: at.saturating_add(KEEP_FOLLOWED), ..damaged };
        service.store().add_signing_key(later).await.unwrap();
        service.refresh_signing_keys().await.unwrap();
        assert_eq!(service.signing_key().await.unwrap().key_id, good.key_id);
        service.sign(&()).await.unwrap();
    }
}
