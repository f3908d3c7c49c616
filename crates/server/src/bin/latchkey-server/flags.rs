//! Flags of the command line as the last source of settings.

use figment::{
    Error, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

use crate::arguments::{Place, ServeFlags};

/// Settings and the flags that say them.
pub(crate) const FLAGS: [(&str, &str); 3] =
    [("server.listen", "--listen"), ("storage.database", "--database"), ("storage.data", "--data")];

/// The name of this source in errors.
pub(crate) const COMMAND_LINE: &str = "command line";

impl Provider for Place {
    fn metadata(&self) -> Metadata {
        Metadata::named(COMMAND_LINE)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let data = self.data.as_ref().map(|dir| Value::from(dir.to_string_lossy().into_owned()));
        let database = self.database.clone().map(Value::from);
        Ok(section("storage", [("data", data), ("database", database)]))
    }
}

impl Provider for ServeFlags {
    fn metadata(&self) -> Metadata {
        Metadata::named(COMMAND_LINE)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut all = self.place.data()?;
        let listen = self.listen.map(|address| Value::from(address.to_string()));
        for (profile, dict) in section("server", [("listen", listen)]) {
            all.entry(profile).or_default().extend(dict);
        }
        Ok(all)
    }
}

fn section<const N: usize>(name: &str, members: [(&str, Option<Value>); N]) -> Map<Profile, Dict> {
    let given = members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    let section = Value::from(given.collect::<Dict>());
    Profile::Default.collect(Dict::from([(name.to_owned(), section)]))
}
