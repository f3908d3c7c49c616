//! Opening a place: connect, read the token, read the profile, or what was seen of it before where the place is out of
//! reach. It always lands somewhere.

use std::time::Duration;

use latchkey_api::{
    common::Caller,
    desktop::{Failure, Place, ProfileView, SignedOutReason, Transport},
    instance::{Instance, InstanceApi},
    problem::{ApiResult, ErrorCode, Problem},
    profile::{Profile, ProfileApi},
    sessions::{SessionPath, SessionsApi},
    wire::{Secret, Versioned},
};
use latchkey_client::Client;

use crate::{
    commands::credential_access,
    error::{ends_session, refused},
    places::AccountKey,
    scene::{Account, Scene, SecondStep, State, Who},
    snapshot::Seen,
    state::AppState,
};

/// How long a profile that was read waits for what the place says of itself.
const INSTANCE: Duration = Duration::from_secs(3);

/// How long a place may take to answer before the person is told, and can go elsewhere. A client by itself waits longer:
/// it is patient with answers the person can see on their way.
const ANSWER: Duration = Duration::from_secs(20);

/// How long both may take where there is something to show meanwhile.
const SOON: Duration = Duration::from_secs(4);

/// How long the service may take to hear that a session is over, before the person is let go all the same.
const FAREWELL: Duration = Duration::from_secs(5);

/// Reads what is known and opens the place used last.
pub(crate) async fn start(app: &AppState) -> Scene {
    if let Err(failure) = app.parts.places.load() {
        return Scene::unavailable(None, failure, Who::LastUsed);
    }
    if let Some(place) = app.parts.places.known().last_place().cloned() {
        return open(app, place, Who::LastUsed).await;
    }
    app.parts.tokens.probe().await;
    Scene::first_run()
}

/// Opens a place for an account. One the keychain has no token of is not signed in any more, and leaves the list.
pub(crate) async fn open(app: &AppState, place: Place, who: Who) -> Scene {
    open_or(app, place, who, true).await
}

/// Opens a place for an account, for a program whose keychain need not be the one of the window: it may run on another
/// bus. The list of accounts is not its to shorten, and what was seen before is no answer to it.
pub(crate) async fn look(app: &AppState, place: Place, who: Who) -> Scene {
    open_or(app, place, who, false).await
}

async fn open_or(app: &AppState, place: Place, who: Who, in_window: bool) -> Scene {
    let key = match &who {
        Who::LastUsed => app.parts.places.known().last_account(&place.id),
        Who::Account(username) => Some(AccountKey { place: place.id.clone(), username: username.clone() }),
    };
    let token = async {
        if let Some(key) = &key {
            return app.parts.tokens.read(key).await;
        }
        app.parts.tokens.probe().await;
        Ok(None)
    };
    let (client, token) = tokio::join!(app.parts.connector.connect(&place), token);
    let client = match client {
        Ok(client) => client,
        Err(failure) => return Scene::unavailable(Some(place), failure, who),
    };
    match (key, token) {
        (Some(key), Ok(Some(token))) => {
            let at = At { place, client, key, token, who };
            if in_window { restore_or_show(app, at).await } else { restore(app, at).await }
        }
        (Some(key), Ok(None)) => {
            if in_window {
                app.parts.places.change(|known| known.forget_account(&key));
                app.parts.snapshots.forget(&key);
                credential_access::undo(app, &key).await;
            }
            sign_in_screen(place, client, None, Some(key.username), who).await
        }
        (key, _) => {
            let login = key.map(|key| key.username).or_else(|| app.parts.places.known().login(&place.id));
            sign_in_screen(place, client, None, login, who).await
        }
    }
}

/// Shows the account of a token.
pub(crate) async fn restore(app: &AppState, at: At) -> Scene {
    let answers = at.ask().await;
    show(app, at, answers).await
}

/// Shows the account of a token, or what was seen of it before where its place is out of reach.
async fn restore_or_show(app: &AppState, at: At) -> Scene {
    let mut asked = Box::pin(at.ask());
    let early = tokio::time::timeout(SOON, asked.as_mut()).await.ok();
    let out_of_reach = early.as_ref().is_none_or(|(profile, _)| profile.as_ref().is_err_and(is_out_of_reach));
    if out_of_reach && let Some(seen) = app.parts.snapshots.open(&at.key).await {
        return shown_before(at, seen);
    }
    let answers = match early {
        Some(answers) => answers,
        None => asked.await,
    };
    show(app, at, answers).await
}

/// Whose account is opened, and where.
pub(crate) struct At {
    pub(crate) place: Place,
    pub(crate) client: Client,
    pub(crate) key: AccountKey,
    pub(crate) token: Secret,
    pub(crate) who: Who,
}

/// The account, and what the place says of itself.
type Answers = (ApiResult<Versioned<Profile>>, Option<Instance>);

