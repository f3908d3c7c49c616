//! GitHub: its REST API, by its published description of version 2022-11-28, and the way to revoke a token.

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::{StreamExt, TryStreamExt, stream};
use http::{HeaderMap, Method, header};
use latchkey_api::{instance::Provider, integrations::Visibility, wire::Secret};
use latchkey_service::{ProviderError, ProviderSettings, ProviderUser, RepositoriesAsked, RepositoryPage};
use serde::Deserialize;
use serde_json::json;
use url::{Url, form_urlencoded};

use crate::{
    api::{self, ONE, PAGE, has_next, sensitive},
    endpoints::Endpoints,
    gitlab::is_login,
    outbound::Outbound,
    provider_errors::{status, strange},
    repository_rows::{self, Row, row},
    token_answer::scopes,
};

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
}

#[derive(Deserialize)]
struct GithubRepository {
    full_name: String,
    description: Option<String>,
    private: bool,
    /// Not said by servers of before there were internal ones.
    visibility: Option<Visibility>,
    default_branch: Option<String>,
    clone_url: String,
    html_url: String,
}

/// Rows of the pages that are searched, which is the most there are on one.
const SEARCHED_ROWS: u8 = 100;

/// How many of them: a search sees the first 1,000 repositories.
const SEARCHED_PAGES: u32 = 10;

const HEADERS: &[(&str, &str)] = &[("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")];

impl Outbound {
    pub(crate) async fn github_user(
        &self,
        at: &ProviderSettings,
        token: &Secret,
    ) -> Result<ProviderUser, ProviderError> {
        let told = self.get::<User>(&format!("{}/user", Endpoints::of(at).api), token, HEADERS, ONE).await?;
        let User { id, login } = told.value;
        let scopes = granted(&told.headers);
        is_login(&login).then(|| ProviderUser { subject: id.to_string(), login, scopes }).ok_or_else(strange)
    }

    pub(crate) async fn github_repositories(
        &self,
        at: &ProviderSettings,
        token: &Secret,
        asked: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        match asked.search {
            Some(search) => self.search(at, token, search, asked).await,
            None => self.page(at, token, asked.page, asked.rows).await,
        }
    }

    /// GitHub's list cannot be searched. Its search of repositories looks through everybody's, leaves out those where
    /// the person only helps, and may be asked 30 times a minute. So the list is read, and the names are looked at here.
    async fn search(
        &self,
        at: &ProviderSettings,
        token: &Secret,
        search: &str,
        asked: &RepositoriesAsked<'_>,
    ) -> Result<RepositoryPage, ProviderError> {
        let (search, rows) = (search.to_lowercase(), usize::from(asked.rows));
        let first = self.page(at, token, 1, SEARCHED_ROWS).await?;
        let pages = if first.more { SEARCHED_PAGES } else { 1 };
        let rest = stream::iter(2..=pages).map(|page| self.page(at, token, page, SEARCHED_ROWS)).buffered(3);
        let mut all = Box::pin(stream::iter([Ok(first)]).chain(rest));
        let mut skipped = usize::try_from(asked.page.saturating_sub(1)).unwrap_or(usize::MAX).saturating_mul(rows);
        let mut items = Vec::new();
        while let Some(page) = all.try_next().await? {
            for repository in page.items.into_iter().filter(|one| one.name.to_lowercase().contains(&search)) {
                if skipped > 0 {
                    skipped -= 1;
                } else if items.len() < rows {
                    items.push(repository);
                } else {
                    return Ok(RepositoryPage { items, more: true });
                }
            }
            if !page.more {
                break;
            }
        }
        Ok(RepositoryPage { items, more: false })
    }

    async fn page(
        &self,
        at: &ProviderSettings,
        token: &Secret,
        page: u32,
        rows: u8,
    ) -> Result<RepositoryPage, ProviderError> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("sort", "full_name")
            .append_pair("per_page", &rows.to_string())
            .append_pair("page", &page.to_string())
            .finish();
        let url = format!("{}/user/repos?{query}", Endpoints::of(at).api);
        let told = self.get::<Vec<Row<GithubRepository>>>(&url, token, HEADERS, PAGE).await?;
        let items = told.value.iter().filter_map(Row::known).filter_map(|repository| {
            let seen = if repository.private { Visibility::Private } else { Visibility::Public };
            row(
                at,
                &repository_rows::Told {
                    name: &repository.full_name,
                    description: repository.description.as_deref(),
                    visibility: repository.visibility.unwrap_or(seen),
                    default_branch: repository.default_branch.as_deref(),
                    clone_url: &repository.clone_url,
                    web_url: &repository.html_url,
                },
            )
        });
        Ok(RepositoryPage { items: items.collect(), more: has_next(&told.headers) })
    }

    /// Only the application itself can have a token forgotten, and shows its secret for that.
    pub(crate) async fn github_revoke(&self, at: &ProviderSettings, token: &Secret) -> Result<bool, ProviderError> {
        let Some(secret) = &at.client_secret else { return Ok(false) };
        let mut url = Url::parse(&Endpoints::of(at).api).map_err(|_| strange())?;
        url.path_segments_mut().map_err(|()| strange())?.extend(["applications", &at.client_id, "token"]);
        let mut request = api::request(Method::DELETE, url.as_str(), HEADERS)?;
        let basic = STANDARD.encode(format!("{}:{}", at.client_id, secret.expose()));
        request.headers_mut().insert(header::AUTHORIZATION, sensitive(&format!("Basic {basic}"))?);
        request.headers_mut().insert(header::CONTENT_TYPE, api::JSON);
        *request.body_mut() = Some(json!({ "access_token": token.expose() }).to_string().into());
        let answer = self.send(request, ONE).await?;
        match answer.status.as_u16() {
            // The application has no such token any more.
            204 | 404 => Ok(true),
            // What was refused is the client, not the token.
            401 => Err(ProviderError::Refused("status 401".into())),
            _ => Err(status(answer.status, &answer.headers)),
        }
    }
}

/// The scopes of the token, which GitHub says with each answer. Tokens that have none, say none.
fn granted(headers: &HeaderMap) -> Option<Vec<String>> {
    headers.get("x-oauth-scopes")?.to_str().ok().map(|text| scopes(text, Provider::Github))
}
