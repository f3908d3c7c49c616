//! What the peers have in common: a list of people who are signed in, each with a login and what shows their session.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{load::Load, process::Server};

/// A peer that runs, with requests to read the current session and to sign in.
pub(crate) struct Peer {
    pub(crate) name: String,
    /// Ended with this.
    server: Server,
    pub(crate) reading: PathBuf,
    pub(crate) signing_in: PathBuf,
}

/// Somebody of a peer's people.
pub(crate) struct Person {
    pub(crate) login: String,
    /// What the session is shown by: a cookie, or a token.
    pub(crate) session: String,
}

/// Reads the list that a peer wrote: a line each, login and session apart by a tab.
pub(crate) fn people(path: &Path) -> anyhow::Result<Vec<Person>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let people = text.lines().filter_map(|line| line.split_once('\t'));
    Ok(people.map(|(login, session)| Person { login: login.into(), session: session.into() }).collect())
}

impl Peer {
    pub(crate) fn new(name: impl Into<String>, server: Server, reading: PathBuf, signing_in: PathBuf) -> Self {
        Self { name: name.into(), server, reading, signing_in }
    }

    pub(crate) fn load(&self, requests: &Path, connections: u32) -> Load {
        Load { server: self.server.address, requests: requests.to_owned(), connections }
    }

    pub(crate) fn stop(self) -> anyhow::Result<()> {
        self.server.stop()
    }
}
