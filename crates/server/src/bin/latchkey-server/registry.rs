//! `latchkey-server registry`

use crate::{admin::refusal, arguments::RegistryCommand, config::Config, database, say, write};

pub(crate) async fn run(config: &Config, command: RegistryCommand) -> anyhow::Result<()> {
    let service = database::open(config).await?;
    let done = match command {
        RegistryCommand::Certificate => match service.registry_certificates().await {
            Ok(bundle) => write(bundle.as_bytes()),
            Err(problem) => Err(refusal(problem)),
        },
        RegistryCommand::Rotate { after } => match service.rotate_signing_key(after).await {
            Ok(key) => say(format_args!("{} signs from {}", key.key_id, key.signs_from.format("%Y-%m-%dT%H:%M:%SZ"))),
            Err(problem) => Err(refusal(problem)),
        },
        RegistryCommand::Remove { key } => match service.remove_signing_key(&key).await {
            Ok(()) => say(format_args!(
                "{key} is removed. Give the registry what registry certificate prints, and restart it."
            )),
            Err(problem) => Err(refusal(problem)),
        },
        RegistryCommand::List => match service.signing_keys().await {
            Ok(keys) => keys.iter().try_for_each(|key| {
                say(format_args!("{}\t{}", key.key_id, key.signs_from.format("%Y-%m-%dT%H:%M:%SZ")))
            }),
            Err(problem) => Err(refusal(problem)),
        },
    };
    service.close().await;
    done
}
