//! The window as a screen reader has it: roles, names, states and what is said by itself, over the accessibility bus. axe
//! judges the page; this is what arrives on the other side of WebKit.

use crate::{
    app::App,
    person::ADA,
    screen_reader::{ScreenReader, State, Told},
    stage::Stage,
};

#[tokio::test]
async fn a_screen_reader_is_told_everything() {
    let mut stage = Stage::set("assistive_technology");
    let reader = ScreenReader::start(&mut stage).await;
    let app = App::open(&stage).await;
    let screen = app.screen();

    reader.hears("frame", "Latchkey").await;
    reader.hears("heading", "Where is your account?").await;
    assert!(!reader.hears("radio button", "Use this computer").await.is(State::Checked));
    screen.press("radio", "Use this computer").await;
    let checked = |told: &Told| told.name == "Use this computer" && told.is(State::Checked);
    reader.hears_of("that this computer is chosen", checked).await;
    screen.press("button", "Continue").await;

    // Which fields there are, and what is wrong with one.
    screen.arrives_at("Create account").await;
    reader.hears("document web", "Create account – Latchkey").await;
    let username = reader.hears("entry", "Username").await;
    assert!(!username.is(State::InvalidEntry), "{username:?}");
    assert!(username.is(State::Required), "{username:?}");
    let password = reader.hears("password text", "Password").await;
    assert!(password.is(State::Required), "{password:?}");
    screen.fill("Username", "a").await;
    screen.press("button", "Create account").await;
    screen.complaint_of("textbox", "Username").await;
    let said = |told: &Told| {
        told.name == "Username"
            && told.is(State::InvalidEntry)
            && told.description.contains("Use at least 2 characters.")
    };
    reader.hears_of("what is wrong with the username", said).await;
    ADA.creates_account(screen).await;

    // The page is named, and what is on it.
    reader.hears("document web", "Profile – Latchkey").await;
    reader.hears("heading", ADA.name).await;
    reader.hears("push button", "Copy email").await;

    // What is said by itself: saved, without the focus going there.
    screen.press("button", "Edit profile").await;
    let required = |told: &Told| told.role == "entry" && told.name.starts_with("Name") && told.is(State::Required);
    reader.hears_of("that a name is required", required).await;
    let location = reader.hears("entry", "Location").await;
    assert!(!location.is(State::Required), "{location:?}");
    screen.fill("Location", "Bergen").await;
    screen.press("button", "Update User Information").await;
    let told = |told: &Told| told.role == "status bar" && told.text.contains("Profile updated");
    reader.hears_of("that the profile was saved", told).await;

    // A dialog: its name, that it is alone, and what has the focus in it.
    ADA.opens(screen, "API keys").await;
    reader.hears("landmark", "Account sections").await;
    for section in ["Password", "Two-factor authentication", "Sessions", "Security check-up", "SSH keys"] {
        let named = |told: &Told| told.role == "push button" && told.name.starts_with(section);
        reader.hears_of(section, named).await;
    }
    screen.press("button", "Create API Key").await;
    let dialog = reader.hears("dialog", "Create API Key").await;
    assert!(dialog.is(State::Modal), "{dialog:?}");
    let focused = |told: &Told| told.name == "Name" && told.is(State::Focused);
    reader.hears_of("that the name has the focus", focused).await;
    reader.hears("check box", "API").await;
    screen.key("Escape").await;
    screen.gone("dialog", "Create API Key").await;

    // A choice of which one is taken.
    ADA.opens(screen, "Activity").await;
    assert!(reader.hears("radio button", "All").await.is(State::Checked));
    app.close().await;
}
