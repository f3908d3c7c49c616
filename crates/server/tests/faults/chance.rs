//! How many rounds, and by which numbers.

use fastrand::Rng;

/// The numbers of one test. Which requests are made follows from the seed, which is printed; how they interleave does
/// not.
pub(crate) fn chance() -> Rng {
    let seed = setting("LATCHKEY_FAULT_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("LATCHKEY_FAULT_SEED={seed}");
    Rng::with_seed(seed)
}

/// How many rounds: as many as `name` says, or `few`.
pub(crate) fn rounds(name: &str, few: u64) -> u64 {
    setting(name).unwrap_or(few)
}

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}
