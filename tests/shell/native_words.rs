//! What the shell says itself, in the language the page hands it.

use std::{fs, sync::Arc};

use chrono::DateTime;
use latchkey::{
    commands::{activity, backup_codes, outside, picture, ssh_generation, ssh_keys},
    loopback_redirect::LoopbackRedirect,
    native_words::fill,
};
use latchkey_api::{
    desktop::{NativeWords, NoArgs, SaveBackupCodes, Section},
    problem::ErrorCode,
    wire::Secret,
};
use latchkey_testkit::{Person, Wiring, World};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    desk::{Desk, soon},
    following::until_heard,
};

/// Some German.
fn german() -> NativeWords {
    let mut words = NativeWords { language: "de".into(), ..NativeWords::default() };
    words.dialogs.select_image = "Bild wählen".into();
    words.dialogs.choose_file = "Datei wählen".into();
    words.dialogs.choose_folder = "Ordner wählen".into();
    words.dialogs.save_activity = "Aktivität speichern".into();
    words.dialogs.json_documents = "JSON-Dokumente".into();
    words.dialogs.all_files = "Alle Dateien".into();
    words.dialogs.save_backup_codes = "Ersatzcodes speichern".into();
    words.notices.new_sign_in_here = "Neue Anmeldung an diesem Computer".into();
    words.notices.not_yours = "{address}: {device}. Nicht Sie?".into();
    words.notices.not_you = "Nicht Sie?".into();
    words.backup_codes.title = "Latchkey-Ersatzcodes".into();
    words.backup_codes.this_computer = "Dieser Computer".into();
    words.backup_codes.created = "Erzeugt: {day}. {month} {year}, {time} UTC".into();
    words.backup_codes.months[0] = "Januar".into();
    words
}

#[test]
fn what_is_filled_in_is_not_looked_at_again() {
    assert_eq!(
        fill("{device}, {address}.", &[("device", "{address}"), ("address", "192.0.2.7")]),
        "{address}, 192.0.2.7."
    );
    assert_eq!(fill("{address}: {device}{device}", &[("device", "a"), ("address", "b")]), "b: aa");
    assert_eq!(fill("nothing", &[("device", "a")]), "nothing");
    assert_eq!(fill("{unknown} { open", &[("device", "a")]), "{unknown} { open");
    assert_eq!(fill("", &[]), "");
}

#[tokio::test]
async fn dialogs_are_titled_in_the_language_of_the_page() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    outside::use_words(&desk, german()).await.unwrap();
    for _ in 0..4 {
        desk.dialogs.answer(None);
    }
    picture::choose_picture(&desk, NoArgs {}).await.unwrap();
    ssh_keys::choose_ssh_key(&desk, NoArgs {}).await.unwrap();
    ssh_generation::choose_ssh_folder(&desk, NoArgs {}).await.unwrap();
    activity::save_activity(&desk, NoArgs {}).await.unwrap();
    assert_eq!(desk.dialogs.titles(), ["Bild wählen", "Datei wählen", "Ordner wählen", "Aktivität speichern"]);
    let asked = &desk.dialogs.asked()[0];
    assert_eq!((asked.kind.0.as_str(), asked.all_files.as_str()), ("JSON-Dokumente", "Alle Dateien"));
}

#[tokio::test]
async fn the_file_of_backup_codes_is_in_the_language_of_the_page() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    outside::use_words(&desk, german()).await.unwrap();
    let path = desk.home.path().join("codes.txt");
    desk.dialogs.answer(Some(path.clone()));
    let created_at = DateTime::from_timestamp(1_768_219_200, 0).unwrap();
    let codes = SaveBackupCodes { codes: vec![Secret::new("abcde-fghjk")], created_at };
    backup_codes::save_backup_codes(&desk, codes).await.unwrap().unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(text.starts_with("Latchkey-Ersatzcodes\n\n"), "{text}");
    assert!(text.contains("\nServer: Dieser Computer\n"), "{text}");
    assert!(text.contains("\nErzeugt: 12. Januar 2026, 12:00 UTC\n"), "{text}");
    assert!(text.ends_with("\nabcde-fghjk\n"), "{text}");
    assert_eq!(desk.dialogs.titles(), ["Ersatzcodes speichern"]);
}

