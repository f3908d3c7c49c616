//! What the person chose, in a small file beside the list of places.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use serde::{Serialize, de::DeserializeOwned};

use crate::private;

/// What was chosen. A file that cannot be read, or makes no sense, chooses nothing.
pub(crate) fn read<T: Default + DeserializeOwned>(file: &Path) -> T {
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return T::default(),
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "a file of choices cannot be read: none of them holds");
            return T::default();
        }
    };
    serde_json::from_slice(&text).unwrap_or_else(|_| {
        tracing::warn!(file = %file.display(), "a file of choices is damaged: none of them holds");
        T::default()
    })
}

/// Whoever reads meanwhile, or after a power failure, finds the old file or the new one.
pub(crate) fn write(file: &Path, choice: &impl Serialize) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        private::folder(folder)?;
    }
    let fresh = file.with_extension("new");
    let mut out = private::options().create(true).truncate(true).open(&fresh)?;
    out.write_all(&serde_json::to_vec_pretty(choice)?)?;
    out.sync_all()?;
    fs::rename(&fresh, file)
}
