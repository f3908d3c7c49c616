//! Credentials for tools on the person's computer, handed to sessions that were let read them.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    credentials::*,
    problem::{ApiResult, ErrorCode, Problem},
};
use latchkey_store::Micros;

use crate::{
    environment::date_time, error::problem, events::Origin, gate, person::Me, registry_checks::unreadable_problem,
    registry_hosts, service::Service,
};

#[async_trait::async_trait]
impl CredentialsApi for Service {
    async fn get_credential_access(&self, caller: &Caller) -> ApiResult<CredentialAccess> {
        let me = self.admitted(caller, &GET_CREDENTIAL_ACCESS.meta).await?;
        Ok(CredentialAccess { allowed_since: self.allowed_since(&me).await?.map(date_time) })
    }

    async fn allow_credentials(&self, caller: &Caller) -> ApiResult<CredentialAccess> {
        let me = self.admitted(caller, &ALLOW_CREDENTIALS.meta).await?;
        let (account, session, kind) = (me.account.account_id, me.session.session_id, ActivityKind::CredentialsAllowed);
        let event = self.event(kind, &Origin::of_session(caller, &me), &ActivityDetails::default());
        let allowed = match self.store().allow_credentials(account, session, event).await {
            Ok(allowed) => allowed,
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        };
        if allowed.new {
            self.announce(account, Some(session), kind);
        }
        Ok(CredentialAccess { allowed_since: Some(date_time(allowed.since)) })
    }

    async fn refuse_credentials(&self, caller: &Caller) -> ApiResult<()> {
        let me = self.admitted(caller, &REFUSE_CREDENTIALS.meta).await?;
        let (account, session, kind) = (me.account.account_id, me.session.session_id, ActivityKind::CredentialsRefused);
        let event = self.event(kind, &Origin::of_session(caller, &me), &ActivityDetails::default());
        match self.store().refuse_credentials(account, session, event).await {
            Ok(true) => self.announce(account, Some(session), kind),
            // It might not: that is what was asked for.
            Ok(false) => {}
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        Ok(())
    }

    async fn get_git_credential(&self, caller: &Caller, body: GitCredentialRequest) -> ApiResult<GitCredential> {
        let me = self.admitted(caller, &GET_GIT_CREDENTIAL.meta).await?;
        self.hold_credential_access(&me).await?;
        self.git_credential(&me, &body).await
    }

    async fn get_registry_credential(
        &self,
        caller: &Caller,
        body: RegistryCredentialRequest,
    ) -> ApiResult<RegistryCredential> {
        let me = self.admitted(caller, &GET_REGISTRY_CREDENTIAL.meta).await?;
        self.hold_credential_access(&me).await?;
        let not_found = || Problem::new(ErrorCode::NotFound);
        // Tools ask about whatever they are about to reach: what is no host is none that was authorised.
        let host = match registry_hosts::normalise(&body.host) {
            Ok(host) => host,
            Err(_) if self.is_own_registry(&body.host.to_ascii_lowercase()) => body.host.to_ascii_lowercase(),
            Err(_) => return Err(not_found()),
        };
        if self.is_own_registry(&host) {
            return self.make_registry_password(&me, host).await;
        }
        let account = me.account.account_id;
        let found = self.store().find_container_registry(account, &host).await.map_err(problem)?;
        let row = found.ok_or_else(not_found)?;
        let password = self.kept_password(account, &row).await?.ok_or_else(|| unreadable_problem(&row.host))?;
        Ok(RegistryCredential { host: row.host, username: row.username, password, expires_at: None })
    }
}

impl Service {
    /// Answers `credentials_not_allowed` to a session that was not let read credentials.
    async fn hold_credential_access(&self, me: &Me) -> ApiResult<()> {
        if self.allowed_since(me).await?.is_some() {
            return Ok(());
        }
        // A request that was let in, and whose session was closed before its body came, is told that.
        let session = self.store().get_session(me.account.account_id, me.session.session_id).await.map_err(problem)?;
        let closed = session.and_then(|session| session.close_reason).map(gate::closed);
        Err(closed.unwrap_or_else(|| Problem::new(ErrorCode::CredentialsNotAllowed)))
    }

    async fn allowed_since(&self, me: &Me) -> ApiResult<Option<Micros>> {
        let (account, session, now) = (me.account.account_id, me.session.session_id, self.environment().now());
        self.store().credentials_allowed_since(account, session, now).await.map_err(problem)
    }
}
