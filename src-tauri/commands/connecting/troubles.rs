//! What is in the way while an attempt to connect an account is waited for.

use std::time::Duration;

use latchkey_api::{
    desktop::{ConnectionTrouble, Failure},
    integrations::{AttemptState, AttemptStatus, Integration, IntegrationsApi},
    problem::{ErrorCode, Problem},
};

use super::Stopped;
use crate::{
    connection_attempt::{OpenAttempt, begun_at},
    error::refused,
    follower::{chance, pause},
    state::AppState,
};

/// What is in the way of an attempt, as the page was told.
pub(super) struct Troubles<'a> {
    app: &'a AppState,
    attempt: &'a OpenAttempt,
    told: Option<Failure>,
    in_a_row: u32,
    at_least: Duration,
    answer_lost: bool,
}

impl<'a> Troubles<'a> {
    pub(super) fn new(app: &'a AppState, attempt: &'a OpenAttempt) -> Self {
        Self { app, attempt, told: None, in_a_row: 0, at_least: Duration::ZERO, answer_lost: false }
    }

    /// How long to wait, because of what was met, before the next try.
    pub(super) fn pause(&self) -> Duration {
        match self.in_a_row {
            0 => Duration::ZERO,
            met => pause(met - 1, chance()).max(self.at_least),
        }
    }

    /// All is well: the service has answered.
    pub(super) fn are_over(&mut self) {
        self.in_a_row = 0;
        self.tell(None);
    }

    /// Something was met. `Ok` is: go on, or how the attempt ended while its answer was lost.
    pub(super) async fn met(&mut self, problem: Problem) -> Result<Option<AttemptState>, Stopped> {
        if problem.code() == ErrorCode::NotFound && self.answer_lost {
            // It has ended, and that was said to nobody who heard it.
            return self.look().await.map(Some).ok_or_else(|| Stopped::Refused(Box::new(problem)));
        }
        if !passes(&problem) {
            return Err(Stopped::Refused(Box::new(problem)));
        }
        if tokio::time::Instant::now() >= self.attempt.ends {
            return Err(Stopped::Late);
        }
        self.answer_lost = true;
        self.in_a_row += 1;
        self.at_least = Duration::from_secs(problem.body().members.retry_after.unwrap_or(0).into());
        self.tell(Some(refused(problem)));
        Ok(None)
    }

    fn tell(&mut self, failure: Option<Failure>) {
        let code = |failure: &Option<Failure>| failure.as_ref().map(|failure| failure.code);
        if code(&self.told) != code(&failure) {
            let trouble = ConnectionTrouble { id: self.attempt.begun.id, failure: failure.clone() };
            self.app.parts.events.connection_trouble(&trouble);
        }
        self.told = failure;
    }

    /// The connection the attempt has made, if it has made one: it was looked at since.
    async fn look(&self) -> Option<AttemptState> {
        let begun = &self.attempt.begun;
        let since = begun_at(begun.id)?;
        let ticket = &self.attempt.ticket;
        let all = ticket.client.list_integrations(&ticket.caller()).await.ok()?.items;
        let is_it = |one: &Integration| {
            one.provider == begun.provider
                && one.host == begun.host
                && one.healthy == Some(true)
                && one.checked_at.is_some_and(|checked| checked >= since)
        };
        let integration = all.into_iter().find(is_it)?;
        let state = AttemptStatus::Connected;
        Some(AttemptState { status: state, interval: 0, detail: None, integration: Some(integration) })
    }
}

/// Whether it may be better in a moment: the service, the way to it, or its provider is in trouble.
fn passes(problem: &Problem) -> bool {
    problem.code().status().is_server_error() || problem.code() == ErrorCode::TooManyRequests
}
