//! The desktop app beside a bare window of WebKitGTK: how soon it can be used, and how much memory it takes.
//!
//! All are looked at from outside: what is on the display, and what the kernel says of their processes.

mod desk;
mod driver;
mod memory;
mod pixels;

use std::{
    path::{Path, PathBuf},
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use clap::Args;

use self::{desk::Desk, pixels::Watch};
use crate::{
    plan,
    round::Spread,
    table::{self, Bar, Held},
};

/// How long each is left alone once its first screen is there, before its memory is looked at.
const IDLE: Duration = Duration::from_secs(5);

/// How long a window may take to show something, and to go.
const PATIENCE: Duration = Duration::from_mins(1);

/// Start beside the bare window, and memory beside it.
const START: f64 = 1.2;
const MEMORY: f64 = 1.15;

/// Bytes of the package.
const PACKAGE: f64 = 8_000_000.0;

#[derive(Args)]
pub(crate) struct Plan {
    /// The program `latchkey`, built in release
    #[arg(long)]
    program: PathBuf,
    /// The bare window, built from `peers/bare_window.c`
    #[arg(long)]
    bare: PathBuf,
    /// A folder for homes, logs and pictures of this run
    #[arg(long)]
    folder: PathBuf,
    /// The package of the app, whose size is told
    #[arg(long)]
    package: Option<PathBuf>,
    /// Rounds; medians are of so many figures
    #[arg(long, default_value_t = 9)]
    rounds: u32,
}

/// What is started, time after time.
struct Subject {
    name: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
    /// The home that is kept from one start to the next; without one, each start has an empty one.
    home: Option<PathBuf>,
    seen: Vec<Seen>,
}

struct Seen {
    /// Milliseconds from being started until half of what is on the screen at the end was there.
    visible: f64,
    /// Milliseconds from being started until all of it was there.
    complete: f64,
    /// Memory of all its processes, in MiB.
    memory: f64,
}

impl Plan {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let _ = std::fs::remove_dir_all(&self.folder);
        std::fs::create_dir_all(&self.folder)?;
        let folder = std::fs::canonicalize(&self.folder)?;
        let program = std::fs::canonicalize(&self.program).context("the app is not there")?;
        let bare = std::fs::canonicalize(&self.bare).context("the bare window is not there")?;
        println!("{}", plan::machine());
        let desk = Desk::set_up(&folder)?;
        let signed_in = desk.home("signed-in")?;
        driver::create_account(&desk, &program, &signed_in)?;
        let mut subjects = vec![
            Subject::new("a bare window", &bare, &[], None),
            Subject::new("a bare window without the graphics card", &bare, &["plain"], None),
            Subject::new("Latchkey, first run", &program, &[], None),
            Subject::new("Latchkey, signed in", &program, &[], Some(signed_in)),
        ];
        for round in 0..=self.rounds {
            for subject in &mut subjects {
                let seen = subject.start(&desk, &folder)?;
                // The first turn of each warms up.
                if round > 0 {
                    subject.seen.push(seen);
                }
            }
        }
        table(&subjects);
        table::bars(&bars(&subjects, self.package.as_deref())?);
        Ok(())
    }
}

impl Subject {
    fn new(name: &'static str, program: &Path, arguments: &'static [&'static str], home: Option<PathBuf>) -> Self {
        Self { name, program: program.to_owned(), arguments, home, seen: Vec::new() }
    }

    /// Starts it, watches the display until it is at rest, looks at its memory, and ends it.
    fn start(&self, desk: &Desk, folder: &Path) -> anyhow::Result<Seen> {
        let home = match &self.home {
            Some(home) => home.clone(),
            None => desk.empty_home()?,
        };
        let mut command = desk.command(&self.program, &home);
        command.args(self.arguments);
        let mut watch = Watch::begin(&desk.frame_buffer())?;
        let begun = Instant::now();
        let mut child = command.spawn().with_context(|| format!("{} cannot be started", self.program.display()))?;
        let outcome = (|| {
            while !watch.look(begun.elapsed())? {
                ensure!(begun.elapsed() < PATIENCE, "{} shows nothing", self.name);
                ensure!(child.try_wait()?.is_none(), "{} has ended by itself", self.name);
            }
            // At rest for as long as its memory is waited for.
            let at_rest = Instant::now() + IDLE;
            while Instant::now() < at_rest {
                watch.look(begun.elapsed())?;
            }
            let memory = memory::of_tree(child.id())?;
            let picture = folder.join(format!("{}.ppm", self.name.replace([' ', ','], "-")));
            watch.photograph(&picture)?;
            let moments = watch.moments();
            Ok(Seen { visible: moments.visible, complete: moments.complete, memory })
        })();
        end(&mut child)?;
        outcome
    }

    fn spread(&self, of: impl Fn(&Seen) -> f64) -> Spread {
        Spread::of(self.seen.iter().map(of))
    }

    /// This beside another, round by round.
    fn beside(&self, other: &Self, of: impl Fn(&Seen) -> f64) -> Spread {
        Spread::of(self.seen.iter().zip(&other.seen).map(|(this, that)| of(this) / of(that)))
    }
}

/// Asks a program to end, and waits until it and all it started have.
fn end(child: &mut Child) -> anyhow::Result<()> {
    let tree = memory::tree(child.id())?;
    crate::process::run(Command::new("kill").arg(child.id().to_string()))?;
    child.wait()?;
    let given_up = Instant::now() + PATIENCE;
    while tree.iter().any(|process| Path::new(&format!("/proc/{process}")).exists()) {
        ensure!(Instant::now() < given_up, "processes of a window do not end");
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn table(subjects: &[Subject]) {
    let Some(bare) = subjects.first() else { return };
    println!("\n### Start and memory, beside *{}*\n", bare.name);
    println!("| | ms until visible | ms until complete | beside it | MiB (PSS) | beside it |");
    println!("|---|---:|---:|---:|---:|---:|");
    for subject in subjects {
        println!(
            "| {} | {} | {} | {} | {} | {} |",
            subject.name,
            table::spread(subject.spread(|seen| seen.visible), 0),
            table::spread(subject.spread(|seen| seen.complete), 0),
            table::spread(subject.beside(bare, |seen| seen.complete), 2),
            table::spread(subject.spread(|seen| seen.memory), 0),
            table::spread(subject.beside(bare, |seen| seen.memory), 2),
        );
    }
}

fn bars(subjects: &[Subject], package: Option<&Path>) -> anyhow::Result<Vec<Held>> {
    let [bare, plain, first, signed_in] = subjects else { return Ok(Vec::new()) };
    let mut held = Vec::new();
    for (of, reference) in [("a bare window", bare), ("one without the graphics card", plain)] {
        for subject in [first, signed_in] {
            let what = format!("{}: start to complete, beside {of}", subject.name);
            held.push(Held::new(what, Bar::AtMost(START), subject.beside(reference, |seen| seen.complete)));
        }
        let what = format!("{}: memory while idle, beside {of}", signed_in.name);
        held.push(Held::new(what, Bar::AtMost(MEMORY), signed_in.beside(reference, |seen| seen.memory)));
    }
    if let Some(package) = package {
        #[expect(clippy::cast_precision_loss, reason = "a package has no 2^52 bytes")]
        let size = std::fs::metadata(package).with_context(|| format!("{}", package.display()))?.len() as f64;
        held.push(Held::new("the package, bytes", Bar::AtMost(PACKAGE), Spread::of([size])));
    }
    Ok(held)
}
