//! Values that are written as text.

use std::{net::SocketAddr, num::NonZeroU32, str::FromStr, time::Duration};

use latchkey_server::TrustedProxies;
use latchkey_service::Database;
use serde::{Deserialize, Deserializer, de::Error};
use tracing_subscriber::filter::{LevelFilter, Targets};
use zeroize::Zeroizing;

/// `on` or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Switch {
    On,
    Off,
}

/// A list in a file; a list or one text in the environment.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

pub(super) fn proxies<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TrustedProxies, D::Error> {
    let expected = |_| D::Error::custom("expected a list of IP addresses and networks");
    let text = match Texts::deserialize(deserializer).map_err(expected)? {
        Texts::One(text) => text,
        Texts::Many(texts) => texts.join(","),
    };
    text.parse().map_err(D::Error::custom)
}

pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    span(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// A span of time as people write it.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let expected = |_| format!("found \"{text}\", expected a time such as 30days, 12h or 90min");
    humantime::parse_duration(text).map_err(expected)
}

/// A number of days, or `never`; a number in a file, a number or a word in the environment.
#[derive(Deserialize)]
#[serde(untagged)]
enum Days {
    Number(u32),
    Word(String),
}

pub(super) fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    match Days::deserialize(deserializer) {
        Ok(Days::Number(days)) => Ok(Some(days)),
        Ok(Days::Word(text)) => max_days(&text).map_err(D::Error::custom),
        Err(_) => Err(D::Error::custom("expected a whole number of days, or never")),
    }
}

/// How many days something may last, as people write it.
pub(crate) fn max_days(text: &str) -> Result<Option<u32>, String> {
    if text == "never" {
        return Ok(None);
    }
    let expected = |_| format!("found \"{text}\", expected a whole number of days, or never");
    text.parse().map(Some).map_err(expected)
}

pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom(format!("found \"{text}\", expected address and port as 127.0.0.1:8787")))
}

pub(super) fn some_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let expected = "expected address and port as 127.0.0.1:9100";
    // A port alone is a number.
    let text = String::deserialize(deserializer).map_err(|_| D::Error::custom(expected))?;
    text.parse().map(Some).map_err(|_| D::Error::custom(format!("found \"{text}\", {expected}")))
}

/// A small number; a text in its place is named as what it is.
pub(super) fn small<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    u8::deserialize(deserializer).map_err(|_| D::Error::custom("expected a whole number, 0 to 255"))
}

/// How often something may happen; a text in its place is named as what it is.
pub(super) fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    u32::deserialize(deserializer).map_err(|_| D::Error::custom("expected a whole number, 1 to 1000000"))
}

/// Where the data is. No error shows the text: it may hold a password.
pub(super) fn database<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Database>, D::Error> {
    let expected = |_| D::Error::custom("expected sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE");
    let text = Zeroizing::new(String::deserialize(deserializer).map_err(expected)?);
    text.parse().map(Some).map_err(D::Error::custom)
}

pub(super) fn connections<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NonZeroU32>, D::Error> {
    let number = NonZeroU32::deserialize(deserializer).ok().filter(|number| number.get() <= 1000);
    number.map(Some).ok_or_else(|| D::Error::custom("expected a whole number, 1 to 1000"))
}

pub(super) fn levels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Targets, D::Error> {
    let text = String::deserialize(deserializer)?;
    // By itself the parser takes any other word for the name of a part.
    let known = |part: &str| LevelFilter::from_str(part.rsplit('=').next().unwrap_or_default().trim()).is_ok();
    let levels = if text.split(',').all(known) { text.parse().ok() } else { None };
    let allowed = "off, error, warn, info, debug and trace";
    levels.ok_or_else(|| D::Error::custom(format!("found \"{text}\", allowed are {allowed}")))
}
