//! Source code integration: what is connected, and what it reaches.

use futures_util::future::BoxFuture;
use latchkey_api::{
    activity::ActivityKind,
    common::{Caller, Page},
    instance::Provider,
    integrations::*,
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use latchkey_store::{AccountId, Integration as Row};
use uuid::Uuid;

use crate::{
    cursor,
    environment::date_time,
    error::problem,
    events::Origin,
    integration_checks::about,
    integration_providers::{provider_of, word},
    integration_trouble::{self, Trouble, failure_of},
    person::Me,
    providers::{ProviderSettings, RepositoriesAsked},
    service::Service,
};

/// Characters of what repositories are searched for.
const LONGEST_SEARCH: usize = 100;

/// The last page of repositories anybody is led to.
const LAST_PAGE: u32 = 999_999;

#[async_trait::async_trait]
impl IntegrationsApi for Service {
    async fn list_integrations(&self, caller: &Caller) -> ApiResult<Page<Integration>> {
        let me = self.admitted(caller, &LIST_INTEGRATIONS.meta).await?;
        let mut rows = self.integrations_of(me.account.account_id).await?;
        let mut items = Vec::new();
        for at in &self.settings().integrations {
            let of_it = |row: &mut Integration| row.provider == at.provider && row.host == at.host();
            let connected: Vec<_> = rows.extract_if(.., of_it).collect();
            if connected.is_empty() {
                items.push(unconnected(at));
            }
            items.extend(connected);
        }
        items.extend(rows);
        Ok(Page { items, next: None })
    }

    async fn connect_integration(
        &self,
        caller: &Caller,
        path: ProviderPath,
        body: Connect,
    ) -> ApiResult<ConnectionAttempt> {
        let me = self.admitted(caller, &CONNECT_INTEGRATION.meta).await?;
        self.begin_to_connect(&me, path.provider, &body).await
    }

    async fn poll_connection(&self, caller: &Caller, path: AttemptPath) -> ApiResult<AttemptState> {
        let me = self.admitted(caller, &POLL_CONNECTION.meta).await?;
        let origin = Origin::of_session(caller, &me);
        let (service, host) = (self.clone(), self.host_of_attempt(&me, path.id).await?);
        self.undisturbed(&host, async move { service.poll_attempt(&me, &origin, path.id).await }).await?
    }

    async fn finish_connection(
        &self,
        caller: &Caller,
        path: AttemptPath,
        body: FinishConnection,
    ) -> ApiResult<AttemptState> {
        let me = self.admitted(caller, &FINISH_CONNECTION.meta).await?;
        let origin = Origin::of_session(caller, &me);
        let (service, host) = (self.clone(), self.host_of_attempt(&me, path.id).await?);
        self.undisturbed(&host, async move { service.finish_attempt(&me, &origin, path.id, body).await }).await?
    }

    async fn cancel_connection(&self, caller: &Caller, path: AttemptPath) -> ApiResult<()> {
        let me = self.admitted(caller, &CANCEL_CONNECTION.meta).await?;
        self.give_attempt_up(&me, path.id).await
    }

    async fn check_integration(&self, caller: &Caller, path: IntegrationPath) -> ApiResult<Integration> {
        let me = self.admitted(caller, &CHECK_INTEGRATION.meta).await?;
        let account = me.account.account_id;
        let row = self.meant(account, path.provider, path.id).await?;
        self.shared.throttle.integration_check(account, self.environment().now()).await?;
        let host = row.host.clone();
        let row = self.look_at(account, row).await.map_err(|trouble| trouble.problem(path.provider, &host))?;
        self.shown(&row).ok_or_else(|| Problem::new(ErrorCode::NotFound))
    }

    async fn list_repositories(&self, caller: &Caller, query: RepositoriesQuery) -> ApiResult<Page<Repository>> {
        let me = self.admitted(caller, &LIST_REPOSITORIES.meta).await?;
        let (rows, page) = (cursor::rows(query.limit)?, page(query.after.as_deref())?);
        let search = query.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
        if search.is_some_and(|search| search.chars().count() > LONGEST_SEARCH) {
            let detail = format!("search has {LONGEST_SEARCH} characters at most");
            return Err(Problem::new(ErrorCode::InvalidParameter).detail(detail));
        }
        let (account, provider) = (me.account.account_id, query.provider);
        self.shared.throttle.repositories(account, self.environment().now()).await?;
        let row = self.meant(account, provider, query.id).await?;
        let host = row.host.clone();
        let told = |trouble: Trouble| trouble.problem(provider, &host);
        let at = self.configured(provider, &host);
        let at = at.ok_or(Trouble::Failure(IntegrationFailure::NotConfigured)).map_err(told)?;
        hold_working(&row).map_err(told)?;
        let asked = RepositoriesAsked { search, page, rows };
        let providers = self.environment().providers.clone();
        let (providers, settings, asked) = (&providers, &at, &asked);
        let list = |token: Secret| -> BoxFuture<'_, _> {
            Box::pin(async move { providers.repositories(settings, &token, asked).await })
        };
        let (_, found) = self.ask_provider(account, row, &at, &list).await;
        let found = found.map_err(told)?;
        Ok(Page { items: found.items, next: (found.more && page < LAST_PAGE).then(|| (page + 1).to_string()) })
    }

    async fn disconnect_integration(&self, caller: &Caller, path: IntegrationPath) -> ApiResult<Disconnected> {
        let me = self.admitted(caller, &DISCONNECT_INTEGRATION.meta).await?;
        let account = me.account.account_id;
        let row = self.meant(account, path.provider, path.id).await?;
        let (origin, kind) = (Origin::of_session(caller, &me), ActivityKind::IntegrationDisconnected);
        let event = self.event(kind, &origin, &about(path.provider, &row));
        let removed = self.store().remove_integration(account, me.session.session_id, row.integration_id, event).await;
        let removed = match removed {
            Ok(Some(removed)) => removed,
            Ok(None) => return Err(Problem::new(ErrorCode::NotFound)),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        };
        self.announce(account, origin.session, kind);
        let manage_url = self.configured(path.provider, &removed.host).map(|at| at.manage_url());
        let (service, host) = (self.clone(), removed.host.clone());
        let revoked = self.undisturbed(&host, async move { service.forget(account, &removed).await }).await;
        Ok(Disconnected { revoked: revoked.unwrap_or(false), manage_url })
    }
}

