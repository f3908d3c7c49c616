//! The password: proving it once more, changing it, and having forgotten it.

use latchkey_api::{
    common::Caller,
    desktop::{Failure, NoArgs, View},
    password::{ChangePassword, PasswordApi, PasswordReset, PasswordResetRequest, PasswordStatus, Reauthentication},
};

use latchkey_client::Client;

use super::{account::instance_of, place::reached};
use crate::{error::refused, opening, snapshot, state::AppState};

/// Proves once more who is there.
pub async fn reauthenticate(app: &AppState, args: Reauthentication) -> Result<(), Failure> {
    app.call(|client, caller| async move { client.reauthenticate(&caller, args).await }).await?;
    Ok(())
}

/// Says when the password was last changed.
pub async fn get_password_status(app: &AppState, _: NoArgs) -> Result<PasswordStatus, Failure> {
    let ticket = app.ticket()?;
    let read = |client: Client, caller| async move { client.get_password_status(&caller).await };
    let status = app.call_as(&ticket, ticket.client.clone(), read).await?;
    snapshot::keep(app, &ticket, &status, |newer| &mut newer.password);
    Ok(status)
}

/// Changes the password. The session in the window stays.
pub async fn change_password(app: &AppState, args: ChangePassword) -> Result<(), Failure> {
    app.call(|client, caller| async move { client.change_password(&caller, args).await }).await
}

/// Has a code mailed for a forgotten password, by the place in the window.
pub async fn request_password_reset(app: &AppState, args: PasswordResetRequest) -> Result<(), Failure> {
    let (_, client, _) = reached(app)?;
    client.request_password_reset(&Caller::default(), args).await.map_err(refused)
}

/// Sets a new password with that code. Every session of the account is closed by it, so that it lands on the sign-in
/// screen. A failure leaves the window where it is.
pub async fn reset_password(app: &AppState, args: PasswordReset) -> Result<View, Failure> {
    let (place, client, scene) = reached(app)?;
    let attempt = app.session.attempt();
    let login = args.login.clone();
    client.reset_password(&Caller::default(), args).await.map_err(refused)?;
    let instance = instance_of(&client, scene.instance).await;
    app.land(attempt, opening::signed_out(place, client, instance, None, Some(login)))
}
