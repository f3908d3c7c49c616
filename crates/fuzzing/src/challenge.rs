//! `WWW-Authenticate`, as the registries of other people write it.

use latchkey_outbound::fuzzing::{Challenge, challenges};

/// Each line is a field of an answer.
///
/// - What is read, written anew, reads as the same: schemes, names and values.
/// - Names are tokens in lower case, and nothing is made up: there is no more of it than came.
/// - Where people are sent to sign in is a web address without user name or fragment.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let found = challenges(data.split(|byte| *byte == b'\n'));
    let words: usize = found.iter().map(|one| one.scheme.len() + lengths(one)).sum();
    assert!(words <= data.len());
    let mut written = Vec::new();
    for Challenge { scheme, parameters, realm } in &found {
        assert!(is_name(scheme) && parameters.iter().all(|(name, _)| is_name(name)));
        if let Some(realm) = realm {
            assert!(matches!(realm.scheme(), "https" | "http") && realm.has_host());
            assert!(realm.username().is_empty() && realm.password().is_none() && realm.fragment().is_none());
        }
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
        written.push(format!("{scheme} {}", parameters.join(", ")));
    }
    let each: Vec<_> = written.iter().map(String::as_bytes).collect();
    assert_eq!(challenges(each), found, "one in each field");
    assert_eq!(challenges([written.join(", ").as_bytes()]), found, "all in one field");
}

fn lengths(challenge: &Challenge) -> usize {
    challenge.parameters.iter().map(|(name, value)| name.len() + value.len() + 1).sum()
}

/// RFC 9110 section 5.6.2
fn is_name(text: &str) -> bool {
    let token = |c: u8| (c.is_ascii_alphanumeric() && !c.is_ascii_uppercase()) || b"!#$%&'*+-.^_`|~".contains(&c);
    !text.is_empty() && text.bytes().all(token)
}

/// RFC 9110 section 5.6.4
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
