//! Policies an administrator can change while the service runs. They are kept in the database, so that all nodes follow.
//!
//! What the configuration sets wins; then the database; then the default. Each node reads the database's values at its
//! start, when another node says that they were changed, and with every upkeep.

use std::{sync::Arc, time::Duration};

use latchkey_api::{
    instance::{SignUpPolicy, TwoFactorPolicy},
    problem::{ApiResult, ErrorCode, Problem},
};

use crate::{error::problem, nodes::Notice, service::Service, settings::Settings};

/// Under which the names stand in the database.
const SECTION: &str = "policy";

macro_rules! policies {
    ($($name:ident $word:literal;)*) => {
        /// A policy that can be changed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PolicyName { $(#[doc = concat!("`", $word, "`")] $name,)* }

        impl PolicyName {
            /// All of them.
            pub const ALL: &[PolicyName] = &[$(Self::$name),*];

            /// As it is written in the configuration.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $word,)* } }
        }
    };
}

policies! {
    SignUp "sign_up";
    TwoFactor "two_factor";
    PasswordMinLength "password_min_length";
    PasswordMinScore "password_min_score";
    SessionIdle "session_idle";
    SessionLifetime "session_lifetime";
    ApiKeyMaxDays "api_key_max_days";
}

/// A policy with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Whether strangers may create accounts.
    SignUp(SignUpPolicy),
    /// Whether two-factor authentication is demanded of everybody.
    TwoFactor(TwoFactorPolicy),
    /// Fewest characters of a password, 8 to 128.
    PasswordMinLength(u8),
    /// Lowest zxcvbn score of a password, 0 to 4.
    PasswordMinScore(u8),
    /// A session that is not used for this long ends; one minute and more.
    SessionIdle(Duration),
    /// A session ends after this long; at least `SessionIdle`.
    SessionLifetime(Duration),
    /// Days a named API key may last at most, 1 to 3650; for ever where nothing is said.
    ApiKeyMaxDays(Option<u32>),
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// Set in the configuration.
    Configuration,
    /// Set by an administrator while the service ran.
    Database,
    /// Set nowhere.
    Default,
}

impl Policy {
    /// Which one it is.
    pub const fn name(self) -> PolicyName {
        match self {
            Self::SignUp(_) => PolicyName::SignUp,
            Self::TwoFactor(_) => PolicyName::TwoFactor,
            Self::PasswordMinLength(_) => PolicyName::PasswordMinLength,
            Self::PasswordMinScore(_) => PolicyName::PasswordMinScore,
            Self::SessionIdle(_) => PolicyName::SessionIdle,
            Self::SessionLifetime(_) => PolicyName::SessionLifetime,
            Self::ApiKeyMaxDays(_) => PolicyName::ApiKeyMaxDays,
        }
    }

    /// The value that holds in these settings.
    pub const fn of(name: PolicyName, settings: &Settings) -> Self {
        match name {
            PolicyName::SignUp => Self::SignUp(settings.sign_up),
            PolicyName::TwoFactor => Self::TwoFactor(settings.two_factor),
            PolicyName::PasswordMinLength => Self::PasswordMinLength(settings.password.min_length),
            PolicyName::PasswordMinScore => Self::PasswordMinScore(settings.password.min_score),
            PolicyName::SessionIdle => Self::SessionIdle(settings.session_idle),
            PolicyName::SessionLifetime => Self::SessionLifetime(settings.session_lifetime),
            PolicyName::ApiKeyMaxDays => Self::ApiKeyMaxDays(settings.api_key_max_days),
        }
    }

