//! The clipboard: text goes out, pictures come in. The page itself has no access to it.

mod secret;

pub use secret::{LASTS, SecretOnClipboard};

use latchkey_api::{
    desktop::{Failure, ShellCode},
    wire::Secret,
};
use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;

use crate::error::failure;

/// A picture in memory: four bytes a pixel, RGBA, row by row from the top.
pub struct Pixels {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
}

/// The clipboard. Its calls block on other programs.
pub trait Clipboard: Send + Sync {
    /// Puts text on it. Answers `clipboard_unavailable`.
    fn write_text(&self, text: &str) -> Result<(), Failure>;

    /// Puts text on it that clipboard managers are asked not to keep. Answers `clipboard_unavailable`.
    fn write_secret(&self, secret: &Secret) -> Result<(), Failure>;

    /// Empties it if exactly this text is on it. A later copy, by any program, is left alone.
    fn clear_if(&self, secret: &Secret);

    /// The picture on it. Answers `clipboard_empty` or `clipboard_unavailable`.
    fn read_picture(&self) -> Result<Pixels, Failure>;
}

/// The clipboard of the desktop.
pub struct SystemClipboard(AppHandle);

impl SystemClipboard {
    /// The clipboard, through the app's plugin.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }
}

impl Clipboard for SystemClipboard {
    fn write_text(&self, text: &str) -> Result<(), Failure> {
        self.0.clipboard().write_text(text).map_err(|error| {
            tracing::warn!(%error, "the clipboard takes no text");
            failure(ShellCode::ClipboardUnavailable, None)
        })
    }

    fn write_secret(&self, secret: &Secret) -> Result<(), Failure> {
        self.0.clipboard().write_secret(secret.expose()).map_err(|error| {
            tracing::warn!(%error, "the clipboard takes no text");
            failure(ShellCode::ClipboardUnavailable, None)
        })
    }

    fn clear_if(&self, secret: &Secret) {
        let clipboard = self.0.clipboard();
        let there = clipboard.read_text().map(zeroize::Zeroizing::new);
        if there.is_ok_and(|text| *text == secret.expose())
            && let Err(error) = clipboard.clear()
        {
            tracing::warn!(%error, "a secret stays on the clipboard");
        }
    }

    fn read_picture(&self) -> Result<Pixels, Failure> {
        match self.0.clipboard().read_image() {
            Ok(image) => Ok(Pixels { width: image.width(), height: image.height(), rgba: image.rgba().to_vec() }),
            Err(error) => Err(explain(&error.to_string())),
        }
    }
}

/// The plugin hands on the words of its clipboard library and not the kind of the error.
fn explain(error: &str) -> Failure {
    let nothing_there = ["not available in the requested format", "could not be converted"];
    if nothing_there.iter().any(|words| error.contains(words)) {
        return failure(ShellCode::ClipboardEmpty, None);
    }
    tracing::warn!(error, "the clipboard cannot be read");
    failure(ShellCode::ClipboardUnavailable, None)
}
