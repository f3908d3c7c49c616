//! `latchkey-server restore`

use std::path::Path;

use anyhow::Context;
use latchkey_service::{Database, Restored, restore, unfinished_restore};

use crate::{
    backup,
    config::{Config, ConfigError, Storage},
    database,
    progress::Line,
    say,
};

const INSTEAD: &str = "Use pg_restore there; latchkey-server restore puts files of SQLite back.";

pub(crate) async fn run(config: &Config, from: &Path, close_sessions: bool) -> anyhow::Result<()> {
    let file = database::file(&config.storage, INSTEAD)?;
    let environment = database::environment(&config.storage)?;
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        database::make_private(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    let mut line = Line::new();
    let done = restore(from, &file, close_sessions, environment, |progress| line.bytes("copying", progress)).await;
    drop(line);
    tell(&done?, &file, close_sessions)
}

/// Says in the log of a service that a restore was ended before it was done: the database is the one from before it.
pub(crate) fn warn_of_unfinished(storage: &Storage) -> Result<(), ConfigError> {
    if let Database::Sqlite(file) = database::place(storage)?
        && let Some(left) = unfinished_restore(&file)
    {
        tracing::warn!(
            left = %left.display(),
            "a restore was ended before it was done, and the database is the one from before: stop the service and run \
             latchkey-server restore again, or remove what is left"
        );
    }
    Ok(())
}

fn tell(done: &Restored, file: &Path, closed: bool) -> anyhow::Result<()> {
    if done.content.broken > 0 {
        backup::warn(done.content.broken);
    }
    let since =
        done.made_at.map_or("when the file was made".to_owned(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    say(format_args!("{} is as it was at {since}, with {} accounts.", file.display(), done.content.accounts))?;
    if let Some(kept) = &done.kept {
        say(format_args!("What was there before is {}.", kept.display()))?;
    }
    if done.damaged > 0 {
        say(format_args!("{} secrets in it cannot be opened: they were damaged before.", done.damaged))?;
    }
    say(format_args!(
        "Not brought back: {} messages that waited to be mailed, and {} codes, half-done sign-ins and attempts to connect \
         an account.",
        done.retired.mail, done.retired.begun
    ))?;
    if closed {
        say(format_args!("{} sessions were closed: everybody signs in anew.", done.retired.sessions))?;
    } else {
        say(format_args!(
            "Sessions that were closed since are open again. To close them all, stop the service and restore once more with \
             --close-sessions."
        ))?;
    }
    say(format_args!(
        "All that was done since {since} is lost. Accounts that were deleted are there again, and so are passwords, API \
         keys, SSH keys and backup codes that were replaced, removed or used."
    ))
}
