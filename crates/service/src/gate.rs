//! Who may come in: the first line of every method.

use std::sync::Arc;

use latchkey_api::{
    common::{Admission, Caller},
    endpoint::{Auth, Gate, Meta},
    problem::{ApiResult, CloseReason, ErrorCode, Problem},
};
use latchkey_store::{Account, Session};

use crate::{error::problem, service::Service, tokens};

/// The person behind a session token, with the session and the account as they were read.
pub(crate) struct Me {
    pub(crate) session: Session,
    pub(crate) account: Account,
}

#[async_trait::async_trait]
impl Gate for Service {
    /// One indexed read inside one account, and no write: the use is noted in memory and written in batches.
    async fn admit(&self, mut caller: Caller, meta: &Meta) -> ApiResult<Caller> {
        if meta.auth == Auth::Session && caller.admission.is_none() {
            let me = self.identify(&caller).await?;
            caller.admission = Some(Admission::new(me));
        }
        Ok(caller)
    }
}

impl Service {
    /// The gate as the methods call it: uses the admission an edge has got already, or asks now.
    pub(crate) async fn admitted(&self, caller: &Caller) -> ApiResult<Arc<Me>> {
        match caller.admission.as_ref().and_then(Admission::get::<Me>) {
            Some(me) => Ok(me),
            None => self.identify(caller).await.map(Arc::new),
        }
    }

    async fn identify(&self, caller: &Caller) -> ApiResult<Me> {
        let unknown = || Problem::new(ErrorCode::Unauthenticated);
        let credential = caller.credential.as_ref().ok_or_else(unknown)?;
        let token = tokens::present(credential.expose()).ok_or_else(unknown)?;
        let found = self.store().check_session(token.account, &token.hash).await.map_err(problem)?;
        let (session, account) = found.ok_or_else(unknown)?;
        if let Some(reason) = session.close_reason {
            return Err(closed(reason));
        }
        if account.disabled_at.is_some() {
            return Err(Problem::new(ErrorCode::AccountDisabled));
        }
        let now = self.environment().now();
        // The policy may have become shorter since the session began.
        let end = session.created_at.saturating_add(self.settings().session_lifetime);
        if session.closed_at.is_some() || session.expires_at.min(end) <= now {
            return Err(Problem::new(ErrorCode::SessionExpired));
        }
        self.note_use(&account, &session, now);
        Ok(Me { session, account })
    }
}

fn closed(reason: latchkey_store::CloseReason) -> Problem {
    use latchkey_store::CloseReason as Stored;
    let session_closed = |reason| Problem::new(ErrorCode::SessionClosed).close_reason(reason);
    match reason {
        Stored::AccountDisabled => Problem::new(ErrorCode::AccountDisabled),
        Stored::SignedOut => session_closed(CloseReason::SignedOut),
        Stored::ClosedByOwner => session_closed(CloseReason::ClosedElsewhere),
        Stored::ClosedByAdministrator => session_closed(CloseReason::ClosedByAdministrator),
        Stored::PasswordChanged => session_closed(CloseReason::PasswordChanged),
        Stored::TwoFactorChanged => session_closed(CloseReason::TwoFactorChanged),
        // Another version of the service closed it, for a reason this one has no word for.
        _ => Problem::new(ErrorCode::SessionClosed),
    }
}
