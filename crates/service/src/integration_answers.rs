//! How attempts go on: what the provider answers, and what is told of it.

use std::time::Duration;

use latchkey_api::{
    integrations::*,
    problem::{ApiResult, ErrorCode, FieldCode, Problem},
};
use latchkey_store::{IntegrationAttempt, Micros};
use uuid::Uuid;

use crate::{
    error::problem,
    events::Origin,
    identity_rules::Findings,
    integration_attempts::{Flow, Kept, method_word},
    integration_providers::{called, provider_of},
    integration_tokens::Arrived,
    integration_trouble::{reason, unavailable},
    mailed_code::same,
    person::Me,
    providers::{DeviceAnswer, ProviderError, ProviderSettings},
    sealing::same_secret,
    service::Service,
};

/// How long an attempt belongs to whoever asks the provider about it: longer than that takes.
const TAKEN: Duration = Duration::from_mins(1);

/// What a provider wants waited for good where it was asked too often (RFC 8628 section 3.5).
const SLOWER: i64 = 5;

/// Characters of what a browser brings back, each.
const LONGEST: usize = 512;

/// An attempt that is taken: nobody else asks the provider about it.
pub(crate) struct Taken<'a> {
    pub(crate) me: &'a Me,
    pub(crate) origin: &'a Origin,
    pub(crate) attempt: IntegrationAttempt,
    pub(crate) at: ProviderSettings,
    until: Micros,
}

/// Who an attempt is of, and what it was found to be.
enum Ready<'a> {
    /// It goes on.
    Taken(Taken<'a>, Kept),
    /// It is over, or waits.
    Told(AttemptState),
}

impl Service {
    pub(crate) async fn poll_attempt(&self, me: &Me, origin: &Origin, id: Uuid) -> ApiResult<AttemptState> {
        let (attempt, kept) = self.attempt_of(me, id, ConnectMethod::Device).await?;
        let (taken, mut kept) = match self.take(me, origin, attempt, kept).await? {
            Ready::Taken(taken, kept) => (taken, kept),
            Ready::Told(state) => return Ok(state),
        };
        if kept.arrived.is_none() {
            let Flow::Device { device_code } = &kept.flow else { return Err(not_of_this_flow()) };
            let name = called(taken.at.provider, taken.at.host());
            let tokens = match self.environment().providers.poll_device(&taken.at, device_code).await {
                Ok(DeviceAnswer::Granted(tokens)) => tokens,
                Ok(DeviceAnswer::Pending) => return self.wait(&taken, taken.attempt.poll_seconds, None).await,
                Ok(DeviceAnswer::SlowDown) => {
                    return self.wait(&taken, taken.attempt.poll_seconds + SLOWER, None).await;
                }
                Ok(DeviceAnswer::Denied) => return self.end(&taken, AttemptStatus::Denied, denied(&name)).await,
                Ok(DeviceAnswer::Expired) => return self.end(&taken, AttemptStatus::Expired, expired()).await,
                Err(error) => return self.not_granted(&taken, error).await,
            };
            kept.arrived = Some(Arrived::new(tokens, self.environment().now()));
            self.keep(&taken, &kept).await?;
        }
        self.make_integration(taken, kept).await
    }

    pub(crate) async fn finish_attempt(
        &self,
        me: &Me,
        origin: &Origin,
        id: Uuid,
        body: FinishConnection,
    ) -> ApiResult<AttemptState> {
        let (attempt, kept) = self.attempt_of(me, id, ConnectMethod::AuthorizationCode).await?;
        self.came_back(&attempt, &kept, &body)?;
        let (taken, mut kept) = match self.take(me, origin, attempt, kept).await? {
            Ready::Taken(taken, kept) => (taken, kept),
            Ready::Told(state) if state.status == AttemptStatus::Pending => {
                // Somebody who lost the first answer asks again: they are to hear how it ends.
                let detail = "This attempt is being finished just now. Wait a moment.";
                return Err(Problem::new(ErrorCode::Busy).detail(detail).retry_after(1));
            }
            Ready::Told(state) => return Ok(state),
        };
        let name = called(taken.at.provider, taken.at.host());
        match body.error.as_deref() {
            None => {}
            Some("access_denied") => return self.end(&taken, AttemptStatus::Denied, denied(&name)).await,
            Some(error) => return self.end(&taken, AttemptStatus::Failed, refused(&name, error)).await,
        }
        if kept.arrived.is_none() {
            let (Flow::Code { code_verifier, redirect_uri, .. }, Some(code)) = (&kept.flow, &body.code) else {
                return Err(not_of_this_flow());
            };
            let exchange = self.environment().providers.exchange_code(&taken.at, code, code_verifier, redirect_uri);
            let tokens = match exchange.await {
                Ok(tokens) => tokens,
                Err(error) => return self.not_granted(&taken, error).await,
            };
            kept.arrived = Some(Arrived::new(tokens, self.environment().now()));
            self.keep(&taken, &kept).await?;
        }
        self.make_integration(taken, kept).await
    }

