//! What is known of the providers the administrator has configured.

use latchkey_api::{instance::Provider, integrations::ConnectMethod};

use crate::{providers::ProviderSettings, service::Service};

/// What a scope of GitHub holds besides itself, as its documentation of scopes for OAuth apps says. What these hold in
/// turn is found from here as well.
const GITHUB: &[(&str, &[&str])] = &[
    ("repo", &["repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"]),
    ("admin:repo_hook", &["write:repo_hook"]),
    ("write:repo_hook", &["read:repo_hook"]),
    ("admin:org", &["write:org"]),
    ("write:org", &["read:org"]),
    ("admin:public_key", &["write:public_key"]),
    ("write:public_key", &["read:public_key"]),
    ("admin:gpg_key", &["write:gpg_key"]),
    ("write:gpg_key", &["read:gpg_key"]),
    ("user", &["read:user", "user:email", "user:follow"]),
    ("project", &["read:project"]),
    ("write:packages", &["read:packages"]),
    ("write:discussion", &["read:discussion"]),
];

/// The same of GitLab. `api` is everything that is asked for here.
const GITLAB: &[(&str, &[&str])] = &[
    ("api", &["read_api", "write_repository", "write_registry"]),
    ("read_api", &["read_user"]),
    ("write_repository", &["read_repository"]),
    ("write_registry", &["read_registry"]),
];

impl ProviderSettings {
    /// Its host, with the port where it is not the usual one.
    pub fn host(&self) -> &str {
        let behind = self.url.split_once("://").map_or(&*self.url, |(_, behind)| behind);
        behind.split('/').next().unwrap_or_default()
    }

    /// Who it says it is when a browser comes back (`iss`, RFC 9207).
    pub(crate) fn issuer(&self) -> String {
        match self.provider {
            Provider::Github => format!("{}/login/oauth", self.url),
            Provider::Gitlab => self.url.clone(),
        }
    }

    /// By which flows an account can be connected. GitHub takes no code from whoever has no client secret.
    pub(crate) fn methods(&self) -> Vec<ConnectMethod> {
        let mut methods = vec![ConnectMethod::Device];
        if self.provider == Provider::Gitlab || self.client_secret.is_some() {
            methods.push(ConnectMethod::AuthorizationCode);
        }
        methods
    }

    /// Where a person sees, and can take back, what they granted.
    pub(crate) fn manage_url(&self) -> String {
        match self.provider {
            Provider::Github => format!("{}/settings/connections/applications/{}", self.url, self.client_id),
            Provider::Gitlab => format!("{}/-/user_settings/applications", self.url),
        }
    }

    /// What is asked for and not among what was granted. Nothing where the provider does not say what was.
    pub(crate) fn missing_scopes(&self, granted: &[String]) -> Vec<String> {
        if granted.is_empty() {
            return Vec::new();
        }
        let granted = with_implied(self.provider, granted);
        self.scopes.iter().filter(|asked| !granted.contains(&asked.as_str())).cloned().collect()
    }
}

/// Scopes with everything they hold.
fn with_implied(provider: Provider, scopes: &[String]) -> Vec<&str> {
    let known = match provider {
        Provider::Github => GITHUB,
        Provider::Gitlab => GITLAB,
    };
    let mut all: Vec<&str> = scopes.iter().map(String::as_str).collect();
    let mut at = 0;
    while let Some(scope) = all.get(at).copied() {
        let held = known.iter().filter(|(holds, _)| *holds == scope).flat_map(|(_, held)| *held);
        let new: Vec<_> = held.copied().filter(|held| !all.contains(held)).collect();
        all.extend(new);
        at += 1;
    }
    all
}

/// A kind of provider as it is stored.
pub(crate) const fn word(provider: Provider) -> &'static str {
    match provider {
        Provider::Github => "github",
        Provider::Gitlab => "gitlab",
    }
}

/// The kind of provider of a stored word.
pub(crate) fn provider_of(word: &str) -> Option<Provider> {
    [Provider::Github, Provider::Gitlab].into_iter().find(|provider| self::word(*provider) == word)
}

/// What people call a provider: `GitHub`, or `GitLab at git.example.com`.
pub(crate) fn called(provider: Provider, host: &str) -> String {
    match (provider, host) {
        (Provider::Github, "github.com") => "GitHub".into(),
        (Provider::Gitlab, "gitlab.com") => "GitLab".into(),
        (Provider::Github, host) => format!("GitHub at {host}"),
        (Provider::Gitlab, host) => format!("GitLab at {host}"),
    }
}

impl Service {
    /// The configuration of a provider's host.
    pub(crate) fn configured(&self, provider: Provider, host: &str) -> Option<ProviderSettings> {
        let of_it = |at: &&ProviderSettings| at.provider == provider && at.host() == host;
        self.settings().integrations.iter().find(of_it).cloned()
    }
}

#[cfg(test)]
mod tests {
    use latchkey_api::wire::Secret;

    use super::*;

    fn settings(provider: Provider, url: &str, scopes: &[&str]) -> ProviderSettings {
        ProviderSettings {
            provider,
            url: url.into(),
            client_id: "Iv1.1234".into(),
            client_secret: None,
            scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
        }
    }

    #[test]
    fn a_host_has_its_port_and_not_the_path() {
        for (url, host) in [
            ("https://github.com", "github.com"),
            ("https://git.example.com:8443/gitlab", "git.example.com:8443"),
            ("http://[::1]:3000", "[::1]:3000"),
        ] {
            assert_eq!(settings(Provider::Gitlab, url, &[]).host(), host);
        }
    }

    #[test]
    fn what_a_scope_holds_is_not_missing() {
        let missing = |provider, asked: &[&str], granted: &[&str]| {
            let granted: Vec<_> = granted.iter().map(|scope| (*scope).to_owned()).collect();
            settings(provider, "https://x.example", asked).missing_scopes(&granted)
        };
        let (github, gitlab) = (Provider::Github, Provider::Gitlab);
        assert_eq!(missing(github, &["public_repo", "read:org"], &["repo", "admin:org"]), [""; 0]);
        assert_eq!(missing(github, &["repo", "read:org"], &["public_repo"]), ["repo", "read:org"]);
        assert_eq!(missing(gitlab, &["read_api", "read_user", "read_repository"], &["api"]), [""; 0]);
        assert_eq!(missing(gitlab, &["read_api", "read_repository"], &["read_api"]), ["read_repository"]);
        assert_eq!(missing(gitlab, &["read_api"], &[]), [""; 0], "it was not said");
    }

    #[test]
    fn github_takes_a_code_only_with_a_secret() {
        let mut github = settings(Provider::Github, "https://github.com", &[]);
        assert_eq!(github.methods(), [ConnectMethod::Device]);
        github.client_secret = Some(Secret::new("s"));
        assert_eq!(github.methods(), [ConnectMethod::Device, ConnectMethod::AuthorizationCode]);
        assert_eq!(github.issuer(), "https://github.com/login/oauth");
        let gitlab = settings(Provider::Gitlab, "https://git.example.com/gl", &[]);
        assert_eq!(gitlab.methods(), [ConnectMethod::Device, ConnectMethod::AuthorizationCode]);
        assert_eq!(gitlab.issuer(), "https://git.example.com/gl");
    }
}
