//! Flags of the command line as the last source of settings.

use std::{net::SocketAddr, path::PathBuf};

use figment::{
    Error, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

use crate::arguments::{Place, TlsFiles};

/// Settings and the flags that say them.
pub(crate) const FLAGS: [(&str, &str); 6] = [
    ("server.listen", "--listen"),
    ("server.metrics", "--metrics"),
    ("storage.database", "--database"),
    ("storage.data", "--data"),
    ("tls.certificate", "--tls-certificate"),
    ("tls.key", "--tls-key"),
];

/// The name of this source in errors.
pub(crate) const COMMAND_LINE: &str = "command line";

/// The settings that were given as flags.
pub(crate) struct Flags<'a> {
    pub(crate) place: &'a Place,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) tls: TlsFiles,
}

impl<'a> Flags<'a> {
    /// Of a command that listens nowhere.
    pub(crate) fn of(place: &'a Place) -> Self {
        Self { place, listen: None, metrics: None, tls: TlsFiles::default() }
    }
}

impl Provider for Flags<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(COMMAND_LINE)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let text = |address: Option<SocketAddr>| address.map(|address| address.to_string());
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
        let data = path(&self.place.data);
        let database = self.place.database.clone();
        let sections = [
            section("server", [("listen", text(self.listen)), ("metrics", text(self.metrics))].into()),
            section("storage", [("data", data), ("database", database)].into()),
            section("tls", [("certificate", path(&self.tls.tls_certificate)), ("key", path(&self.tls.tls_key))].into()),
        ];
        Ok(Profile::Default.collect(sections.into()))
    }
}

fn section(name: &str, members: Vec<(&str, Option<String>)>) -> (String, Value) {
    let given = members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?))));
    (name.to_owned(), Value::from(given.collect::<Dict>()))
}
