//! What makes a password good enough: length, that it is not one everybody tries first, and how hard it is to guess
//! (zxcvbn), also for somebody who knows the person's name and address.

use latchkey_api::{
    instance::PasswordRules,
    problem::{ApiResult, FieldCode},
    wire::Secret,
};
use zxcvbn::{Entropy, Score, zxcvbn};

use crate::{
    common_passwords::is_common,
    passwords::{MAX_BYTES, Password},
    service::Service,
};

/// zxcvbn's work grows with the square of the length; past this many characters a password is judged by its beginning.
const JUDGED: usize = 128;

/// Characters of a value about the person that are compared with. No value that holds the rules is longer, and one that
/// does not hold them must not cost more.
const COMPARED: usize = 256;

/// What everybody knows of this place, beside its own name: nobody's password is made of it.
const PRODUCT: &str = "Latchkey";

/// A password that holds the rules, or what is wrong with it.
type Checked = Result<Password, (FieldCode, String)>;

impl Service {
    /// Looks whether a password holds the rules of now. The estimate takes up to as long as a hash: it waits for its turn
    /// with them, off the async threads. Answers `busy` when too many wait already.
    pub(crate) async fn check_password(&self, secret: &Secret, about: [&str; 3]) -> ApiResult<Checked> {
        let (secret, rules) = (secret.clone(), self.settings().password);
        let [username, address, name] = about;
        let about = [username, address, name, &self.settings().name, PRODUCT].map(compared);
        let work = move || check(&secret, rules, &about.each_ref().map(String::as_str));
        self.shared.hasher.run(work).await
    }
}

fn check(secret: &Secret, rules: PasswordRules, about: &[&str]) -> Checked {
    let too_long = || (FieldCode::TooLong, format!("Use a password of at most {MAX_BYTES} bytes."));
    let password = Password::new(secret).ok_or_else(too_long)?;
    let text = password.expose();
    if text.is_empty() {
        return Err((FieldCode::Blank, "Choose a password.".into()));
    }
    if text.chars().count() < usize::from(rules.min_length) {
        return Err((FieldCode::TooShort, format!("Use at least {} characters.", rules.min_length)));
    }
    let lower = text.to_lowercase();
    if words(about).any(|word| lower.contains(&word) && word.chars().count() * 2 >= lower.chars().count()) {
        let detail = "This is too much like your name, username or address, or the name of this service. Choose something nobody \
                      connects with either.";
        return Err((FieldCode::LikeIdentity, detail.into()));
    }
    if is_common(text) {
        return Err((FieldCode::Common, "This is one of the most common passwords. Choose another.".into()));
    }
    let entropy = estimate(text, about);
    if score(entropy.score()) >= rules.min_score {
        return Ok(password);
    }
    let advice = "This password is easily guessed. Add a few unrelated words, or let a password manager make one.";
    Err((FieldCode::TooWeak, advice.into()))
}

/// How hard a password is to guess, 0 to 4, for somebody who knows what is in `about`: what the meter shows while it is
/// typed, by the estimate [`check`] decides by.
pub fn rate_password(password: &Secret, about: &[&str]) -> u8 {
    score(estimate(password.expose(), about).score())
}

/// Whether a password is one of the most common and leaked ones, which are refused whatever else is demanded.
pub fn is_common_password(password: &Secret) -> bool {
    is_common(password.expose())
}

fn estimate(text: &str, about: &[&str]) -> Entropy {
    let judged: String = text.chars().take(JUDGED).collect();
    let words: Vec<String> = words(about).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    zxcvbn(&judged, &words)
}

/// What an attacker who knows the person would try first: the whole values and their parts.
fn words<'a>(about: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    about.iter().flat_map(|value| {
        let whole = compared(value).to_lowercase();
        let parts: Vec<String> = whole.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        std::iter::once(whole).chain(parts).filter(|word| word.chars().count() >= 3)
    })
}

fn compared(value: &str) -> String {
    value.chars().take(COMPARED).collect()
}

fn score(score: Score) -> u8 {
    match score {
        Score::Zero => 0,
        Score::One => 1,
        Score::Two => 2,
        Score::Three => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Option<FieldCode> {
        let rules = PasswordRules { min_length: 12, min_score: 3 };
        let about = ["ada.lovelace", "ada@engine.example", "Ada Lovelace", "Northwind Traders", PRODUCT];
        check(&Secret::new(password), rules, &about).err().map(|(code, _)| code)
    }

    #[test]
    fn good_passwords_pass() {
        for good in ["correct horse battery", "vT9#kd02!mQx", "seven small otters dance"] {
            assert_eq!(verdict(good), None, "{good}");
        }
        let endless: String = (0..1000u32).map(|n| char::from(b'!' + u8::try_from(n * n % 93).unwrap())).collect();
        assert_eq!(verdict(&endless), None, "judged in bounded time");
    }

    #[test]
    fn what_is_said_about_a_person_is_compared_in_bounded_time() {
        let endless = "tea at four ".repeat(100_000);
        let words: Vec<_> = words(&[&endless]).collect();
        assert!(words.len() < COMPARED && words.iter().all(|word| word.len() <= COMPARED), "{}", words.len());
    }

    #[test]
    fn bad_ones_say_why() {
        for (bad, why) in [
            ("", FieldCode::Blank),
            ("vT9#kd02!m", FieldCode::TooShort),
            ("1Qaz2wsx3edc", FieldCode::Common),
            ("passwordpassword", FieldCode::Common),
            ("123456789012", FieldCode::Common),
            ("passwordpasswordpass", FieldCode::TooWeak),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", FieldCode::TooWeak),
            ("12345678901234567890123", FieldCode::TooWeak),
            ("adalovelace1", FieldCode::LikeIdentity),
            ("ada@engine.example", FieldCode::LikeIdentity),
            ("Latchkey-2026", FieldCode::LikeIdentity),
            ("traders4Northwind", FieldCode::LikeIdentity),
            (&*"x".repeat(1025), FieldCode::TooLong),
        ] {
            assert_eq!(verdict(bad), Some(why), "{bad}");
        }
    }
}
