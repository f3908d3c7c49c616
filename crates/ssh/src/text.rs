//! The text a person pasted: what it is, and where in it the key stands.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    PublicKey, Refusal, TEXT_LIMIT,
    algorithm::{Algorithm, Name},
};

/// The most lines the base64 of one key may be wrapped into: the longest key at 16 columns has fewer.
const WRAPPED_LINES: usize = 256;
/// The longest unknown algorithm that is named in a refusal; RFC 4251 section 6 allows no longer names.
const NAME_LIMIT: usize = 64;

/// A word of the text and the line it stands on.
#[derive(Clone, Copy)]
struct Word<'a> {
    line: usize,
    text: &'a str,
}

impl Word<'_> {
    /// Whether this can be the first word of a key's data: the length of the algorithm's name, which is below 2^10.
    fn is_data(self) -> bool {
        self.text.starts_with("AAAA")
    }
}

pub(crate) fn parse(text: &str) -> Result<PublicKey, Refusal> {
    if text.len() > TEXT_LIMIT {
        return Err(Refusal::TooLarge);
    }
    if is_private(text) {
        return Err(Refusal::PrivateKey);
    }
    other_format(text)?;
    let words = words(text);
    let algorithm = algorithm(&words)?;
    let (key, rest) = unwrap(algorithm, words.get(1..).unwrap_or_default())?;
    Ok(key.commented(&rest.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")))
}

/// Whether a private key stands anywhere in the text: PEM of any kind, the formats of `PuTTY` and of ssh.com,
/// or the inside of an OpenSSH key whose first line was lost.
fn is_private(text: &str) -> bool {
    // Dashes are not asked for: word processors turn them into something else.
    let is_border = |line: &str| (line.contains("BEGIN ") || line.contains("END ")) && line.contains("PRIVATE KEY");
    // "openssh-key-v1" in base64.
    let is_inside = |line: &str| line.trim_start().starts_with("b3BlbnNzaC1rZXktdjE");
    text.contains("PuTTY-User-Key-File")
        || text.contains("Private-Lines:")
        || text.split(['\n', '\r']).any(|line| is_border(line) || is_inside(line))
}

fn other_format(text: &str) -> Result<(), Refusal> {
    if text.contains("BEGIN SSH2 PUBLIC KEY") {
        Err(Refusal::Rfc4716)
    } else if text.contains("-----BEGIN RSA PUBLIC KEY-----") {
        Err(Refusal::Pem("PEM"))
    } else if text.contains("-----BEGIN PUBLIC KEY-----") {
        Err(Refusal::Pem("PKCS8"))
    } else {
        Ok(())
    }
}

/// The words of all lines but blank ones and comments. Windows writes a mark of the byte order in front of a file.
fn words(text: &str) -> Vec<Word<'_>> {
    text.trim_start_matches('\u{feff}')
        .split(['\n', '\r'])
        .filter(|line| !line.trim_start().starts_with('#'))
        .enumerate()
        .flat_map(|(line, text)| text.split_whitespace().map(move |text| Word { line, text }))
        .collect()
}

/// The algorithm in front, when there is one key that is taken and nothing before it.
fn algorithm(words: &[Word<'_>]) -> Result<Algorithm, Refusal> {
    let first = words.first().ok_or(Refusal::Empty)?;
    // Where a key begins: the line, and the algorithm.
    let start = |pair: &[Word<'_>]| Some((pair[0].line, Name::of(pair[0].text).filter(|_| pair[1].is_data())?));
    let starts: Vec<_> = words.windows(2).filter_map(start).collect();
    if let Some(name) = Name::of(first.text) {
        // A second one behind the key, be it on the same line, is no comment.
        return if starts.len() > 1 { Err(Refusal::Several) } else { taken(name) };
    }
    match starts[..] {
        [] => Err(unknown(first.text, words.get(1).copied())),
        [(first, _), .., (last, _)] if first != last => Err(Refusal::Several),
        // Of several on one line the others stand inside an option, such as a command.
        [.., (_, name)] => Err(taken(name).map_or_else(|refusal| refusal, |one| Refusal::OptionsInFront(one.name()))),
    }
}

fn taken(name: Name) -> Result<Algorithm, Refusal> {
    match name {
        Name::Taken(algorithm) => Ok(algorithm),
        Name::Dsa => Err(Refusal::Dsa),
        Name::Certificate => Err(Refusal::Certificate),
    }
}

/// The refusal of a text without a known algorithm. The first word is repeated only where it can be nothing else than
/// the name of one.
fn unknown(first: &str, second: Option<Word<'_>>) -> Refusal {
    let is_name = first.len() <= NAME_LIMIT
        && first.contains('-')
        && first.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.@_".contains(&byte));
    if is_name && second.is_some_and(Word::is_data) {
        Refusal::UnknownAlgorithm(first.to_owned())
    } else {
        Refusal::NotAKey
    }
}

/// The key whose data begins with the first of `words`, and the words of its comment.
///
/// The data of a key says how long it is. So where it was wrapped, whole lines are added until it is complete: of all
/// ways to put the lines together at most one is a key, and nothing is guessed.
fn unwrap<'w, 'a>(algorithm: Algorithm, words: &'w [Word<'a>]) -> Result<(PublicKey, &'w [Word<'a>]), Refusal> {
    let mut data = String::new();
    let mut refusal = Refusal::Malformed("there is no data");
    for (index, word) in words.iter().enumerate().take(WRAPPED_LINES) {
        data.push_str(word.text);
        let rest = &words[index + 1..];
        match decode(algorithm, &data) {
            Ok(key) if rest.iter().all(|after| after.line == word.line) => return Ok((key, rest)),
            Ok(_) => return Err(Refusal::TextAfter),
            Err(malformed @ Refusal::Malformed(_)) => refusal = malformed,
            Err(other) => return Err(other),
        }
        // What was wrapped has nothing behind it on its line.
        if rest.first().is_some_and(|next| next.line == word.line) {
            break;
        }
    }
    Err(refusal)
}

fn decode(algorithm: Algorithm, data: &str) -> Result<PublicKey, Refusal> {
    let blob = STANDARD.decode(data).map_err(|_| Refusal::Malformed("the data is not base64"))?;
    PublicKey::from_blob(algorithm, blob)
}

#[cfg(test)]
mod tests;
