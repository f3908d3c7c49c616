//! Connecting an account at a provider of source code: beginning, waiting until the person has agreed there, giving up.
//!
//! It is this process that waits, and not the page: neither the code of the browser nor anything the service could be asked
//! with enters the page.

mod troubles;

use std::{sync::Arc, time::Duration};

use latchkey_api::{
    desktop::{AttemptArgs, ConnectIntegration, ConnectionStarted, Failure, FailureCode, PageOpened, ShellCode},
    integrations::{
        AttemptPath, AttemptState, AttemptStatus, Connect, ConnectMethod, FinishConnection, IntegrationsApi,
        ProviderPath,
    },
    problem::{ErrorCode, Problem},
};

use self::troubles::Troubles;
use super::integrations;
use crate::{
    blocking::blocking,
    browser,
    connection_attempt::OpenAttempt,
    error::{cancelled, refused},
    loopback_redirect::{Answer, LoopbackRedirect},
    state::AppState,
};

/// How seldom, and how often, the service is asked, whatever it says. In seconds.
const INTERVAL: (u32, u32) = (1, 60);

const UNAVAILABLE: FailureCode = FailureCode::Shell(ShellCode::BrowserUnavailable);

/// Begins to connect an account. With an authorisation code the browser opens, and this computer listens for its return.
pub async fn connect_integration(app: &AppState, args: ConnectIntegration) -> Result<ConnectionStarted, Failure> {
    let ticket = app.ticket()?;
    let redirect = match args.method {
        ConnectMethod::Device => None,
        ConnectMethod::AuthorizationCode => Some(LoopbackRedirect::listen(app.words.now()).await?),
    };
    let body = Connect {
        method: args.method,
        host: Some(args.host),
        redirect_uri: redirect.as_ref().map(|redirect| redirect.uri().to_owned()),
        reconnect: args.reconnect,
    };
    let path = ProviderPath { provider: args.provider };
    let begun = match ticket.client.connect_integration(&ticket.caller(), path, body).await {
        Ok(begun) => begun,
        Err(problem) => return Err(app.fail(&ticket, problem).await),
    };
    let attempt = Arc::new(OpenAttempt::new(ticket.clone(), begun, redirect));
    app.connecting.begin(&attempt);
    let started = if app.session.holds(&ticket) { begin(app, &attempt).await } else { Err(cancelled()) };
    if started.is_err()
        && let Some(attempt) = app.connecting.end(attempt.begun.id)
    {
        attempt.give_up().await;
    }
    started
}

async fn begin(app: &AppState, attempt: &OpenAttempt) -> Result<ConnectionStarted, Failure> {
    let begun = &attempt.begun;
    if begun.method == ConnectMethod::AuthorizationCode {
        open(app, attempt).await?;
    }
    let shown = |address: &String| {
        let bare = address.split_once("://").map_or(address.as_str(), |(_, bare)| bare);
        bare.trim_end_matches('/').to_owned()
    };
    Ok(ConnectionStarted {
        id: begun.id,
        method: begun.method,
        provider: begun.provider,
        host: begun.host.clone(),
        user_code: begun.user_code.clone(),
        shown_address: begun.verification_uri.as_ref().map(shown),
        expires_at: attempt.expires_at(app.parts.clock.now()),
    })
}

/// Opens the page where the person agrees.
async fn open(app: &AppState, attempt: &OpenAttempt) -> Result<(), Failure> {
    let begun = &attempt.begun;
    let page = match begun.method {
        ConnectMethod::Device => begun.verification_uri_complete.as_ref().or(begun.verification_uri.as_ref()),
        ConnectMethod::AuthorizationCode => begun.authorization_url.as_ref(),
    };
    let page = page.ok_or_else(|| refused(Problem::internal("an attempt without a page to agree at")))?;
    match browser::open(app, page.clone()).await {
        // The address is for the browser that comes back here, and for nobody to copy.
        Err(gone) if begun.method == ConnectMethod::AuthorizationCode && gone.code == UNAVAILABLE => {
            let detail = "No browser opens on this computer. Connect with a device code instead.".to_owned();
            Err(Failure { detail: Some(detail), ..gone })
        }
        opened => opened,
    }
}

/// Copies the code of an attempt and opens the provider's page for it, or opens the browser once more.
pub async fn open_connection_page(app: &AppState, args: AttemptArgs) -> Result<PageOpened, Failure> {
    let attempt = app.connecting.find(args.id).ok_or_else(ended)?;
    let mut copied = false;
    if let Some(code) = attempt.begun.user_code.clone() {
        let clipboard = Arc::clone(&app.parts.clipboard);
        // The code is in the window, too: without a clipboard it is typed.
        copied = blocking(move || clipboard.write_text(&code)).await.is_ok();
    }
    open(app, &attempt).await?;
    Ok(PageOpened { copied })
}

