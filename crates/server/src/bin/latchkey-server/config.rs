//! What an administrator can set: in a file, in the environment, on the command line.

mod error;
mod registry;
mod smtp;
mod tls;
mod value;

use std::{collections::BTreeMap, net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use latchkey_api::instance::{PasswordRules, SignUpPolicy, TwoFactorPolicy};
use latchkey_outbound::{IntegrationSection, OutboundSection, PrivateNetworks};
use latchkey_server::{Connections, Limits, TrustedProxies};
use latchkey_service::{Database, PolicyName, ProviderSettings, Settings};
use serde::Deserialize;
use tracing_subscriber::filter::{LevelFilter, Targets};

use self::value::Switch;
pub(crate) use self::{
    error::ConfigError,
    registry::Registry,
    smtp::{Security, Smtp, SmtpUrl},
    tls::TlsSection,
    value::{max_days, span},
};
use crate::flags::Flags;

const PREFIX: &str = "LATCHKEY_";

/// Names the key file from outside of its section: where a service manager hands secrets over, the path is only known
/// in the environment.
const SEALING_KEY_FILE: &str = "LATCHKEY_SEALING_KEY_FILE";

/// The whole configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) storage: Storage,
    pub(crate) instance: Instance,
    pub(crate) policy: Policy,
    pub(crate) registry: Registry,
    /// Providers of source code, by names that only tell them apart here.
    integrations: BTreeMap<String, IntegrationSection>,
    pub(crate) outbound: OutboundSection,
    pub(crate) smtp: Smtp,
    pub(crate) log: Log,
    pub(crate) tls: TlsSection,
    /// Policies that are set here.
    #[serde(skip)]
    configured: Vec<PolicyName>,
    /// What `integrations` says, with the secrets out of their files.
    #[serde(skip)]
    providers: Vec<ProviderSettings>,
}

/// `[server]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Server {
    /// Address and port.
    #[serde(deserialize_with = "value::address")]
    pub(crate) listen: SocketAddr,
    /// Address and port for metrics; none where nothing is said.
    #[serde(deserialize_with = "value::some_address")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Connections open at one time.
    max_connections: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "value::proxies")]
    trusted_proxies: TrustedProxies,
}

/// `[storage]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Storage {
    /// `sqlite:PATH` or `postgres://USER@HOST/DATABASE`
    #[serde(deserialize_with = "value::database")]
    pub(crate) database: Option<Database>,
    /// A file with the password of the database and nothing else, where it does not stand in its address.
    pub(crate) database_password_file: Option<PathBuf>,
    /// Connections to PostgreSQL at most, 1 to 1,000.
    #[serde(deserialize_with = "value::connections")]
    pub(crate) database_connections: Option<NonZeroU32>,
    /// Folder of the service's data.
    pub(crate) data: Option<PathBuf>,
    /// The key that secrets are sealed with.
    pub(crate) sealing_key_file: Option<PathBuf>,
}

/// `[instance]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Instance {
    /// Display name of the service.
    pub(crate) name: String,
}

/// `[policy]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Policy {
    sign_up: SignUpPolicy,
    two_factor: TwoFactorPolicy,
    throttles: Switch,
    /// Characters, 8 to 128.
    #[serde(deserialize_with = "value::small")]
    password_min_length: u8,
    /// zxcvbn score, 0 to 4.
    #[serde(deserialize_with = "value::small")]
    password_min_score: u8,
    /// As in `30 days`, `12h`.
    #[serde(deserialize_with = "value::duration")]
    session_idle: Duration,
    #[serde(deserialize_with = "value::duration")]
    session_lifetime: Duration,
    /// Days, 1 to 3650, or `never`.
    #[serde(deserialize_with = "value::days")]
    api_key_max_days: Option<u32>,
    /// Requests a minute, 1 to 1,000,000.
    #[serde(deserialize_with = "value::rate")]
    api_key_rate: u32,
    /// Requests a minute, 1 to 1,000,000.
    #[serde(deserialize_with = "value::rate")]
    session_rate: u32,
}

/// `[log]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    pub(crate) format: LogFormat,
    /// A level, or levels of parts, as in `info,latchkey_server=debug`.
    #[serde(deserialize_with = "value::levels")]
    pub(crate) level: Targets,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            metrics: None,
            max_connections: Connections::default().most,
            trusted_proxies: TrustedProxies::default(),
        }
    }
}

impl Default for Instance {
    fn default() -> Self {
        Self { name: Settings::default().name }
    }
}

impl Default for Policy {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            sign_up: settings.sign_up,
            two_factor: settings.two_factor,
            throttles: if settings.throttles { Switch::On } else { Switch::Off },
            password_min_length: settings.password.min_length,
            password_min_score: settings.password.min_score,
            session_idle: settings.session_idle,
            session_lifetime: settings.session_lifetime,
            api_key_max_days: settings.api_key_max_days,
            api_key_rate: settings.api_key_rate,
            session_rate: settings.session_rate,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: Targets::new().with_default(LevelFilter::INFO) }
    }
}

