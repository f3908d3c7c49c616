//! Two-factor authentication: how it stands, setting it up, switching it off.

use latchkey_api::{
    desktop::{
        BackupCodesView, ExpectedCode, ExpectedCodeArgs, Failure, NoArgs, QrPicture, TwoFactorSetupView,
        VerifyTwoFactorArgs,
    },
    problem::{ErrorCode, Problem},
    two_factor::{TwoFactor, TwoFactorApi, VerifyTwoFactor},
};
use latchkey_client::Client;

use super::{backup_codes, profile::get_profile};
use crate::{error::refused, expected_code::expected_code, qr, snapshot, state::AppState};

/// Characters of the secret that stand together where it is typed off the screen.
const GROUP: usize = 4;

/// Says how two-factor authentication stands.
pub async fn get_two_factor(app: &AppState, _: NoArgs) -> Result<TwoFactor, Failure> {
    let ticket = app.ticket()?;
    let read = |client: Client, caller| async move { client.get_two_factor(&caller).await };
    let status = app.call_as(&ticket, ticket.client.clone(), read).await?;
    snapshot::keep(app, &ticket, &status, |newer| &mut newer.two_factor);
    Ok(status)
}

/// Begins to set two-factor authentication up: the secret as a QR code, and to type.
pub async fn start_two_factor(app: &AppState, _: NoArgs) -> Result<TwoFactorSetupView, Failure> {
    let setup = app.call(|client, caller| async move { client.start_two_factor(&caller).await }).await?;
    let qr = readable_picture(setup.otpauth_uri.expose());
    let secret: Vec<char> = setup.secret.expose().chars().collect();
    Ok(TwoFactorSetupView {
        qr,
        manual_code: secret.chunks(GROUP).map(String::from_iter).collect(),
        otpauth_uri: setup.otpauth_uri,
        expires_at: setup.expires_at,
    })
}

/// The QR code of a text, if the picture itself, read back, says that text: what it says goes into an app for years.
fn readable_picture(text: &str) -> Option<QrPicture> {
    match qr::draw(text) {
        Ok(drawing) if drawing.says(text) => Some(QrPicture { svg: drawing.svg, modules: drawing.modules }),
        Ok(_) => {
            tracing::warn!("the QR code did not read back as it was drawn, and is not shown");
            None
        }
        Err(error) => {
            tracing::warn!(%error, "there is no QR code");
            None
        }
    }
}

/// The code the authenticator app should show now. The service is asked first: it tells its time with the answer, and
/// whether anything is being set up still.
pub async fn get_expected_code(app: &AppState, args: ExpectedCodeArgs) -> Result<ExpectedCode, Failure> {
    let ticket = app.ticket()?;
    let stands = app.call(|client, caller| async move { client.get_two_factor(&caller).await }).await?;
    if stands.enabled {
        let detail = "Two-factor authentication is on already.";
        return Err(refused(Problem::new(ErrorCode::Conflict).detail(detail)));
    }
    expected_code(&args.otpauth_uri, app.parts.clock.now(), ticket.client.service_time())
        .ok_or_else(|| refused(Problem::internal("the text of the QR code is not understood")))
}

/// Switches two-factor authentication on with a first code, and answers the backup codes, which are in use from then
/// on.
pub async fn verify_two_factor(app: &AppState, args: VerifyTwoFactorArgs) -> Result<BackupCodesView, Failure> {
    let ticket = app.ticket()?;
    let body = VerifyTwoFactor { code: args.code };
    let verify = |client: Client, caller| async move { client.verify_two_factor(&caller, body).await };
    let codes = app.call_as(&ticket, ticket.client.clone(), verify).await?;
    read_profile_again(app).await;
    Ok(backup_codes::sheet(app, &ticket, None, codes.backup_codes))
}

/// Switches two-factor authentication off.
pub async fn disable_two_factor(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    app.call(|client, caller| async move { client.disable_two_factor(&caller).await }).await?;
    read_profile_again(app).await;
    Ok(())
}

/// The profile says whether two-factor authentication is on. That it cannot be read now changes nothing about what
/// was done.
async fn read_profile_again(app: &AppState) {
    if get_profile(app, NoArgs {}).await.is_ok() {
        app.parts.events.view(&app.view());
    }
}
