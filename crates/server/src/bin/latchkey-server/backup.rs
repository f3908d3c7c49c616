//! `latchkey-server backup`

use std::{
    io::{self, Write},
    path::Path,
};

use latchkey_service::{Content, backup};

use crate::{
    config::Config,
    database,
    progress::{Line, size},
    say,
};

const INSTEAD: &str =
    "Use pg_dump --format=custom there, or the server's own archive; latchkey-server backup copies files of SQLite.";

pub(crate) async fn run(config: &Config, to: &Path, overwrite: bool) -> anyhow::Result<()> {
    let file = database::file(&config.storage, INSTEAD)?;
    let environment = database::environment(&config.storage)?;
    let mut line = Line::new();
    let done = backup(&file, to, overwrite, &environment, |progress| line.bytes("copying", progress)).await;
    drop(line);
    let done = done?;
    say(format_args!(
        "{} is as of {}: schema {}, {}.",
        to.display(),
        done.made_at.format("%Y-%m-%dT%H:%M:%SZ"),
        done.schema,
        size(done.bytes)
    ))?;
    match done.content {
        None => say(format_args!("The activity in it was not looked through: it is of an older version of Latchkey.")),
        Some(content) => tell(&content, &database::key_file(&config.storage)?),
    }
}

fn tell(content: &Content, key_file: &Path) -> anyhow::Result<()> {
    if content.broken > 0 {
        warn(content.broken);
    }
    say(format_args!("{} accounts are in it.", content.accounts))?;
    match &content.keys[..] {
        [] => say(format_args!("Nothing in it is sealed yet, so it needs no sealing key.")),
        keys => say(format_args!(
            "To be of use it needs the sealing key {}, which is not in it. Keep a copy of {}, apart from the backup.",
            keys.join(" and "),
            key_file.display()
        )),
    }
}

/// A backup of what is there is better than none.
pub(crate) fn warn(broken: u64) {
    let _ = writeln!(
        io::stderr(),
        "latchkey-server: the activity of {broken} accounts is not as it was written; latchkey-server admin \
         verify-activity says which."
    );
}