impl At {
    fn ask(&self) -> impl Future<Output = Answers> + use<> {
        let (client, caller) = (self.client.clone(), Caller::with_token(self.token.expose()));
        async move { tokio::join!(in_time(client.get_profile(&caller)), ask_soon(&client)) }
    }
}

async fn show(app: &AppState, at: At, (profile, instance): Answers) -> Scene {
    let At { place, client, key, token, who } = at;
    match profile {
        Ok(read) => {
            let profile = ProfileView { profile: read.value, etag: read.etag };
            let state = State::SignedIn(Box::new(Account { key, token, profile, saved: None }));
            Scene { place: Some(named(place, instance.as_ref())), client: Some(client), instance, state }
        }
        Err(problem) => match ends_session(&problem) {
            Some(reason) => {
                app.forget_account(&key, &token).await;
                sign_in_screen(place, client, Some(reason), Some(key.username), who).await
            }
            None => Scene::unavailable(Some(place), refused(problem), who),
        },
    }
}

/// Shows what was seen of an account before.
fn shown_before(At { place, client, key, token, .. }: At, seen: Seen) -> Scene {
    let Seen { profile, snapshot } = seen;
    let instance = snapshot.instance.as_ref().map(|kept| kept.value.clone());
    let state = State::SignedIn(Box::new(Account { key, token, profile, saved: Some(Box::new(snapshot)) }));
    Scene { place: Some(place), client: Some(client), instance, state }
}

/// Whether nobody answered. Somebody who answers in a strange way is not the server, and that is said.
fn is_out_of_reach(problem: &Problem) -> bool {
    matches!(problem.code(), ErrorCode::Offline | ErrorCode::TimedOut | ErrorCode::ConnectionLost)
}

/// Shows the sign-in screen of a place that can be reached.
pub(crate) async fn sign_in_screen(
    place: Place,
    client: Client,
    reason: Option<SignedOutReason>,
    login: Option<String>,
    who: Who,
) -> Scene {
    match ask(&client).await {
        Ok(instance) => signed_out(place, client, Some(instance), reason, login),
        // The place did answer, just now: the reason is worth more than what the place says of itself.
        Err(_) if reason.is_some() => signed_out(place, client, None, reason, login),
        Err(problem) => Scene::unavailable(Some(place), refused(problem), who),
    }
}

/// The sign-in screen of a place.
pub(crate) fn signed_out(
    place: Place,
    client: Client,
    instance: Option<Instance>,
    reason: Option<SignedOutReason>,
    login: Option<String>,
) -> Scene {
    let state = State::SignedOut { reason, login };
    Scene { place: Some(named(place, instance.as_ref())), client: Some(client), instance, state }
}

/// The second step of signing in at a place.
pub(crate) fn second_factor(place: Place, client: Client, instance: Option<Instance>, step: SecondStep) -> Scene {
    let state = State::SecondFactor(step);
    Scene { place: Some(named(place, instance.as_ref())), client: Some(client), instance, state }
}

/// Asks a place what it is, without insisting.
pub(crate) async fn ask_soon(client: &Client) -> Option<Instance> {
    tokio::time::timeout(INSTANCE, ask(client)).await.ok().and_then(Result::ok)
}

/// Asks a place what it is.
pub(crate) async fn ask(client: &Client) -> ApiResult<Instance> {
    in_time(client.get_instance(&Caller::default())).await
}

async fn in_time<T>(call: impl Future<Output = ApiResult<T>>) -> ApiResult<T> {
    tokio::time::timeout(ANSWER, call).await.unwrap_or_else(|_| Err(Problem::new(ErrorCode::TimedOut)))
}

/// Connects to a place and asks what it is.
pub(crate) async fn reach(app: &AppState, place: &Place) -> Result<(Client, Instance), Failure> {
    let client = app.parts.connector.connect(place).await?;
    let instance = ask(&client).await.map_err(refused)?;
    Ok((client, instance))
}

/// Tells the service that a session is over, without insisting: it ends by itself if it is not used.
pub(crate) async fn close_session(client: &Client, token: &Secret) {
    let caller = Caller::with_token(token.expose());
    let path = SessionPath { id: "current".into() };
    match tokio::time::timeout(FAREWELL, client.close_session(&caller, path)).await {
        Ok(Ok(())) => {}
        Ok(Err(problem)) if ends_session(&problem).is_some() => {}
        Ok(Err(problem)) => tracing::warn!(%problem, "a session was let go of without telling the service"),
        Err(_elapsed) => tracing::warn!("a session was let go of without telling the service: it does not answer"),
    }
}

/// Servers say their names themselves; this computer is called that.
fn named(mut place: Place, instance: Option<&Instance>) -> Place {
    if let (Some(instance), true) = (instance, place.transport != Transport::Local) {
        place.name.clone_from(&instance.name);
    }
    place
}
