//! `latchkey-server sealing-key`

use anyhow::bail;
use latchkey_service::{KeyState, ResealedValues, SealedCount, SealingKeys, Service};

use crate::{
    admin::refusal, arguments::SealingKeyCommand, config::Config, confirmation, database, progress::Line, say,
};

pub(crate) async fn run(config: &Config, command: SealingKeyCommand) -> anyhow::Result<()> {
    let service = database::open(config).await?;
    let done = obey(&service, command).await;
    service.close().await;
    done
}

async fn obey(service: &Service, command: SealingKeyCommand) -> anyhow::Result<()> {
    match command {
        SealingKeyCommand::List => list(&service.sealing_keys().await.map_err(refusal)?),
        SealingKeyCommand::Add => {
            let fingerprint = service.add_sealing_key().await.map_err(refusal)?;
            say(format_args!(
                "{fingerprint} was added, and seals nothing yet. Bring the key file to every node and to where you keep \
                 it, then say sealing-key rotate."
            ))
        }
        SealingKeyCommand::Rotate => {
            let mut line = Line::new();
            let rotated = service.rotate_sealing_key(|done| line.show(format_args!("{done} values sealed anew"))).await;
            drop(line);
            let rotated = rotated.map_err(refusal)?;
            say(format_args!(
                "{} seals from now on; {} values were sealed anew.",
                rotated.fingerprint, rotated.resealed
            ))?;
            unopened(&rotated)?;
            say(format_args!("In a minute, sealing-key remove takes a key away that nothing needs any more."))
        }
        SealingKeyCommand::Remove { fingerprint, yes } => {
            let question =
                format!("Remove {fingerprint}? Backups from before it was replaced cannot be read without it.");
            if !yes && !confirmation::given(&question)? {
                bail!("nothing was changed");
            }
            let done = service.remove_sealing_key(&fingerprint).await.map_err(refusal)?;
            unopened(&done)?;
            say(format_args!("{fingerprint} is removed from the key file. Bring the file to every node."))
        }
    }
}

fn unopened(done: &ResealedValues) -> anyhow::Result<()> {
    match done.unopened {
        0 => Ok(()),
        n => say(format_args!("{n} values cannot be opened with any key here, and were left; see sealing-key list.")),
    }
}

fn list(keys: &SealingKeys) -> anyhow::Result<()> {
    for key in &keys.keys {
        let state = match key.state {
            KeyState::Waiting => "waits",
            KeyState::InUse => "in use",
            KeyState::Old => "old",
            KeyState::Missing => "missing",
        };
        say(format_args!("{}\t{state}\t{}", key.fingerprint, counted(&key.needed)))?;
    }
    if keys.damaged.is_empty() { Ok(()) } else { say(format_args!("-\tdamaged\t{}", counted(&keys.damaged))) }
}

/// As in `2 in two_factor, 1 in outbox`.
fn counted(count: &SealedCount) -> String {
    let tables: Vec<_> = count.iter().map(|(table, count)| format!("{count} in {table}")).collect();
    if tables.is_empty() { "needed for nothing".into() } else { tables.join(", ") }
}
