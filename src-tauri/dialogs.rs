//! The native dialogs for files.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use latchkey_api::desktop::DialogWords;
use rfd::AsyncFileDialog;
use tauri::{AppHandle, Manager};

/// Ending of the files the picker shows at first.
pub(crate) const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"];

/// Asks the person for files, in these words.
#[async_trait::async_trait]
pub trait Dialogs: Send + Sync {
    /// A picture to read; `None` when the person changed their mind.
    async fn open_picture(&self, words: &DialogWords) -> Option<PathBuf>;

    /// A public key to read, looked for in this folder first; `None` when the person changed their mind.
    async fn open_public_key(&self, words: &DialogWords, begin: PathBuf) -> Option<PathBuf>;

    /// A folder, looked for in this one first; `None` when the person changed their mind.
    async fn open_folder(&self, words: &DialogWords, begin: PathBuf) -> Option<PathBuf>;

    /// Where to write a file; `None` when the person changed their mind. Whether a file that is there already may be
    /// replaced was asked by then.
    async fn save_file(&self, ask: SaveFile) -> Option<PathBuf>;
}

/// What a dialog asks that says where to write a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveFile {
    /// Title of the dialog.
    pub title: String,
    /// The name the file has unless the person gives it another.
    pub name: String,
    /// What kind of file it is, in words, and the ending such files have.
    pub kind: (String, &'static str),
    /// What every kind of files is called.
    pub all_files: String,
}

impl SaveFile {
    /// A text.
    pub fn text(words: &DialogWords, title: &str, name: String) -> Self {
        Self { title: title.into(), name, kind: (words.text_files.clone(), "txt"), all_files: words.all_files.clone() }
    }

    /// A JSON document.
    pub fn json(words: &DialogWords, title: &str, name: String) -> Self {
        let kind = (words.json_documents.clone(), "json");
        Self { title: title.into(), name, kind, all_files: words.all_files.clone() }
    }
}

/// The dialogs of the desktop. On Linux they are windows of their own: rfd's GTK backend knows no parent, and what is
/// set as one takes effect on other systems alone.
pub struct NativeDialogs(AppHandle);

impl NativeDialogs {
    /// Dialogs of this app.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }

    fn dialog(&self, title: &str) -> AsyncFileDialog {
        let dialog = AsyncFileDialog::new().set_title(title);
        match self.0.get_webview_window(crate::WINDOW) {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }
}

#[async_trait::async_trait]
impl Dialogs for NativeDialogs {
    async fn open_picture(&self, words: &DialogWords) -> Option<PathBuf> {
        // GTK matches endings with their case, and cameras write capitals.
        let endings: Vec<String> =
            PICTURES.iter().flat_map(|ending| [(*ending).to_owned(), ending.to_uppercase()]).collect();
        let dialog = self.dialog(&words.select_image).add_filter(&words.pictures, &endings);
        let dialog = dialog.add_filter(&words.all_files, &["*"]);
        dialog.pick_file().await.map(|file| file.path().to_owned())
    }

    async fn open_public_key(&self, words: &DialogWords, begin: PathBuf) -> Option<PathBuf> {
        let mut dialog = self.dialog(&words.choose_file).add_filter(&words.public_keys, &["pub"]);
        dialog = dialog.add_filter(&words.all_files, &["*"]);
        if begin.is_dir() {
            dialog = dialog.set_directory(begin);
        }
        dialog.pick_file().await.map(|file| file.path().to_owned())
    }

    async fn open_folder(&self, words: &DialogWords, begin: PathBuf) -> Option<PathBuf> {
        let dialog = self.dialog(&words.choose_folder).set_directory(begin);
        dialog.pick_folder().await.map(|folder| folder.path().to_owned())
    }

    async fn save_file(&self, ask: SaveFile) -> Option<PathBuf> {
        let (kind, ending) = ask.kind;
        let mut dialog = self.dialog(&ask.title).set_file_name(ask.name);
        dialog = dialog.add_filter(kind, &[ending]).add_filter(ask.all_files, &["*"]);
        let paths = self.0.path();
        if let Ok(folder) = paths.document_dir().or_else(|_| paths.home_dir()) {
            dialog = dialog.set_directory(folder);
        }
        dialog.save_file().await.map(|file| file.path().to_owned())
    }
}

/// Answers that were written down before, for tests without a screen.
#[derive(Default)]
pub struct Scripted {
    answers: Mutex<VecDeque<Option<PathBuf>>>,
    asked: Mutex<Vec<SaveFile>>,
    titles: Mutex<Vec<String>>,
}

impl Scripted {
    /// The next dialog that opens is answered with this.
    pub fn answer(&self, path: Option<PathBuf>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back(path);
    }

    /// What the dialogs asked that say where to write a file.
    pub fn asked(&self) -> Vec<SaveFile> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The titles of all dialogs that opened.
    pub fn titles(&self) -> Vec<String> {
        self.titles.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Panics where a dialog opens that nobody expected.
    fn next(&self, title: &str) -> Option<PathBuf> {
        self.titles.lock().unwrap_or_else(PoisonError::into_inner).push(title.to_owned());
        let next = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.expect("a dialog opened without an answer written down")
    }
}

#[async_trait::async_trait]
impl Dialogs for Scripted {
    async fn open_picture(&self, words: &DialogWords) -> Option<PathBuf> {
        self.next(&words.select_image)
    }

    async fn open_public_key(&self, words: &DialogWords, _: PathBuf) -> Option<PathBuf> {
        self.next(&words.choose_file)
    }

    async fn open_folder(&self, words: &DialogWords, _: PathBuf) -> Option<PathBuf> {
        self.next(&words.choose_folder)
    }

    async fn save_file(&self, ask: SaveFile) -> Option<PathBuf> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(ask.clone());
        self.next(&ask.title)
    }
}
