//! Tables in Markdown, as `docs/PERFORMANCE.md` has them.

use crate::round::{Spread, Subject, ratio};

/// Median with the range of the rounds.
pub(crate) fn spread(figures: Spread, digits: usize) -> String {
    format!("{:.digits$} ({:.digits$} to {:.digits$})", figures.median, figures.least, figures.most)
}

/// Rows of subjects, each beside the first.
pub(crate) fn subjects(title: &str, subjects: &[Subject]) {
    let Some(first) = subjects.first() else { return };
    println!("\n### {title}\n");
    println!("| | requests a second | beside *{}* | p50 ms | p99 ms |", first.name);
    println!("|---|---:|---:|---:|---:|");
    for subject in subjects {
        println!(
            "| {} | {} | {} | {:.2} | {} |",
            subject.name,
            spread(subject.rate(), 0),
            spread(ratio(subject, first), if ratio(subject, first).median < 0.1 { 4 } else { 2 }),
            subject.p50().median,
            spread(subject.p99(), 2)
        );
    }
}

/// What a measure has to reach.
pub(crate) enum Bar {
    AtLeast(f64),
    AtMost(f64),
}

/// A measure beside its bar.
pub(crate) struct Held {
    pub(crate) what: String,
    pub(crate) bar: Bar,
    pub(crate) figures: Spread,
}

impl Held {
    pub(crate) fn new(what: impl Into<String>, bar: Bar, figures: Spread) -> Self {
        Self { what: what.into(), bar, figures }
    }
}

/// All measures beside their bars, by their medians.
pub(crate) fn bars(held: &[Held]) {
    println!("\n### Bars\n");
    println!("| | bar | measured | |");
    println!("|---|---:|---:|---|");
    for Held { what, bar, figures } in held {
        let (bar, holds) = match bar {
            Bar::AtLeast(least) => (format!("at least {least}"), figures.median >= *least),
            Bar::AtMost(most) => (format!("at most {most}"), figures.median <= *most),
        };
        println!(
            "| {what} | {bar} | {} | {} |",
            spread(*figures, 2),
            if holds { "holds" } else { "**does not hold**" }
        );
    }
}
