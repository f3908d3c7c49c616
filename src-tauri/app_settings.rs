//! What the person chose of the app on this computer, whoever is signed in. The start at login is not among it: it is what
//! the desktop has ([`login_start`](crate::login_start)).

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use latchkey_api::desktop::{Failure, ShellCode};
use serde::{Deserialize, Serialize};

use crate::{choice_file, error::failure};

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chosen {
    /// An entry in the tray. Off until somebody wants it.
    pub tray: bool,
    /// Notifications of the desktop.
    pub notifications: bool,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { tray: false, notifications: true }
    }
}

/// The choices, and the file they are in.
pub struct ChosenSettings {
    file: PathBuf,
    /// Once the file was read: what was chosen holds, whether it can be written or not.
    chosen: Mutex<Option<Chosen>>,
}

impl ChosenSettings {
    /// Choices in a file, which need not exist.
    pub fn at(file: PathBuf) -> Self {
        Self { file, chosen: Mutex::default() }
    }

    /// The choices now.
    pub fn now(&self) -> Chosen {
        *self.lock().get_or_insert_with(|| choice_file::read(&self.file))
    }

    /// Chooses anew. Blocks.
    pub fn change(&self, change: impl FnOnce(&mut Chosen)) -> Result<(), Failure> {
        let mut chosen = self.now();
        change(&mut chosen);
        *self.lock() = Some(chosen);
        choice_file::write(&self.file, &chosen).map_err(|error| {
            tracing::warn!(%error, "a setting of the app is not remembered");
            let detail = format!("{} cannot be written: {error}. It holds until Latchkey ends.", self.file.display());
            failure(ShellCode::FileUnwritable, detail)
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Chosen>> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