    /// What is wrong with it in itself, as in `allowed are 0 to 4`.
    pub fn check(self) -> Result<(), &'static str> {
        match self {
            Self::PasswordMinLength(length) if !(8..=128).contains(&length) => Err("allowed are 8 to 128 characters"),
            Self::PasswordMinScore(score) if score > 4 => Err("allowed are 0 to 4"),
            Self::SessionIdle(idle) | Self::SessionLifetime(idle) if idle < Duration::from_mins(1) => {
                Err("allowed are one minute and more")
            }
            Self::ApiKeyMaxDays(Some(days)) if !(1..=3650).contains(&days) => {
                Err("allowed are 1 to 3650 days, and never")
            }
            _ => Ok(()),
        }
    }

    fn apply(self, settings: &mut Settings) {
        match self {
            Self::SignUp(value) => settings.sign_up = value,
            Self::TwoFactor(value) => settings.two_factor = value,
            Self::PasswordMinLength(value) => settings.password.min_length = value,
            Self::PasswordMinScore(value) => settings.password.min_score = value,
            Self::SessionIdle(value) => settings.session_idle = value,
            Self::SessionLifetime(value) => settings.session_lifetime = value,
            Self::ApiKeyMaxDays(value) => settings.api_key_max_days = value,
        }
    }

    /// As it is stored: words, numbers, seconds.
    fn stored(self) -> String {
        match self {
            Self::SignUp(SignUpPolicy::Open) => "open".into(),
            Self::SignUp(SignUpPolicy::Closed) => "closed".into(),
            Self::TwoFactor(TwoFactorPolicy::Optional) => "optional".into(),
            Self::TwoFactor(TwoFactorPolicy::Required) => "required".into(),
            Self::PasswordMinLength(number) | Self::PasswordMinScore(number) => number.to_string(),
            Self::SessionIdle(span) | Self::SessionLifetime(span) => span.as_secs().to_string(),
            Self::ApiKeyMaxDays(days) => days.map_or_else(|| "never".into(), |days| days.to_string()),
        }
    }

    /// What was stored. `None` for what this version cannot read.
    fn read(name: PolicyName, text: &str) -> Option<Self> {
        let seconds = || text.parse().ok().map(Duration::from_secs);
        let policy = match (name, text) {
            (PolicyName::SignUp, "open") => Self::SignUp(SignUpPolicy::Open),
            (PolicyName::SignUp, "closed") => Self::SignUp(SignUpPolicy::Closed),
            (PolicyName::TwoFactor, "optional") => Self::TwoFactor(TwoFactorPolicy::Optional),
            (PolicyName::TwoFactor, "required") => Self::TwoFactor(TwoFactorPolicy::Required),
            (PolicyName::SignUp | PolicyName::TwoFactor, _) => return None,
            (PolicyName::PasswordMinLength, _) => Self::PasswordMinLength(text.parse().ok()?),
            (PolicyName::PasswordMinScore, _) => Self::PasswordMinScore(text.parse().ok()?),
            (PolicyName::SessionIdle, _) => Self::SessionIdle(seconds()?),
            (PolicyName::SessionLifetime, _) => Self::SessionLifetime(seconds()?),
            (PolicyName::ApiKeyMaxDays, "never") => Self::ApiKeyMaxDays(None),
            (PolicyName::ApiKeyMaxDays, _) => Self::ApiKeyMaxDays(Some(text.parse().ok()?)),
        };
        policy.check().is_ok().then_some(policy)
    }
}

impl Service {
    /// Every policy with its value and where that comes from.
    pub async fn policies(&self) -> ApiResult<Vec<(Policy, PolicySource)>> {
        self.refresh_policies().await?;
        let (settings, stored) = (self.settings(), self.stored_policies().await?);
        let configured = &self.shared.configured.configured;
        let source = |name: &PolicyName| {
            if configured.contains(name) {
                PolicySource::Configuration
            } else if stored.iter().any(|policy| policy.name() == *name) {
                PolicySource::Database
            } else {
                PolicySource::Default
            }
        };
        Ok(PolicyName::ALL.iter().map(|name| (Policy::of(*name, &settings), source(name))).collect())
    }

    /// Sets a policy for all nodes; each follows when it hears of it, or with its next upkeep. Answers `conflict` where the configuration
    /// decides it, and `invalid_parameter` for a value that is not allowed.
    pub async fn set_policy(&self, policy: Policy) -> ApiResult<()> {
        self.not_configured(policy.name())?;
        let refuse = |reason: &str| {
            let detail = format!("{}: {reason}", policy.name().as_str());
            Err(Problem::new(ErrorCode::InvalidParameter).detail(detail))
        };
        if let Err(reason) = policy.check() {
            return refuse(reason);
        }
        self.refresh_policies().await?;
        let settings = self.settings();
        match policy {
            Policy::SessionLifetime(life) if life < settings.session_idle => {
                return refuse("it has to be at least session_idle");
            }
            Policy::SessionIdle(idle) if idle > settings.session_lifetime => {
                return refuse("it must not be longer than session_lifetime");
            }
            _ => {}
        }
        let (name, value) = (setting(policy.name()), policy.stored());
        self.store().put_setting(&name, &value).await.map_err(problem)?;
        tracing::info!(policy = policy.name().as_str(), value, "policy set");
        self.tell_nodes(&Notice::Policies);
        self.refresh_policies().await
    }

