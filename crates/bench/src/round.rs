//! Rounds: A B C A B C …, so that whatever else the machine does meets all of them alike.

use std::time::Duration;

use crate::load::{Load, Seen};

/// A load with a name, and what was seen of it in each round.
pub(crate) struct Subject {
    pub(crate) name: String,
    load: Load,
    pub(crate) seen: Vec<Seen>,
}

/// Figures of all rounds.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) most: f64,
}

impl Spread {
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let at = |place: usize| figures.get(place).copied().unwrap_or(f64::NAN);
        Self { least: at(0), median: at(figures.len() / 2), most: at(figures.len().saturating_sub(1)) }
    }
}

impl Subject {
    pub(crate) fn new(name: impl Into<String>, load: Load) -> Self {
        Self { name: name.into(), load, seen: Vec::new() }
    }

    pub(crate) fn turn(&mut self, seconds: u64, from: f64) -> anyhow::Result<()> {
        let seen = self.load.drive(seconds, from)?;
        self.seen.push(seen);
        Ok(())
    }

    /// Requests a second.
    pub(crate) fn rate(&self) -> Spread {
        Spread::of(self.seen.iter().map(Seen::rate))
    }

    /// Milliseconds that half of the requests took at most.
    pub(crate) fn p50(&self) -> Spread {
        Spread::of(self.seen.iter().map(|seen| seen.p50 / 1000.0))
    }

    /// Milliseconds that 99 of 100 requests took at most.
    pub(crate) fn p99(&self) -> Spread {
        Spread::of(self.seen.iter().map(|seen| seen.p99 / 1000.0))
    }
}

/// Throughput of one beside another, round by round.
pub(crate) fn ratio(this: &Subject, that: &Subject) -> Spread {
    Spread::of(this.seen.iter().zip(&that.seen).map(|(this, that)| this.rate() / that.rate()))
}

/// Runs all of them in turns. The first round warms up and does not count.
pub(crate) fn in_turns(subjects: &mut [Subject], rounds: u32, seconds: u64) -> anyhow::Result<()> {
    for subject in &mut *subjects {
        subject.load.drive(1, 0.0)?;
    }
    for round in 0..rounds {
        for subject in &mut *subjects {
            subject.turn(seconds, f64::from(round) / f64::from(rounds))?;
            // Marks and logs of the one before are not the next one's.
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    Ok(())
}
