//! What an administrator decides.

use std::time::Duration;

use latchkey_api::instance::{PasswordRules, RegistryInfo, SignUpPolicy, TwoFactorPolicy};

use crate::{passwords::HashCost, policy::PolicyName, providers::ProviderSettings};

/// The policy of a service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Display name of the service.
    pub name: String,
    /// Whether strangers may create accounts.
    pub sign_up: SignUpPolicy,
    /// Whether two-factor authentication is demanded of everybody.
    pub two_factor: TwoFactorPolicy,
    /// What a password must be.
    pub password: PasswordRules,
    /// Whether attempts are counted and slowed down.
    pub throttles: bool,
    /// A session that is not used for this long ends.
    pub session_idle: Duration,
    /// A session ends after this long, used or not.
    pub session_lifetime: Duration,
    /// Days a named API key may last at most; for ever where nothing is said.
    pub api_key_max_days: Option<u32>,
    /// Requests a minute that each API key may make.
    pub api_key_rate: u32,
    /// Requests a minute that each session may make.
    pub session_rate: u32,
    /// The registry that belongs to the service.
    pub registry: Option<RegistrySettings>,
    /// The providers of source code that accounts can be connected with. No two have the same host.
    pub integrations: Vec<ProviderSettings>,
    /// What hashing a password costs.
    pub hash_cost: HashCost,
    /// Policies that are decided here, whatever the database says of them.
    pub configured: Vec<PolicyName>,
}

/// The registry that belongs to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrySettings {
    /// What is told of it: its name as tokens are made out to it, and its host.
    pub info: RegistryInfo,
    /// Who its tokens are from (`iss`).
    pub issuer: String,
}

const DAY: Duration = Duration::from_hours(24);

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Latchkey".into(),
            sign_up: SignUpPolicy::Open,
            two_factor: TwoFactorPolicy::Optional,
            password: PasswordRules { min_length: 12, min_score: 3 },
            throttles: true,
            session_idle: 30 * DAY,
            session_lifetime: 180 * DAY,
            api_key_max_days: None,
            api_key_rate: 600,
            session_rate: 1_200,
            registry: None,
            integrations: Vec::new(),
            hash_cost: HashCost::default(),
            configured: Vec::new(),
        }
    }
}
