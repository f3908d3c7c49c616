//! The documentation of the API, with lines for the place in the window.

use latchkey_api::{
    desktop::{Failure, NoArgs, Transport},
    documentation::{ApiDocumentation, api_documentation},
};

use super::place::reached;
use crate::state::AppState;

/// The lines name the server, or this computer while its REST API is switched on. Nobody is asked for it: the app knows
/// the contract.
pub async fn get_api_documentation(app: &AppState, _: NoArgs) -> Result<ApiDocumentation, Failure> {
    let (place, _, _) = reached(app)?;
    let origin = if place.transport == Transport::Local { app.rest.url().await } else { Some(place.id) };
    Ok(api_documentation(origin.as_deref()))
}
