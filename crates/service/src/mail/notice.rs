//! What a person is told by mail about what happened.

use latchkey_api::api_keys::Scope;
use latchkey_store::{Account, Micros};

use super::template::{self, Template};
use crate::{environment::date_time, events::Origin};

/// What a person is told by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The password was changed by the person.
    PasswordChanged,
    /// The password was set anew, by a mailed code or an administrator.
    PasswordReset { by_administrator: bool },
    /// Two-factor authentication was switched on.
    TwoFactorEnabled,
    /// Two-factor authentication was switched off.
    TwoFactorDisabled { by_administrator: bool },
    /// New backup codes came into use.
    BackupCodesGenerated,
    /// A backup code was spent.
    BackupCodeUsed { remaining: u32 },
    /// An SSH key was added.
    SshKeyAdded { fingerprint: String },
    /// An account at a provider of source code was connected. Not its name: whoever connected it chose that.
    IntegrationConnected { provider: String },
    /// Somebody signed in on a device.
    NewSignIn,
    /// The address was changed; goes to the old one.
    EmailChanged { old: String, new: String },
    /// The personal API key was generated.
    ApiKeyGenerated,
    /// A named API key was created.
    ApiKeyCreated(KeyFacts),
    /// Named API keys end soon.
    ApiKeysEnding(Vec<KeyFacts>),
    /// A container registry does not take its password any more. Not which one: its host may be any words.
    RegistryFailed,
    /// An administrator deleted all API keys and SSH keys.
    KeysRevoked,
    /// The account is gone.
    AccountDeleted,
}

/// What is mailed of a named API key. Not its name: that may be any words, and nobody has said yet that the address is
/// theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyFacts {
    pub(crate) last_four: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) expires_at: Option<Micros>,
}

impl KeyFacts {
    fn scopes(&self) -> String {
        let scope = |scope: &Scope| match scope {
            Scope::Api => "API",
            Scope::Registry => "Registry",
        };
        self.scopes.iter().map(scope).collect::<Vec<_>>().join(" and ")
    }

    fn end(&self) -> String {
        self.expires_at.map_or_else(|| "never".into(), when)
    }
}

impl Notice {
    /// Where it goes.
    pub(super) fn address<'a>(&'a self, account: &'a Account) -> &'a str {
        match self {
            Self::EmailChanged { old, .. } => old,
            _ => &account.email,
        }
    }

    /// Whether it is left out where too many go to one person. What cannot be seen in the account any more never is, and
    /// neither is what comes once, at a pace of its own, before programs fail.
    pub(super) fn may_be_dropped(&self) -> bool {
        !matches!(self, Self::EmailChanged { .. } | Self::AccountDeleted | Self::KeysRevoked | Self::ApiKeysEnding(_))
    }

    pub(super) fn template(&self, account: &Account, origin: &Origin, now: Micros) -> Template {
        let text = match self {
            Self::PasswordChanged => template::PASSWORD_CHANGED,
            Self::PasswordReset { by_administrator: false } => template::PASSWORD_RESET,
            Self::PasswordReset { by_administrator: true } => template::PASSWORD_RESET_BY_ADMINISTRATOR,
            Self::TwoFactorEnabled => template::TWO_FACTOR_ENABLED,
            Self::TwoFactorDisabled { by_administrator: false } => template::TWO_FACTOR_DISABLED,
            Self::TwoFactorDisabled { by_administrator: true } => template::TWO_FACTOR_DISABLED_BY_ADMINISTRATOR,
            Self::BackupCodesGenerated => template::BACKUP_CODES_GENERATED,
            Self::BackupCodeUsed { .. } => template::BACKUP_CODE_USED,
            Self::SshKeyAdded { .. } => template::SSH_KEY_ADDED,
            Self::IntegrationConnected { .. } => template::INTEGRATION_CONNECTED,
            Self::NewSignIn => template::NEW_SIGN_IN,
            Self::EmailChanged { .. } => template::EMAIL_CHANGED,
            Self::ApiKeyGenerated => template::API_KEY_GENERATED,
            Self::ApiKeyCreated(_) => template::API_KEY_CREATED,
            Self::ApiKeysEnding(_) => template::API_KEYS_ENDING,
            Self::RegistryFailed => template::REGISTRY_FAILED,
            Self::KeysRevoked => template::KEYS_REVOKED_BY_ADMINISTRATOR,
            Self::AccountDeleted => template::ACCOUNT_DELETED,
        };
        let template = addressed(text, account).facts(&self.facts(origin, now));
        match self {
            Self::BackupCodeUsed { remaining } => template.with("remaining", &remaining.to_string()),
            Self::EmailChanged { old, new } => template.with("old", old).with("new", new),
            Self::IntegrationConnected { provider } => template.with("provider", provider),
            Self::SshKeyAdded { fingerprint } => template.with("fingerprint", fingerprint),
            _ => template,
        }
    }

    fn facts(&self, origin: &Origin, now: Micros) -> Vec<(&'static str, String)> {
        let facts = facts(origin, now);
        match self {
            Self::ApiKeyCreated(key) => {
                let about =
                    vec![("Key ends in", key.last_four.clone()), ("For", key.scopes()), ("Valid until", key.end())];
                [facts, about].concat()
            }
            Self::ApiKeysEnding(keys) => {
                let line = |key: &KeyFacts| format!("…{}, for {}, until {}", key.last_four, key.scopes(), key.end());
                keys.iter().map(|key| ("Key", line(key))).collect()
            }
            _ => facts,
        }
    }
}

/// A template with the person in it, by the user name: a display name may be any words, and nobody's words are mailed to
/// others.
pub(crate) fn addressed(text: &'static str, account: &Account) -> Template {
    Template::new(text).with("username", &account.username)
}

/// When, by what and from where, as far as it is known.
pub(crate) fn facts(origin: &Origin, now: Micros) -> Vec<(&'static str, String)> {
    let mut facts = vec![("When", when(now))];
    facts.extend(origin.device.clone().map(|device| ("Device", device)));
    facts.extend(origin.ip_address.clone().map(|address| ("Address", address)));
    facts
}

/// A moment, for people: `12 January 2026, 12:00 UTC`.
pub(crate) fn when(at: Micros) -> String {
    date_time(at).format("%-d %B %Y, %H:%M UTC").to_string()
}
