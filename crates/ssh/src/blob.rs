//! The bytes of a public key, as they go over the wire: whether they are a whole key that can be used.

use ssh_key::{
    HashAlg, Mpint,
    public::{EcdsaPublicKey, Ed25519PublicKey, KeyData, RsaPublicKey},
};

use crate::{RSA_BITS_MAX, RSA_BITS_MIN, Refusal, algorithm::Algorithm};

/// What is known about a key after it was checked.
pub(crate) struct Checked {
    pub(crate) bits: u32,
    pub(crate) fingerprint: [u8; 32],
}

/// Checks that `blob` is exactly one key of this algorithm.
pub(crate) fn check(algorithm: Algorithm, blob: &[u8]) -> Result<Checked, Refusal> {
    let key = ssh_key::PublicKey::from_bytes(blob).map_err(|_| Refusal::Malformed("the data is not a key"))?;
    // The library takes more than one spelling of some keys, such as a signature's name in place of the key's.
    if key.to_bytes().ok().as_deref() != Some(blob) {
        return Err(Refusal::Malformed("the data is not in the one form"));
    }
    let bits = match (algorithm, key.key_data()) {
        (Algorithm::Ed25519, KeyData::Ed25519(key)) => ed25519(key)?,
        (Algorithm::SkEd25519, KeyData::SkEd25519(key)) => {
            application(key.application())?;
            ed25519(key.public_key())?
        }
        (Algorithm::SkEcdsaP256, KeyData::SkEcdsaSha2NistP256(key)) => {
            application(key.application())?;
            ecdsa(&EcdsaPublicKey::NistP256(*key.ec_point()))?
        }
        (Algorithm::EcdsaP256, KeyData::Ecdsa(key @ EcdsaPublicKey::NistP256(_)))
        | (Algorithm::EcdsaP384, KeyData::Ecdsa(key @ EcdsaPublicKey::NistP384(_)))
        | (Algorithm::EcdsaP521, KeyData::Ecdsa(key @ EcdsaPublicKey::NistP521(_))) => ecdsa(key)?,
        (Algorithm::Rsa, KeyData::Rsa(key)) => rsa(key)?,
        _ => return Err(Refusal::Malformed("the name in front is not the one in the data")),
    };
    let fingerprint =
        key.fingerprint(HashAlg::Sha256).sha256().ok_or(Refusal::Malformed("the key has no fingerprint"))?;
    Ok(Checked { bits, fingerprint })
}

fn ed25519(key: &Ed25519PublicKey) -> Result<u32, Refusal> {
    let point = ed25519_dalek::VerifyingKey::from_bytes(&key.0)
        .map_err(|_| Refusal::Malformed("the point is not on the curve"))?;
    // For a point of small order anybody can sign.
    if point.is_weak() { Err(Refusal::Malformed("the point is of small order")) } else { Ok(256) }
}

fn ecdsa(key: &EcdsaPublicKey) -> Result<u32, Refusal> {
    let point = key.as_sec1_bytes();
    // RFC 5656 section 3.1 allows compressed points, OpenSSH reads none.
    if point.first() != Some(&4) {
        return Err(Refusal::Malformed("the point is compressed or at infinity"));
    }
    let (bits, on_curve) = match key {
        EcdsaPublicKey::NistP256(_) => (256, p256::PublicKey::from_sec1_bytes(point).is_ok()),
        EcdsaPublicKey::NistP384(_) => (384, p384::PublicKey::from_sec1_bytes(point).is_ok()),
        EcdsaPublicKey::NistP521(_) => (521, p521::PublicKey::from_sec1_bytes(point).is_ok()),
    };
    if on_curve { Ok(bits) } else { Err(Refusal::Malformed("the point is not on the curve")) }
}

fn rsa(key: &RsaPublicKey) -> Result<u32, Refusal> {
    let (Some(modulus), Some(exponent)) = (key.n.as_positive_bytes(), key.e.as_positive_bytes()) else {
        return Err(Refusal::Malformed("a number is negative or zero"));
    };
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
    if !is_odd(modulus) {
        return Err(Refusal::Malformed("the modulus is even"));
    }
    // OpenSSL, which does the sums for OpenSSH, takes at most 64 bits next to a modulus of more than 3072.
    if !is_odd(exponent) || exponent == [1] || exponent.len() > 8 {
        return Err(Refusal::Malformed("the exponent is even, one or above 64 bits"));
    }
    match bits_of(&key.n) {
        bits if bits < RSA_BITS_MIN => Err(Refusal::RsaTooShort { bits }),
        bits if bits > RSA_BITS_MAX => Err(Refusal::RsaTooLong { bits }),
        bits => Ok(bits),
    }
}

/// The length of a positive number without leading zeros.
fn bits_of(number: &Mpint) -> u32 {
    let bytes = number.as_positive_bytes().unwrap_or_default();
    let leading = bytes.first().map_or(0, |first| first.leading_zeros());
    u32::try_from(bytes.len()).map_or(u32::MAX, |length| length.saturating_mul(8)) - leading
}

/// What a security key made the key for, `ssh:` for most. OpenSSH reads it as a C string.
fn application(name: &str) -> Result<(), Refusal> {
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Refusal::Malformed("the application of the security key has no usable name"));
    }
    Ok(())
}
