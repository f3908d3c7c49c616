//! The bare reference of signing in: Argon2id at the service's cost and nothing else.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::phc::PasswordHash};
use clap::Args;
use serde::{Deserialize, Serialize};

/// What the service hashes at: OWASP's first choice.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The password of everybody who is filled in.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

#[derive(Args)]
pub(crate) struct Hash {
    /// Threads that hash
    #[arg(long)]
    threads: usize,
    /// For so long
    #[arg(long)]
    seconds: u64,
}

/// What it prints.
#[derive(Deserialize, Serialize)]
pub(crate) struct Hashed {
    /// All threads together.
    pub(crate) a_second: f64,
    /// The median of one hash.
    pub(crate) median_ms: f64,
}

impl Hash {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let end = begun + Duration::from_secs(self.seconds);
        let threads: Vec<_> = (0..self.threads).map(|_| thread::spawn(move || hash_until(end))).collect();
        let mut took = Vec::new();
        for thread in threads {
            took.extend(thread.join().map_err(|_| anyhow!("a thread panicked"))??);
        }
        took.sort_unstable();
        let median = took.get(took.len() / 2).context("nothing was hashed")?;
        let count = u32::try_from(took.len())?;
        let hashed = Hashed {
            a_second: f64::from(count) / begun.elapsed().as_secs_f64(),
            median_ms: median.as_secs_f64() * 1000.0,
        };
        println!("{}", serde_json::to_string(&hashed)?);
        Ok(())
    }
}

fn hash_until(end: Instant) -> anyhow::Result<Vec<Duration>> {
    let argon2 = argon2()?;
    let mut took = Vec::new();
    while Instant::now() < end {
        let begun = Instant::now();
        let mut out = [0u8; 32];
        argon2.hash_password_into(PASSWORD.as_bytes(), &[7; 16], &mut out).map_err(|error| anyhow!("{error}"))?;
        took.push(begun.elapsed());
    }
    Ok(took)
}

/// The hash of [`PASSWORD`], as it stands in the database.
pub(crate) fn phc() -> anyhow::Result<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)?;
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(PASSWORD.as_bytes(), &salt)
        .map_err(|error| anyhow!("the password cannot be hashed: {error}"))?;
    Ok(hash.to_string())
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| anyhow!("{error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
