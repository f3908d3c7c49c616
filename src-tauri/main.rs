//! The desktop app, and with arguments the command line.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if let Some(launch) = latchkey::launch::of(arguments.get(1..).unwrap_or_default()) {
        latchkey::run(launch);
        return ExitCode::SUCCESS;
    }
    latchkey::cli::run(arguments)
}
