//! What an administrator decides.

use std::time::Duration;

use latchkey_api::instance::{PasswordRules, SignUpPolicy, TwoFactorPolicy};

use crate::{passwords::HashCost, policy::PolicyName};

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
    /// What hashing a password costs.
    pub hash_cost: HashCost,
    /// Policies that are decided here, whatever the database says of them.
    pub configured: Vec<PolicyName>,
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
            hash_cost: HashCost::default(),
            configured: Vec::new(),
        }
    }
}
