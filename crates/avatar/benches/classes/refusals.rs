//! What hostile files cost.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use latchkey_avatar::{Limits, derive};

use crate::corpus;
use crate::costs::{self, median};

const ROUNDS: usize = 5;

pub(crate) fn table(folder: &Path) {
    println!(
        "\n| hostile file | bytes | known by | answer | wall ms | CPU ms | peak MB |\n|---|---:|---|---|---:|---:|---:|"
    );
    let program = std::env::current_exe().unwrap();
    for hostile in corpus::files() {
        let from = folder.join("hostile");
        fs::write(&from, &hostile.bytes).unwrap();
        let runs: Vec<_> =
            (0..ROUNDS).map(|_| costs::run(&program, &[OsStr::new("--refuse"), from.as_os_str()])).collect();
        println!(
            "| {} | {} | {} | {} | {:.0} | {:.0} | {:.0} |",
            hostile.name,
            hostile.bytes.len(),
            if hostile.at_header { "its header" } else { "decoding" },
            runs[0].1.trim(),
            median(runs.iter().map(|(cost, _)| cost.wall)),
            median(runs.iter().map(|(cost, _)| cost.cpu)),
            median(runs.iter().map(|(cost, _)| cost.peak)),
        );
    }
}

/// One whole process that meets a file as the service does.
pub(crate) fn refuse(from: &str) {
    match derive(&fs::read(from).unwrap(), None, &Limits::SERVICE) {
        Ok(_) => println!("taken"),
        Err(refusal) => println!("{}", refusal.code()),
    }
}
