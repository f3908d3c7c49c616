//! Says which key, where it was set, and what is allowed.

use std::{fmt, io, path::Path};

use figment::{Figment, Metadata, error::Kind};

use super::PREFIX;
use crate::flags::{COMMAND_LINE, FLAGS};

/// The configuration cannot be used: one line a reason.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ConfigError(Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

impl ConfigError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(vec![reason.into()])
    }

    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("the configuration file {} cannot be read: {error}", path.display()))
    }

    /// A key whose value has the right form and is not allowed, or is missing in its section.
    pub(super) fn refused(sources: &Figment, key: &str, reason: &str) -> Self {
        let section = || sources.find_metadata(key.rsplit_once('.')?.0);
        let place = sources.find_metadata(key).or_else(section).map(|metadata| origin(metadata, key));
        let place = place.unwrap_or_default();
        Self::new(format!("{key}{place}: {reason}"))
    }

    pub(super) fn from_figment(error: &figment::Error) -> Self {
        Self(error.clone().into_iter().map(|error| describe(&error)).collect())
    }
}

fn describe(error: &figment::Error) -> String {
    let mut path = error.path.clone();
    // The path of an unknown field ends at its section.
    if let Kind::UnknownField(name, _) = &error.kind
        && path.last() != Some(name)
    {
        path.push(name.clone());
    }
    let key = path.join(".");
    let place = error.metadata.as_ref().map(|metadata| origin(metadata, &key)).unwrap_or_default();
    let reason = match &error.kind {
        Kind::UnknownField(_, allowed) => format!("there is no such setting; there are {}", list(allowed)),
        Kind::UnknownVariant(found, allowed) => format!("found \"{found}\", allowed are {}", list(allowed)),
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
            format!("found {found}, expected {expected}")
        }
        other => other.to_string(),
    };
    if key.is_empty() { format!("the configuration{place}: {reason}") } else { format!("{key}{place}: {reason}") }
}

fn origin(metadata: &Metadata, key: &str) -> String {
    if let Some(path) = metadata.source.as_ref().and_then(|source| source.file_path()) {
        format!(" in {}", path.display())
    } else if metadata.name == COMMAND_LINE {
        FLAGS.iter().find(|(name, _)| *name == key).map(|(_, flag)| format!(" ({flag})")).unwrap_or_default()
    } else {
        let name = format!("{PREFIX}{}", key.replace('.', "__").to_uppercase());
        format!(" in the environment variable {}", variable(name))
    }
}

/// The variable of that name, or the first one within: an unknown section has no variable of its own.
fn variable(name: String) -> String {
    let within = format!("{name}__");
    let mut all = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    all.find(|other| *other == name || other.starts_with(&within)).unwrap_or(name)
}

fn list(names: &[&str]) -> String {
    match names {
        [] => "none".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
