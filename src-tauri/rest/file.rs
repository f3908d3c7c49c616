//! What the person chose, in a file beside the list of places.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::private;

/// Whether the REST API is on, and its port once it had one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Choice {
    pub(super) enabled: bool,
    pub(super) port: Option<u16>,
}

/// What was chosen. A file that cannot be read, or makes no sense, switches nothing on.
pub(super) fn read(file: &Path) -> Choice {
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Choice::default(),
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "it cannot be read whether the REST API is on");
            return Choice::default();
        }
    };
    serde_json::from_slice(&text).unwrap_or_else(|_| {
        tracing::warn!(file = %file.display(), "the file is damaged: the REST API is off");
        Choice::default()
    })
}

/// Whoever reads meanwhile, or after a power failure, finds the old file or the new one.
pub(super) fn write(file: &Path, choice: Choice) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        private::folder(folder)?;
    }
    let fresh = file.with_extension("new");
    let mut out = private::options().create(true).truncate(true).open(&fresh)?;
    out.write_all(&serde_json::to_vec_pretty(&choice)?)?;
    out.sync_all()?;
    fs::rename(&fresh, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_switches_nothing_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/rest-api.json");
        assert_eq!(read(&file), Choice::default());
        let on = Choice { enabled: true, port: Some(8123) };
        write(&file, on).unwrap();
        assert_eq!(read(&file), on);
        for text in ["", "[]", "{\"enabled\":true,\"port\":70000}", "{\"enabled\":"] {
            fs::write(&file, text).unwrap();
            assert_eq!(read(&file), Choice::default(), "{text}");
        }
    }
}
