//! Backup codes on paper, by the desktop's own print dialog. Without a printer GTK offers to print to a file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use latchkey_desktop_testkit::output_of;

use crate::{
    app::App, authenticator::Authenticator, backup_codes, keyboard::tab_to, person::ADA, stage::Stage, x11::Window,
};

/// How long the dialog takes at most on a busy machine.
const SETTLE: Duration = Duration::from_millis(800);

#[tokio::test]
async fn the_sheet_has_the_codes_and_whose_they_are() {
    let stage = Stage::set("printing");
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;
    ADA.opens(screen, "Two-factor authentication").await;
    screen.press("button", "Enable Two-Factor Authentication").await;
    screen.get("button", "Continue").await;
    let phone = Authenticator::scans(&screen.photograph("setup").await);
    screen.press("button", "Continue").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.code()).await;
    screen.arrives_at("Save your backup codes").await;
    let codes = backup_codes::shown(screen).await;

    tab_to(screen, "button \"Print\"").await;
    screen.key("Enter").await;
    let dialog = Window::titled(&stage, "Print");
    dialog.focus();
    // GTK shows nowhere that its dialog has taken a key.
    std::thread::sleep(SETTLE);
    // The first printer of the list, which is the only one.
    dialog.click(100, 86);
    std::thread::sleep(SETTLE);
    stage.photograph(&stage.out().join("print-dialog.png"));
    dialog.keys("alt+p");
    let sheet = printed(&stage).await;
    let text = output_of(Command::new("pdftotext").args(["-layout"]).arg(&sheet).arg("-"));
    for code in &codes {
        assert!(text.contains(code.as_str()), "{code} is not on the sheet:\n{text}");
    }
    for word in [ADA.username, "This computer", "Latchkey"] {
        assert!(text.contains(word), "{word} is not on the sheet:\n{text}");
    }
    assert!(!text.contains("Step 3 of 3"), "nothing of the window is on the sheet:\n{text}");
    let pages = output_of(Command::new("pdfinfo").arg(&sheet));
    assert!(pages.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 1")), "one page: {pages}");
    output_of(
        Command::new("pdftoppm").args(["-png", "-r", "60", "-singlefile"]).arg(&sheet).arg(stage.out().join("sheet")),
    );
    // Printing counts as saving.
    screen.press("button", "Close").await;
    screen.sees("Two-factor authentication is on").await;
    app.close().await;
}

/// The file that was printed to, once it is whole.
async fn printed(stage: &Stage) -> PathBuf {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let found = pdf_below(&stage.home());
        if let Some(file) = found.filter(|file| fs::read(file).is_ok_and(|bytes| bytes.ends_with(b"%%EOF\n"))) {
            return file;
        }
        assert!(Instant::now() < deadline, "nothing was printed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn pdf_below(folder: &Path) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).ok()?.flatten();
    entries.find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { pdf_below(&path) } else { path.extension().is_some_and(|end| end == "pdf").then_some(path) }
    })
}
