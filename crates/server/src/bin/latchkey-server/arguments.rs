//! The command line.

mod admin;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use self::admin::*;
use crate::config::span;

/// The Latchkey account service.
///
/// Settings come from the file of --config, then from the environment as LATCHKEY_<SECTION>__<KEY>, then from the
/// command line; what comes later wins.
#[derive(Parser)]
#[command(name = "latchkey-server", version, after_help = EXIT)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const DATABASE: &str =
    "Database, as in sqlite:PATH or postgres://USER@HOST/NAME; sqlite:DIR/latchkey.sqlite3 where only --data is given";
const TO: &str =
    "The database it is copied to, as in postgres://USER@HOST/NAME; that of the configuration where nothing is said";
const EXIT: &str = "Exit status: 0 done, 1 failed, 2 wrong arguments or configuration.";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Answers requests until it is told to stop
    Serve {
        /// Address and port to listen on; port 0 picks a free one [default: 127.0.0.1:8787]
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
        /// Address and port for metrics in the format of Prometheus; off where nothing is said
        #[arg(long, value_name = "ADDR")]
        metrics: Option<SocketAddr>,
        #[command(flatten)]
        tls: TlsFiles,
    },
    /// Brings the schema of the database up to date
    ///
    /// Nodes of older versions go on serving meanwhile, and afterwards unless the new version says otherwise.
    Migrate {
        /// Spread the tables over the servers of a Citus cluster as well. Run it again after each upgrade: tables that are
        /// spread already are left as they are
        #[arg(long)]
        distribute: bool,
    },
    /// Copies everything to a database of the other engine, which has to be empty
    ///
    /// Stop the service first. What was ended anywhere goes on where it was when the command is run again. In the end
    /// both sides are compared, row by row. The sealing key is no part of the database: take its file along.
    Copy {
        /// The database that is copied, as in sqlite:PATH
        #[arg(long, value_name = "URL")]
        from: String,
        // Not as a comment: rustdoc would make links of addresses.
        #[arg(long, value_name = "URL", help = TO)]
        to: Option<String>,
    },
    /// Copies a database on SQLite to a file, while the service runs
    ///
    /// The copy is whole and checked before it gets its name. Secrets in it are sealed: keep the sealing key as well, and
    /// apart from it. PostgreSQL has programs of its own for this.
    Backup {
        /// The file it is written to
        #[arg(value_name = "FILE")]
        to: PathBuf,
        /// Take the place of a file of that name
        #[arg(long)]
        overwrite: bool,
    },
    /// Puts a backup in the place of the database, which is kept under another name
    ///
    /// Stop the service first. What happened since the backup is not in it: people who were deleted, and passwords and keys
    /// that were replaced, are there again. Mail that waited, codes that were mailed and half-done sign-ins are not brought
    /// back.
    Restore {
        /// The file that latchkey-server backup made
        #[arg(value_name = "FILE")]
        from: PathBuf,
        /// Sign everybody out, so that no session is open that was closed since
        #[arg(long)]
        close_sessions: bool,
    },
    /// Looks after the keys that secrets in the database are sealed with
    #[command(subcommand)]
    SealingKey(SealingKeyCommand),
    /// Prints the OpenAPI document
    Openapi,
    /// Looks after accounts
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Looks after the keys that tokens for the container registry are signed with
    #[command(subcommand)]
    Registry(RegistryCommand),
    /// Prints completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What connections are encrypted with.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct TlsFiles {
    /// Certificate (PEM) to speak TLS with, where no proxy does; taken anew when it changes, and on SIGHUP
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// Private key (PEM) of the certificate
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
}

/// Where the configuration and the data are.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Place {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE", env = "LATCHKEY_CONFIG", global = true)]
    pub(crate) config: Option<PathBuf>,
    #[arg(long, value_name = "URL", global = true, help = DATABASE)]
    pub(crate) database: Option<String>,
    /// Folder of the service's data; made where it is missing
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum RegistryCommand {
    /// Prints the certificates of all keys (PEM), for rootcertbundle of the registry; makes the first key where there is
    /// none
    Certificate,
    /// Makes a new key: its certificate is printed from now on, and it signs in a while. Until then, give the registry what
    /// registry certificate prints
    Rotate {
        /// When it begins to sign
        #[arg(long, value_name = "TIME", default_value = "24h", value_parser = span)]
        after: Duration,
    },
    /// Removes a key that others may know. Then give the registry what registry certificate prints, and restart it: until
    /// then it trusts the key
    Remove {
        /// Its name, as registry rotate and registry list print it
        key: String,
    },
    /// Lists the keys, the oldest first, and from when on each signs: of those whose time has come, the last one
    List,
}

#[derive(Subcommand)]
pub(crate) enum SealingKeyCommand {
    /// Lists the keys by their fingerprints, and what needs each; reads every sealed value
    List,
    /// Makes a key that seals nothing yet. Bring the key file to every node, then say rotate
    Add,
    /// Takes the newest key into use, and seals everything anew that older ones sealed; services may run. Run it again
    /// where it was ended
    Rotate,
    /// Removes a key that nothing needs any more
    Remove {
        /// Its fingerprint, as sealing-key list prints it
        fingerprint: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}
