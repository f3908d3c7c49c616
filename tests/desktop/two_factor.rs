//! Two-factor authentication from the QR code on the screen to switching it off, as a person with a phone does it.

use crate::{
    app::App, authenticator::Authenticator, backup_codes, clipboard, gallery::Gallery, native_dialog::NativeDialog,
    person::ADA, screen::Screen, stage::Stage,
};

#[tokio::test]
async fn two_factor() {
    let stage = Stage::set("two_factor");
    let app = App::open(&stage).await;
    let screen = app.screen();
    let gallery = Gallery::new(&stage);
    ADA.begins_on_this_computer(screen).await;
    ADA.opens(screen, "Two-factor authentication").await;
    gallery.hang(screen, "two-factor-off").await;

    let phone = scan(screen, &gallery).await;
    let codes = switch_on(&stage, screen, &gallery, &phone).await;
    sign_in_with_code(screen, &gallery, &phone).await;
    spend_backup_codes(screen, &gallery, &codes).await;
    let new = generate_new_ones(&stage, screen, &gallery, &codes).await;

    // An old code that was never used is dead.
    asks_for_second_factor(screen).await;
    backup_code(screen, &codes[8]).await;
    assert_eq!(screen.complaint_of("textbox", "Backup code").await, REFUSED);
    backup_code(screen, &new[0]).await;
    dismiss_offer(screen).await;
    screen.arrives_at(ADA.name).await;

    switch_off(screen, &gallery).await;
    gallery.publish(&["two-factor-setup", "two-factor-backup-codes", "two-factor-on", "sign-in-code"]);
    app.close().await;
}

/// What a wrong or spent backup code is answered.
const REFUSED: &str = "That backup code is not correct, or it was used before. Try another one.";

async fn scan(screen: &Screen, gallery: &Gallery) -> Authenticator {
    screen.press("button", "Enable Two-Factor Authentication").await;
    screen.get("button", "Continue").await;
    gallery.hang(screen, "two-factor-setup").await;
    // Black on white in both themes: a phone reads either.
    let phone = Authenticator::scans(&gallery.file("two-factor-setup"));
    let dark = Authenticator::scans(&gallery.file("two-factor-setup-dark"));
    let small = Authenticator::scans(&gallery.file("two-factor-setup-760x560"));
    assert_eq!((phone.secret(), phone.secret()), (dark.secret(), small.secret()));
    assert_eq!(phone.label(), format!("Latchkey:{}", ADA.username));
    // The code to type says the same.
    let script = "return document.querySelector('dialog:modal').innerText.replace(/\\s+/g, '')";
    let text = screen.run(script, vec![]).await;
    assert!(text.as_str().unwrap().contains(phone.secret()), "{text} holds {}", phone.secret());
    phone
}

async fn switch_on(stage: &Stage, screen: &Screen, gallery: &Gallery, phone: &Authenticator) -> Vec<String> {
    screen.press("button", "Continue").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    // A phone whose clock is wrong is told so.
    screen.type_text(&phone.code_when_behind(90)).await;
    screen.sees("behind").await;
    screen.sees("1 minute 30 seconds").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    gallery.hang(screen, "two-factor-code").await;
    // On request it says which code is expected: the one the phone shows.
    screen.press("button", "Which code is expected?").await;
    screen.sees(&phone.lasting_code()).await;
    assert!(!screen.text().await.contains("This computer’s clock"), "the service goes by the same one");
    gallery.hang(screen, "two-factor-expected-code").await;
    screen.press("button", "Which code is expected?").await;
    screen.focus_on(&screen.get("textbox", "Digit 1 of 6").await).await;
    screen.type_text(&phone.last_code()).await;

    screen.arrives_at("Save your backup codes").await;
    gallery.hang(screen, "two-factor-backup-codes").await;
    let codes = backup_codes::shown(screen).await;
    screen.press("button", "Close").await;
    screen.sees("You have not saved your backup codes").await;
    gallery.hang(screen, "two-factor-unsaved").await;
    screen.press("button", "Go back").await;

    // A folder nobody may write into is said, and the codes stay.
    screen.press("button", "Download Backup Codes").await;
    let dialog = NativeDialog::titled(stage, "Download Backup Codes");
    dialog.save_as(std::path::Path::new("/proc/codes.txt"));
    screen.sees("could not be saved").await;
    assert_eq!(backup_codes::shown(screen).await, codes);
    screen.press("button", "Download Backup Codes").await;
    NativeDialog::titled(stage, "Download Backup Codes").cancel();
    assert_eq!(backup_codes::shown(screen).await, codes);

    screen.press("button", "Download Backup Codes").await;
    let dialog = NativeDialog::titled(stage, "Download Backup Codes");
    stage.photograph(&stage.out().join("native-save-dialog.png"));
    let folder = stage.home().join("papers");
    std::fs::create_dir(&folder).unwrap();
    dialog.save_in(&folder, "latchkey-backup-codes-this-computer-ada.txt");
    screen.sees("latchkey-backup-codes-this-computer-ada.txt").await;
    let (header, written) = backup_codes::in_file(&folder.join("latchkey-backup-codes-this-computer-ada.txt"));
    assert_eq!(written, codes, "exactly the codes that were shown");
    assert!(header.contains(ADA.username) && header.contains("This computer"), "{header}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing else is left in the folder");
    screen.press("button", "Close").await;
    screen.gone("heading", "Save your backup codes").await;
    screen.sees("Two-factor authentication is on").await;
    screen.sees("10 of 10 left").await;
    gallery.hang(screen, "two-factor-on").await;
    codes
}

