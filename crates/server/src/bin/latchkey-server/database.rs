//! Opens the service on the database that the configuration names.

use std::{
    fs::DirBuilder,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use latchkey_outbound::{Outbound, OutboundError};
use latchkey_service::{Environment, KeyFile, Mailer, Service};

use crate::{
    config::{Config, ConfigError, Storage},
    smtp::SmtpMailer,
};

/// The file of a database where only the folder is given.
const FILE: &str = "latchkey.sqlite3";

/// The file of the sealing key where none is named.
const KEY_FILE: &str = "sealing.key";

pub(crate) async fn open(config: &Config) -> anyhow::Result<Service> {
    let path = path(&config.storage)?;
    let mailer = SmtpMailer::new(&config.smtp, &config.instance.name)?;
    let outbound = Arc::new(outbound(config)?);
    if let Some(dir) = &config.storage.data {
        make_private(dir).with_context(|| format!("the folder {} cannot be made", dir.display()))?;
    }
    let environment = Environment {
        providers: outbound.clone(),
        registries: outbound,
        keys: Arc::new(KeyFile(key_file(&config.storage, &path))),
        mailer: mailer.map(|mailer| Arc::new(mailer) as Arc<dyn Mailer>),
        ..Environment::system()
    };
    Ok(Service::open(&path, config.settings(), environment).await?)
}

/// What the service asks others with.
fn outbound(config: &Config) -> anyhow::Result<Outbound> {
    let user_agent = concat!("latchkey-server/", env!("CARGO_PKG_VERSION"));
    Outbound::new(&config.outbound, user_agent).map_err(|error| match error {
        OutboundError::Certificates(reason) => ConfigError::new(format!("outbound.extra_ca: {reason}")).into(),
        error @ OutboundError::UserAgent => error.into(),
    })
}

/// The file of the sealing key: the one that is named, or in the folder of the data, or beside the database.
fn key_file(storage: &Storage, database: &Path) -> PathBuf {
    match (&storage.sealing_key_file, &storage.data) {
        (Some(file), _) => file.clone(),
        (None, Some(dir)) => dir.join(KEY_FILE),
        (None, None) => database.with_file_name(KEY_FILE),
    }
}

/// The file of the database.
fn path(storage: &Storage) -> Result<PathBuf, ConfigError> {
    let Some(url) = &storage.database else {
        return match &storage.data {
            Some(dir) => Ok(dir.join(FILE)),
            None => Err(ConfigError::new("say where the data is: --data DIR, or storage.data in the configuration")),
        };
    };
    match url.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(path.strip_prefix("//").unwrap_or(path).into()),
        Some(("postgres" | "postgresql", _)) => {
            Err(ConfigError::new("storage.database: this version keeps its data in SQLite only; use sqlite:PATH"))
        }
        _ => Err(ConfigError::new(format!("storage.database: found \"{url}\", expected sqlite:PATH"))),
    }
}

/// For the service's user alone.
fn make_private(dir: &Path) -> std::io::Result<()> {
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
            database: database.map(str::to_owned),
            data: data.map(PathBuf::from),
            sealing_key_file: key.map(PathBuf::from),
        }
    }

    #[test]
    fn the_key_is_where_it_is_said_or_beside_the_data() {
        let at = |data, key| key_file(&storage(None, data, key), Path::new("a/b.db"));
        assert_eq!(at(Some("d"), Some("/k/key")), Path::new("/k/key"));
        assert_eq!(at(Some("d"), None), Path::new("d/sealing.key"));
        assert_eq!(at(None, None), Path::new("a/sealing.key"));
    }

    #[test]
    fn the_file_is_the_one_that_is_named_or_lies_in_the_folder() {
        let at = |database: Option<&str>, data: Option<&str>| path(&storage(database, data, None));
        assert_eq!(at(Some("sqlite:a/b.db"), Some("d")).unwrap(), Path::new("a/b.db"));
        assert_eq!(at(Some("sqlite:///a/b.db"), None).unwrap(), Path::new("/a/b.db"));
        assert_eq!(at(None, Some("d")).unwrap(), Path::new("d/latchkey.sqlite3"));
        for refused in [at(None, None), at(Some("postgres://u:secret@h/d"), None), at(Some("sqlite:"), None)] {
            assert!(!refused.unwrap_err().to_string().contains("secret"));
        }
    }
}
