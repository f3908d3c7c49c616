//! The REST API of the service in this app.

use latchkey_api::{
    desktop::{Failure, NoArgs, RestApi, SetRestApi, Transport},
    problem::{ErrorCode, Problem},
};

use super::place::reached;
use crate::{error::refused, state::AppState};

/// Says how it stands, wherever the account in the window is: it goes on while the person is elsewhere.
pub async fn get_rest_api(app: &AppState, _: NoArgs) -> Result<RestApi, Failure> {
    Ok(app.rest.status().await)
}

/// Switches it: off from anywhere, on for an account on this computer.
pub async fn set_rest_api(app: &AppState, args: SetRestApi) -> Result<RestApi, Failure> {
    if args.enabled {
        here(app)?;
    }
    app.rest.set(args.enabled, args.port).await?;
    Ok(app.rest.status().await)
}

/// A server has its REST API anyway, and says itself where.
fn here(app: &AppState) -> Result<(), Failure> {
    let (place, _, _) = reached(app)?;
    if place.transport == Transport::Local {
        return Ok(());
    }
    let detail = "The REST API is switched on for accounts on this computer. A server always has one.";
    Err(refused(Problem::new(ErrorCode::NotFound).detail(detail)))
}
