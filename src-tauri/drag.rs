//! A file that is dragged over the window or dropped on it.

use std::{path::PathBuf, sync::Arc};

use latchkey_api::desktop::{PictureDrag, ShellCode};
use tauri::DragDropEvent;

use crate::{error::failure, picture::Picture, state::AppState};

/// Takes what the window says about a drag and tells the page. Nothing happens unless somebody is signed in: there is
/// no avatar to change then.
pub fn handle(app: &Arc<AppState>, event: &DragDropEvent) {
    if app.session.ticket().is_none() {
        return;
    }
    match event {
        DragDropEvent::Enter { paths, .. } if !paths.is_empty() => app.parts.events.picture_drag(&PictureDrag::Over),
        DragDropEvent::Leave => app.parts.events.picture_drag(&PictureDrag::Left),
        DragDropEvent::Drop { paths, .. } => {
            let (app, paths) = (Arc::clone(app), paths.clone());
            tauri::async_runtime::spawn(async move {
                let drag = dropped(&app, paths).await;
                app.parts.events.picture_drag(&drag);
            });
        }
        _ => {}
    }
}

/// What comes of files that were dropped.
pub async fn dropped(app: &AppState, mut paths: Vec<PathBuf>) -> PictureDrag {
    let path = match (paths.pop(), paths.is_empty()) {
        (Some(path), true) => path,
        (None, _) => return PictureDrag::Left,
        (Some(_), false) => {
            let failure = failure(ShellCode::FileUnreadable, "Drop one picture, not several.".to_owned());
            return PictureDrag::Refused { failure };
        }
    };
    match app.pictures.keep(move || Picture::from_file(&path)).await {
        Ok(picture) => PictureDrag::Dropped { picture },
        Err(failure) => PictureDrag::Refused { failure },
    }
}
