//! What has to hold for whatever strangers send: one function for each fuzz target.
//!
//! Each takes bytes, gives them to the code they would reach, and panics where something does not hold that has to: what
//! is read is written and read again as the same, what is refused changes nothing, sizes stay within their bounds, secrets
//! stay where they are. The programs in `fuzz/` have libFuzzer call them with what it makes up; `tests/corpora.rs` calls
//! them with what it has found before, in every run of the tests.

pub mod challenge;
pub mod image;
pub mod profile_patch;
pub mod registry_host;
pub mod registry_scope;
pub mod requests;
pub mod second_factor;
pub mod ssh_config;
pub mod ssh_private_key;
pub mod ssh_public_key;
mod stage;
pub mod token;
pub mod token_answer;
pub mod user_agent;

pub use stage::close;

/// Something that reads what strangers write.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// As its program and its corpus are called.
    pub name: &'static str,
    /// Gives it these bytes.
    ///
    /// # Panics
    /// When something does not hold.
    pub check: fn(&[u8]),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "challenge", check: challenge::check },
    Target { name: "image", check: image::check },
    Target { name: "profile_patch", check: profile_patch::check },
    Target { name: "registry_host", check: registry_host::check },
    Target { name: "registry_scope", check: registry_scope::check },
    Target { name: "requests", check: requests::check },
    Target { name: "second_factor", check: second_factor::check },
    Target { name: "ssh_config", check: ssh_config::check },
    Target { name: "ssh_private_key", check: ssh_private_key::check },
    Target { name: "ssh_public_key", check: ssh_public_key::check },
    Target { name: "token", check: token::check },
    Target { name: "token_answer", check: token_answer::check },
    Target { name: "user_agent", check: user_agent::check },
];
