//! A file that is dragged over the window or dropped on it: a picture for the avatar, or a public SSH key.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use latchkey_api::desktop::{PictureDrag, ShellCode, SshKeyDrag};
use tauri::DragDropEvent;

use crate::{
    blocking::blocking,
    dialogs::PICTURES,
    error::failure,
    picture::{Picture, begins_like_a_picture},
    public_key_file,
    state::AppState,
};

/// What became of files that were dropped.
#[derive(Clone, Debug, PartialEq)]
pub enum Dropped {
    /// A picture, by its name or by what is in it.
    Picture(PictureDrag),
    /// Something else: a public key, or what should have been one.
    SshKey(SshKeyDrag),
}

/// Takes what the window says about a drag and tells the page. Nothing happens unless somebody is signed in: there is
/// nothing to add a file to then.
pub fn handle(app: &Arc<AppState>, event: &DragDropEvent) {
    if app.session.ticket().is_none() {
        return;
    }
    let events = &app.parts.events;
    match event {
        DragDropEvent::Enter { paths, .. } => match paths.first() {
            Some(path) if is_picture(path) => events.picture_drag(&PictureDrag::Over),
            Some(_) => events.ssh_key_drag(&SshKeyDrag::Over),
            None => {}
        },
        // It is not said what left.
        DragDropEvent::Leave => {
            events.picture_drag(&PictureDrag::Left);
            events.ssh_key_drag(&SshKeyDrag::Left);
        }
        DragDropEvent::Drop { paths, .. } => {
            let (app, paths) = (Arc::clone(app), paths.clone());
            tauri::async_runtime::spawn(async move {
                let looked_like_a_key = paths.first().is_some_and(|path| !is_picture(path));
                match dropped(&app, paths).await {
                    Some(Dropped::Picture(drag)) => {
                        if looked_like_a_key {
                            app.parts.events.ssh_key_drag(&SshKeyDrag::Left);
                        }
                        app.parts.events.picture_drag(&drag);
                    }
                    Some(Dropped::SshKey(drag)) => app.parts.events.ssh_key_drag(&drag),
                    None => {}
                }
            });
        }
        _ => {}
    }
}

/// What comes of files that were dropped; `None` where there are none.
pub async fn dropped(app: &AppState, mut paths: Vec<PathBuf>) -> Option<Dropped> {
    let several = paths.len() > 1;
    let path = paths.drain(..).next()?;
    let picture = is_picture(&path);
    if several {
        let refused = |what: &str| failure(ShellCode::FileUnreadable, format!("Drop one {what}, not several."));
        return Some(if picture {
            Dropped::Picture(PictureDrag::Refused { failure: refused("picture") })
        } else {
            Dropped::SshKey(SshKeyDrag::Refused { failure: refused("file") })
        });
    }
    if picture || is_picture_inside(&path).await {
        return Some(Dropped::Picture(match app.pictures.keep(move || Picture::from_file(&path)).await {
            Ok(picture) => PictureDrag::Dropped { picture },
            Err(failure) => PictureDrag::Refused { failure },
        }));
    }
    Some(Dropped::SshKey(match blocking(move || public_key_file::read(&path)).await {
        Ok(key) => SshKeyDrag::Dropped { key },
        Err(failure) => SshKeyDrag::Refused { failure },
    }))
}

/// By its ending: a file that is only dragged over the window is not read.
fn is_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    PICTURES.iter().any(|picture| ending.eq_ignore_ascii_case(picture))
}

/// Pictures that come without an ending are taken, too.
async fn is_picture_inside(path: &Path) -> bool {
    if path.extension().is_some_and(|ending| ending == "pub") {
        return false;
    }
    let path = path.to_owned();
    blocking(move || Ok(begins_like_a_picture(&path))).await.unwrap_or(false)
}
