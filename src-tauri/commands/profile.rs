//! The person's own profile.

use latchkey_api::{
    desktop::{Failure, NoArgs, ProfileView, UpdateProfile},
    profile::{IfMatch, ProfileApi},
};

use crate::state::AppState;

/// Reads the profile.
pub async fn get_profile(app: &AppState, _: NoArgs) -> Result<ProfileView, Failure> {
    let ticket = app.ticket()?;
    let read = |client: latchkey_client::Client, caller| async move { client.get_profile(&caller).await };
    let answer = app.call_as(&ticket, ticket.client.clone(), read).await?;
    let profile = app.take_profile(&ticket, answer)?;
    if ticket.saved {
        app.came_back(&ticket).await;
    }
    Ok(profile)
}

/// Changes the profile that was read with this tag. Answers `stale` when it was changed meanwhile.
pub async fn update_profile(app: &AppState, args: UpdateProfile) -> Result<ProfileView, Failure> {
    let ticket = app.ticket()?;
    let UpdateProfile { etag, patch } = args;
    let update = |client: latchkey_client::Client, caller| async move {
        client.update_profile(&caller, IfMatch { if_match: etag }, patch).await
    };
    let answer = app.call_as(&ticket, ticket.client.clone(), update).await?;
    app.take_profile(&ticket, answer)
}
