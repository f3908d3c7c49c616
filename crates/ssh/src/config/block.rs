//! One `Host` block: what may stand in it, and how it is written.
//!
//! Whatever is not refused here stands in the file as one word that ssh reads as it was given, in every version since
//! OpenSSH 7: none of the rules for escapes in quotes, which came with 8.7, is relied on.

use std::num::NonZeroU16;

use super::{ConfigError, markers};

/// The longest value, in bytes, but for the path.
const VALUE_LIMIT: usize = 255;
/// The longest path, in bytes, as Linux has it.
const PATH_LIMIT: usize = 4095;

/// A host to be reached with one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostBlock<'a> {
    /// By which the block is found again: 1 to 64 ASCII letters, digits, `.`, `-` and `_`.
    pub id: &'a str,
    /// What a person types behind `ssh`.
    pub alias: &'a str,
    /// Name or address to connect to.
    pub host_name: &'a str,
    /// Who to sign in as, if not who one is on this computer.
    pub user: Option<&'a str>,
    /// Port, if not 22.
    pub port: Option<NonZeroU16>,
    /// The private key: an absolute path, or one that begins with `~/`. It is taken as it is: what ssh would read as a
    /// token (`%h`) is escaped.
    pub identity_file: &'a str,
}

impl HostBlock<'_> {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        check_id(self.id)?;
        let host = |text: &str, further: &str| {
            let is_taken = |character: char| character.is_alphanumeric() || further.contains(character);
            (1..=VALUE_LIMIT).contains(&text.len()) && !text.starts_with('-') && text.chars().all(is_taken)
        };
        if !host(self.alias, "._-:+") {
            Err(ConfigError::Alias)
        } else if !host(self.host_name, "._-:%") {
            Err(ConfigError::HostName)
        } else if !self.user.is_none_or(is_user) {
            Err(ConfigError::User)
        } else if !is_path(self.identity_file) {
            Err(ConfigError::IdentityFile)
        } else {
            Ok(())
        }
    }

    /// The lines of a block that was checked, each with its end.
    pub(super) fn render(&self, line_end: &str) -> String {
        let escape = |text: &str| text.replace('%', "%%");
        let options = [
            Some(("HostName", escape(self.host_name))),
            self.user.map(|user| ("User", user.to_owned())),
            self.port.map(|port| ("Port", port.to_string())),
            Some(("IdentityFile", escape(self.identity_file))),
            Some(("IdentitiesOnly", "yes".to_owned())),
        ];
        let options = options.into_iter().flatten().map(|(name, value)| format!("    {name} {}", quoted(&value)));
        let lines = [markers::begin(self.id), format!("Host {}", self.alias)]
            .into_iter()
            .chain(options)
            .chain(["Host *".to_owned(), markers::end(self.id)]);
        lines.flat_map(|line| [line, line_end.to_owned()]).collect()
    }
}

pub(super) fn check_id(id: &str) -> Result<(), ConfigError> {
    let is_taken = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if (1..=64).contains(&id.len()) && id.bytes().all(is_taken) { Ok(()) } else { Err(ConfigError::Id) }
}

/// ssh refuses most of these itself, because user names reach shells by way of `ProxyCommand`. `%` and `$` are tokens in
/// newer versions and have no escape in older ones.
fn is_user(user: &str) -> bool {
    (1..=VALUE_LIMIT).contains(&user.len())
        && is_quotable(user)
        && !user.contains(['\'', '`', ';', '&', '<', '>', '|', '(', ')', '{', '}', '%', '$'])
        && !user.starts_with('-')
        && !user.contains(" -")
        && user.trim() == user
}

fn is_path(path: &str) -> bool {
    path.len() <= PATH_LIMIT
        && is_quotable(path)
        && (path.starts_with('/') || path.strip_prefix("~/").is_some_and(|below| !below.is_empty()))
        // A variable of the environment, for which there is no escape.
        && !path.contains("${")
        && path.trim_end() == path
}

/// Whether the text stands for itself between double quotes. In newer versions a backslash escapes quotes and itself.
fn is_quotable(text: &str) -> bool {
    let mut after_backslash = false;
    for character in text.chars() {
        if character.is_control() || character == '"' || (after_backslash && "\\' ".contains(character)) {
            return false;
        }
        after_backslash = character == '\\';
    }
    !after_backslash
}

fn quoted(value: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "_@%+:,./~-".contains(character);
    if value.chars().all(is_plain) { value.to_owned() } else { format!("\"{value}\"") }
}
