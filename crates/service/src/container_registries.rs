//! Container registries: credentials for registries of other people, tried before they are kept.
//!
//! Nothing is held while a registry is asked: what it said is written afterwards, in one step with the credentials it was
//! asked with.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::{Caller, Page, PageQuery},
    container_registries::*,
    problem::{ApiResult, ErrorCode, FieldCode, Problem},
    wire::Secret,
};
use latchkey_store::{AccountId, Error, NewRegistryCredentials, Unique};
use uuid::Uuid;

use crate::{
    cursor,
    environment::date_time,
    error::problem,
    events::Origin,
    identity_rules::{Findings, line},
    registry_checks::{self, PURPOSE, bound},
    registry_hosts,
    service::Service,
};

/// The longest password, in bytes: tokens that are signed documents have a few thousand.
const LONGEST_PASSWORD: usize = 16 * 1024;

#[async_trait::async_trait]
impl ContainerRegistriesApi for Service {
    async fn list_container_registries(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<ContainerRegistry>> {
        let me = self.admitted(caller, &LIST_CONTAINER_REGISTRIES.meta).await?;
        // Ids are made in the order of time; they alone say where a registry stands.
        let after = query.after.as_deref().map(cursor::read).transpose()?.map(|(_, id)| id);
        let limit = cursor::rows(query.limit)?;
        let account = me.account.account_id;
        let rows = self.store().list_container_registries(account, after, i64::from(limit) + 1).await;
        let (rows, next) = cursor::page(rows.map_err(problem)?, limit, |row| (row.created_at, row.registry_id));
        Ok(Page { items: rows.iter().map(wire).collect(), next })
    }

    async fn authorise_registry(&self, caller: &Caller, body: AuthoriseRegistry) -> ApiResult<ContainerRegistry> {
        let me = self.admitted(caller, &AUTHORISE_REGISTRY.meta).await?;
        let (account, session, kind) = (me.account.account_id, me.session.session_id, ActivityKind::RegistryAuthorised);
        let (host, username) = self.new_registry(&body)?;
        self.room_for_registry(account, &host).await?;
        self.shared.throttle.try_registry(account, self.environment().now()).await?;
        // Sealed first: a password that cannot be kept is sent nowhere.
        let sealed = self.seal(PURPOSE, account, &bound(&host, &username, &body.password)).await?;
        let refusal = self.try_registry(&host, &username, &body.password).await.err();
        hold_verified(body.only_if_verified, refusal.as_ref())?;
        let outcome = self.outcome(refusal);
        let new = latchkey_store::ContainerRegistry {
            registry_id: self.environment().uuid(),
            host,
            username,
            sealed,
            generation: 1,
            created_at: outcome.checked_at,
            checked_at: outcome.checked_at,
            failure: outcome.failure,
            detail: outcome.detail,
            next_check_at: outcome.next_check_at,
        };
        let event = self.event(kind, &Origin::of_session(caller, &me), &about(&new));
        let added = self.store().add_container_registry(account, session, new, MAX_CONTAINER_REGISTRIES, event).await;
        let added = match added {
            Ok(Some(added)) => added,
            Ok(None) => return Err(full()),
            Err(Error::Conflict(Unique::ContainerRegistryHost)) => return Err(taken()),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        };
        self.announce(account, Some(session), kind);
        Ok(wire(&added))
    }

    async fn update_registry(
        &self,
        caller: &Caller,
        path: RegistryPath,
        body: UpdateRegistry,
    ) -> ApiResult<ContainerRegistry> {
        let me = self.admitted(caller, &UPDATE_REGISTRY.meta).await?;
        let (account, session, kind) = (me.account.account_id, me.session.session_id, ActivityKind::RegistryUpdated);
        let known = self.registry_of(account, path.id).await?;
        let mut findings = Findings::default();
        let username = body.username.as_deref().map_or_else(|| Ok(known.username.clone()), registry_username);
        let username = findings.take("/username", username);
        findings.take("/password", registry_password(&body.password));
        let username = match (findings.problem(), username) {
            (None, Some(username)) => username,
            (problem, _) => return Err(problem.unwrap_or_else(|| Problem::new(ErrorCode::Internal))),
        };
        self.shared.throttle.try_registry(account, self.environment().now()).await?;
        let sealed = self.seal(PURPOSE, account, &bound(&known.host, &username, &body.password)).await?;
        let refusal = self.try_registry(&known.host, &username, &body.password).await.err();
        hold_verified(body.only_if_verified, refusal.as_ref())?;
        let new = NewRegistryCredentials { username, sealed, outcome: self.outcome(refusal) };
        let details = ActivityDetails { login: Some(new.username.clone()), ..about(&known) };
        let event = self.event(kind, &Origin::of_session(caller, &me), &details);
        let updated = match self.store().update_container_registry(account, session, path.id, new, event).await {
            Ok(Some(updated)) => updated,
            Ok(None) => return Err(Problem::new(ErrorCode::NotFound)),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        };
        self.announce(account, Some(session), kind);
        Ok(wire(&updated))
    }

    async fn check_registry(&self, caller: &Caller, path: RegistryPath) -> ApiResult<ContainerRegistry> {
        let me = self.admitted(caller, &CHECK_REGISTRY.meta).await?;
        let account = me.account.account_id;
        let known = self.registry_of(account, path.id).await?;
        self.shared.throttle.try_registry(account, self.environment().now()).await?;
        let origin = Origin::of_session(caller, &me);
        match self.recheck(account, &known, &origin, None).await? {
            Ok(Some(checked)) => Ok(wire(&checked)),
            // Other credentials came meanwhile, and were tried when they came; or it was removed.
            Ok(None) => self.registry_of(account, path.id).await.map(|now| wire(&now)),
            Err(error) => Err(self.closed_meanwhile(&me, error).await),
        }
    }

    async fn remove_registry(&self, caller: &Caller, path: RegistryPath) -> ApiResult<()> {
        let me = self.admitted(caller, &REMOVE_REGISTRY.meta).await?;
        let (account, session, kind) = (me.account.account_id, me.session.session_id, ActivityKind::RegistryRemoved);
        let known = self.registry_of(account, path.id).await?;
        let event = self.event(kind, &Origin::of_session(caller, &me), &about(&known));
        match self.store().remove_container_registry(account, session, path.id, event).await {
            Ok(true) => {}
            Ok(false) => return Err(Problem::new(ErrorCode::NotFound)),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        self.announce(account, Some(session), kind);
        Ok(())
    }
}

impl Service {
    /// All registries of an account, the newest first, for its export.
    pub(crate) async fn container_registries_of(&self, account: AccountId) -> ApiResult<Vec<ContainerRegistry>> {
        let most = i64::from(MAX_CONTAINER_REGISTRIES);
        let rows = self.store().list_container_registries(account, None, most).await.map_err(problem)?;
        Ok(rows.iter().map(wire).collect())
    }

    /// Whether a host is that of the registry that belongs to the service.
    pub(crate) fn is_own_registry(&self, host: &str) -> bool {
        self.settings().registry.as_ref().is_some_and(|registry| {
            let own = &registry.info.host;
            // A name that only the service's own network knows, such as my_registry:5000, is taken as it is.
            registry_hosts::normalise(own).unwrap_or_else(|_| own.to_ascii_lowercase()) == host
        })
    }

    async fn registry_of(&self, account: AccountId, id: Uuid) -> ApiResult<latchkey_store::ContainerRegistry> {
        let found = self.store().container_registry(account, id).await.map_err(problem)?;
        found.ok_or_else(|| Problem::new(ErrorCode::NotFound))
    }

    /// Host and user name, or everything that is wrong with the fields.
    fn new_registry(&self, body: &AuthoriseRegistry) -> ApiResult<(String, String)> {
        let mut findings = Findings::default();
        let host = registry_hosts::normalise(&body.host).and_then(|host| {
            if !self.is_own_registry(&host) {
                return Ok(host);
            }
            let detail = "Latchkey signs in to this registry by itself: there is nothing to authorise. Set container \
                tools up on this computer instead.";
            Err((FieldCode::Reserved, detail.into()))
        });
        let host = findings.take("/host", host);
        let username = findings.take("/username", registry_username(&body.username));
        findings.take("/password", registry_password(&body.password));
        match (findings.problem(), host, username) {
            (None, Some(host), Some(username)) => Ok((host, username)),
            (problem, ..) => Err(problem.unwrap_or_else(|| Problem::new(ErrorCode::Internal))),
        }
    }

    /// Refuses early what would be refused in the end, so that no registry is asked for nothing. The end decides.
    async fn room_for_registry(&self, account: AccountId, host: &str) -> ApiResult<()> {
        if self.store().find_container_registry(account, host).await.map_err(problem)?.is_some() {
            return Err(taken());
        }
        let count = self.store().count_container_registries(account).await.map_err(problem)?;
        if count >= i64::from(MAX_CONTAINER_REGISTRIES) { Err(full()) } else { Ok(()) }
    }
}

fn full() -> Problem {
    let detail = format!("There are {MAX_CONTAINER_REGISTRIES} container registries already. Remove one first.");
    Problem::new(ErrorCode::Conflict).detail(detail)
}

fn taken() -> Problem {
    field("/host", FieldCode::Taken, "This registry is authorised already. Update its password instead.")
}

fn field(pointer: &str, code: FieldCode, detail: &str) -> Problem {
    let mut findings = Findings::default();
    findings.add(pointer, code, detail);
    findings.problem().unwrap_or_else(|| Problem::new(ErrorCode::Internal))
}

/// Refuses what a registry did not take, where only that is to be kept: on the field that has to be changed.
fn hold_verified(only_if_verified: Option<bool>, refusal: Option<&crate::RegistryRefusal>) -> ApiResult<()> {
    match refusal {
        Some(refusal) if only_if_verified == Some(true) => {
            let refused = refusal.failure == RegistryFailure::CredentialsRefused;
            Err(field(if refused { "/password" } else { "/host" }, FieldCode::Invalid, &refusal.detail))
        }
        _ => Ok(()),
    }
}

/// 1 to 255 characters on one line, and no colon: that ends a user name where it is sent (RFC 7617 section 2).
fn registry_username(text: &str) -> Result<String, (FieldCode, String)> {
    match line(text, 255)? {
        None => Err((FieldCode::Blank, "Enter the user name you have at the registry.".into())),
        Some(name) if name.contains(':') => {
            Err((FieldCode::Invalid, "A user name has no colon. Enter the part before it.".into()))
        }
        Some(name) => Ok(name),
    }
}

/// Taken as it is, but for what no header could carry.
fn registry_password(password: &Secret) -> Result<(), (FieldCode, String)> {
    let text = password.expose();
    if text.is_empty() {
        return Err((FieldCode::Blank, "Enter the password, or a token that stands for it.".into()));
    }
    if text.len() > LONGEST_PASSWORD {
        return Err((FieldCode::TooLong, "Use at most 16,384 bytes.".into()));
    }
    if text.contains(['\n', '\r', '\0']) {
        return Err((FieldCode::Invalid, "Remove the line break: a password is one line.".into()));
    }
    Ok(())
}

/// What the activity says of a registry.
pub(crate) fn about(row: &latchkey_store::ContainerRegistry) -> ActivityDetails {
    ActivityDetails { host: Some(row.host.clone()), login: Some(row.username.clone()), ..ActivityDetails::default() }
}

/// A registry as the wire shows it.
fn wire(row: &latchkey_store::ContainerRegistry) -> ContainerRegistry {
    let failure = row.failure.as_deref().map(registry_checks::read);
    ContainerRegistry {
        id: row.registry_id,
        host: row.host.clone(),
        username: row.username.clone(),
        status: if failure.is_none() { RegistryStatus::Verified } else { RegistryStatus::Failed },
        failure,
        detail: row.detail.clone(),
        checked_at: date_time(row.checked_at),
        created_at: date_time(row.created_at),
    }
}
