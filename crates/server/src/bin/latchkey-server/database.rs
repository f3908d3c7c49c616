//! Opens the service on the database that the configuration names.

use std::{
    fs::{self, DirBuilder},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use latchkey_outbound::{Outbound, OutboundError};
use latchkey_service::{Database, Environment, KeyFile, Mailer, Service};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    config::{Config, ConfigError, Storage},
    smtp::SmtpMailer,
};

/// The file of a database where only the folder is given.
const FILE: &str = "latchkey.sqlite3";

/// The file of the sealing key where none is named.
const KEY_FILE: &str = "sealing.key";

/// The file of a database on SQLite; for one on a server, `instead` says what to use.
pub(crate) fn file(storage: &Storage, instead: &str) -> anyhow::Result<PathBuf> {
    match place(storage)? {
        Database::Sqlite(path) => Ok(path),
        Database::Postgres(address) => anyhow::bail!("{address} is on a PostgreSQL server. {instead}"),
    }
}

/// What a command takes from outside that asks nobody and mails nothing.
pub(crate) fn environment(storage: &Storage) -> Result<Environment, ConfigError> {
    Ok(Environment { keys: Arc::new(KeyFile(key_file(storage)?)), ..Environment::system() })
}

/// The service, and what it asks others with.
pub(crate) struct Opened {
    pub(crate) service: Service,
    pub(crate) outbound: Arc<Outbound>,
}

pub(crate) async fn open(config: &Config) -> anyhow::Result<Service> {
    Ok(open_all(config).await?.service)
}

/// For whoever also looks at what others are asked.
pub(crate) async fn open_all(config: &Config) -> anyhow::Result<Opened> {
    let storage = &config.storage;
    let (database, key_file) = (place(storage)?, key_file(storage)?);
    let mailer = SmtpMailer::new(&config.smtp, &config.instance.name)?;
    let outbound = Arc::new(outbound(config)?);
    if let Some(dir) = &storage.data {
        make_private(dir).with_context(|| format!("the folder {} cannot be made", dir.display()))?;
    }
    let environment = Environment {
        providers: outbound.clone(),
        registries: outbound.clone(),
        keys: Arc::new(KeyFile(key_file)),
        mailer: mailer.map(|mailer| Arc::new(mailer) as Arc<dyn Mailer>),
        ..Environment::system()
    };
    let service = Service::open(database, config.settings(), environment).await?;
    Ok(Opened { service, outbound })
}

/// What the service asks others with.
fn outbound(config: &Config) -> anyhow::Result<Outbound> {
    let user_agent = concat!("latchkey-server/", env!("CARGO_PKG_VERSION"));
    let outbound = Outbound::new(&config.outbound, user_agent).map_err(|error| match error {
        OutboundError::Certificates(reason) => ConfigError::new(format!("outbound.extra_ca: {reason}")).into(),
        error @ OutboundError::UserAgent => anyhow::Error::from(error),
    })?;
    Ok(outbound.trusting(&config.settings().integrations))
}

/// The file of the sealing key: the one that is named, or in the folder of the data, or beside the database.
pub(crate) fn key_file(storage: &Storage) -> Result<PathBuf, ConfigError> {
    match (&storage.sealing_key_file, &storage.data, &storage.database) {
        (Some(file), ..) => Ok(file.clone()),
        (None, Some(dir), _) => Ok(dir.join(KEY_FILE)),
        (None, None, Some(Database::Sqlite(path))) => Ok(path.with_file_name(KEY_FILE)),
        (None, None, Some(Database::Postgres(_))) => Err(ConfigError::new(
            "say where the key is that secrets are sealed with: storage.sealing_key_file, or --data DIR for its folder",
        )),
        (None, None, None) => Err(nowhere()),
    }
}

/// Whether somebody who sees the address sees a password.
pub(crate) fn has_password(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.password().is_some_and(|password| !password.is_empty()))
}

/// What is said then.
pub(crate) const SEEN_BY_ALL: &str = "the password in --database can be seen by every user of this computer. Give it in \
    LATCHKEY_STORAGE__DATABASE, in the file of --config or in that of storage.database_password_file.";

/// The database, with all that is said of how to reach it.
pub(crate) fn place(storage: &Storage) -> Result<Database, ConfigError> {
    match (&storage.database, &storage.data) {
        (Some(Database::Postgres(address)), _) => {
            let mut address = address.clone();
            if let Some(connections) = storage.database_connections {
                address = address.with_connections(connections);
            }
            if let Some(file) = &storage.database_password_file {
                address = address.with_password(&password(file)?);
            }
            Ok(Database::Postgres(address))
        }
        (Some(database), _) => Ok(database.clone()),
        (None, Some(dir)) => Ok(Database::Sqlite(dir.join(FILE))),
        (None, None) => Err(nowhere()),
    }
}

fn nowhere() -> ConfigError {
    ConfigError::new("say where the data is: --data DIR, or storage.data in the configuration")
}

fn password(file: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let refuse =
        |reason: &str| ConfigError::new(format!("storage.database_password_file: {}: {reason}", file.display()));
    let text = fs::read_to_string(file).map(Zeroizing::new).map_err(|error| refuse(&error.to_string()))?;
    let password = text.trim_end_matches(['\n', '\r']);
    if password.is_empty() { Err(refuse("the file is empty")) } else { Ok(Zeroizing::new(password.to_owned())) }
}

/// For the service's user alone.
pub(crate) fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storage(database: Option<&str>, data: Option<&str>, key: Option<&str>) -> Storage {
        Storage {
            database: database.map(|text| text.parse().unwrap()),
            data: data.map(PathBuf::from),
            sealing_key_file: key.map(PathBuf::from),
            ..Storage::default()
        }
    }

    #[test]
    fn the_key_is_where_it_is_said_or_beside_the_data() {
        let at = |database, data, key| key_file(&storage(database, data, key));
        assert_eq!(at(None, Some("d"), Some("/k/key")).unwrap(), Path::new("/k/key"));
        assert_eq!(at(Some("sqlite:a/b.db"), Some("d"), None).unwrap(), Path::new("d/sealing.key"));
        assert_eq!(at(Some("sqlite:a/b.db"), None, None).unwrap(), Path::new("a/sealing.key"));
        assert_eq!(at(Some("postgres://h/d"), Some("d"), None).unwrap(), Path::new("d/sealing.key"));
        assert!(at(Some("postgres://h/d"), None, None).unwrap_err().to_string().contains("sealing_key_file"));
    }

    #[test]
    fn the_database_is_the_one_that_is_named_or_lies_in_the_folder() {
        let at = |database, data| place(&storage(database, data, None)).map(|place| place.to_string());
        assert_eq!(at(Some("sqlite:a/b.db"), Some("d")).unwrap(), "a/b.db");
        assert_eq!(at(Some("postgres://ada:secret@h/d"), Some("d")).unwrap(), "postgres://ada@h:5432/d");
        assert_eq!(at(None, Some("d")).unwrap(), "d/latchkey.sqlite3");
        assert!(at(None, None).is_err());
    }
}