async fn sign_in_with_code(screen: &Screen, gallery: &Gallery, phone: &Authenticator) {
    asks_for_second_factor(screen).await;
    gallery.hang(screen, "sign-in-code").await;
    // The code that switched it on was used.
    screen.type_text(&phone.code_when_behind(300)).await;
    screen.sees("5 minutes").await;
    screen.type_text(&phone.code()).await;
    screen.arrives_at(ADA.name).await;
    // The same code is refused the second time.
    asks_for_second_factor(screen).await;
    screen.type_text(&phone.code()).await;
    screen.sees("That code did not match").await;
    screen.type_text(&phone.next_code()).await;
    screen.arrives_at(ADA.name).await;
}

async fn spend_backup_codes(screen: &Screen, gallery: &Gallery, codes: &[String]) {
    for (spent, code) in codes[..7].iter().enumerate() {
        asks_for_second_factor(screen).await;
        if spent > 0 {
            backup_code(screen, &codes[spent - 1]).await;
            assert_eq!(screen.complaint_of("textbox", "Backup code").await, REFUSED);
            if spent == 1 {
                gallery.hang(screen, "sign-in-backup-code").await;
            }
        }
        // As people write them down.
        backup_code(screen, &code.to_uppercase().replace('-', " ")).await;
        screen.sees(&format!("{} are left", 9 - spent)).await;
        dismiss_offer(screen).await;
        screen.arrives_at(ADA.name).await;
    }
    ADA.opens(screen, "Two-factor authentication").await;
    screen.sees("3 of 10 left").await;
    screen.sees("3 backup codes left").await;
    gallery.hang(screen, "two-factor-low").await;
    screen.press("button", "Alerts, 1 unread").await;
    screen.sees("Generate new ones before you run out.").await;
    screen.key("Escape").await;
}

async fn generate_new_ones(stage: &Stage, screen: &Screen, gallery: &Gallery, old: &[String]) -> Vec<String> {
    screen.run("document.querySelector('main').scrollTo(0, 0)", vec![]).await;
    screen.press("button", "Generate New Backup Codes").await;
    screen.arrives_at("Save your new backup codes").await;
    let new = backup_codes::shown(screen).await;
    assert!(new.iter().all(|code| !old.contains(code)));
    gallery.hang(screen, "two-factor-new-codes").await;
    screen.press("button", "Copy").await;
    let all = new.join("\n");
    clipboard::becomes(stage, "UTF8_STRING", |text| text == all).await;
    // Clipboard managers that keep a history are asked to leave these out.
    clipboard::becomes(stage, "TARGETS", |offers| offers.contains("x-kde-passwordManagerHint")).await;
    screen.press("button", "Close").await;
    screen.sees("10 of 10 left").await;
    new
}

async fn switch_off(screen: &Screen, gallery: &Gallery) {
    ADA.opens(screen, "Two-factor authentication").await;
    screen.press("button", "Disable Two-Factor Authentication").await;
    screen.arrives_at("Disable Two-Factor Authentication?").await;
    gallery.hang(screen, "two-factor-disable").await;
    screen.press("button", "Disable Two-Factor Authentication").await;
    screen.sees("Two-factor authentication is off").await;
    ADA.chooses(screen, "Sign out").await;
    screen.arrives_at("Sign in").await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Sign in").await;
    screen.arrives_at(ADA.name).await;
}

/// Signs out, and in again as far as the password goes.
async fn asks_for_second_factor(screen: &Screen) {
    ADA.chooses(screen, "Sign out").await;
    screen.arrives_at("Sign in").await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Sign in").await;
    screen.arrives_at("Authentication code").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
}

async fn backup_code(screen: &Screen, code: &str) {
    if screen.has("button", "Use a backup code").await {
        screen.press("button", "Use a backup code").await;
    }
    screen.fill("Backup code", code).await;
    screen.press("button", "Verify Code").await;
}

/// After a sign-in by backup code the app offers new ones; not now.
async fn dismiss_offer(screen: &Screen) {
    screen.press("button", "Not now").await;
}