/// Waits until an attempt has ended. What is in the way meanwhile is told as an event, and the waiting goes on.
pub async fn wait_for_connection(app: &AppState, args: AttemptArgs) -> Result<AttemptState, Failure> {
    let attempt = app.connecting.find(args.id).ok_or_else(ended)?;
    let wait = async {
        match attempt.begun.method {
            ConnectMethod::Device => poll(app, &attempt).await,
            ConnectMethod::AuthorizationCode => listen(app, &attempt).await,
        }
    };
    let done = attempt.waited(wait).await.ok_or_else(cancelled)?;
    app.connecting.end(args.id);
    match done {
        Ok(state) => {
            if state.status == AttemptStatus::Connected {
                integrations::changed(app, &attempt.ticket).await;
            }
            Ok(state)
        }
        // Nobody waits for it any more: it must not connect behind the person's back.
        Err(Stopped::Late) => {
            attempt.give_up().await;
            Ok(late())
        }
        Err(Stopped::Elsewhere(detail)) => {
            attempt.give_up().await;
            Ok(AttemptState { status: AttemptStatus::Failed, interval: 0, detail: Some(detail), integration: None })
        }
        Err(Stopped::Refused(problem)) => Err(app.fail(&attempt.ticket, *problem).await),
        Err(Stopped::Failed(failure)) => Err(failure),
    }
}

/// Gives an attempt up. That it has ended is no failure.
pub async fn cancel_connection(app: &AppState, args: AttemptArgs) -> Result<(), Failure> {
    if let Some(attempt) = app.connecting.end(args.id) {
        attempt.give_up().await;
    }
    Ok(())
}

enum Stopped {
    Late,
    /// The browser was sent by this attempt, and came back from another provider.
    Elsewhere(String),
    Refused(Box<Problem>),
    Failed(Failure),
}

/// Asks the service again and again whether the person has agreed.
async fn poll(app: &AppState, attempt: &OpenAttempt) -> Result<AttemptState, Stopped> {
    let mut troubles = Troubles::new(app, attempt);
    let mut interval = attempt.begun.interval;
    loop {
        let wait = Duration::from_secs(interval.clamp(INTERVAL.0, INTERVAL.1).into());
        tokio::time::sleep(wait.max(troubles.pause())).await;
        let path = AttemptPath { id: attempt.begun.id };
        match attempt.ticket.client.poll_connection(&attempt.ticket.caller(), path).await {
            Ok(state) if state.status == AttemptStatus::Pending => {
                troubles.are_over();
                // Never faster than it was asked for once (RFC 8628 section 3.5).
                interval = interval.max(state.interval);
            }
            Ok(state) => return Ok(state),
            Err(problem) => {
                if let Some(state) = troubles.met(problem).await? {
                    return Ok(state);
                }
            }
        }
    }
}

/// Waits for the browser, and hands over what it brings. What is not the answer to this attempt ends nothing.
async fn listen(app: &AppState, attempt: &OpenAttempt) -> Result<AttemptState, Stopped> {
    let mut redirect = attempt.redirect.lock().await;
    let Some(redirect) = redirect.as_mut() else { return Err(Stopped::Late) };
    loop {
        let answer = tokio::time::timeout_at(attempt.ends, redirect.next()).await.map_err(|_| Stopped::Late)?;
        if let Some(state) = finish(app, attempt, answer.map_err(Stopped::Failed)?).await? {
            return Ok(state);
        }
    }
}

async fn finish(app: &AppState, attempt: &OpenAttempt, answer: Answer) -> Result<Option<AttemptState>, Stopped> {
    let mut troubles = Troubles::new(app, attempt);
    loop {
        let Answer { state, code, error, iss } = answer.clone();
        let (path, body) = (AttemptPath { id: attempt.begun.id }, FinishConnection { state, code, error, iss });
        match attempt.ticket.client.finish_connection(&attempt.ticket.caller(), path, body).await {
            Ok(state) => {
                troubles.are_over();
                return Ok(Some(state).filter(|state| state.status != AttemptStatus::Pending));
            }
            Err(problem) if problem.code() == ErrorCode::InvalidField => {
                if let [only] = &problem.body().errors[..]
                    && only.pointer == "/iss"
                {
                    return Err(Stopped::Elsewhere(only.detail.clone()));
                }
                tracing::warn!("a browser brought back what is no answer to this attempt");
                troubles.are_over();
                return Ok(None);
            }
            Err(problem) => {
                if let Some(state) = troubles.met(problem).await? {
                    return Ok(Some(state));
                }
                tokio::time::sleep(troubles.pause()).await;
            }
        }
    }
}

fn late() -> AttemptState {
    let detail = Some("It took too long. Begin again.".to_owned());
    AttemptState { status: AttemptStatus::Expired, interval: 0, detail, integration: None }
}

fn ended() -> Failure {
    refused(Problem::new(ErrorCode::NotFound).detail("This attempt has ended. Begin again."))
}
