//! The names a person has given to hosts.

use super::markers;

/// Whether the text has a block of the person's own for just this alias: in `Host`, or in `Match host` or
/// `Match originalhost`. Patterns such as `*.example.org` and the blocks of this module do not count, and files that
/// are included are not looked into.
///
/// Where there is one, [`with_host`](super::with_host) goes before it: of what both say ssh uses what the new one says.
pub fn hosts_named(text: &str, alias: &str) -> bool {
    let ours: Vec<_> = markers::blocks(text).into_iter().filter_map(|found| found.range).collect();
    let mut at = 0;
    text.split_inclusive('\n').any(|line| {
        let middle = at + line.len() / 2;
        at += line.len();
        !ours.iter().any(|range| range.contains(&middle)) && names(line, alias)
    })
}

fn names(line: &str, alias: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').trim();
    let keyword_end = line.find(|character: char| character.is_whitespace() || "=\"".contains(character));
    let (keyword, rest) = line.split_at(keyword_end.unwrap_or(line.len()));
    let rest = rest.trim_start();
    let words = words(rest.strip_prefix('=').unwrap_or(rest));
    if keyword.eq_ignore_ascii_case("host") {
        words.iter().any(|word| word == alias)
    } else if keyword.eq_ignore_ascii_case("match") {
        let is_host = |word: &str| ["host", "originalhost"].iter().any(|name| word.eq_ignore_ascii_case(name));
        words.windows(2).any(|pair| is_host(&pair[0]) && pair[1].split(',').any(|one| one == alias))
    } else {
        false
    }
}

/// The words behind a keyword as ssh splits them: quotes of both kinds keep spaces, `#` begins a comment.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let mut word = String::new();
        let mut quote = None;
        let mut characters = rest.char_indices();
        let end = loop {
            match characters.next() {
                None => break rest.len(),
                Some((_, character)) if quote == Some(character) => quote = None,
                Some((_, character @ ('"' | '\''))) if quote.is_none() => quote = Some(character),
                Some((at, character)) if quote.is_none() && character.is_whitespace() => break at,
                Some((_, character)) => word.push(character),
            }
        };
        words.push(word);
        rest = rest[end..].trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_name_as_ssh_does() {
        for text in [
            "Host build",
            "  hOsT=other build # comment",
            "HOST = \"build\"\r\n",
            "Host\t'build'",
            "\u{feff}Host build\n",
            "User ada\nMatch user ada originalhost one,build\n",
            "Match Host build",
            "# Latchkey: begin a\nHost build\n",
        ] {
            assert!(hosts_named(text, "build"), "{text}");
        }
        for text in [
            "",
            "Host builder bu*",
            "Host !build",
            "Host other # build",
            "#Host build",
            "HostName build",
            "Match exec build",
            "Host \"other build\"",
            "# Latchkey: begin a\nHost build\n# Latchkey: end a\n",
        ] {
            assert!(!hosts_named(text, "build"), "{text}");
        }
    }
}
