//! What may stand on the command line.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use latchkey_api::api_keys::Scope;

/// Your account: profile, devices and keys
///
/// Without arguments, or with a latchkey:// link, the window opens. With other arguments this is the same client without one: it uses the accounts that are
/// signed in there, and the keychain that keeps their sessions. Sign in in the window.
#[derive(Parser)]
#[command(name = "latchkey", version, after_help = EXIT)]
pub(super) struct Arguments {
    /// The account, as in ada or ada@accounts.example.org; the one used last where nothing is said
    #[arg(long, value_name = "NAME[@PLACE]", global = true)]
    pub(super) account: Option<String>,
    /// Print JSON, in the form of the REST API
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT: &str = "Exit status:
  0  done
  1  refused, or failed
  2  wrong arguments, or several accounts are meant
  3  nobody is signed in
  4  the server cannot be reached
  5  a fresh proof of who you are is needed, and there is no terminal to ask at";

#[derive(Subcommand)]
pub(super) enum Command {
    /// Says who is signed in, and where
    Whoami,
    /// Shows or changes the profile
    Profile {
        #[command(subcommand)]
        command: Option<ProfileCommand>,
    },
    /// Lists the devices that are signed in, or signs them out
    Sessions {
        #[command(subcommand)]
        command: Option<SessionsCommand>,
    },
    /// Lists, creates and deletes named API keys
    ApiKeys {
        #[command(subcommand)]
        command: Option<ApiKeysCommand>,
    },
    /// Lists, adds, generates and removes SSH keys
    SshKeys {
        #[command(subcommand)]
        command: Option<SshKeysCommand>,
    },
    /// Lists connections with providers of source code, or looks whether one works
    Integrations {
        #[command(subcommand)]
        command: Option<CheckCommand>,
    },
    /// Lists container registries, or tries the credentials for one again
    Registries {
        #[command(subcommand)]
        command: Option<CheckCommand>,
    },
    /// Tells git what to sign in with, as a credential helper
    ///
    /// Set it up in the window, under Source code integration. git starts it by itself, with a question on standard
    /// input: see gitcredentials(7). It answers for hosts that are connected, over https, and over http on this computer
    /// alone. Where it has nothing to say it says nothing, and git asks you. What git wants to keep or erase is left alone.
    GitCredential {
        /// get, store or erase
        operation: String,
    },
    /// Tells docker, podman and skopeo what to sign in with, as a credential helper
    ///
    /// Set it up in the window, under Container registries. Tools start it as docker-credential-latchkey, with the name of
    /// a registry on standard input. For the registry of your account's own server it makes a password that lasts five
    /// minutes.
    DockerCredential {
        /// get, store, erase, list or version
        action: String,
    },
    /// Writes everything the service holds about the account, as JSON
    Export {
        /// The file; standard output where nothing is said, or -. A file that is there is replaced,
        /// a pipe or device is written to
        file: Option<PathBuf>,
    },
    /// Prints completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Writes the manual pages into a folder
    #[command(hide = true)]
    Man {
        /// The folder
        folder: PathBuf,
    },
}

#[derive(Subcommand, Default)]
pub(super) enum ProfileCommand {
    /// Shows the profile
    #[default]
    Show,
    /// Changes what is named, and leaves the rest; an empty text clears
    Set(ProfileChange),
}

#[derive(Args)]
#[group(required = true, multiple = true)]
pub(super) struct ProfileChange {
    /// The display name
    #[arg(long)]
    pub(super) name: Option<String>,
    /// Where you are
    #[arg(long)]
    pub(super) location: Option<String>,
    /// A short biography
    #[arg(long)]
    pub(super) bio: Option<String>,
}

#[derive(Subcommand, Default)]
pub(super) enum SessionsCommand {
    /// Lists the devices that are signed in
    #[default]
    List,
    /// Signs another device out
    Close {
        /// Its id, as in the list
        id: String,
    },
    /// Signs all other devices out
    CloseOthers,
}

#[derive(Subcommand, Default)]
pub(super) enum ApiKeysCommand {
    /// Lists the named API keys
    #[default]
    List,
    /// Creates a named API key; its token is printed this once, alone on standard output
    Create {
        /// What it is for
        name: String,
        /// What it may be used for; may be given twice
        #[arg(long = "scope", value_enum, required = true)]
        scopes: Vec<ScopeArgument>,
        /// When it ends: in so many days, never, or at the end of a day (UTC)
        #[arg(long, value_name = "90d|never|YYYY-MM-DD", value_parser = expiry)]
        expires: Option<Expiry>,
    },
    /// Deletes a named API key
    Delete {
        /// Its id, as in the list
        id: uuid::Uuid,
    },
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum ScopeArgument {
    /// The REST API
    Api,
    /// The container registry
    Registry,
}

impl From<ScopeArgument> for Scope {
    fn from(scope: ScopeArgument) -> Self {
        match scope {
            ScopeArgument::Api => Self::Api,
            ScopeArgument::Registry => Self::Registry,
        }
    }
}

/// When a key ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    /// It does not.
    Never,
    /// In so many days.
    Days(u16),
    /// Then.
    At(DateTime<Utc>),
}

fn expiry(text: &str) -> Result<Expiry, String> {
    if text == "never" {
        return Ok(Expiry::Never);
    }
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse().ok()).filter(|days| *days > 0) {
        return Ok(Expiry::Days(days));
    }
    let end = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc() + chrono::Duration::seconds(24 * 60 * 60 - 1);
    let day = text.parse::<NaiveDate>().map(end);
    let moment = || DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc());
    day.or_else(|_| moment()).map(Expiry::At).map_err(|_| "say 90d, never or a day such as 2027-01-31".to_owned())
}

