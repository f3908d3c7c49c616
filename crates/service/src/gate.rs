//! Who may come in: the first line of every method.

use std::{sync::Arc, time::Duration};

use latchkey_api::{
    common::{Admission, Caller, RateLimit},
    endpoint::{Auth, Gate, Meta},
    freshness::{Freshness, Method},
    instance::TwoFactorPolicy,
    problem::{ApiResult, CloseReason, ErrorCode, Problem},
};
use latchkey_store::{Account, ApiKey, Micros, SessionId};

use crate::{
    error::problem,
    person::{Key, KeyHolder, Me, Person},
    request_span::name_account,
    service::Service,
    tokens::{self, PresentedToken, TokenKind},
};

const DAY: Duration = Duration::from_hours(24);

#[async_trait::async_trait]
impl Gate for Service {
    /// One indexed read inside one account, and no write: the use is noted in memory and written in batches.
    async fn admit(&self, mut caller: Caller, meta: &Meta) -> ApiResult<Caller> {
        if meta.auth != Auth::Nobody && caller.admission.is_none() {
            let (person, rate_limit) = self.identify(&caller).await?;
            let held = self.hold(&person, meta);
            held.map_err(|problem| problem.with(|members| members.rate_limit = rate_limit))?;
            caller.admission = Some(Admission::new(person));
            caller.rate_limit = rate_limit;
        }
        Ok(caller)
    }
}

impl Service {
    /// The gate as the methods call it that need a session: uses what an edge has found already, or asks now. What the
    /// endpoint asks for is held either way, whoever admitted the caller, and to what.
    pub(crate) async fn admitted(&self, caller: &Caller, meta: &Meta) -> ApiResult<Arc<Me>> {
        let person = self.admitted_person(caller, meta).await?;
        person.in_session().cloned()
    }

    /// The gate of methods that an API key may use as well.
    pub(crate) async fn admitted_person(&self, caller: &Caller, meta: &Meta) -> ApiResult<Person> {
        let person = match caller.admission.as_ref().and_then(Admission::get::<Person>) {
            Some(person) => Person::clone(&person),
            None => self.identify(caller).await?.0,
        };
        self.hold(&person, meta)?;
        Ok(person)
    }

    /// Holds the policy of the service, then what a key may be used for, or how recently the person in the session must
    /// have proved who they are.
    fn hold(&self, person: &Person, meta: &Meta) -> ApiResult<()> {
        match person {
            Person::Session(me) => {
                self.hold_two_factor(&me.account, meta.during_setup)?;
                self.hold_freshness(me, meta.freshness)
            }
            Person::Key(holder) => {
                // Once more: since the key was let in, its end may have come.
                self.hold_end(&holder.key, self.environment().now())?;
                self.hold_two_factor(&holder.account, meta.during_setup)?;
                if meta.auth == Auth::Session {
                    return Err(Problem::new(ErrorCode::SessionRequired));
                }
                if holder.key.is_for_the_api() { Ok(()) } else { Err(Problem::new(ErrorCode::InsufficientScope)) }
            }
        }
    }

