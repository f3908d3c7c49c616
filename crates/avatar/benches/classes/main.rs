//! What an avatar costs, by class of picture, beside other programs: `cargo bench -p latchkey-avatar [-- CLASS] [--sharp
//! FOLDER] [--rounds N]`, or `scripts/bench images`, which installs the other programs.
//!
//! Each run is a process of its own that reads a file and writes the avatar, so that start, allocation and memory count.
//! Ours makes all three sizes, the others the largest alone. All take turns on the same file; the first turn warms up. Cost
//! is told in medians, and ratios are made turn by turn before their median is taken. Quality is that of the largest size,
//! written without loss and held against Lanczos3 on linear light in double precision over the fully decoded picture.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for the people who work on this")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixel arithmetic"
)]

mod bars;
mod costs;
mod likeness;
mod programs;
mod refusals;
mod specimens;

#[path = "../../tests/pipeline/corpus.rs"]
mod corpus;
#[path = "../../tests/pipeline/picture.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod picture;
#[path = "../../tests/pipeline/reference.rs"]
mod reference;

use std::fs;
use std::path::{Path, PathBuf};

use costs::{Cost, median};
use programs::Program;
use specimens::Class;

const SIZE: u32 = 512;
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--cost", program, ref rest @ ..] => costs::of_child(program, rest),
        ["--make", from, to] => programs::make(from, to),
        ["--exact", from, to] => programs::exact(from, to),
        ["--refuse", from] => refusals::refuse(from),
        // `cargo test` runs every target; only `cargo bench` says this.
        _ if arguments.iter().any(|argument| argument == "--bench") => tables(&Options::of(&arguments)),
        _ => println!("Run this with cargo bench."),
    }
}

struct Options {
    /// Part of the name of the classes that are measured.
    only: Option<String>,
    sharp: Option<PathBuf>,
    rounds: usize,
}

impl Options {
    fn of(arguments: &[String]) -> Self {
        let mut options = Self { only: None, sharp: None, rounds: ROUNDS };
        let mut arguments = arguments.iter().filter(|argument| *argument != "--bench");
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--sharp" => options.sharp = arguments.next().map(PathBuf::from),
                "--rounds" => {
                    options.rounds = arguments.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
                }
                name => options.only = Some(name.to_owned()),
            }
        }
        options
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }
}

fn tables(options: &Options) {
    let folder = tempfile::tempdir().unwrap();
    let programs = programs::installed(options.sharp.as_deref(), folder.path());
    let names: Vec<&str> = programs.iter().map(|program| program.name).collect();
    println!("Beside each other: {}.\n", names.join(", "));
    println!("| class | program | wall ms | CPU ms | peak MB | ours beside it, CPU | PSNR dB | SSIM |");
    println!("|---|---|---:|---:|---:|---:|---:|---:|");
    let mut seen = Vec::new();
    for class in specimens::classes().iter().filter(|class| options.wants(class.name)) {
        seen.extend(rows(class, &programs, folder.path(), options.rounds));
    }
    if options.only.is_none() {
        bars::table(&seen);
        refusals::table(folder.path());
    }
}

/// What was seen of a class and a program.
struct Seen {
    class: &'static str,
    program: &'static str,
    peak: f64,
    /// CPU time of ours beside it.
    ratio: f64,
    psnr: f64,
    ssim: f64,
}

fn rows(class: &Class, programs: &[Program], folder: &Path, rounds: usize) -> Vec<Seen> {
    let from = folder.join(class.file);
    let bytes = (class.make)(folder);
    fs::write(&from, &bytes).unwrap();
    let to = |program: &Program, kind: &str| folder.join(format!("{}.{kind}", program.name.replace(' ', "-")));
    let kind = if class.has_alpha { "png" } else { "jpg" };
    let turn = || -> Vec<Cost> {
        programs.iter().map(|program| program.make(&from, &to(program, kind), class.is_wide)).collect()
    };
    turn();
    let turns: Vec<Vec<Cost>> = (0..rounds).map(|_| turn()).collect();
    let expected = class.is_comparable.then(|| likeness::expected(&bytes, class.is_wide));
    let seen = programs.iter().enumerate().map(|(index, program)| {
        let of = |figure: fn(&Cost) -> f64| median(turns.iter().map(|turn| figure(&turn[index])));
        let ratio = median(turns.iter().map(|turn| turn[0].cpu / turn[index].cpu));
        let (psnr, ssim) = match &expected {
            Some(expected) => {
                let lossless = to(program, "png");
                program.exact(&from, &lossless, class.is_wide);
                likeness::likeness(&fs::read(&lossless).unwrap(), expected)
            }
            None => (f64::NAN, f64::NAN),
        };
        let (wall, cpu, peak) = (of(|cost| cost.wall), of(|cost| cost.cpu), of(|cost| cost.peak));
        let number = |number: f64, digits: usize| {
            if number.is_nan() { "-".to_owned() } else { format!("{number:.digits$}") }
        };
        println!(
            "| {} | {} | {wall:.0} | {cpu:.0} | {peak:.0} | {ratio:.2} | {} | {} |",
            if index == 0 { format!("{}, {:.1} MB", class.name, bytes.len() as f64 / 1e6) } else { String::new() },
            program.name,
            number(psnr, 1),
            number(ssim, 4),
        );
        Seen { class: class.name, program: program.name, peak, ratio, psnr, ssim }
    });
    seen.collect()
}
