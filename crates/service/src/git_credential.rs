//! What `git` signs in with at a connected provider.

use latchkey_api::{
    credentials::{GitCredential, GitCredentialRequest},
    instance::Provider,
    integrations::IntegrationFailure,
    problem::{ApiResult, ErrorCode, Problem},
};
use latchkey_store::Integration;

use crate::{
    environment::date_time, error::problem, integration_providers::provider_of, integration_tokens::STILL_GOOD,
    integration_trouble::Trouble, integrations::hold_working, person::Me, service::Service,
};

/// User names that stand in addresses for anybody who has a token.
const ANYBODY: [&str; 3] = ["oauth2", "x-access-token", "x-oauth-basic"];

impl Service {
    /// The token of the connection with this host, of this name there or of the first one; whoever calls has looked
    /// whether the session may read it. Answers `not_found` where there is none.
    pub(crate) async fn git_credential(&self, me: &Me, body: &GitCredentialRequest) -> ApiResult<GitCredential> {
        let account = me.account.account_id;
        let rows = self.store().list_integrations(account).await.map_err(problem)?;
        let row =
            chosen(rows, &body.host, body.username.as_deref()).ok_or_else(|| Problem::new(ErrorCode::NotFound))?;
        let (provider, host) = (provider_of(&row.provider), row.host.clone());
        let provider = provider.ok_or_else(|| Problem::new(ErrorCode::NotFound))?;
        let told = |trouble: Trouble| match trouble {
            // `git` has no use for a time to wait.
            Trouble::TooOften(_) => Trouble::Failure(IntegrationFailure::Unreachable).problem(provider, &host),
            trouble => trouble.problem(provider, &host),
        };
        let at = self.configured(provider, &host);
        let at = at.ok_or(Trouble::Failure(IntegrationFailure::NotConfigured)).map_err(told)?;
        hold_working(&row).map_err(told)?;
        let (row, tokens) = self.good_tokens(account, row, &at).await.map_err(told)?;
        let soon = self.environment().now().saturating_add(STILL_GOOD);
        if row.expires_at.is_some_and(|end| end < soon) {
            return Err(told(Trouble::Failure(IntegrationFailure::Revoked)));
        }
        // GitLab takes a token under this name alone.
        let username = if provider == Provider::Gitlab { ANYBODY[0].to_owned() } else { row.login };
        let expires_at = row.expires_at.map(date_time);
        Ok(GitCredential { provider, username, password: tokens.access_token, expires_at })
    }
}

/// Of the connections, the first one first, the one that `git` asks for.
fn chosen(rows: Vec<Integration>, host: &str, username: Option<&str>) -> Option<Integration> {
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(":443").unwrap_or(&host);
    let username = username.filter(|name| !name.is_empty() && !ANYBODY.contains(name));
    let asked =
        |row: &Integration| row.host == host && username.is_none_or(|name| row.login.eq_ignore_ascii_case(name));
    rows.into_iter().find(asked)
}

#[cfg(test)]
mod tests {
    use latchkey_store::Micros;
    use uuid::Uuid;

    use super::*;

    fn row(host: &str, login: &str) -> Integration {
        Integration {
            integration_id: Uuid::nil(),
            provider: "github".into(),
            host: host.into(),
            subject: login.into(),
            login: login.into(),
            scopes: String::new(),
            sealed: Vec::new(),
            generation: 1,
            refreshable: false,
            expires_at: None,
            connected_at: Micros(0),
            checked_at: Micros(0),
            failure: None,
            detail: None,
            next_check_at: Micros(0),
            refresh_until: None,
        }
    }

    #[test]
    fn the_connection_of_the_host_and_the_name_is_chosen() {
        let rows = vec![row("github.com", "maren"), row("github.com", "Ada"), row("git.example.com:8443", "ada")];
        for (host, name, expected) in [
            ("github.com", None, Some(0)),
            ("GitHub.com:443", Some("x-access-token"), Some(0)),
            ("github.com", Some(""), Some(0)),
            ("github.com", Some("ada"), Some(1)),
            ("github.com", Some("bob"), None),
            ("git.example.com:8443", Some("oauth2"), Some(2)),
            ("git.example.com", None, None),
            ("evil.github.com", None, None),
            ("", None, None),
        ] {
            let expected = expected.map(|at: usize| rows[at].clone());
            assert_eq!(chosen(rows.clone(), host, name), expected, "{host} {name:?}");
        }
    }
}