impl Config {
    /// Reads file, environment and flags; what comes later wins.
    pub(crate) fn load(flags: &Flags<'_>) -> Result<Self, ConfigError> {
        let mut sources = Figment::new();
        if let Some(path) = &flags.place.config {
            // A missing file is no error to figment.
            std::fs::File::open(path).map_err(|error| ConfigError::unreadable(path, &error))?;
            sources = sources.merge(Toml::file_exact(path));
        }
        // Settings have a section; other variables of that prefix are not settings.
        let environment = Env::prefixed(PREFIX).filter(|key| key.as_str().contains("__")).split("__");
        let mut sources = sources.merge(environment);
        if let Ok(path) = std::env::var(SEALING_KEY_FILE) {
            sources = sources.merge(("storage.sealing_key_file", path));
        }
        let sources = sources.merge(flags);
        let mut config: Self = sources.extract().map_err(|error| ConfigError::from_figment(&error))?;
        let is_set = |name: &PolicyName| sources.find_value(&format!("policy.{}", name.as_str())).is_ok();
        config.configured = PolicyName::ALL.iter().copied().filter(is_set).collect();
        config.check().map_err(|(key, reason)| ConfigError::refused(&sources, key, &reason))?;
        // Where strangers sign up, nobody looks round in the service's network by naming hosts.
        let open = config.policy.sign_up == SignUpPolicy::Open;
        let usual = if open { PrivateNetworks::Refuse } else { PrivateNetworks::Allow };
        config.outbound.private_networks.get_or_insert(usual);
        config.providers = latchkey_outbound::read_providers(&config.integrations)
            .map_err(|error| ConfigError::refused(&sources, &error.key, &error.reason))?;
        Ok(config)
    }

    /// Bounds that types do not say.
    fn check(&self) -> Result<(), (&'static str, String)> {
        let policy = &self.policy;
        let minute = Duration::from_mins(1);
        let refuse = |key, reason: &str| Err((key, reason.to_owned()));
        if !(8..=128).contains(&policy.password_min_length) {
            return refuse("policy.password_min_length", "allowed are 8 to 128 characters");
        }
        if policy.password_min_score > 4 {
            return refuse("policy.password_min_score", "allowed are 0 to 4");
        }
        if policy.session_idle < minute {
            return refuse("policy.session_idle", "allowed are one minute and more");
        }
        if policy.session_lifetime < policy.session_idle {
            return refuse("policy.session_lifetime", "it has to be at least policy.session_idle");
        }
        if policy.api_key_max_days.is_some_and(|days| !(1..=3650).contains(&days)) {
            return refuse("policy.api_key_max_days", "allowed are 1 to 3650 days, and never");
        }
        for (key, rate) in [("policy.api_key_rate", policy.api_key_rate), ("policy.session_rate", policy.session_rate)]
        {
            if !(1..=1_000_000).contains(&rate) {
                return refuse(key, "allowed are 1 to 1000000 requests a minute");
            }
        }
        if self.server.max_connections == 0 {
            return refuse("server.max_connections", "allowed are 1 and more");
        }
        if self.instance.name.trim().is_empty() || self.instance.name.chars().count() > 100 {
            return refuse("instance.name", "allowed are 1 to 100 characters");
        }
        if self.instance.name.chars().any(char::is_control) {
            return refuse("instance.name", "allowed is one line");
        }
        self.registry.check()?;
        self.tls.check()?;
        self.smtp.check()
    }

    /// What the service has to know.
    pub(crate) fn settings(&self) -> Settings {
        let policy = &self.policy;
        Settings {
            name: self.instance.name.clone(),
            sign_up: policy.sign_up,
            two_factor: policy.two_factor,
            password: PasswordRules { min_length: policy.password_min_length, min_score: policy.password_min_score },
            throttles: policy.throttles == Switch::On,
            session_idle: policy.session_idle,
            session_lifetime: policy.session_lifetime,
            api_key_max_days: policy.api_key_max_days,
            api_key_rate: policy.api_key_rate,
            session_rate: policy.session_rate,
            registry: self.registry.settings(),
            integrations: self.providers.clone(),
            configured: self.configured.clone(),
            ..Settings::default()
        }
    }

    /// What a request may take. Half of the connections at most are held by event streams.
    pub(crate) fn limits(&self) -> Limits {
        Limits { streams: self.server.max_connections.div_ceil(2), ..Limits::default() }
    }

    /// What the socket has to know.
    pub(crate) fn connections(&self) -> Connections {
        let proxies = self.server.trusted_proxies.clone();
        Connections { most: self.server.max_connections, proxies, ..Connections::default() }
    }
}
