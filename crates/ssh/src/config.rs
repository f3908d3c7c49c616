//! Edits of an OpenSSH client configuration, such as `~/.ssh/config`, as text.
//!
//! What is added stands between two comments that carry an id, and so can be replaced and taken out again; every other
//! byte of the file stays as it is:
//!
//! ```text
//! # Latchkey: begin laptop
//! Host build
//!     HostName build.example.org
//!     User ada
//!     IdentityFile ~/.ssh/latchkey_laptop
//!     IdentitiesOnly yes
//! Host *
//! # Latchkey: end laptop
//! ```
//!
//! It goes to the top. Of most options ssh uses the first value it finds, so a block below `Host *` would come too late.
//! The `Host *` at its end is for what follows: a file may begin with options for every host, and without it they would
//! hold for this host alone.

mod block;
mod hosts;
mod markers;

use thiserror::Error;

pub use block::HostBlock;
pub use hosts::hosts_named;

/// Why a configuration was not changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Not 1 to 64 ASCII letters, digits, `.`, `-` and `_`.
    #[error("The id of an entry has 1 to 64 letters, digits, dots, hyphens and underscores.")]
    Id,
    /// Not 1 to 255 letters, digits, `.`, `-`, `_`, `:` and `+`, or a hyphen in front.
    #[error("The short name has letters, digits, dots, hyphens and underscores, and does not begin with a hyphen.")]
    Alias,
    /// Not 1 to 255 letters, digits, `.`, `-`, `_`, `:` and `%`, or a hyphen in front.
    #[error("This is not the name or the address of a host.")]
    HostName,
    /// A user name that ssh would refuse, or would read as something else.
    #[error("This user name has characters that ssh does not take.")]
    User,
    /// Not an absolute path or one that begins with `~/`, or one that cannot be written into the file.
    #[error("The path of the key has to be absolute and free of quotes, control characters and ${{\u{2026}}}.")]
    IdentityFile,
    /// One of the two comments around the block with this id is missing, so that it is unclear where the block ends.
    #[error("The entry {id} in the configuration of ssh is damaged. Remove its lines by hand, then try again.")]
    Damaged {
        /// The id asked for.
        id: String,
    },
}

/// `text` with `block` at the top, in place of any earlier block with its id. A file with CRLF gets CRLF.
pub fn with_host(text: &str, block: &HostBlock<'_>) -> Result<String, ConfigError> {
    block.check()?;
    let rest = without_host(text, block.id)?;
    let first_end = rest.find('\n').unwrap_or(0);
    let line_end = if rest[..first_end].ends_with('\r') { "\r\n" } else { "\n" };
    // A mark of the byte order has to stay the first thing in the file.
    let (mark, rest) = rest.split_at(if rest.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 });
    Ok(format!("{mark}{}{rest}", block.render(line_end)))
}

/// `text` without the block with this id: what was there before [`with_host`], byte for byte. Without such a block it
/// is the text itself.
pub fn without_host(text: &str, id: &str) -> Result<String, ConfigError> {
    block::check_id(id)?;
    let mut rest = String::with_capacity(text.len());
    let mut kept = 0;
    for found in markers::blocks(text) {
        if found.id != id {
            continue;
        }
        let range = found.range.ok_or_else(|| ConfigError::Damaged { id: id.to_owned() })?;
        rest.push_str(&text[kept..range.start]);
        kept = range.end;
    }
    rest.push_str(&text[kept..]);
    Ok(rest)
}

#[cfg(test)]
mod tests;