#[tokio::test]
async fn the_page_a_browser_comes_back_to_is_in_the_language_of_the_page() {
    let mut words = NativeWords { language: "ar".into(), right_to_left: true, ..NativeWords::default() };
    words.redirect.nothing = "لا شيء هنا & <b>".into();
    let listening = LoopbackRedirect::listen(Arc::new(words)).await.unwrap();
    let url = url::Url::parse(listening.uri()).unwrap();
    let host = format!("127.0.0.1:{}", url.port().unwrap());
    let mut browser = TcpStream::connect(&host).await.unwrap();
    let asked = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    browser.write_all(asked.as_bytes()).await.unwrap();
    let mut page = String::new();
    browser.read_to_string(&mut page).await.unwrap();
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"), "{page}");
    assert!(page.contains("<p>لا شيء هنا &amp; &lt;b></p>"), "{page}");
}

#[tokio::test]
async fn a_notification_is_in_the_language_of_the_page() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    outside::use_words(&desk, german()).await.unwrap();
    let _following = desk.follows();
    until_heard(&world, &desk, "ada").await;
    desk.notices.0.lock().unwrap().clear();
    Person::signs_in(&*world.api, "ada").await;
    soon("a notification", || !desk.notices.0.lock().unwrap().is_empty()).await;
    let notices = desk.notices.0.lock().unwrap().clone();
    assert_eq!(notices[0].summary, "Neue Anmeldung an diesem Computer");
    assert!(notices[0].body.ends_with(". Nicht Sie?"), "{}", notices[0].body);
    assert_eq!((notices[0].buttons[1].label.as_str(), notices[0].open.as_str()), ("Nicht Sie?", "Open"));
}

type Change = fn(&mut NativeWords);

#[tokio::test]
async fn words_that_do_not_fit_are_refused_and_those_before_stay() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    outside::use_words(&desk, german()).await.unwrap();
    let changes: [(&str, Change); 13] = [
        ("blank", |words| words.dialogs.pictures = " ".into()),
        ("too long", |words| words.dialogs.pictures = "x".repeat(201)),
        ("a line of its own", |words| words.notices.not_you = "Not\nyou?".into()),
        ("an unknown placeholder", |words| words.notices.new_sign_in = "To {server} by {password}".into()),
        ("a placeholder where none is filled in", |words| words.redirect.back = "Back to {server}".into()),
        ("one that is missing", |words| words.notices.not_yours = "{device}. Not you?".into()),
        ("one that is there twice", |words| words.notices.new_sign_in = "{server} {server}".into()),
        ("half a placeholder", |words| words.notices.new_sign_in = "{server} {".into()),
        ("too few numbers", |words| drop(words.notices.codes_left.pop())),
        ("too many months", |words| words.backup_codes.months.push("Undecimber".into())),
        ("a section without a name", |words| drop(words.tray.sections.remove(&Section::Activity))),
        ("a section whose name is blank", |words| drop(words.tray.sections.insert(Section::Activity, " ".into()))),
        ("a language that is markup", |words| words.language = "de\"><script>".into()),
    ];
    for (what, change) in changes {
        let mut words = NativeWords::default();
        change(&mut words);
        let refused = outside::use_words(&desk, words).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidBody.into(), "{what}");
        assert_eq!(*desk.words.now(), german(), "{what}");
    }
    // Two hundred characters fit, of whatever length in bytes.
    let mut long = NativeWords::default();
    long.dialogs.pictures = "ص".repeat(200);
    outside::use_words(&desk, long.clone()).await.unwrap();
    assert_eq!(*desk.words.now(), long);
}

#[test]
fn a_word_that_is_missing_or_not_known_is_refused_before_that() {
    let without = r#"{"language":"de","right_to_left":false}"#;
    assert!(serde_json::from_str::<NativeWords>(without).is_err());
}
