//! The second step of signing in.

use std::sync::Arc;

use latchkey_api::{
    common::Caller,
    desktop::{Failure, NoArgs, SecondFactorArgs, View},
    problem::{ErrorCode, Problem},
    sessions::{SecondFactor, SessionsApi},
};

use super::{account::establish, place::reached};
use crate::{
    error::{cancelled, refused},
    opening,
    scene::{SecondStep, State},
    state::AppState,
};

/// The second step, where that is what the first one was answered with.
pub(super) fn step_after(problem: &Problem, login: String) -> Option<SecondStep> {
    if problem.code() != ErrorCode::SecondFactorRequired {
        return None;
    }
    let members = &problem.body().members;
    let methods = members.methods.clone().unwrap_or_default();
    Some(SecondStep { login, transaction: members.transaction.clone()?, methods, one_at_a_time: Arc::default() })
}

/// Signs in with the second factor. A wrong code leaves the window where it is; where the first step is too long ago,
/// the window lands on the sign-in screen, and the answer says so.
pub async fn verify_second_factor(app: &AppState, args: SecondFactorArgs) -> Result<View, Failure> {
    let (place, client, scene) = reached(app)?;
    let State::SecondFactor(step) = scene.state else {
        return Err(refused(Problem::new(ErrorCode::TransactionEnded)));
    };
    let Ok(_alone) = Arc::clone(&step.one_at_a_time).try_lock_owned() else { return Err(cancelled()) };
    let attempt = app.session.attempt();
    let by_backup_code = args.backup_code.is_some();
    let SecondFactorArgs { code, backup_code } = args;
    let factor = SecondFactor { transaction: step.transaction, code, backup_code };
    match client.sign_in_second_factor(&Caller::default(), factor).await {
        Ok(signed_in) => establish(app, attempt, place, client, signed_in, by_backup_code).await,
        Err(problem) if problem.code() == ErrorCode::TransactionEnded => {
            let view = app.land(attempt, opening::signed_out(place, client, scene.instance, None, Some(step.login)))?;
            app.parts.events.view(&view);
            Err(refused(problem))
        }
        Err(problem) => Err(refused(problem)),
    }
}

/// Goes back to the password.
#[expect(clippy::unused_async, reason = "commands are asynchronous, as their callers are")]
pub async fn leave_second_factor(app: &AppState, _: NoArgs) -> Result<View, Failure> {
    let scene = app.session.scene();
    let (State::SecondFactor(step), Some(place), Some(client)) = (scene.state, scene.place, scene.client) else {
        return Ok(app.view());
    };
    let attempt = app.session.attempt();
    app.land(attempt, opening::signed_out(place, client, scene.instance, None, Some(step.login)))
}