    /// Forgets what was set: the default holds again. Says whether anything was. Answers `conflict` where the
    /// configuration decides it.
    pub async fn unset_policy(&self, name: PolicyName) -> ApiResult<bool> {
        self.not_configured(name)?;
        let removed = self.store().remove_setting(&setting(name)).await.map_err(problem)?;
        self.tell_nodes(&Notice::Policies);
        self.refresh_policies().await?;
        Ok(removed)
    }

    /// Takes over what is in the database.
    pub(crate) async fn refresh_policies(&self) -> ApiResult<()> {
        let stored = self.stored_policies().await?;
        self.shared.set_settings(overlaid(&self.shared.configured, &stored));
        Ok(())
    }

    fn not_configured(&self, name: PolicyName) -> ApiResult<()> {
        if !self.shared.configured.configured.contains(&name) {
            return Ok(());
        }
        let detail = format!("The configuration sets policy.{}; change it there.", name.as_str());
        Err(Problem::new(ErrorCode::Conflict).detail(detail))
    }

    async fn stored_policies(&self) -> ApiResult<Vec<Policy>> {
        let rows = self.store().settings_within(SECTION).await.map_err(problem)?;
        let known = rows.into_iter().filter_map(|(setting_name, value)| {
            // Others are a newer version's.
            let name = PolicyName::ALL.iter().copied().find(|name| setting(*name) == setting_name)?;
            let policy = Policy::read(name, &value);
            if policy.is_none() {
                tracing::warn!(policy = name.as_str(), value, "a policy in the database cannot be read");
            }
            policy
        });
        Ok(known.collect())
    }
}

fn setting(name: PolicyName) -> String {
    format!("{SECTION}.{}", name.as_str())
}

/// The configuration with the database's values where it leaves room for them.
fn overlaid(configured: &Settings, stored: &[Policy]) -> Arc<Settings> {
    let mut settings = configured.clone();
    for policy in stored.iter().filter(|policy| !configured.configured.contains(&policy.name())) {
        policy.apply(&mut settings);
    }
    // One of the two may be the configuration's and change after the other was set: the shorter one holds.
    settings.session_idle = settings.session_idle.min(settings.session_lifetime);
    Arc::new(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again_and_nothing_else_is() {
        let settings = Settings { two_factor: TwoFactorPolicy::Required, ..Settings::default() };
        for name in PolicyName::ALL {
            let policy = Policy::of(*name, &settings);
            assert_eq!(Policy::read(*name, &policy.stored()), Some(policy));
            assert_eq!((policy.name(), Policy::read(*name, "perhaps")), (*name, None));
        }
        assert_eq!(Policy::read(PolicyName::PasswordMinScore, "5"), None);
        assert_eq!(Policy::read(PolicyName::SessionIdle, "3"), None);
        let days = Policy::ApiKeyMaxDays(Some(365));
        assert_eq!(Policy::read(PolicyName::ApiKeyMaxDays, &days.stored()), Some(days));
        for bad in ["0", "3651", "-1"] {
            assert_eq!(Policy::read(PolicyName::ApiKeyMaxDays, bad), None, "{bad}");
        }
    }

    #[test]
    fn the_configuration_wins() {
        let configured = Settings { configured: vec![PolicyName::SessionIdle], ..Settings::default() };
        let hour = Duration::from_hours(1);
        let stored = [Policy::SessionIdle(hour), Policy::SignUp(SignUpPolicy::Closed)];
        let settings = overlaid(&configured, &stored);
        assert_eq!(settings.session_idle, configured.session_idle);
        assert_eq!(settings.sign_up, SignUpPolicy::Closed);
        assert_eq!(overlaid(&configured, &[Policy::SessionLifetime(hour)]).session_idle, hour);
    }
}
