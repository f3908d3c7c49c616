//! Follows what happens on the account in the window, as the service tells it.
//!
//! One task listens for whoever is signed in, begins anew when somebody else is, and tries again when the connection is
//! lost. Accounts that are not in the window are not followed: they are asked when they are opened.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use latchkey_api::{
    activity::{Category, Push},
    desktop::{ProfileView, SignedOutReason},
    problem::{ErrorCode, Problem},
    profile::ProfileApi,
};

use crate::{error::ends_session, notifications, session::Ticket, state::AppState};

/// The first pause after the connection was lost, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// How long a session that was closed without a reason is asked for one.
const REASON: Duration = Duration::from_secs(1);

/// What pages show: after a gap each of them may have changed.
const EVERYTHING: [Category; 9] = [
    Category::SignIn,
    Category::Password,
    Category::TwoFactor,
    Category::ApiKeys,
    Category::SshKeys,
    Category::SourceCode,
    Category::Registries,
    Category::Profile,
    Category::Account,
];

/// Follows until the app ends.
pub async fn follow(app: Arc<AppState>) {
    let mut followed = app.session.followed();
    loop {
        let whom = *followed.borrow_and_update();
        if let Some(ticket) = app.session.ticket().filter(|ticket| Some(ticket.generation()) == whom) {
            tokio::select! {
                // Somebody who is just signing out is not told that the session was closed.
                biased;
                _ = followed.changed() => continue,
                over = listen(&app, &ticket) => if let Some(reason) = over {
                    // Whoever signs in while the keychain is slow to let go is followed all the same.
                    let app = Arc::clone(&app);
                    tokio::spawn(async move { app.end(&ticket, reason).await });
                },
            }
        }
        if followed.changed().await.is_err() {
            return;
        }
    }
}

/// Listens until the session is over, and answers why. `None` where the service tells nothing.
async fn listen(app: &AppState, ticket: &Ticket) -> Option<SignedOutReason> {
    let mut attempt = 0;
    // The page knows it where the account was opened without the service.
    let (mut lost, mut told) = (ticket.saved, ticket.saved);
    loop {
        let mut at_least = Duration::ZERO;
        match ticket.client.events(&ticket.caller()).await {
            Ok(mut pushes) => {
                attempt = 0;
                told = false;
                if lost && let Some(reason) = catch_up(app, ticket).await {
                    return Some(reason);
                }
                while let Some(Ok(push)) = pushes.next().await {
                    if let Push::SessionClosed { reason } = push {
                        return Some(match reason {
                            Some(by) => SignedOutReason::Closed(by),
                            None => why(ticket).await,
                        });
                    }
                    app.parts.events.push(&push);
                    notifications::pushed(app, ticket, &push);
                }
            }
            Err(problem) => {
                if let Some(reason) = ends_session(&problem) {
                    return Some(reason);
                }
                if tells_nothing(&problem) {
                    tracing::debug!(%problem, "the service tells nothing of what happens");
                    return None;
                }
                if !std::mem::replace(&mut told, true) {
                    app.parts.events.lost();
                }
                at_least = Duration::from_secs(problem.body().members.retry_after.unwrap_or(0).into());
            }
        }
        lost = true;
        tokio::time::sleep(pause(attempt, chance()).max(at_least)).await;
        attempt += 1;
    }
}

/// A service of an older version.
fn tells_nothing(problem: &Problem) -> bool {
    matches!(problem.code(), ErrorCode::NotFound | ErrorCode::MethodNotAllowed)
}

/// What happened while nothing was heard is not told again: the profile is read, and the page reads what it shows.
/// Answers why the session is over, if it is.
async fn catch_up(app: &AppState, ticket: &Ticket) -> Option<SignedOutReason> {
    match ticket.client.get_profile(&ticket.caller()).await {
        Ok(read) => {
            let fresh = ProfileView { profile: read.value.clone(), etag: read.etag.clone() };
            // The page may have reached the service before.
            let shown_before = app.session.ticket().is_some_and(|now| now.saved);
            if app.take_profile(ticket, read).is_ok() {
                if shown_before {
                    app.came_back(ticket).await;
                } else if fresh != ticket.profile {
                    app.parts.events.view(&app.view());
                }
                for category in EVERYTHING {
                    app.parts.events.push(&Push::ActivityNew { category });
                }
            }
            None
        }
        Err(problem) => ends_session(&problem),
    }
}

/// The stream does not say why where the session expired or the account is gone; a call may.
async fn why(ticket: &Ticket) -> SignedOutReason {
    let caller = ticket.caller();
    match tokio::time::timeout(REASON, ticket.client.get_profile(&caller)).await {
        Ok(Err(problem)) => ends_session(&problem).unwrap_or(SignedOutReason::Expired),
        _ => SignedOutReason::Expired,
    }
}

/// Twice as long after each failure, and less by up to a half, so that a server that comes back is not met by everybody
/// at once.
pub(crate) fn pause(attempt: u32, chance: u8) -> Duration {
    let (first, longest) = PAUSES;
    let whole = first.saturating_mul(1 << attempt.min(16)).min(longest);
    whole.saturating_sub(whole / 2 * u32::from(chance) / 255)
}

/// Any number. Nothing depends on nobody guessing it.
pub(crate) fn chance() -> u8 {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    byte[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute_and_differ() {
        let seconds = |attempt, chance| pause(attempt, chance).as_secs_f64();
        let longest: Vec<f64> = (0..7).map(|attempt| seconds(attempt, 0)).collect();
        assert_eq!(longest, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        assert_eq!((seconds(0, 255), seconds(5, 255), seconds(u32::MAX, 0)), (0.5, 15.0, 30.0));
    }
}
