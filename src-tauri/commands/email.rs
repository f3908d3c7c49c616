//! A new e-mail address that waits for the code that was mailed to it.

use latchkey_api::{
    desktop::{ConfirmEmailArgs, Failure, NoArgs, ProfileView},
    email::{ConfirmEmail, EmailApi},
};
use latchkey_client::Client;

use crate::state::AppState;

/// Puts the new address in the place of the old one.
pub async fn confirm_email(app: &AppState, args: ConfirmEmailArgs) -> Result<ProfileView, Failure> {
    let ticket = app.ticket()?;
    let body = ConfirmEmail { code: args.code };
    let confirm = |client: Client, caller| async move { client.confirm_email(&caller, body).await };
    let answer = app.call_as(&ticket, ticket.client.clone(), confirm).await?;
    app.take_profile(&ticket, answer)
}

/// Gives the new address up.
pub async fn cancel_email_change(app: &AppState, _: NoArgs) -> Result<ProfileView, Failure> {
    let ticket = app.ticket()?;
    let cancel = |client: Client, caller| async move { client.cancel_email_change(&caller).await };
    let answer = app.call_as(&ticket, ticket.client.clone(), cancel).await?;
    app.take_profile(&ticket, answer)
}
