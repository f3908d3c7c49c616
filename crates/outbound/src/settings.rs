//! What an administrator, or the person on their own computer, says of providers: the sections `[integrations.NAME]`
//! and `[outbound]`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use latchkey_api::{instance::Provider, wire::Secret};
use latchkey_service::ProviderSettings;
use serde::{Deserialize, Deserializer, de::Error};
use url::Url;
use zeroize::Zeroizing;

use crate::addresses::{Place, PrivateNetworks, is_loopback};

/// `[outbound]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboundSection {
    /// Whether this computer and private networks are connected to; they are where nothing is said.
    pub private_networks: Option<PrivateNetworks>,
    /// Certificates (PEM) to trust beside the computer's.
    pub extra_ca: Option<PathBuf>,
}

/// `[integrations.NAME]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntegrationSection {
    /// Which kind; the section's name where nothing is said.
    provider: Option<Provider>,
    /// Its web address; the public one where nothing is said.
    url: Option<String>,
    client_id: Option<String>,
    #[serde(deserialize_with = "hidden")]
    client_secret: Option<Secret>,
    /// A file with the secret and nothing else.
    client_secret_file: Option<PathBuf>,
    #[serde(deserialize_with = "texts")]
    scopes: Option<Vec<String>>,
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct SettingsError {
    /// Which one, as in `integrations.github.url`.
    pub key: String,
    /// Why, and what is expected.
    pub reason: String,
}

/// The providers of some sections, by name. Files of secrets are read.
pub fn read_providers(sections: &BTreeMap<String, IntegrationSection>) -> Result<Vec<ProviderSettings>, SettingsError> {
    let mut providers: Vec<ProviderSettings> = Vec::new();
    for (name, section) in sections {
        let refuse = |(key, reason)| SettingsError { key: format!("integrations.{name}.{key}"), reason };
        let provider = section.read(name).map_err(refuse)?;
        if let Some(other) = providers.iter().position(|other| same_host(&other.url, &provider.url)) {
            let other = sections.keys().nth(other).map_or("", String::as_str);
            let reason = format!("integrations.{other} has the same host; each host can stand here once");
            return Err(refuse(("url", reason)));
        }
        providers.push(provider);
    }
    Ok(providers)
}

type Refused = (&'static str, String);

impl IntegrationSection {
    fn read(&self, name: &str) -> Result<ProviderSettings, Refused> {
        let provider = match (self.provider, name) {
            (Some(provider), _) => provider,
            (None, "github") => Provider::Github,
            (None, "gitlab") => Provider::Gitlab,
            (None, _) => return Err(("provider", "say which kind it is: github or gitlab".into())),
        };
        let usual = match provider {
            Provider::Github => "https://github.com",
            Provider::Gitlab => "https://gitlab.com",
        };
        let url = web_address(self.url.as_deref().unwrap_or(usual), provider).map_err(|reason| ("url", reason))?;
        let client_id = match self.client_id.as_deref() {
            Some(id) if is_visible(id, 255) => id.to_owned(),
            Some(_) => return Err(("client_id", "expected 1 to 255 visible ASCII characters".into())),
            None => return Err(("client_id", "say which client id the provider gave this application".into())),
        };
        Ok(ProviderSettings { provider, url, client_id, client_secret: self.secret()?, scopes: self.scopes(provider)? })
    }

    fn secret(&self) -> Result<Option<Secret>, Refused> {
        let expected = "expected 1 to 1024 visible ASCII characters on one line";
        match (&self.client_secret, &self.client_secret_file) {
            (Some(_), Some(_)) => {
                Err(("client_secret_file", "the secret stands in client_secret already; keep one of them".into()))
            }
            (Some(secret), None) if is_visible(secret.expose(), 1024) => Ok(Some(secret.clone())),
            (Some(_), None) => Err(("client_secret", expected.into())),
            (None, Some(path)) => {
                let text = first_line(path).map_err(|error| {
                    ("client_secret_file", format!("the file {} cannot be read: {error}", path.display()))
                })?;
                if !is_visible(&text, 1024) {
                    return Err(("client_secret_file", format!("the file {}: {expected}", path.display())));
                }
                Ok(Some(Secret::new(text.as_str())))
            }
            (None, None) => Ok(None),
        }
    }

    /// The least that serves: reading what repositories there are, and cloning them.
    fn scopes(&self, provider: Provider) -> Result<Vec<String>, Refused> {
        let usual = || match provider {
            // GitHub has no scope that only reads private repositories.
            Provider::Github => vec!["repo".to_owned()],
            Provider::Gitlab => vec!["read_api".to_owned(), "read_repository".to_owned()],
        };
        let scopes = self.scopes.clone().unwrap_or_else(usual);
        let is_scope = |text: &String| is_visible(text, 100) && !text.contains(['"', '\\', ',']);
        if scopes.len() > 50 || !scopes.iter().all(is_scope) {
            return Err(("scopes", "expected a list of at most 50 scopes, as in [\"read_api\"]".into()));
        }
        Ok(scopes)
    }
}

/// A web address without a slash at the end.
fn web_address(text: &str, provider: Provider) -> Result<String, String> {
    let expected = || format!("found \"{text}\", expected an address such as https://git.example.org");
    let url = Url::parse(text).map_err(|_| expected())?;
    let plain = url.username().is_empty() && url.password().is_none();
    if !plain {
        return Err("a user name or password has no place in it".into());
    }
    if url.query().is_some() || url.fragment().is_some() || url.host_str().is_none_or(str::is_empty) {
        return Err(expected());
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(format!("found \"{text}\"; tokens travel over https only, except on this computer")),
        _ => return Err(expected()),
    }
    let address = url.as_str().trim_end_matches('/');
    if provider == Provider::Github && !matches!(url.path(), "" | "/") {
        return Err(format!("found \"{text}\"; GitHub is never below a path"));
    }
    Ok(address.to_owned())
}

fn same_host(one: &str, other: &str) -> bool {
    let place = |text: &str| Place::of(&Url::parse(text).ok()?);
    place(one).is_some() && place(one) == place(other)
}

fn is_visible(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What a file says, without the end of the line.
fn first_line(path: &Path) -> io::Result<Zeroizing<String>> {
    let text = Zeroizing::new(fs::read_to_string(path)?);
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// No error shows the text: it is a secret.
fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    let text = Zeroizing::new(String::deserialize(deserializer).map_err(|_| D::Error::custom("expected a text"))?);
    Ok(Some(Secret::new(text.as_str())))
}

/// A list in a file; a list or one text with spaces in the environment.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    match Texts::deserialize(deserializer) {
        Ok(Texts::One(text)) => Ok(Some(text.split_whitespace().map(str::to_owned).collect())),
        Ok(Texts::Many(texts)) => Ok(Some(texts)),
        Err(_) => Err(D::Error::custom("expected a list of scopes")),
    }
}
