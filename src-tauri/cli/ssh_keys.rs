//! SSH keys.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use latchkey_api::{
    common::Page,
    desktop::{GenerateSshKey, ListArgs, NoArgs, RemoveKey, SshHost, SshKeyPreview},
    ssh_keys::{AddSshKey, SshKey},
    wire::Secret,
};
use zeroize::Zeroizing;

use super::{
    arguments::{Generate, SshKeysCommand},
    ending::Ending,
    opened::Opened,
    print::{Printer, moment, pairs, table},
    proof::{ask, is_there_a_terminal, proved},
};
use crate::{
    blocking::blocking,
    commands::{ssh_generation, ssh_keys},
    public_key_file,
};

/// Lists, adds, removes or generates them.
pub(super) async fn run(opened: &Opened, printer: &Printer, command: SshKeysCommand) -> Result<(), Ending> {
    match command {
        SshKeysCommand::List => list(opened, printer).await,
        SshKeysCommand::Add { file, name } => {
            let preview = blocking(move || Ok(read(&file))).await??;
            let name = name.unwrap_or_else(|| match preview.name.as_str() {
                "" => opened.app.parts.computer.clone(),
                name => name.to_owned(),
            });
            let body = AddSshKey { name, public_key: preview.public_key };
            let key = proved(opened, async || ssh_keys::add_ssh_key(&opened.app, body.clone()).await).await?;
            printer.show(&key, || lines(&key))
        }
        SshKeysCommand::Remove { id } => {
            proved(opened, async || {
                ssh_keys::remove_ssh_key(&opened.app, RemoveKey { id, account: opened.account()? }).await
            })
            .await?;
            printer.done("The key is removed.")
        }
        SshKeysCommand::Generate(wanted) => generate(opened, printer, wanted).await,
    }
}

/// A file, a pipe, or standard input. No more of it is read than a key may have.
fn read(file: &Path) -> Result<SshKeyPreview, Ending> {
    // A shell's `<(…)` is a pipe with a name.
    let is_stream = |file: &Path| fs::metadata(file).is_ok_and(|found| !found.is_file() && !found.is_dir());
    let stream: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else if is_stream(file) {
        Box::new(File::open(file)?)
    } else {
        return Ok(public_key_file::read(file)?);
    };
    let mut bytes = Zeroizing::new(Vec::new());
    stream.take(latchkey_ssh::TEXT_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    Ok(public_key_file::look(&text, "")?)
}

async fn generate(opened: &Opened, printer: &Printer, wanted: Generate) -> Result<(), Ending> {
    let folder = wanted.folder.map(std::path::absolute).transpose()?;
    let suggested = match &folder {
        Some(folder) => ssh_generation::suggest(&opened.app, folder.clone()).await?,
        None => ssh_generation::get_ssh_folder(&opened.app, NoArgs {}).await?,
    };
    let passphrase = if wanted.passphrase { Some(new_passphrase().await?) } else { None };
    let host = wanted.host.zip(wanted.host_name);
    let (user, port) = (wanted.user, wanted.port);
    let made = ssh_generation::generate_ssh_key(
        &opened.app,
        GenerateSshKey {
            name: wanted.name.unwrap_or(suggested.name),
            folder: suggested.folder,
            file_name: wanted.file_name.unwrap_or(suggested.file_name),
            passphrase,
            keep_passphrase: wanted.keep_passphrase,
            host: host.map(|(alias, host_name)| SshHost { alias, host_name, user, port }),
        },
    )
    .await?;
    if wanted.keep_passphrase && !made.passphrase_in_keychain {
        printer.say("The keychain does not take the passphrase: keep it somewhere safe.");
    }
    let config_failure = made.config_failure.clone();
    printer.show(&made, || {
        let mut all = lines(&made.key) + &pairs(&[("Private key", made.path.clone())]);
        if let Some(change) = &made.config {
            all += &pairs(&[("Connect with", format!("ssh {}", change.alias))]);
        }
        all
    })?;
    // The key is there, and was printed; a script is told all the same that ssh does not know its host.
    config_failure.map_or(Ok(()), |failure| Err(failure.into()))
}

async fn new_passphrase() -> Result<Secret, Ending> {
    if !is_there_a_terminal() {
        return Err(Ending::Failed("The passphrase is asked for at a terminal, and there is none.".to_owned()));
    }
    let (once, again) = (ask("Passphrase: ").await?, ask("Again: ").await?);
    if once == again { Ok(once) } else { Err(Ending::Failed("The two passphrases are not the same.".to_owned())) }
}

async fn list(opened: &Opened, printer: &Printer) -> Result<(), Ending> {
    let mut all: Page<SshKey> = Page { items: Vec::new(), next: None };
    loop {
        let page = ssh_keys::read_page(&opened.app, ListArgs { after: all.next.take() }).await?;
        all.items.extend(page.items);
        all.next = page.next;
        if all.next.is_none() {
            break;
        }
    }
    printer.show(&all, || {
        let headings = ["ID", "NAME", "TYPE", "BITS", "FINGERPRINT", "ADDED", "LAST USED"];
        table(headings, all.items.iter().map(row).collect(), "There are no SSH keys.")
    })
}

fn row(key: &SshKey) -> [String; 7] {
    [
        key.id.to_string(),
        key.name.clone(),
        key.kind.clone(),
        key.bits.to_string(),
        key.fingerprint.clone(),
        moment(key.added_at),
        key.last_used_at.map_or_else(|| "never".to_owned(), moment),
    ]
}

fn lines(key: &SshKey) -> String {
    pairs(&[("ID", key.id.to_string()), ("Name", key.name.clone()), ("Fingerprint", key.fingerprint.clone())])
}