    /// The attempt of this session, which is of this flow, and what it needs to go on.
    async fn attempt_of(&self, me: &Me, id: Uuid, method: ConnectMethod) -> ApiResult<(IntegrationAttempt, Kept)> {
        let account = me.account.account_id;
        let found = self.store().attempt(account, me.session.session_id, id).await.map_err(problem)?;
        let attempt = found.ok_or_else(|| Problem::new(ErrorCode::NotFound))?;
        if attempt.method != method_word(method) {
            return Err(not_of_this_flow());
        }
        let kept = self.open_attempt(account, &attempt).await?;
        Ok((attempt, kept))
    }

    /// Holds that the browser was sent by this attempt and comes from this provider.
    fn came_back(&self, attempt: &IntegrationAttempt, kept: &Kept, body: &FinishConnection) -> ApiResult<()> {
        let Flow::Code { state, .. } = &kept.flow else { return Err(not_of_this_flow()) };
        let mut findings = Findings::default();
        for (pointer, text) in
            [("/state", Some(&body.state)), ("/error", body.error.as_ref()), ("/iss", body.iss.as_ref())]
        {
            if text.is_some_and(|text| text.chars().count() > LONGEST) {
                findings.add(pointer, FieldCode::TooLong, "Use at most 512 characters.");
            }
        }
        if !same(state.expose().as_bytes(), body.state.as_bytes()) {
            let detail = "The browser was not sent by this attempt. Begin again in Latchkey.";
            findings.add("/state", FieldCode::Incorrect, detail);
        }
        let issuer = self.configured_for(attempt).map(|at| at.issuer());
        if let (Some(issuer), Some(iss)) = (issuer, &body.iss)
            && *iss != issuer
        {
            let detail = format!("The browser comes from another provider than {issuer}. Begin again in Latchkey.");
            findings.add("/iss", FieldCode::Incorrect, detail);
        }
        if body.code.is_none() && body.error.is_none() {
            findings.add("/code", FieldCode::Missing, "The browser brought neither a code nor an error.");
        }
        findings.problem().map_or(Ok(()), Err)
    }

    pub(crate) fn configured_for(&self, attempt: &IntegrationAttempt) -> Option<ProviderSettings> {
        provider_of(&attempt.provider).and_then(|provider| self.configured(provider, &attempt.host))
    }