    /// Answers `two_factor_setup_required` where two-factor authentication is demanded and the account has none.
    pub(crate) fn hold_two_factor(&self, account: &Account, during_setup: bool) -> ApiResult<()> {
        let required = self.settings().two_factor == TwoFactorPolicy::Required;
        if required && account.two_factor_since.is_none() && !during_setup {
            return Err(Problem::new(ErrorCode::TwoFactorSetupRequired));
        }
        Ok(())
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

    /// Who calls, and for a key how much of its quota is left.
    async fn identify(&self, caller: &Caller) -> ApiResult<(Person, Option<RateLimit>)> {
        let unknown = || Problem::new(ErrorCode::Unauthenticated);
        let credential = caller.credential.as_ref().ok_or_else(unknown)?;
        // A token that is malformed costs no read.
        let token = tokens::present(credential.expose()).ok_or_else(unknown)?;
        match token.kind {
            TokenKind::Session => Ok((Person::Session(Arc::new(self.identify_session(token).await?)), None)),
            TokenKind::PersonalApiKey | TokenKind::ApiKey => {
                let (holder, rate_limit) = self.identify_key(token, caller).await?;
                Ok((Person::Key(Arc::new(holder)), rate_limit))
            }
            TokenKind::Transaction | TokenKind::RegistryPassword => Err(unknown()),
        }
    }

    async fn identify_session(&self, token: PresentedToken) -> ApiResult<Me> {
        let found = self.store().check_session(token.account, &token.hash).await.map_err(problem)?;
        let (session, account) = found.ok_or_else(|| Problem::new(ErrorCode::Unauthenticated))?;
        name_account(account.account_id);
        if let Some(reason) = session.close_reason {
            return Err(closed(reason));
        }
        hold_enabled(&account)?;
        let (session, now) = (self.within_policy(session), self.environment().now());
        if session.closed_at.is_some() || session.expires_at <= now {
            return Err(Problem::new(ErrorCode::SessionExpired));
        }
        self.hold_session_rate(session.session_id, now)?;
        self.note_use(&account, &session, now);
        Ok(Me { session, account })
    }

    /// That nobody overuses the service through a session. What is left is not told: no app comes near it.
    fn hold_session_rate(&self, session: SessionId, now: Micros) -> ApiResult<()> {
        let (settings, rates) = (self.settings(), &self.shared.session_rates);
        let Some(Err(limit)) = settings.throttles.then(|| rates.take(session, settings.session_rate, now)) else {
            return Ok(());
        };
        self.shared.counts.rate_limited_sessions.count();
        let detail = format!("A session may make {} requests a minute.", limit.quota);
        Err(Problem::new(ErrorCode::TooManyRequests).retry_after(limit.reset.max(1)).detail(detail))
    }

    async fn identify_key(&self, token: PresentedToken, caller: &Caller) -> ApiResult<(KeyHolder, Option<RateLimit>)> {
        let holder = self.find_key(token).await?.ok_or_else(|| Problem::new(ErrorCode::Unauthenticated))?;
        let rate_limit = self.hold_key(&holder, caller)?;
        Ok((holder, rate_limit))
    }

    /// The key of a token with its account, whatever their state.
    pub(crate) async fn find_key(&self, token: PresentedToken) -> ApiResult<Option<KeyHolder>> {
        let holder = match token.kind {
            TokenKind::PersonalApiKey => {
                let found = self.store().check_personal_api_key(token.account, &token.hash).await.map_err(problem)?;
                found.map(|(key, account)| KeyHolder { key: Key::Personal(key), account })
            }
            TokenKind::ApiKey => {
                let found = self.store().check_api_key(token.account, &token.hash).await.map_err(problem)?;
                found.map(|(key, account)| KeyHolder { key: Key::Named(key), account })
            }
            TokenKind::Session | TokenKind::Transaction | TokenKind::RegistryPassword => None,
        };
        Ok(holder.inspect(|holder| name_account(holder.account.account_id)))
    }

    /// What holds for a key at every door: its account is not disabled, it has not ended, and its quota is not used up;
    /// then it has been used. What it may be used for is the door's business, and so is [`Service::hold_two_factor`].
    pub(crate) fn hold_key(&self, holder: &KeyHolder, caller: &Caller) -> ApiResult<Option<RateLimit>> {
        hold_enabled(&holder.account)?;
        let (settings, now) = (self.settings(), self.environment().now());
        self.hold_end(&holder.key, now)?;
        let limits = &self.shared.rate_limits;
        let rate_limit =
            settings.throttles.then(|| limits.take(holder.key.id(), settings.api_key_rate, now)).transpose();
        let rate_limit = rate_limit.inspect_err(|_| self.shared.counts.rate_limited_keys.count())?;
        self.note_key_use(holder, caller, now);
        Ok(rate_limit)
    }

    fn hold_end(&self, key: &Key, now: Micros) -> ApiResult<()> {
        match key {
            Key::Named(key) if self.end_of(key).is_some_and(|end| end <= now) => {
                Err(Problem::new(ErrorCode::ApiKeyExpired))
            }
            _ => Ok(()),
        }
    }

    /// When a key ends by the policy of now, which may have become shorter since it was created.
    pub(crate) fn end_of(&self, key: &ApiKey) -> Option<Micros> {
        let latest = self.settings().api_key_max_days.map(|days| key.created_at.saturating_add(days * DAY));
        match (key.expires_at, latest) {
            (Some(end), Some(latest)) => Some(end.min(latest)),
            (end, latest) => end.or(latest),
        }
    }
}

pub(crate) fn hold_enabled(account: &Account) -> ApiResult<()> {
    if account.disabled_at.is_some() { Err(Problem::new(ErrorCode::AccountDisabled)) } else { Ok(()) }
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
