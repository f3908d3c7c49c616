//! Where a provider is asked for what.

use latchkey_api::instance::Provider;
use latchkey_service::ProviderSettings;
use url::Url;

/// The addresses of a provider.
pub(crate) struct Endpoints {
    /// RFC 8628 section 3.1
    pub(crate) device: String,
    /// RFC 6749 section 3.2
    pub(crate) token: String,
    /// RFC 6749 section 3.1
    pub(crate) authorize: String,
    /// Its REST API, without a slash at the end.
    pub(crate) api: String,
}

impl Endpoints {
    pub(crate) fn of(at: &ProviderSettings) -> Self {
        let url = &at.url;
        match at.provider {
            Provider::Github => Self {
                device: format!("{url}/login/device/code"),
                token: format!("{url}/login/oauth/access_token"),
                authorize: format!("{url}/login/oauth/authorize"),
                api: github_api(url),
            },
            Provider::Gitlab => Self {
                device: format!("{url}/oauth/authorize_device"),
                token: format!("{url}/oauth/token"),
                authorize: format!("{url}/oauth/authorize"),
                api: format!("{url}/api/v4"),
            },
        }
    }
}

/// GitHub's own hosts have their API beside them, GitHub Enterprise Server has it below.
fn github_api(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    let host = parsed.as_ref().and_then(Url::host_str).unwrap_or_default();
    if is_github_cloud(host) { format!("https://api.{host}") } else { format!("{url}/api/v3") }
}

/// github.com, and GitHub Enterprise Cloud with data residency.
fn is_github_cloud(host: &str) -> bool {
    host == "github.com" || host.strip_suffix(".ghe.com").is_some_and(|name| !name.is_empty() && !name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_of_github_is_where_its_host_has_it() {
        for (url, api) in [
            ("https://github.com", "https://api.github.com"),
            ("https://northwind.ghe.com", "https://api.northwind.ghe.com"),
            ("https://github.example.org", "https://github.example.org/api/v3"),
            ("https://notgithub.com", "https://notgithub.com/api/v3"),
            ("https://a.b.ghe.com", "https://a.b.ghe.com/api/v3"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000/api/v3"),
        ] {
            assert_eq!(github_api(url), api);
        }
    }
}
