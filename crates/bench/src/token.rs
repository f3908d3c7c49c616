//! Session tokens for people who are filled in, as `latchkey-service` makes them. The service is measured as a program,
//! from outside: a token that it does not take is an error of the run.

use sha2::{Digest, Sha256};
use uuid::Uuid;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The account of a person, ordered by the person's number as UUIDs of version 7 are by time.
pub(crate) fn account(person: u32) -> Uuid {
    let mixed = u128::from(mix(u64::from(person)));
    let milliseconds = 1_790_000_000_000 + u128::from(person);
    Uuid::from_u128(milliseconds << 80 | 0x7 << 76 | (mixed & 0xfff) << 64 | 0b10 << 62 | mixed >> 2)
}

/// The token of a person's first session.
pub(crate) fn session(person: u32) -> String {
    // No secret: the database is one of a benchmark.
    let random = u128::from(mix(u64::from(person) + (1 << 40))) << 64 | u128::from(mix(u64::from(person) + (1 << 41)));
    let body = format!("lks_{}00000000{}", digits::<22>(account(person).as_u128()), digits::<22>(random));
    let check = digits::<6>(u128::from(crc32fast::hash(body.as_bytes())));
    format!("{body}_{check}")
}

/// What is stored of it.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn digits<const WIDTH: usize>(mut number: u128) -> String {
    let mut digits = [b'0'; WIDTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[usize::try_from(number % 62).unwrap_or_default()];
        number /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

/// `SplitMix64`: well spread, and the same in every run.
pub(crate) fn mix(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