#[derive(Subcommand, Default)]
pub(super) enum SshKeysCommand {
    /// Lists the SSH keys
    #[default]
    List,
    /// Adds a public key
    Add {
        /// The .pub file; - reads standard input
        file: PathBuf,
        /// What to call it; its comment, or the file's name, where nothing is said
        #[arg(long)]
        name: Option<String>,
    },
    /// Removes an SSH key
    Remove {
        /// Its id, as in the list
        id: uuid::Uuid,
    },
    /// Generates a pair of keys on this computer, and adds the public half
    Generate(Generate),
}

#[derive(Subcommand, Default)]
pub(super) enum CheckCommand {
    /// Lists them
    #[default]
    List,
    /// Looks whether one works
    Check {
        /// Its id, as in the list
        id: uuid::Uuid,
    },
}

#[derive(Args)]
pub(super) struct Generate {
    /// What to call it; this computer's name where nothing is said
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The folder both halves go to [default: ~/.ssh]
    #[arg(long, value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
    /// The private half's file name; one that is free where nothing is said
    #[arg(long, value_name = "NAME")]
    pub(super) file_name: Option<String>,
    /// Encrypt the private half; the passphrase is asked for at the terminal
    #[arg(long)]
    pub(super) passphrase: bool,
    /// Keep the passphrase in the keychain
    #[arg(long, requires = "passphrase")]
    pub(super) keep_passphrase: bool,
    /// Write a Host block into the configuration of ssh: what is typed behind ssh
    #[arg(long, value_name = "ALIAS", requires = "host_name")]
    pub(super) host: Option<String>,
    /// That host's name or address
    #[arg(long, value_name = "HOST", requires = "host")]
    pub(super) host_name: Option<String>,
    /// Who signs in there
    #[arg(long, requires = "host")]
    pub(super) user: Option<String>,
    /// Its port, where it is not 22
    #[arg(long, requires = "host", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) port: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_in_days_at_the_end_of_a_day_or_never() {
        assert_eq!(expiry("90d"), Ok(Expiry::Days(90)));
        assert_eq!(expiry("never"), Ok(Expiry::Never));
        let Ok(Expiry::At(end)) = expiry("2027-01-31") else { panic!("a day") };
        assert_eq!(end.to_rfc3339(), "2027-01-31T23:59:59+00:00");
        let Ok(Expiry::At(moment)) = expiry("2027-01-31T10:00:00+02:00") else { panic!("a moment") };
        assert_eq!(moment.to_rfc3339(), "2027-01-31T08:00:00+00:00");
        for wrong in ["", "d", "0d", "-1d", "90", "90 d", "2027-02-30", "soon", "99999d"] {
            assert!(expiry(wrong).is_err(), "{wrong}");
        }
    }
}
