//! What the shell itself says, in the language of the page: titles of dialogs, notifications, files for people.
//!
//! The catalogues stand in the page. It hands their sentences over at its start and whenever the language changes; until
//! then they are English. What is handed over is looked at before it is used, as everything that comes from the page.

use std::sync::{Arc, PoisonError, RwLock};

use latchkey_api::{
    desktop::{NativeWords, Section},
    two_factor::BACKUP_CODES,
};

/// Characters a sentence may have.
const LONGEST: usize = 200;

/// Why words are not used, as a sentence.
pub type Unfit = String;

/// The words in use.
#[derive(Default)]
pub struct WordsInUse(RwLock<Arc<NativeWords>>);

impl WordsInUse {
    /// The words now.
    pub fn now(&self) -> Arc<NativeWords> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Uses other words, all of them; where one does not fit, those before stay in use.
    pub fn set(&self, words: NativeWords) -> Result<(), Unfit> {
        check(&words)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(words);
        Ok(())
    }
}

/// A sentence with what stands in braces filled in. What is filled in is not looked at again: somebody may call their
/// device `{address}`.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut said = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, name, after)) = next_placeholder(rest) {
        said.push_str(before);
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => said.push_str(value),
            None => said.extend(["{", name, "}"]),
        }
        rest = after;
    }
    said.push_str(rest);
    said
}

/// What stands before the next placeholder, its name, and what comes behind it.
fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

fn check(words: &NativeWords) -> Result<(), Unfit> {
    let code = words.language.as_str();
    if !(2..=35).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err("The language is no language tag.".into());
    }
    let (codes, months) = (&words.notices.codes_left, &words.backup_codes.months);
    if codes.len() != BACKUP_CODES as usize + 1 || months.len() != 12 {
        return Err("A sentence for a number of backup codes, or a month, is missing.".into());
    }
    if Section::ALL.iter().any(|section| !words.tray.sections.contains_key(section)) {
        return Err("The name of a section is missing.".into());
    }
    let filled: [(&str, &[&str]); 5] = [
        (&words.notices.new_sign_in, &["server"]),
        (&words.notices.not_yours, &["address", "device"]),
        (&words.backup_codes.account, &["username"]),
        (&words.backup_codes.server, &["server"]),
        (&words.backup_codes.created, &["day", "month", "time", "year"]),
    ];
    for (sentence, names) in filled {
        fits(sentence, names)?;
    }
    let whole = whole_sentences(words);
    let sections = words.tray.sections.values();
    whole.into_iter().chain(codes).chain(months).chain(sections).try_for_each(|sentence| fits(sentence, &[]))
}

/// The sentences in which nothing is filled in.
fn whole_sentences(words: &NativeWords) -> Vec<&String> {
    let (dialogs, notices) = (&words.dialogs, &words.notices);
    vec![
        &dialogs.select_image,
        &dialogs.choose_file,
        &dialogs.choose_folder,
        &dialogs.save_activity,
        &dialogs.save_export,
        &dialogs.save_backup_codes,
        &dialogs.pictures,
        &dialogs.public_keys,
        &dialogs.text_files,
        &dialogs.json_documents,
        &dialogs.all_files,
        &notices.open,
        &notices.new_sign_in_here,
        &notices.unknown_device,
        &notices.this_computer,
        &notices.not_you,
        &notices.look_at_sessions,
        &notices.generate_before_you_run_out,
        &notices.generate_in_case,
        &notices.generate,
        &words.backup_codes.title,
        &words.backup_codes.this_computer,
        &words.backup_codes.how,
        &words.redirect.back,
        &words.redirect.nothing,
        &words.tray.open,
        &words.tray.quit,
    ]
}

/// Whether a sentence says something, is no longer than it may be, and has just these placeholders (in the order of the
/// alphabet), each once.
fn fits(sentence: &str, names: &[&str]) -> Result<(), Unfit> {
    if sentence.trim().is_empty() || sentence.chars().count() > LONGEST || sentence.chars().any(char::is_control) {
        return Err(
            "A sentence is blank, longer than 200 characters, or has characters that are not for reading.".into()
        );
    }
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some((_, name, after)) = next_placeholder(rest) {
        found.push(name);
        rest = after;
    }
    found.sort_unstable();
    if found != names || rest.contains(['{', '}']) {
        return Err(format!("A sentence is to be filled in with {names:?} and asks for {found:?}."));
    }
    Ok(())
}
