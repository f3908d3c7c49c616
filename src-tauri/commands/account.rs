//! Creating an account, signing in and out, and going from one account to another.

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::Caller,
    desktop::{AccountArgs, Arrival, Failure, NoArgs, PasswordStrength, Phase, Place, RatePassword, SignInArgs, View},
    problem::{ApiResult, ErrorCode, Problem},
    sessions::{SessionsApi, SignIn, SignedIn},
    wire::Secret,
};
use latchkey_client::Client;

use super::{credential_access, place::reached, second_factor};
use crate::{
    error::refused,
    notifications,
    opening::{self, At},
    password,
    places::AccountKey,
    scene::Who,
    session::Attempt,
    state::AppState,
};

/// Rates a password while it is typed.
pub async fn rate_password(_: &AppState, args: RatePassword) -> Result<PasswordStrength, Failure> {
    let rated = tokio::task::spawn_blocking(move || password::rate(&args.password, &args.identity)).await;
    rated.map_err(|error| refused(Problem::internal(error)))
}

/// Creates an account at the place in the window and signs in. If only the second fails, it lands on the sign-in
/// screen with the new user name.
pub async fn create_account(app: &AppState, args: SignUp) -> Result<View, Failure> {
    let (place, client, scene) = reached(app)?;
    let attempt = app.session.attempt();
    let (username, password) = (args.username.clone(), args.password.clone());
    let profile = client.create_account(&Caller::default(), args).await.map_err(refused)?;
    match ask_in(app, &client, &username, password).await {
        Ok(signed_in) => establish(app, attempt, place, client, signed_in, false).await,
        Err(problem) => {
            tracing::warn!(%problem, "the account was created, and signing in failed");
            app.land(attempt, opening::signed_out(place, client, scene.instance, None, Some(profile.username)))
        }
    }
}

/// Signs in at the place in the window, or gets as far as the second factor. A failure leaves the window where it is.
pub async fn sign_in(app: &AppState, args: SignInArgs) -> Result<View, Failure> {
    let (place, client, scene) = reached(app)?;
    let attempt = app.session.attempt();
    match ask_in(app, &client, &args.login, args.password).await {
        Ok(signed_in) => establish(app, attempt, place, client, signed_in, false).await,
        Err(problem) => match second_factor::step_after(&problem, args.login) {
            Some(step) => {
                let instance = instance_of(&client, scene.instance).await;
                app.land(attempt, opening::second_factor(place, client, instance, step))
            }
            None => Err(refused(problem)),
        },
    }
}

/// Closes the session and forgets its token. The person is let go even if the service cannot be told.
pub async fn sign_out(app: &AppState, _: NoArgs) -> Result<View, Failure> {
    let Ok(ticket) = app.ticket() else { return Ok(app.view()) };
    let (place, client, scene) = reached(app)?;
    let attempt = app.session.attempt();
    let _quiet = app.session.quiet();
    credential_access::undo(app, &ticket.key).await;
    app.parts.tokens.forget(&ticket.key).await;
    app.parts.places.change(|known| known.forget_account(&ticket.key));
    app.parts.snapshots.forget(&ticket.key);
    opening::close_session(&client, &ticket.token).await;
    let instance = instance_of(&client, scene.instance).await;
    app.land(attempt, opening::signed_out(place, client, instance, None, Some(ticket.key.username)))
}

/// Goes to an account that is signed in on this computer.
pub async fn switch_account(app: &AppState, args: AccountArgs) -> Result<View, Failure> {
    let Some(place) = app.parts.places.known().place(&args.place).cloned() else {
        return Err(refused(Problem::new(ErrorCode::NotFound).detail("This account is not known on this computer.")));
    };
    let attempt = app.session.attempt();
    let scene = opening::open(app, place, Who::Account(args.username)).await;
    app.land(attempt, scene)
}

/// Shows the sign-in screen; who is signed in stays so, and is one of the accounts to switch to.
pub async fn add_account(app: &AppState, _: NoArgs) -> Result<View, Failure> {
    if app.ticket().is_err() {
        return Ok(app.view());
    }
    let (place, client, scene) = reached(app)?;
    let attempt = app.session.attempt();
    let instance = instance_of(&client, scene.instance).await;
    app.land(attempt, opening::signed_out(place, client, instance, None, None))
}

async fn ask_in(app: &AppState, client: &Client, login: &str, password: Secret) -> ApiResult<SignedIn> {
    let device = Some(app.parts.device.clone());
    client.sign_in(&Caller::default(), SignIn { login: login.to_owned(), password, client: device }).await
}

/// Keeps a new session and shows it. If a later wish overtook it, it is closed again.
pub(super) async fn establish(
    app: &AppState,
    attempt: Attempt,
    place: Place,
    client: Client,
    signed_in: SignedIn,
    by_backup_code: bool,
) -> Result<View, Failure> {
    let key = AccountKey { place: place.id.clone(), username: signed_in.profile.username };
    let token = signed_in.token;
    let before = app.parts.tokens.read(&key).await.ok().flatten();
    app.parts.tokens.write(&key, &token).await;
    app.parts.places.change(|known| {
        known.use_place(&place);
        known.use_account(&key, &signed_in.profile.name);
    });
    let who = Who::Account(key.username.clone());
    let at = At { place, client: client.clone(), key: key.clone(), token: token.clone(), who };
    let scene = opening::restore(app, at).await;
    let mut view = match app.land(attempt, scene) {
        Ok(view) => view,
        Err(overtaken) => {
            app.forget_account(&key, &token).await;
            opening::close_session(&client, &token).await;
            return Err(overtaken);
        }
    };
    if let Some(before) = before.filter(|before| *before != token) {
        // The same account was signed in already: nobody has the old token any more.
        opening::close_session(&client, &before).await;
    }
    let said =
        Arrival { by_backup_code, backup_codes_remaining: signed_in.backup_codes_remaining, alerts: signed_in.alerts };
    notifications::arrived(app, &key, &said);
    // Said once, with this answer: no later view asks the person again.
    if let Phase::SignedIn { arrival, .. } = &mut view.phase {
        *arrival = Some(said);
    }
    Ok(view)
}

/// The sign-in screen wants to know what the place is, and does without where it cannot be asked.
pub(super) async fn instance_of(
    client: &Client,
    known: Option<latchkey_api::instance::Instance>,
) -> Option<latchkey_api::instance::Instance> {
    match known {
        Some(instance) => Some(instance),
        None => opening::ask(client).await.ok(),
    }
}
