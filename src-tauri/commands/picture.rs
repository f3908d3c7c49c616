//! Choosing a picture.

use std::sync::Arc;

use latchkey_api::desktop::{ChosenPicture, Failure, NoArgs, PictureArgs};

use crate::{picture::Picture, state::AppState};

/// Opens the native picker. `None` when the person changed their mind.
pub async fn choose_picture(app: &AppState, _: NoArgs) -> Result<Option<ChosenPicture>, Failure> {
    let ticket = app.ticket()?;
    let Some(path) = app.parts.dialogs.open_picture(&app.words.now().dialogs).await else { return Ok(None) };
    // A picker can stay open for long: what it answers is for whoever opened it.
    if !app.session.holds(&ticket) {
        return Ok(None);
    }
    app.pictures.keep(move || Picture::from_file(&path)).await.map(Some)
}

/// Takes the picture on the clipboard.
pub async fn paste_picture(app: &AppState, _: NoArgs) -> Result<ChosenPicture, Failure> {
    app.ticket()?;
    let clipboard = Arc::clone(&app.parts.clipboard);
    app.pictures.keep(move || Picture::from_pixels(&clipboard.read_picture()?)).await
}

/// Lets go of a picture.
#[expect(clippy::unused_async, reason = "commands are asynchronous, as their callers are")]
pub async fn discard_picture(app: &AppState, args: PictureArgs) -> Result<(), Failure> {
    app.pictures.discard(&args.id);
    Ok(())
}
