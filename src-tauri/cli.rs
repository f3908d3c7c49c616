//! The command line: `latchkey` with arguments is the same client without a window. It knows the places and accounts the
//! app knows, and uses the sessions the keychain keeps for it. No display is touched.

mod arguments;
mod docker_credential;
mod ending;
mod export;
mod git_credential;
mod integrations;
mod man;
mod named_keys;
mod opened;
mod print;
mod profile;
mod proof;
mod registries;
mod sessions;
mod ssh_keys;
mod tool_account;
mod windowless;

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory, Parser};
use clap_complete::Shell;

use self::{
    arguments::{Arguments, Command},
    ending::Ending,
    opened::Opened,
    print::Printer,
};

/// Does what the arguments say, and answers how it went.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    crate::log::start();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        // Help and version are no errors; a reader that has left is none either.
        Err(said) => {
            let _ = said.print();
            return ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(2));
        }
    };
    match execute(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(ending) => ending.tell(),
    }
}

fn execute(arguments: Arguments) -> Result<(), Ending> {
    let printer = Printer::new(arguments.json);
    match arguments.command {
        Command::Completions { shell } => return completions(&printer, shell),
        Command::Man { folder } => return man::write(&folder),
        _ => {}
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Ending::Failed(error.to_string()))?;
    let done = runtime.block_on(async {
        let account = arguments.account.as_deref();
        match &arguments.command {
            Command::GitCredential { operation } => {
                let app = opened::app()?;
                let done = git_credential::run(&app, account, &printer, operation).await;
                opened::close(&app).await;
                return done;
            }
            Command::DockerCredential { action } => return docker_credential::run(account, &printer, action).await,
            _ => {}
        }
        let opened = Opened::open(account).await?;
        let done = dispatch(&opened, &printer, arguments.command).await;
        opened.close().await;
        done
    });
    // A call of a locked keychain may never come back. Nobody waits for it.
    runtime.shutdown_background();
    done
}

async fn dispatch(opened: &Opened, printer: &Printer, command: Command) -> Result<(), Ending> {
    match command {
        Command::Whoami => profile::whoami(opened, printer),
        Command::Profile { command } => profile::run(opened, printer, command.unwrap_or_default()).await,
        Command::Sessions { command } => sessions::run(opened, printer, command.unwrap_or_default()).await,
        Command::ApiKeys { command } => named_keys::run(opened, printer, command.unwrap_or_default()).await,
        Command::SshKeys { command } => ssh_keys::run(opened, printer, command.unwrap_or_default()).await,
        Command::Export { file } => export::run(opened, printer, file).await,
        Command::Integrations { command } => integrations::run(opened, printer, command.unwrap_or_default()).await,
        Command::Registries { command } => registries::run(opened, printer, command.unwrap_or_default()).await,
        // Done before an account was opened: they need none, or find their own.
        Command::Completions { .. }
        | Command::Man { .. }
        | Command::GitCredential { .. }
        | Command::DockerCredential { .. } => Ok(()),
    }
}

fn completions(printer: &Printer, shell: Shell) -> Result<(), Ending> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "latchkey", &mut script);
    printer.bytes(&script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_make_sense() {
        Arguments::command().debug_assert();
    }
}
