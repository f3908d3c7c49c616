//! Values that are written as text.

use std::time::Duration;

use latchkey_server::TrustedProxies;
use serde::{Deserialize, Deserializer, de::Error};

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
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text)
        .map_err(|_| D::Error::custom(format!("found \"{text}\", expected a time such as 30days, 12h or 90min")))
}
