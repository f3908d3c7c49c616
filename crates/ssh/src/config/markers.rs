//! The comments around a block.

use std::ops::Range;

const BEGIN: &str = "# Latchkey: begin ";
const END: &str = "# Latchkey: end ";

pub(super) fn begin(id: &str) -> String {
    format!("{BEGIN}{id}")
}

pub(super) fn end(id: &str) -> String {
    format!("{END}{id}")
}

/// A block, or one lone comment of a block.
#[derive(Debug, PartialEq)]
pub(super) struct Found<'a> {
    pub(super) id: &'a str,
    /// The bytes from the first comment to the end of the line of the second; `None` when one of the two is missing.
    pub(super) range: Option<Range<usize>>,
}

/// The blocks in the order of their ends.
pub(super) fn blocks(text: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let (start, words) = match line.strip_prefix('\u{feff}') {
            Some(rest) if start == 0 => (line.len() - rest.len(), rest.trim()),
            _ => (start, line.trim()),
        };
        if let Some(id) = words.strip_prefix(BEGIN) {
            found.extend(open.replace((id, start)).map(|(id, _)| Found { id, range: None }));
        } else if let Some(id) = words.strip_prefix(END) {
            let range = match open {
                Some((opened, begin)) if opened == id => {
                    open = None;
                    Some(begin..at)
                }
                _ => None,
            };
            found.push(Found { id, range });
        }
    }
    found.extend(open.map(|(id, _)| Found { id, range: None }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_what_belongs_together() {
        let text = "\u{feff}# Latchkey: begin a\nx\n# Latchkey: end a\r\ny\n  # Latchkey: begin b\n# Latchkey: end b";
        let ranges: Vec<_> = blocks(text).into_iter().map(|found| (found.id, &text[found.range.unwrap()])).collect();
        assert_eq!(
            ranges,
            [("a", "# Latchkey: begin a\nx\n# Latchkey: end a\r\n"), ("b", "  # Latchkey: begin b\n# Latchkey: end b"),]
        );
    }

    #[test]
    fn tells_lone_ones() {
        let lone = |text| blocks(text).into_iter().map(|found| (found.id, found.range.is_some())).collect::<Vec<_>>();
        assert_eq!(lone("# Latchkey: begin a\nHost a\n"), [("a", false)]);
        assert_eq!(lone("# Latchkey: end a\n"), [("a", false)]);
        assert_eq!(
            lone("# Latchkey: begin a\n# Latchkey: begin b\n# Latchkey: end b\n# Latchkey: end a\n"),
            [("a", false), ("b", true), ("a", false)]
        );
    }
}
