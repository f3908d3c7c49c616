//! Flags of the command line as the last source of settings.

use std::net::SocketAddr;

use figment::{
    Error, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

use crate::arguments::Place;

/// Settings and the flags that say them.
pub(crate) const FLAGS: [(&str, &str); 4] = [
    ("server.listen", "--listen"),
    ("server.metrics", "--metrics"),
    ("storage.database", "--database"),
    ("storage.data", "--data"),
];

/// The name of this source in errors.
pub(crate) const COMMAND_LINE: &str = "command line";

/// The settings that were given as flags.
pub(crate) struct Flags<'a> {
    pub(crate) place: &'a Place,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) metrics: Option<SocketAddr>,
}

impl<'a> Flags<'a> {
    /// Of a command that listens nowhere.
    pub(crate) fn of(place: &'a Place) -> Self {
        Self { place, listen: None, metrics: None }
    }
}

impl Provider for Flags<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(COMMAND_LINE)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let text = |address: Option<SocketAddr>| address.map(|address| address.to_string());
        let data = self.place.data.as_ref().map(|dir| dir.to_string_lossy().into_owned());
        let database = self.place.database.clone();
        let sections = [
            section("server", [("listen", text(self.listen)), ("metrics", text(self.metrics))].into()),
            section("storage", [("data", data), ("database", database)].into()),
        ];
        Ok(Profile::Default.collect(sections.into()))
    }
}

fn section(name: &str, members: Vec<(&str, Option<String>)>) -> (String, Value) {
    let given = members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?))));
    (name.to_owned(), Value::from(given.collect::<Dict>()))
}