    /// Takes an attempt that may go on now.
    async fn take<'a>(
        &self,
        me: &'a Me,
        origin: &'a Origin,
        attempt: IntegrationAttempt,
        kept: Kept,
    ) -> ApiResult<Ready<'a>> {
        let (account, session, id) = (me.account.account_id, me.session.session_id, attempt.attempt_id);
        let now = self.environment().now();
        // Tokens that came are not left lying, however long that took.
        if attempt.expires_at <= now && kept.arrived.is_none() {
            return self.over(me, id, AttemptStatus::Expired, expired()).await.map(Ready::Told);
        }
        let Some(at) = self.configured_for(&attempt) else {
            let detail = "The System Administrator has taken this provider away.".to_owned();
            return self.over(me, id, AttemptStatus::Failed, detail).await.map(Ready::Told);
        };
        let until = now.saturating_add(TAKEN);
        let taken = self.store().take_attempt(account, session, id, now, until).await.map_err(problem)?;
        let Some(attempt) = taken else {
            let rest = attempt.next_poll_at.0.saturating_sub(now.0).unsigned_abs().div_ceil(1_000_000);
            return Ok(Ready::Told(pending(rest.clamp(1, attempt.poll_seconds.max(1).unsigned_abs()))));
        };
        // As it is now: whoever had it before may have got the tokens.
        let kept = self.open_attempt(account, &attempt).await?;
        Ok(Ready::Taken(Taken { me, origin, attempt, at, until }, kept))
    }

    /// The provider is asked again later: after this many seconds, and once after `at_least` of them.
    pub(crate) async fn wait(&self, taken: &Taken<'_>, seconds: i64, at_least: Option<u32>) -> ApiResult<AttemptState> {
        let now = self.environment().now();
        let rest = seconds.max(at_least.unwrap_or_default().into());
        let next = now.saturating_add(Duration::from_secs(rest.unsigned_abs()));
        let (account, id) = (taken.me.account.account_id, taken.attempt.attempt_id);
        let given = self.store().give_attempt_back(account, id, taken.until, next, seconds).await;
        given.map_err(problem)?;
        Ok(pending(rest.unsigned_abs()))
    }

    /// The provider gave no tokens.
    pub(crate) async fn not_granted(&self, taken: &Taken<'_>, error: ProviderError) -> ApiResult<AttemptState> {
        let at = &taken.at;
        tracing::warn!(%error, host = at.host(), "a provider gave no tokens");
        match error {
            ProviderError::Unreachable(_) => {
                self.wait(taken, taken.attempt.poll_seconds, None).await?;
                Err(unavailable(at.provider, at.host()))
            }
            ProviderError::TooOften { retry_after } => {
                let state = self.wait(taken, taken.attempt.poll_seconds, retry_after).await?;
                if taken.attempt.method == method_word(ConnectMethod::Device) {
                    return Ok(state);
                }
                Err(unavailable(at.provider, at.host()).retry_after(state.interval.max(1)))
            }
            ProviderError::Revoked(said) | ProviderError::Refused(said) => {
                let name = called(at.provider, at.host());
                self.end(taken, AttemptStatus::Failed, refused(&name, &said)).await
            }
        }
    }

    /// Keeps tokens that came, before anything else is done with them. They are revoked where that cannot be done, or
    /// the attempt was given up meanwhile.
    async fn keep(&self, taken: &Taken<'_>, kept: &Kept) -> ApiResult<()> {
        let (account, id) = (taken.me.account.account_id, taken.attempt.attempt_id);
        let stored = async {
            let sealed = self.seal_attempt(account, kept).await?;
            self.store().keep_attempt(account, id, sealed).await.map_err(problem)
        };
        let refusal = match stored.await {
            Ok(true) => return Ok(()),
            Ok(false) => Problem::new(ErrorCode::NotFound),
            Err(problem) => problem,
        };
        // A write that is told to have failed may have been kept: then the tokens are those of the attempt.
        let read = self.store().attempt(account, taken.me.session.session_id, id).await;
        let unkept = matches!(&read, Ok(found) if found.as_ref().is_none_or(|found| same_secret(&found.sealed, &taken.attempt.sealed)));
        if let Some(arrived) = kept.arrived.clone().filter(|_| unkept) {
            self.revoke_unwanted(account, taken.at.clone(), arrived.tokens);
        }
        Err(refusal)
    }

    /// Ends a taken attempt and says how.
    async fn end(&self, taken: &Taken<'_>, status: AttemptStatus, detail: String) -> ApiResult<AttemptState> {
        self.over(taken.me, taken.attempt.attempt_id, status, detail).await
    }

    /// Ends an attempt and says how. It is told to one caller.
    async fn over(&self, me: &Me, id: Uuid, status: AttemptStatus, detail: String) -> ApiResult<AttemptState> {
        if !self.end_attempt(me, id).await? {
            return Err(Problem::new(ErrorCode::NotFound));
        }
        Ok(AttemptState { status, interval: 0, detail: Some(detail), integration: None })
    }
}

fn pending(seconds: u64) -> AttemptState {
    let interval = u32::try_from(seconds).unwrap_or(u32::MAX);
    AttemptState { status: AttemptStatus::Pending, interval, detail: None, integration: None }
}

pub(crate) fn not_of_this_flow() -> Problem {
    Problem::new(ErrorCode::Conflict).detail("This attempt goes by the other method.")
}

fn denied(name: &str) -> String {
    format!("{name} says that you did not agree. Nothing was connected.")
}

fn expired() -> String {
    "It took too long. Begin again.".into()
}

fn refused(name: &str, said: &str) -> String {
    format!("{name} refused it ({}). Try again, or ask the System Administrator.", reason(said))
}
