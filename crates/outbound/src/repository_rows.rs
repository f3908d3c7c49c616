//! Rows of repositories that can be shown and cloned.

use latchkey_api::integrations::{Repository, Visibility};
use latchkey_service::ProviderSettings;
use serde::{Deserialize, de::IgnoredAny};
use url::Url;

use crate::addresses::is_loopback;

/// Characters of a description that are kept.
const DESCRIPTION: usize = 1000;

/// Characters of names and branches that are kept.
const NAME: usize = 512;

/// A row of a list. One that is not understood does not take the others with it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Row<T> {
    Known(T),
    Other(IgnoredAny),
}

impl<T> Row<T> {
    pub(crate) fn known(&self) -> Option<&T> {
        match self {
            Self::Known(row) => Some(row),
            Self::Other(_) => {
                tracing::warn!("a repository is left out: it is not told as one");
                None
            }
        }
    }
}

/// A row as a provider tells it.
pub(crate) struct Told<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) visibility: Visibility,
    pub(crate) default_branch: Option<&'a str>,
    pub(crate) clone_url: &'a str,
    pub(crate) web_url: &'a str,
}

/// The row, where its addresses are the provider's own: a token is sent to what `git clone` is given.
pub(crate) fn row(at: &ProviderSettings, told: &Told<'_>) -> Option<Repository> {
    let (Some(clone_url), Some(web_url)) = (own(&at.url, told.clone_url), own(&at.url, told.web_url)) else {
        tracing::warn!(provider = %at.url, "a repository is left out: its address is not at the provider's host");
        return None;
    };
    let text = |text: &str, most| Some(one_line(text, most)).filter(|text| !text.is_empty());
    Some(Repository {
        name: text(told.name, NAME)?,
        description: told.description.and_then(|description| text(description, DESCRIPTION)),
        visibility: told.visibility,
        default_branch: told.default_branch.and_then(|branch| text(branch, NAME)),
        clone_url,
        web_url,
    })
}

/// An address at the provider's host, over HTTPS; over HTTP where the provider is on this computer.
fn own(provider: &str, text: &str) -> Option<String> {
    let (provider, url) = (Url::parse(provider).ok()?, Url::parse(text).ok()?);
    let encrypted = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&provider);
    let same = url.host() == provider.host() && url.port_or_known_default() == provider.port_or_known_default();
    let plain = url.username().is_empty() && url.password().is_none();
    (encrypted && same && plain && text.len() <= 2048).then(|| url.to_string())
}

fn one_line(text: &str, most: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_provider_are_its_own() {
        let github = "https://github.com";
        assert_eq!(own(github, "https://github.com/a/b.git").as_deref(), Some("https://github.com/a/b.git"));
        assert_eq!(own(github, "https://github.com:443/a/b").as_deref(), Some("https://github.com/a/b"));
        for other in [
            "http://github.com/a/b.git",
            "https://github.com.example.org/a/b.git",
            "https://evil.example.org/a/b.git",
            "https://github.com:8443/a/b.git",
            "https://u:p@github.com/a/b.git",
            "ssh://git@github.com/a/b.git",
            "git@github.com:a/b.git",
            "",
        ] {
            assert_eq!(own(github, other), None, "{other}");
        }
        let here = "http://127.0.0.1:4000";
        assert!(own(here, "http://127.0.0.1:4000/a/b.git").is_some());
        assert!(own(here, "http://127.0.0.1:4001/a/b.git").is_none());
    }

    #[test]
    fn texts_are_one_line() {
        assert_eq!(one_line("a\u{1b}[31m\nb ", 100), "a [31m b");
        assert_eq!(one_line(&"ä".repeat(2000), 1000).chars().count(), 1000);
    }
}
