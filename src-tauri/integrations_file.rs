//! Providers of source code for the place *This computer*: `integrations.toml` beside the account data.
//!
//! ```toml
//! [integrations.github]
//! client_id = "Iv1.0123456789abcdef"
//! ```

use std::{collections::BTreeMap, fs, io, path::Path};

use latchkey_outbound::{IntegrationSection, read_providers};
use latchkey_service::ProviderSettings;
use serde::Deserialize;

/// The file's name.
pub(crate) const FILE: &str = "integrations.toml";

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct IntegrationsFile {
    integrations: BTreeMap<String, IntegrationSection>,
}

/// What the file says; no file says nothing. One that cannot be used is a line in the log and says nothing either: the
/// account is not to wait for it.
pub(crate) fn providers(path: &Path) -> Vec<ProviderSettings> {
    read(path).unwrap_or_else(|reason| {
        tracing::error!("{} cannot be used: {reason}; no provider is configured", path.display());
        Vec::new()
    })
}

fn read(path: &Path) -> Result<Vec<ProviderSettings>, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    let file: IntegrationsFile = toml::from_str(&text).map_err(|error| describe(&error, &text))?;
    read_providers(&file.integrations).map_err(|error| error.to_string())
}

/// The reason and its line. The line itself is not shown: it may hold a secret.
fn describe(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let reason = error.message().lines().next().unwrap_or_default();
    match before {
        Some(before) => format!("line {}: {reason}", before.matches('\n').count() + 1),
        None => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<Vec<ProviderSettings>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn a_file_names_providers_and_no_file_names_none() {
        let providers = told("[integrations.github]\nclient_id = \"abc\"\n").unwrap();
        assert_eq!((providers[0].url.as_str(), providers[0].client_id.as_str()), ("https://github.com", "abc"));
        assert_eq!(read(Path::new("/nowhere/integrations.toml")).unwrap(), []);
        assert_eq!(told("").unwrap(), []);
    }

    #[test]
    fn what_cannot_be_used_says_where_and_shows_no_secret() {
        for (text, reason) in [
            ("[integrations.github]\nclient_id = \"abc\"\nclient_secret = hunter2\n", "line 3: "),
            ("[integrations.github]\nclient_id = \"abc\"\nclient_secret = [\"hunter2\"]\n", "line 3: expected a text"),
            ("[integrations.github]\nclient = \"abc\"\n", "line 2: unknown field `client`"),
            ("[integrations.work]\nclient_id = \"abc\"\n", "integrations.work.provider: say which kind it is"),
            ("[integration.github]\n", "line 1: unknown field `integration`"),
        ] {
            let said = told(text).unwrap_err();
            assert!(said.starts_with(reason) && !said.contains("hunter2"), "{said}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(providers(folder.path()), [], "a folder in its place keeps nobody out");
    }
}
