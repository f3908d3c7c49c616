//! The program `latchkey-server`: the account service on its own.

mod admin;
mod arguments;
mod backup;
mod certificate;
mod config;
mod confirmation;
mod copy;
mod database;
mod distribute;
mod flags;
mod log_lines;
mod logging;
mod manager;
mod metrics;
mod password;
mod policy;
mod progress;
mod registry;
mod restore;
mod sealing_key;
mod serve;
mod smtp;
mod verify;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Context;
use clap::{CommandFactory, Parser};
use latchkey_api::openapi;
use tokio::runtime::Runtime;

use crate::{
    arguments::{Arguments, Command},
    config::{Config, ConfigError},
    flags::Flags,
};

/// The exit status for what was asked for wrongly: arguments (clap says the same) and configuration.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "latchkey-server: {error:#}");
            if error.is::<ConfigError>() { USAGE.into() } else { ExitCode::FAILURE }
        }
    }
}

fn run(Arguments { place, command }: Arguments) -> anyhow::Result<()> {
    if place.database.as_deref().is_some_and(database::has_password) {
        let _ = writeln!(io::stderr(), "latchkey-server: {}", database::SEEN_BY_ALL);
    }
    match command {
        Command::Serve { listen, metrics, tls } => {
            let config = Config::load(&Flags { place: &place, listen, metrics, tls })?;
            let _lines = logging::start(&config.log);
            runtime()?.block_on(serve::serve(&config))
        }
        Command::Migrate { distribute: true } => {
            let config = Config::load(&Flags::of(&place))?;
            runtime()?.block_on(distribute::run(&config))
        }
        Command::Migrate { distribute: false } => {
            let config = Config::load(&Flags::of(&place))?;
            runtime()?.block_on(async {
                database::open(&config).await?.close().await;
                say(format_args!("The database is up to date."))
            })
        }
        Command::Copy { from, to } => {
            let config = Config::load(&Flags::of(&place))?;
            runtime()?.block_on(copy::run(&config, &from, to.as_deref()))
        }
        Command::Backup { to, overwrite } => {
            let config = Config::load(&Flags::of(&place))?;
            runtime()?.block_on(backup::run(&config, &to, overwrite))
        }
        Command::Restore { from, close_sessions } => {
            let config = Config::load(&Flags::of(&place))?;
            runtime()?.block_on(restore::run(&config, &from, close_sessions))
        }
        Command::SealingKey(command) => {
            let config = Config::load(&Flags::of(&place))?;
            runtime()?.block_on(sealing_key::run(&config, command))
        }
        Command::Admin(command) => {
            let config = Config::load(&Flags::of(&place))?;
            runtime()?.block_on(admin::run(&config, command))
        }
        Command::Registry(command) => {
            let config = Config::load(&Flags::of(&place))?;
            runtime()?.block_on(registry::run(&config, command))
        }
        Command::Openapi => write(openapi::document_json().as_bytes()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "latchkey-server", &mut script);
            write(&script)
        }
    }
}

fn runtime() -> anyhow::Result<Runtime> {
    Runtime::new().context("the program cannot start its threads")
}

/// One line on standard output.
fn say(line: std::fmt::Arguments<'_>) -> anyhow::Result<()> {
    write(format!("{line}\n").as_bytes())
}

fn write(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).context("standard output cannot be written")
}
