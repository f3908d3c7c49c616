//! What is printed: tables for people, JSON for programs.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::ending::Ending;

/// Standard output.
pub(super) struct Printer {
    json: bool,
}

impl Printer {
    /// Prints JSON, or for people.
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// The document where JSON is wanted, else these lines.
    pub(super) fn show(&self, document: &impl Serialize, lines: impl FnOnce() -> String) -> Result<(), Ending> {
        if !self.json {
            return self.bytes(lines().as_bytes());
        }
        let mut json = serde_json::to_vec_pretty(document).map_err(|error| Ending::Failed(error.to_string()))?;
        json.push(b'\n');
        self.bytes(&json)
    }

    /// A word about what was done, for people: standard error, so that standard output holds results alone.
    pub(super) fn say(&self, text: &str) {
        if !self.json {
            let _ = writeln!(io::stderr(), "{}", plain(text));
        }
    }

    /// Says that it is done. For a program, a document that says nothing.
    pub(super) fn done(&self, text: &str) -> Result<(), Ending> {
        if self.json {
            return self.bytes(b"{}\n");
        }
        self.say(text);
        Ok(())
    }

    /// These bytes and no others.
    #[expect(clippy::unused_self, reason = "everything that is printed goes through one value")]
    pub(super) fn bytes(&self, bytes: &[u8]) -> Result<(), Ending> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        Ok(out.flush()?)
    }
}

/// Names and values, one a line.
pub(super) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let line = |(name, value): &(&str, String)| format!("{name:width$}  {}", plain(value)).trim_end().to_owned() + "\n";
    pairs.iter().map(line).collect()
}

/// A table under its headings; a sentence where it is empty.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: Vec<[String; N]>, empty: &str) -> String {
    if rows.is_empty() {
        return format!("{empty}\n");
    }
    let rows: Vec<[String; N]> = std::iter::once(headings.map(str::to_owned))
        .chain(rows.into_iter().map(|row| row.map(|cell| plain(&cell))))
        .collect();
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    let line = |row: &[String; N]| {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// A moment, for people.
pub(super) fn moment(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Text that is anybody's words, without what a terminal would obey (C0 and C1 controls, marks that turn the direction): a device's name may be chosen by a thief.
pub(super) fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steers(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_line_and_nothing_steers_the_terminal() {
        let rows = vec![["é".into(), "x\u{1b}[31m".into()], ["abcd".into(), String::new()]];
        assert_eq!(table(["A", "B"], rows, "None."), "A     B\né     x [31m\nabcd\n");
        let turns = ['\u{9b}', '\u{85}', '\u{7f}', '\u{61c}', '\u{200f}', '\u{202e}', '\u{2066}'];
        assert_eq!(plain(&String::from_iter(turns)), " ".repeat(turns.len()));
        assert_eq!(table::<1>(["A"], Vec::new(), "None."), "None.\n");
        assert_eq!(pairs(&[("Name", "Ada\n".into()), ("Location", String::new())]), "Name      Ada\nLocation\n");
    }
}
