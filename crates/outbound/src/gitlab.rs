//! GitLab: its REST API v4, and revocation (RFC 7009).

use http::StatusCode;
use latchkey_api::{instance::Provider, integrations::Visibility, wire::Secret};
use latchkey_service::{ProviderError, ProviderSettings, ProviderUser, RepositoriesAsked, RepositoryPage};
use serde::Deserialize;
use url::form_urlencoded;

use crate::{
    api::{ONE, PAGE, has_next},
    endpoints::Endpoints,
    oauth::{Refusal, form, read},
    outbound::Outbound,
    provider_errors::strange,
    repository_rows::{Row, Told, row},
    token_answer::is_token,
};

#[derive(Deserialize)]
struct User {
    id: u64,
    username: String,
}

/// A project. `simple=true` would leave the visibility out.
#[derive(Deserialize)]
struct Project {
    path_with_namespace: String,
    description: Option<String>,
    visibility: Option<Visibility>,
    default_branch: Option<String>,
    http_url_to_repo: Option<String>,
    web_url: String,
}

const JSON: &[(&str, &str)] = &[("accept", "application/json")];

impl Outbound {
    pub(crate) async fn gitlab_user(
        &self,
        at: &ProviderSettings,
        token: &Secret,
    ) -> Result<ProviderUser, ProviderError> {
        let told = self.get::<User>(&format!("{}/user", Endpoints::of(at).api), token, JSON, ONE).await?;
        let User { id, username } = told.value;
        // It names the token's scopes with none of its answers.
        is_login(&username)
            .then(|| ProviderUser { subject: id.to_string(), login: username, scopes: None })
            .ok_or_else(strange)
    }

    pub(crate) async fn gitlab_repositories(
        &self,
        at: &ProviderSettings,
        token: &Secret,
        asked: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        let url = format!("{}/projects?{}", Endpoints::of(at).api, query(asked));
        let told = self.get::<Vec<Row<Project>>>(&url, token, JSON, PAGE).await?;
        let items = told.value.iter().filter_map(Row::known).filter_map(|project| {
            row(
                at,
                &Told {
                    name: &project.path_with_namespace,
                    description: project.description.as_deref(),
                    visibility: project.visibility.unwrap_or(Visibility::Private),
                    default_branch: project.default_branch.as_deref(),
                    // There is none where an administrator lets people clone over SSH alone.
                    clone_url: project.http_url_to_repo.as_deref()?,
                    web_url: &project.web_url,
                },
            )
        });
        Ok(RepositoryPage { items: items.collect(), more: has_next(&told.headers) })
    }

    /// RFC 7009: the refresh token first, which ends what was granted where both hang together.
    pub(crate) async fn gitlab_revoke(
        &self,
        at: &ProviderSettings,
        access_token: &Secret,
        refresh_token: Option<&Secret>,
    ) -> Result<bool, ProviderError> {
        debug_assert_eq!(at.provider, Provider::Gitlab, "only GitLab has this endpoint");
        let url = format!("{}/oauth/revoke", at.url);
        let refresh = refresh_token.map(|token| (token, "refresh_token"));
        for (token, hint) in refresh.into_iter().chain([(access_token, "access_token")]) {
            let fields = [("token", token.expose()), ("token_type_hint", hint)];
            let answer = self.post_form(&url, form(at, &fields)).await?;
            if answer.status == StatusCode::NOT_FOUND {
                return Ok(false);
            }
            if answer.status.is_success() {
                continue;
            }
            match read::<serde::de::IgnoredAny>(&answer) {
                Err(Refusal::Code(code)) if code == "unsupported_token_type" => return Ok(false),
                Err(refusal) => return Err(refusal.into()),
                Ok(_) => {}
            }
        }
        Ok(true)
    }
}

fn query(asked: &RepositoriesAsked<'_>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("membership", "true").append_pair("order_by", "path").append_pair("sort", "asc");
    query.append_pair("per_page", &asked.rows.to_string()).append_pair("page", &asked.page.to_string());
    if let Some(search) = asked.search {
        // In the names of groups, too, which are part of the whole name.
        query.append_pair("search", search).append_pair("search_namespaces", "true");
    }
    query.finish()
}

/// Whether a text is the name of an account.
pub(crate) fn is_login(text: &str) -> bool {
    text.len() <= 255 && is_token(text)
}
