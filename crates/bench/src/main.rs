//! `latchkey-bench`: what `scripts/bench` measures with.
//!
//! `service` runs `latchkey-server`, bare references and peers in turns under the load tool wrk, and prints ratios.
//! `app` starts the desktop app beside a bare window.
//! The other commands are the references themselves, each a process of its own, and the filler of databases.
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

mod app;
mod bare;
mod better_auth;
mod django;
mod fill;
mod hashing;
mod load;
mod peer;
mod plan;
mod postgres;
mod process;
mod reading;
mod requests;
mod resting;
mod round;
mod signing_in;
mod size;
mod starving;
mod table;
mod token;

use clap::{Parser, Subcommand};

/// Measures latchkey-server.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the service, the references and the peers in turns, and prints ratios
    Service(plan::Plan),
    /// Starts the desktop app and a bare window in turns, and prints ratios
    App(app::Plan),
    /// Serves the bare references
    Bare(bare::Bare),
    /// Hashes passwords, and prints how many a second
    Hash(hashing::Hash),
    /// Fills an empty database that `latchkey-server migrate` made
    Fill(fill::Fill),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Hash(hash) => hash.run(),
        Command::Service(plan) => plan.run(),
        Command::App(plan) => plan.run(),
        Command::Bare(bare) => bare.run(),
        Command::Fill(fill) => fill.run(),
    }
}
