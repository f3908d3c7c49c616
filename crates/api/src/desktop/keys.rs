//! API keys, SSH keys, and the REST API of the service in this app.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{AccountArgs, Failure};
use crate::{api_keys::PersonalApiKey, ssh_keys::SshKey, wire::Secret};

/// The personal API key as the page shows it. The key itself never enters the page: it is copied by the shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiKeyView {
    /// What the service says of it.
    pub key: PersonalApiKey,
    /// Whether the keychain of this computer holds it: copying it asks for no fresh proof then.
    pub in_keychain: bool,
}

/// A key to delete or remove, and whose it is. It is removed for that account, whether or not it is the one in the
/// window: a removal that waited for its undo may come after the person went to another account.
#[derive(Debug, Deserialize, TS)]
pub struct RemoveKey {
    /// Its id.
    pub id: Uuid,
    /// The account it was listed for.
    pub account: AccountArgs,
}

/// One SSH key.
#[derive(Debug, Deserialize, TS)]
pub struct SshKeyArgs {
    /// Its id.
    pub id: Uuid,
}

/// An SSH key in the list, and what this computer knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SshKeyView {
    /// The key.
    pub key: SshKey,
    /// Whether the keychain of this computer holds the passphrase of its private half.
    pub passphrase_in_keychain: bool,
}

/// Text that may be a public key.
#[derive(Debug, Deserialize, TS)]
pub struct ReadSshKey {
    /// What was typed or pasted.
    pub text: String,
}

/// A public key that was read on this computer and would be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SshKeyPreview {
    /// The key as one line, with its comment.
    pub public_key: String,
    /// The algorithm, as in `ssh-ed25519`.
    pub kind: String,
    /// Length in bits.
    pub bits: u32,
    /// `SHA256:…`
    pub fingerprint: String,
    /// A name to begin with: the comment, or the file's name.
    pub name: String,
}

/// A file with a public key over the window.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum SshKeyDrag {
    /// It is over the window.
    Over,
    /// It left.
    Left,
    /// It was dropped and can be added.
    Dropped {
        /// The key.
        key: SshKeyPreview,
    },
    /// It was dropped and cannot be added.
    Refused {
        /// Why.
        failure: Failure,
    },
}

/// Where a new pair of keys would go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SshFolder {
    /// The folder.
    pub folder: String,
    /// A file name that is free there, as in `id_ed25519_latchkey`.
    pub file_name: String,
    /// A name for the key: this computer's.
    pub name: String,
    /// The host of the place the account is at, for a `Host` block; null for this computer.
    pub host: Option<String>,
}

/// A pair of keys to generate.
#[derive(Debug, Deserialize, TS)]
#[ts(optional_fields)]
pub struct GenerateSshKey {
    /// What to call the key.
    pub name: String,
    /// The folder to put both halves in.
    pub folder: String,
    /// The private half's file name; the public half's has `.pub` behind it.
    pub file_name: String,
    /// Encrypts the private half.
    pub passphrase: Option<Secret>,
    /// Whether the keychain is to keep the passphrase.
    pub keep_passphrase: bool,
    /// A `Host` block to write into the configuration of `ssh`.
    pub host: Option<SshHost>,
}

/// A `Host` block.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(optional_fields)]
pub struct SshHost {
    /// What is typed behind `ssh`.
    pub alias: String,
    /// The host's name or address.
    pub host_name: String,
    /// Who signs in there.
    pub user: Option<String>,
    /// The port, where it is not 22.
    pub port: Option<u16>,
}

/// A pair of keys that was generated, saved, and its public half added.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct GeneratedSshKey {
    /// The key as it was added.
    pub key: SshKey,
    /// Path of the private half.
    pub path: String,
    /// Whether the keychain keeps the passphrase.
    pub passphrase_in_keychain: bool,
    /// The change of the configuration of `ssh`; null where none was asked for, or it failed.
    pub config: Option<SshConfigChange>,
    /// Why the configuration was not changed.
    pub config_failure: Option<Failure>,
}

/// A change of the configuration of `ssh` that can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SshConfigChange {
    /// Names the block.
    pub id: String,
    /// Path of the file.
    pub path: String,
    /// What is typed behind `ssh`.
    pub alias: String,
}

/// The REST API of the service in this app.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RestApi {
    /// Whether the person switched it on.
    pub enabled: bool,
    /// The port that is remembered.
    pub port: Option<u16>,
    /// Where it is, while it runs: `http://127.0.0.1:PORT`.
    pub url: Option<String>,
    /// Why it does not run although it is on.
    pub failure: Option<Failure>,
}

/// Switches the REST API of the service in this app.
#[derive(Debug, Deserialize, TS)]
#[ts(optional_fields)]
pub struct SetRestApi {
    /// On or off.
    pub enabled: bool,
    /// The port, 1024 to 65535; where nothing is said, the one that is remembered, or a free one.
    pub port: Option<u16>,
}
