//! Generating a pair of SSH keys on this computer: the private half stays in a file, the public half goes to the service.

use std::{
    num::NonZeroU16,
    path::{Path, PathBuf},
};

use latchkey_api::{
    desktop::{Failure, GenerateSshKey, GeneratedSshKey, NoArgs, SshConfigChange, SshFolder, SshHost, Transport},
    problem::{ErrorCode, FieldCode, Problem},
    ssh_keys::{AddSshKey, SshKeysApi},
    wire::Secret,
};
use latchkey_ssh::{
    GenerateError, KeyPair,
    config::{ConfigError, HostBlock, with_host},
};
use uuid::Uuid;

use super::place::reached;
use crate::{
    blocking::blocking,
    error::refused,
    key_files::{self, Destination},
    private,
    public_key_file::field,
    ssh_config,
    state::AppState,
};

/// Says where a new pair would go.
pub async fn get_ssh_folder(app: &AppState, _: NoArgs) -> Result<SshFolder, Failure> {
    suggest(app, app.parts.home.join(".ssh")).await
}

/// Opens the native picker for another folder.
pub async fn choose_ssh_folder(app: &AppState, _: NoArgs) -> Result<Option<SshFolder>, Failure> {
    match app.parts.dialogs.open_folder(&app.words.now().dialogs, app.parts.home.clone()).await {
        Some(folder) => suggest(app, folder).await.map(Some),
        None => Ok(None),
    }
}

pub(crate) async fn suggest(app: &AppState, folder: PathBuf) -> Result<SshFolder, Failure> {
    let (place, _, _) = reached(app)?;
    let looked = folder.clone();
    let file_name = blocking(move || Ok(key_files::free_name(&looked))).await?;
    // The host alone: the port of the service is not the one of its sshd.
    let address = (place.transport != Transport::Local).then(|| url::Url::parse(&place.id).ok()).flatten();
    let host = address.and_then(|url| url.host_str().map(|host| host.trim_matches(['[', ']']).to_owned()));
    let name = app.parts.computer.clone();
    Ok(SshFolder { folder: folder.display().to_string(), file_name, name, host })
}

/// Generates a pair, saves it, and adds the public half. Where the service refuses, the files are removed again.
///
/// All of it is for the account that was in the window when it began, and is done to its end, whoever is there by then.
pub async fn generate_ssh_key(app: &AppState, args: GenerateSshKey) -> Result<GeneratedSshKey, Failure> {
    let ticket = app.ticket()?;
    let to = Destination::new(&args.folder, &args.file_name)?;
    let config = ssh_config::path(&app.parts.home);
    let identity_file = identity_file(&to.private(), &app.parts.home);
    let home_folder = app.parts.home.join(".ssh");
    let (name, passphrase, place) = (args.name.clone(), args.passphrase.clone(), to.clone());
    let (host, file, identity) = (args.host.clone(), config.clone(), identity_file.clone());
    let (public, written) = blocking(move || {
        if let Some(host) = &host {
            check(host, &identity, &file)?;
        }
        // Told before the passphrase takes its time.
        if !place.is_free() {
            let detail = format!("{} is there already. Choose another name.", args.file_name);
            return Err(field("/file_name", FieldCode::Taken, detail));
        }
        let pair = make(&name, passphrase.as_ref())?;
        if Path::new(&args.folder) == home_folder {
            private::folder(&home_folder).map_err(|error| {
                field("/folder", FieldCode::Invalid, format!("{} cannot be used: {error}.", home_folder.display()))
            })?;
        }
        let line = format!("{}\n", pair.public.line_with(pair.public.comment()));
        let written = place.write(&pair.private, &line)?;
        Ok((pair.public, written))
    })
    .await?;

    let body = AddSshKey { name: args.name, public_key: public.line() };
    // Dropped, the files go: whoever never hears of them again could not use them, and the name is free for a new try.
    let key = match ticket.client.add_ssh_key(&ticket.caller(), body).await {
        Ok(key) => key,
        Err(problem) => {
            drop(written);
            return Err(app.fail(&ticket, problem).await);
        }
    };
    written.keep();

    let passphrase_in_keychain = match &args.passphrase {
        Some(text) if args.keep_passphrase => app.parts.keys.keep_passphrase(&ticket.key, &key.fingerprint, text).await,
        _ => false,
    };
    let (change, config_failure) = match args.host {
        Some(host) => match configure(config, host, identity_file, key.id).await {
            Ok(change) => (Some(change), None),
            Err(failure) => (None, Some(failure)),
        },
        None => (None, None),
    };
    let path = to.private().display().to_string();
    Ok(GeneratedSshKey { key, path, passphrase_in_keychain, config: change, config_failure })
}

