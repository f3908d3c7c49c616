//! What the shell tells the page without being asked.

use latchkey_api::{
    activity::Push,
    desktop::{AvatarProgress, ConnectionTrouble, PictureDrag, Request, SshKeyDrag, View},
};
use serde::Serialize;
use tauri::{AppHandle, Emitter};

/// Tells the page; the methods are the keys of the contract's `Events`.
pub trait Events: Send + Sync {
    /// The view changed without a command.
    fn view(&self, view: &View);
    /// How far an upload is.
    fn avatar_progress(&self, progress: AvatarProgress);
    /// A file over the window.
    fn picture_drag(&self, drag: &PictureDrag);
    /// A file that is no picture over the window.
    fn ssh_key_drag(&self, drag: &SshKeyDrag);
    /// What waiting for a connection ran into.
    fn connection_trouble(&self, trouble: &ConnectionTrouble);
    /// Something happened on the account in the window.
    fn push(&self, push: &Push);
    /// The server stopped answering while somebody is signed in.
    fn lost(&self);
    /// Somebody asked, outside of the window, to see a part of the account.
    fn request(&self, request: &Request);
    /// The window is about to close.
    fn closing(&self);
}

/// Events to the app's window.
pub struct WindowEvents(AppHandle);

impl WindowEvents {
    /// Events of this app.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }

    fn emit(&self, name: &str, payload: &impl Serialize) {
        if let Err(error) = self.0.emit_to(crate::WINDOW, name, payload) {
            tracing::warn!(%error, name, "the window cannot be told");
        }
    }
}

impl Events for WindowEvents {
    fn view(&self, view: &View) {
        self.emit("view", view);
    }

    fn avatar_progress(&self, progress: AvatarProgress) {
        self.emit("avatar_progress", &progress);
    }

    fn picture_drag(&self, drag: &PictureDrag) {
        self.emit("picture_drag", drag);
    }

    fn ssh_key_drag(&self, drag: &SshKeyDrag) {
        self.emit("ssh_key_drag", drag);
    }

    fn connection_trouble(&self, trouble: &ConnectionTrouble) {
        self.emit("connection_trouble", trouble);
    }

    fn push(&self, push: &Push) {
        self.emit("push", push);
    }

    fn lost(&self) {
        self.emit("lost", &());
    }

    fn request(&self, request: &Request) {
        self.emit("request", request);
    }

    fn closing(&self) {
        self.emit("closing", &());
    }
}
