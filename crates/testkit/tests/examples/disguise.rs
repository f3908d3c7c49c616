//! Puts what is plainly an example in the place of secrets, and of what differs from run to run.

use serde_json::Value;

/// Fields whose values are secret or drawn by lot.
const SECRET: &[&str] = &["api_key", "backup_code", "backup_codes", "code", "secret", "token", "transaction"];

/// What stands for what, in the order it was met.
#[derive(Default)]
pub(crate) struct Disguise {
    swaps: Vec<(String, String)>,
    ids: u32,
    backup_codes: u32,
}

impl Disguise {
    /// Meets everything in a body that has to be replaced.
    pub(crate) fn meet(&mut self, body: &str) {
        if let Ok(value) = serde_json::from_str::<Value>(body) {
            self.walk(None, &value);
        }
        self.meet_ids(body);
    }

    /// Meets the ids in a text. They end with an example's number.
    pub(crate) fn meet_ids(&mut self, text: &str) {
        for at in 0..text.len().saturating_sub(35) {
            let Some(id) = text.get(at..at + 36).filter(|id| is_id(id)) else { continue };
            if self.swaps.iter().all(|(real, _)| real != id) {
                self.ids += 1;
                self.swaps.push((id.to_owned(), format!("019bb213-ca00-7000-8000-{:012}", self.ids)));
            }
        }
    }

    /// The same text as an example.
    pub(crate) fn of(&self, text: &str) -> String {
        self.swaps.iter().fold(text.to_owned(), |text, (real, example)| text.replace(real, example))
    }

    fn walk(&mut self, name: Option<&str>, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| self.walk(Some(name), value)),
            Value::Array(items) => items.iter().for_each(|value| self.walk(name, value)),
            Value::String(text) if name.is_some_and(|name| SECRET.contains(&name)) => self.meet_secret(text),
            // Its letters may be of the kind that others keep.
            Value::String(text) if name == Some("state") && text.len() > 20 => {
                self.swap(text, &"EXAMPLE".chars().cycle().take(text.len()).collect::<String>());
            }
            Value::String(text) if name == Some("last_four") => {
                self.swap(&format!(r#""last_four":"{text}""#), r#""last_four":"0000""#);
            }
            // The service's own version changes with every release.
            Value::String(text) if name == Some("version") => {
                self.swap(&format!(r#""version":"{text}""#), r#""version":"1.0.0""#);
            }
            Value::String(text) if name == Some("masked") => {
                let shown = text.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
                self.swap(text, &format!("{shown}0000"));
            }
            _ => {}
        }
    }

    fn meet_secret(&mut self, text: &str) {
        // Problems name what went wrong under `code` too.
        if text.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            return;
        }
        if self.swaps.iter().any(|(known, _)| known == text) {
            return;
        }
        let example = if is_backup_code(text) {
            self.backup_codes += 1;
            format!("examp-le{:03}", self.backup_codes)
        } else {
            example_of(text)
        };
        self.swap(text, &example);
    }

    fn swap(&mut self, real: &str, example: &str) {
        if self.swaps.iter().all(|(known, _)| known != real) {
            self.swaps.push((real.to_owned(), example.to_owned()));
        }
    }
}

fn is_id(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase(),
    })
}

/// Whether it is of the form `xxxxx-xxxxx`; mailed codes are in capitals.
fn is_backup_code(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| {
        if at == 5 { byte == b'-' } else { byte.is_ascii_digit() || byte.is_ascii_lowercase() }
    };
    text.len() == 11 && text.bytes().enumerate().all(fits)
}

/// An example of the same shape.
fn example_of(text: &str) -> String {
    if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return "123456".to_owned();
    }
    if let Some((prefix, rest)) = text.split_once('_').filter(|(prefix, _)| prefix.starts_with("lk")) {
        return format!("{prefix}_EXAMPLE{}", "0".repeat(rest.len().saturating_sub("EXAMPLE".len())));
    }
    let mut letters = "EXAMPLE".chars().cycle();
    text.chars().map(|c| if c.is_ascii_alphanumeric() { letters.next().unwrap_or(c) } else { c }).collect()
}

#[test]
fn what_is_secret_is_replaced_wherever_it_stands() {
    let mut disguise = Disguise::default();
    let body = r#"{"id":"019bb1f4-5c00-7abc-9def-0123456789ab","secret":"JBSWY3DPEHPK3PXP","code":"254081",
        "uri":"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP","token":"lks_0123456789_abc"}"#;
    disguise.meet(body);
    let shown = disguise.of(body);
    for secret in ["JBSWY3DP", "254081", "9def", "lks_0"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("lks_EXAMPLE0") && shown.contains("019bb213-ca00-7000-8000-000000000001"), "{shown}");
    assert_eq!(disguise.of(r#"{"code":"254081"}"#), r#"{"code":"123456"}"#);
}
