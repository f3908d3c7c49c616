//! Who may come in: the first line of every method.

use std::sync::Arc;

use latchkey_api::{
    common::{Admission, Caller},
    endpoint::{Auth, Gate, Meta},
    freshness::{Freshness, Method},
    instance::TwoFactorPolicy,
    problem::{ApiResult, CloseReason, ErrorCode, Problem},
};
use latchkey_store::{Account, Micros, Session};

use crate::{
    error::problem,
    service::Service,
    tokens::{self, TokenKind},
};

/// The person behind a session token, with the session and the account as they were read.
pub(crate) struct Me {
    pub(crate) session: Session,
    pub(crate) account: Account,
}

#[async_trait::async_trait]
impl Gate for Service {
    /// One indexed read inside one account, and no write: the use is noted in memory and written in batches.
    async fn admit(&self, mut caller: Caller, meta: &Meta) -> ApiResult<Caller> {
        if meta.auth != Auth::Nobody && caller.admission.is_none() {
            let me = self.identify(&caller).await?;
            self.hold(&me, meta)?;
            caller.admission = Some(Admission::new(me));
        }
        Ok(caller)
    }
}

impl Service {
    /// The gate as the methods call it: uses what an edge has found already, or asks now. What the endpoint asks for is
    /// held either way, whoever admitted the caller, and to what.
    pub(crate) async fn admitted(&self, caller: &Caller, meta: &Meta) -> ApiResult<Arc<Me>> {
        let me = match caller.admission.as_ref().and_then(Admission::get::<Me>) {
            Some(me) => me,
            None => Arc::new(self.identify(caller).await?),
        };
        self.hold(&me, meta)?;
        Ok(me)
    }

    /// Holds the policy of the service, then how recently the person must have proved who they are.
    fn hold(&self, me: &Me, meta: &Meta) -> ApiResult<()> {
        let without = me.account.two_factor_since.is_none();
        if self.settings().two_factor == TwoFactorPolicy::Required && without && !meta.during_setup {
            return Err(Problem::new(ErrorCode::TwoFactorSetupRequired));
        }
        self.hold_freshness(me, meta.freshness)
    }

    /// Answers `insufficient_user_authentication` with what has to be proved once more.
    pub(crate) fn hold_freshness(&self, me: &Me, freshness: Freshness) -> ApiResult<()> {
        let (password, max_age) = match freshness {
            Freshness::None | Freshness::InBody => return Ok(()),
            Freshness::Both(seconds) => (true, seconds),
            Freshness::SecondFactor(seconds) => (false, seconds),
        };
        let now = self.environment().now();
        let session = &me.session;
        let mut methods = Vec::new();
        if password && !is_fresh(Some(session.last_authentication_at), now, max_age) {
            methods.push(Method::Password);
        }
        if me.account.two_factor_since.is_some() && !is_fresh(session.last_second_factor_at, now, max_age) {
            methods.push(Method::Totp);
        }
        if methods.is_empty() {
            return Ok(());
        }
        Err(Problem::new(ErrorCode::InsufficientUserAuthentication).with(|members| {
            members.methods = Some(methods);
            members.max_age = Some(max_age);
        }))
    }

    async fn identify(&self, caller: &Caller) -> ApiResult<Me> {
        let unknown = || Problem::new(ErrorCode::Unauthenticated);
        let credential = caller.credential.as_ref().ok_or_else(unknown)?;
        let token = tokens::present(credential.expose()).filter(|token| token.kind == TokenKind::Session);
        let token = token.ok_or_else(unknown)?;
        let found = self.store().check_session(token.account, &token.hash).await.map_err(problem)?;
        let (session, account) = found.ok_or_else(unknown)?;
        if let Some(reason) = session.close_reason {
            return Err(closed(reason));
        }
        if account.disabled_at.is_some() {
            return Err(Problem::new(ErrorCode::AccountDisabled));
        }
        let (session, now) = (self.within_policy(session), self.environment().now());
        if session.closed_at.is_some() || session.expires_at <= now {
            return Err(Problem::new(ErrorCode::SessionExpired));
        }
        self.note_use(&account, &session, now);
        Ok(Me { session, account })
    }
}

/// A proof of the future was made by a clock that was set back since, and proves nothing.
fn is_fresh(proved_at: Option<Micros>, now: Micros, max_age: u32) -> bool {
    proved_at.is_some_and(|at| (0..=i64::from(max_age) * 1_000_000).contains(&now.0.saturating_sub(at.0)))
}

pub(crate) fn closed(reason: latchkey_store::CloseReason) -> Problem {
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
