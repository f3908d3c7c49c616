//! Whether the REST API is on, as the person chose it.

use serde::{Deserialize, Serialize};

/// Whether the REST API is on, and its port once it had one. By default it is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Choice {
    pub(super) enabled: bool,
    pub(super) port: Option<u16>,
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::choice_file::{read, write};

    #[test]
    fn what_makes_no_sense_switches_nothing_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/rest-api.json");
        assert_eq!(read::<Choice>(&file), Choice::default());
        let on = Choice { enabled: true, port: Some(8123) };
        write(&file, &on).unwrap();
        assert_eq!(read::<Choice>(&file), on);
        for text in ["", "[]", "{\"enabled\":true,\"port\":70000}", "{\"enabled\":"] {
            fs::write(&file, text).unwrap();
            assert_eq!(read::<Choice>(&file), Choice::default(), "{text}");
        }
    }
}