/// Takes a `Host` block out again. Only the person's own configuration is ever changed.
pub async fn undo_ssh_config(app: &AppState, args: SshConfigChange) -> Result<(), Failure> {
    let file = ssh_config::path(&app.parts.home);
    if Path::new(&args.path) != file {
        return Err(refused(Problem::new(ErrorCode::NotFound).detail("This is not your configuration of ssh.")));
    }
    blocking(move || ssh_config::remove(&file, &args.id)).await
}

fn make(name: &str, passphrase: Option<&Secret>) -> Result<KeyPair, Failure> {
    // A source that fails leaves zeros, which must not become a key.
    let mut failed = None;
    let fill = |bytes: &mut [u8]| {
        if let Err(error) = getrandom::fill(bytes) {
            failed = Some(error);
        }
    };
    let pair = latchkey_ssh::generate(name, passphrase.map(Secret::expose), fill);
    if let Some(error) = failed {
        return Err(refused(Problem::internal(error)));
    }
    pair.map_err(|error| match error {
        GenerateError::EmptyPassphrase => field("/passphrase", FieldCode::Blank, error.to_string()),
        GenerateError::LongPassphrase => field("/passphrase", FieldCode::TooLong, error.to_string()),
        GenerateError::UntypablePassphrase => field("/passphrase", FieldCode::Invalid, error.to_string()),
        _ => refused(Problem::internal(error)),
    })
}

/// Whether the block can be written: what does not fit is told before there are files.
fn check(host: &SshHost, identity_file: &str, config: &Path) -> Result<(), Failure> {
    let wrong = |at: &str, error: String| field(&format!("/host/{at}"), FieldCode::Invalid, error);
    if host.port == Some(0) {
        return Err(wrong("port", "A port is a number from 1 to 65535.".to_owned()));
    }
    with_host("", &block(host, "new", identity_file)).map_err(|error| match error {
        ConfigError::Alias => wrong("alias", error.to_string()),
        ConfigError::HostName => wrong("host_name", error.to_string()),
        ConfigError::User => wrong("user", error.to_string()),
        _ => field("/file_name", FieldCode::Invalid, error.to_string()),
    })?;
    if ssh_config::names(config, &host.alias) {
        let detail = format!("Your configuration of ssh has a host {} already. Choose another name.", host.alias);
        return Err(field("/host/alias", FieldCode::Taken, detail));
    }
    Ok(())
}

async fn configure(file: PathBuf, host: SshHost, identity_file: String, key: Uuid) -> Result<SshConfigChange, Failure> {
    let id = key.simple().to_string();
    let change = SshConfigChange { id, path: file.display().to_string(), alias: host.alias.clone() };
    let id = change.id.clone();
    blocking(move || {
        if let Some(folder) = file.parent() {
            // What is wrong with it is told by the file that cannot be written.
            let _ = private::folder(folder);
        }
        ssh_config::add(&file, &block(&host, &id, &identity_file))
    })
    .await?;
    Ok(change)
}

fn block<'a>(host: &'a SshHost, id: &'a str, identity_file: &'a str) -> HostBlock<'a> {
    HostBlock {
        id,
        alias: &host.alias,
        host_name: &host.host_name,
        user: host.user.as_deref(),
        port: host.port.and_then(NonZeroU16::new),
        identity_file,
    }
}

/// In the home directory, so that it holds on another computer with the same home, too.
fn identity_file(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(below) => format!("~/{}", below.display()),
        Err(_) => path.display().to_string(),
    }
}
