//! The parts of a desktop that a command line has not.

use std::path::PathBuf;

use latchkey_api::{
    activity::Push,
    desktop::{
        AvatarProgress, ConnectionTrouble, DialogWords, Failure, PictureDrag, Request, ShellCode, SshKeyDrag, View,
    },
    wire::Secret,
};

use crate::{
    app_window::AppWindow,
    browser::Browser,
    clipboard::{Clipboard, Pixels},
    dialogs::{Dialogs, SaveFile},
    error::failure,
    events::Events,
    notifications::{Notice, Notifier},
    printer::Printer,
};

/// No window: nothing is asked, shown or put anywhere.
pub(super) struct Windowless;

#[async_trait::async_trait]
impl Dialogs for Windowless {
    async fn open_picture(&self, _: &DialogWords) -> Option<PathBuf> {
        None
    }

    async fn open_public_key(&self, _: &DialogWords, _: PathBuf) -> Option<PathBuf> {
        None
    }

    async fn open_folder(&self, _: &DialogWords, _: PathBuf) -> Option<PathBuf> {
        None
    }

    async fn save_file(&self, _: SaveFile) -> Option<PathBuf> {
        None
    }
}

impl Clipboard for Windowless {
    fn write_text(&self, _: &str) -> Result<(), Failure> {
        Err(failure(ShellCode::ClipboardUnavailable, None))
    }

    fn write_secret(&self, _: &Secret) -> Result<(), Failure> {
        Err(failure(ShellCode::ClipboardUnavailable, None))
    }

    fn clear_if(&self, _: &Secret) {}

    fn read_picture(&self) -> Result<Pixels, Failure> {
        Err(failure(ShellCode::ClipboardUnavailable, None))
    }
}

impl Browser for Windowless {
    fn open(&self, _: &str) -> Result<(), Failure> {
        Err(failure(ShellCode::BrowserUnavailable, None))
    }
}

#[async_trait::async_trait]
impl Printer for Windowless {
    async fn print(&self) -> Result<(), Failure> {
        Err(failure(ShellCode::PrinterUnavailable, None))
    }
}

impl Events for Windowless {
    fn view(&self, _: &View) {}
    fn avatar_progress(&self, _: AvatarProgress) {}
    fn picture_drag(&self, _: &PictureDrag) {}
    fn ssh_key_drag(&self, _: &SshKeyDrag) {}
    fn connection_trouble(&self, _: &ConnectionTrouble) {}
    fn push(&self, _: &Push) {}
    fn lost(&self) {}
    fn request(&self, _: &Request) {}
    fn closing(&self) {}
}

#[async_trait::async_trait]
impl Notifier for Windowless {
    fn show(&self, _: Notice) {}

    async fn available(&self) -> bool {
        false
    }
}

impl AppWindow for Windowless {
    fn press_close(&self) {}
    fn quit(&self) {}
}