impl Service {
    /// All connections of an account, the first one first.
    pub(crate) async fn integrations_of(&self, account: AccountId) -> ApiResult<Vec<Integration>> {
        let rows = self.store().list_integrations(account).await.map_err(problem)?;
        Ok(rows.iter().filter_map(|row| self.shown(row)).collect())
    }

    async fn host_of_attempt(&self, me: &Me, id: Uuid) -> ApiResult<String> {
        let found = self.store().attempt(me.account.account_id, me.session.session_id, id).await.map_err(problem)?;
        found.map(|attempt| attempt.host).ok_or_else(|| Problem::new(ErrorCode::NotFound))
    }

    /// The connection that is meant: the one of this id, or the only one with this kind of provider.
    async fn meant(&self, account: AccountId, provider: Provider, id: Option<Uuid>) -> ApiResult<Row> {
        let mut rows = self.store().list_integrations(account).await.map_err(problem)?;
        rows.retain(|row| row.provider == word(provider) && id.is_none_or(|id| row.integration_id == id));
        if rows.len() > 1 {
            let detail = "Several accounts are connected with this provider. Say which by its id.";
            return Err(Problem::new(ErrorCode::Conflict).detail(detail));
        }
        rows.pop().ok_or_else(|| Problem::new(ErrorCode::NotFound))
    }

    /// A connection as the wire shows it. `None` for a kind of provider that this version does not know.
    pub(crate) fn shown(&self, row: &Row) -> Option<Integration> {
        let provider = provider_of(&row.provider)?;
        let at = self.configured(provider, &row.host);
        let scopes: Vec<String> = row.scopes.split_whitespace().map(str::to_owned).collect();
        let mut failure = row.failure.as_deref().map(failure_of);
        let mut detail = row.detail.clone();
        if at.is_none() {
            failure = Some(IntegrationFailure::NotConfigured);
            detail = Some(integration_trouble::detail(IntegrationFailure::NotConfigured, provider, &row.host));
        }
        Some(Integration {
            provider,
            host: row.host.clone(),
            connected: true,
            id: Some(row.integration_id),
            login: Some(row.login.clone()),
            missing_scopes: at.as_ref().map(|at| at.missing_scopes(&scopes)).unwrap_or_default(),
            scopes,
            connected_at: Some(date_time(row.connected_at)),
            checked_at: Some(date_time(row.checked_at)),
            healthy: Some(failure.is_none()),
            failure,
            detail,
            expires_at: row.expires_at.map(date_time),
            refreshable: row.refreshable && at.is_some(),
            manage_url: at.as_ref().map(ProviderSettings::manage_url),
            methods: at.as_ref().map(ProviderSettings::methods).unwrap_or_default(),
        })
    }
}

/// A provider that could be connected.
fn unconnected(at: &ProviderSettings) -> Integration {
    Integration {
        provider: at.provider,
        host: at.host().into(),
        connected: false,
        id: None,
        login: None,
        scopes: Vec::new(),
        missing_scopes: Vec::new(),
        connected_at: None,
        checked_at: None,
        healthy: None,
        failure: None,
        detail: None,
        expires_at: None,
        refreshable: false,
        manage_url: None,
        methods: at.methods(),
    }
}

/// A connection that is known to need the person is not asked with again and again.
pub(crate) fn hold_working(row: &Row) -> Result<(), Trouble> {
    match row.failure.as_deref().map(failure_of) {
        Some(failure @ (IntegrationFailure::Revoked | IntegrationFailure::Unreadable)) => {
            Err(Trouble::Failure(failure))
        }
        _ => Ok(()),
    }
}

/// Which page is asked for.
fn page(after: Option<&str>) -> ApiResult<u32> {
    let Some(after) = after else { return Ok(1) };
    let digits = (1..=6).contains(&after.len()) && after.bytes().all(|b| b.is_ascii_digit()) && !after.starts_with('0');
    let page = if digits { after.parse().ok() } else { None };
    page.ok_or_else(|| Problem::new(ErrorCode::InvalidParameter).detail("after is the next of the page before"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_number_as_it_was_answered() {
        assert_eq!(page(None).unwrap(), 1);
        assert_eq!(page(Some("2")).unwrap(), 2);
        assert_eq!(page(Some("999999")).unwrap(), 999_999);
        for bad in ["", "0", "02", "+2", "-1", "1000000", "two", "2 "] {
            assert_eq!(page(Some(bad)).unwrap_err().code(), ErrorCode::InvalidParameter, "{bad}");
        }
    }
}
