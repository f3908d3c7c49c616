//! Where the account is: this computer or a server.

use latchkey_api::desktop::{
    CheckServer, ChoosePlace, Failure, NoArgs, Place, PlaceArgs, ServerFound, ShellCode, Transport, View,
};

use super::credential_access;
use crate::{
    address::Address,
    error::failure,
    opening,
    places::{LOCAL, this_computer},
    scene::{Scene, State, Who},
    state::AppState,
};

/// What the window shows. The first call opens the place used last; calls meanwhile wait for it.
pub async fn get_view(app: &AppState, _: NoArgs) -> Result<View, Failure> {
    app.started
        .get_or_init(|| async {
            let attempt = app.session.attempt();
            let scene = opening::start(app).await;
            // Cancelled means that the person went elsewhere meanwhile: the view is the one they asked for.
            let _ = app.land(attempt, scene);
        })
        .await;
    Ok(app.view())
}

/// Opens again what was unavailable.
pub async fn retry(app: &AppState, _: NoArgs) -> Result<View, Failure> {
    let scene = app.session.scene();
    let State::Unavailable { who, .. } = scene.state else { return Ok(app.view()) };
    let attempt = app.session.attempt();
    let scene = match scene.place {
        Some(place) => opening::open(app, place, who).await,
        None => opening::start(app).await,
    };
    app.land(attempt, scene)
}

/// Asks a server what it is.
pub async fn check_server(app: &AppState, args: CheckServer) -> Result<ServerFound, Failure> {
    let address = Address::parse(&args.address)?;
    let second = address.without_encryption_here();
    let (address, instance) = match (opening::reach(app, &address.place("")).await, second) {
        (Ok((_, instance)), _) => (address, instance),
        (Err(failure), None) => return Err(failure),
        (Err(failure), Some(second)) => match opening::reach(app, &second.place("")).await {
            Ok((_, instance)) => (second, instance),
            Err(_) => return Err(failure),
        },
    };
    Ok(ServerFound {
        origin: address.origin(),
        name: instance.name,
        version: instance.version,
        sign_up: instance.sign_up,
        transport: address.transport(),
    })
}

/// Goes to a place. A server that is not known yet has to answer first; otherwise the window stays where it is.
pub async fn choose_place(app: &AppState, args: ChoosePlace) -> Result<View, Failure> {
    let known = app.parts.places.known().place(&args.id).cloned();
    let place = match known {
        Some(place) => place,
        None if args.id == LOCAL => this_computer(),
        None => return choose_new_server(app, &args).await,
    };
    let attempt = app.session.attempt();
    let scene = opening::open(app, place, Who::LastUsed).await;
    app.land(attempt, scene)
}

async fn choose_new_server(app: &AppState, args: &ChoosePlace) -> Result<View, Failure> {
    let address = Address::parse(&args.id)?;
    if address.transport() == Transport::Plain && !args.accept_plain {
        let sentence = "Passwords would travel to this server without encryption.";
        return Err(failure(ShellCode::AddressInsecure, sentence.to_owned()));
    }
    let attempt = app.session.attempt();
    let place = address.place(address.origin());
    let (client, instance) = opening::reach(app, &place).await?;
    let login = app.parts.places.known().login(&place.id);
    app.parts.tokens.probe().await;
    app.land(attempt, opening::signed_out(place, client, Some(instance), None, login))
}

/// Forgets a place with the accounts that are signed in there: their sessions are closed and their tokens wiped.
pub async fn forget_place(app: &AppState, args: PlaceArgs) -> Result<View, Failure> {
    let Some(place) = app.parts.places.known().place(&args.id).cloned() else { return Ok(app.view()) };
    let attempt = app.session.attempt();
    let was_here = app.session.scene().place.is_some_and(|current| current.id == place.id);
    let _quiet = was_here.then(|| app.session.quiet());
    if place.id == LOCAL && app.rest.status().await.enabled {
        // Off, even if that cannot be remembered.
        if let Err(failure) = app.rest.set(false, None).await {
            tracing::warn!(code = ?failure.code, "the REST API may be on at the next start");
        }
    }
    let accounts = app.parts.places.change(|known| known.forget_place(&place.id));
    for key in accounts {
        credential_access::undo(app, &key).await;
        let token = app.parts.tokens.read(&key).await;
        app.parts.tokens.forget(&key).await;
        app.parts.snapshots.forget(&key);
        if let (Ok(Some(token)), Ok(client)) = (token, app.parts.connector.connect(&place).await) {
            opening::close_session(&client, &token).await;
        }
    }
    if !was_here {
        return Ok(app.view());
    }
    let scene = match app.parts.places.known().last_place().cloned() {
        Some(next) => opening::open(app, next, Who::LastUsed).await,
        None => Scene::first_run(),
    };
    app.land(attempt, scene)
}

/// The place in the window, reached.
pub(super) fn reached(app: &AppState) -> Result<(Place, latchkey_client::Client, Scene), Failure> {
    let scene = app.session.scene();
    match (scene.place.clone(), scene.client.clone()) {
        (Some(place), Some(client)) => Ok((place, client, scene)),
        _ => Err(crate::error::nobody()),
    }
}
