//! `[registry]`: the container registry that belongs to the service.

use latchkey_api::instance::RegistryInfo;
use latchkey_service::RegistrySettings;
use serde::Deserialize;

/// The longest name a certificate can be made out to (RFC 5280 appendix A.1, `ub-common-name`).
const ISSUER_LENGTH: usize = 64;

/// `[registry]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Registry {
    /// The registry's `service`; no registry where nothing is said.
    service: Option<String>,
    /// The registry's `issuer`.
    issuer: String,
    /// Where people reach it: a host, perhaps with a port; what `service` says where nothing is said.
    host: Option<String>,
}

impl Default for Registry {
    fn default() -> Self {
        Self { service: None, issuer: "latchkey".into(), host: None }
    }
}

impl Registry {
    /// What types do not say.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        let refuse = |key, reason: &str| Err((key, reason.to_owned()));
        // Registries name themselves `Docker registry`, too.
        let plain = |text: &str| text == text.trim() && text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        match (&self.service, &self.host) {
            (Some(service), _) if !plain(service) || !(1..=255).contains(&service.len()) => {
                return refuse("registry.service", "allowed are 1 to 255 ASCII characters on one line");
            }
            (_, Some(host)) if !is_host(host) => {
                return refuse("registry.host", "expected a host, perhaps with a port, as registry.example.org:5000");
            }
            (None, Some(_)) => {
                return refuse("registry.host", "registry.service has to be set as well: the service of the registry");
            }
            _ => {}
        }
        if !plain(&self.issuer) || !(1..=ISSUER_LENGTH).contains(&self.issuer.len()) {
            return refuse("registry.issuer", "allowed are 1 to 64 ASCII characters on one line");
        }
        Ok(())
    }

    /// What the service has to know.
    pub(super) fn settings(&self) -> Option<RegistrySettings> {
        let service = self.service.clone()?;
        let host = self.host.clone().unwrap_or_else(|| service.clone());
        Some(RegistrySettings { info: RegistryInfo { service, host }, issuer: self.issuer.clone() })
    }
}

/// As a registry stands before the name of an image: without a scheme, without a path.
fn is_host(text: &str) -> bool {
    let url = url::Url::parse(&format!("https://{text}"));
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    plain && !text.ends_with(':') && url.is_ok_and(|url| url.has_host() && url.path() == "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for good in ["localhost:5000", "registry.example.org", "127.0.0.1:5501", "[::1]:5000"] {
            assert!(is_host(good), "{good}");
        }
        for bad in
            ["", "https://registry.example.org", "registry.example.org/", "a b", "a:", "a:x", "user@host", ":5000"]
        {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
