//! The native file picker.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use tauri::{AppHandle, Manager};

/// Title of the picker: the label of the button that opens it.
pub const SELECT_IMAGE: &str = "Select Image";

/// Ending of the files the picker shows at first.
const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"];

/// Asks the person for files.
#[async_trait::async_trait]
pub trait Dialogs: Send + Sync {
    /// A picture to read; `None` when the person changed their mind.
    async fn open_picture(&self) -> Option<PathBuf>;
}

/// The picker of the desktop, above the app's window.
pub struct NativeDialogs(AppHandle);

impl NativeDialogs {
    /// Dialogs of this app.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }
}

#[async_trait::async_trait]
impl Dialogs for NativeDialogs {
    async fn open_picture(&self) -> Option<PathBuf> {
        // GTK matches endings with their case, and cameras write capitals.
        let endings: Vec<String> =
            PICTURES.iter().flat_map(|ending| [(*ending).to_owned(), ending.to_uppercase()]).collect();
        let mut dialog = rfd::AsyncFileDialog::new()
            .set_title(SELECT_IMAGE)
            .add_filter("Pictures", &endings)
            .add_filter("All files", &["*"]);
        if let Some(window) = self.0.get_webview_window(crate::WINDOW) {
            dialog = dialog.set_parent(&window);
        }
        dialog.pick_file().await.map(|file| file.path().to_owned())
    }
}

/// Answers that were written down before, for tests without a screen.
#[derive(Default)]
pub struct Scripted(Mutex<VecDeque<Option<PathBuf>>>);

impl Scripted {
    /// The next picker that opens is answered with this.
    pub fn answer(&self, path: Option<PathBuf>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(path);
    }
}

#[async_trait::async_trait]
impl Dialogs for Scripted {
    /// Panics where a picker opens that nobody expected.
    async fn open_picture(&self) -> Option<PathBuf> {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.expect("a file picker opened without an answer written down")
    }
}
