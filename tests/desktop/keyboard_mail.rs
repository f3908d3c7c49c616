//! Codes that come by mail, with the keyboard alone; part of `keyboard_server`.

use serde_json::json;

use crate::{
    keyboard::{chooses, tab_to},
    person::ADA,
    screen::Screen,
    smtp_server::{SmtpServer, code_in},
};

/// Where Ada has her mail sent from now on.
const NEW_ADDRESS: &str = "ada@new.example";
/// What her password becomes.
pub(crate) const NEW_PASSWORD: &str = "eleven lamps along the quay";

/// Another address, which takes the code that was sent there.
pub(crate) async fn new_address(screen: &Screen, smtp: &SmtpServer) {
    tab_to(screen, "button \"Edit profile\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Edit profile").await;
    tab_to(screen, "textbox \"Email\"").await;
    screen.key("Control+a").await;
    screen.type_text(NEW_ADDRESS).await;
    screen.key("Enter").await;
    screen.arrives_at(&format!("Confirm {NEW_ADDRESS}")).await;
    screen.arrives_at(ADA.name).await;
    let code = mailed_code(smtp);

    tab_to(screen, "textbox \"Code\"").await;
    screen.type_text("not the code").await;
    screen.key("Enter").await;
    let said = screen.complaint_of("textbox", "Code").await;
    assert!(said.starts_with("That code is not correct."), "{said}");
    screen.focused("textbox \"Code\"").await;
    screen.key("Control+a").await;
    screen.type_text(&code).await;
    screen.key("Enter").await;
    screen.sees(&format!("Email changed to {NEW_ADDRESS}")).await;
    // What had the focus is gone.
    screen.focused(&format!("heading \"{}\"", ADA.name)).await;
}

/// Signs out, has a code sent and sets another password with it.
pub(crate) async fn forgotten_password(screen: &Screen, smtp: &SmtpServer) {
    chooses(screen, &ADA, "Sign out").await;
    screen.focused("textbox \"Password\"").await;
    // There and back.
    asks_for_a_code(screen).await;
    screen.key("Escape").await;
    screen.focused("textbox \"Password\"").await;

    asks_for_a_code(screen).await;
    screen.key("Enter").await;
    screen.arrives_at("Set a new password").await;
    screen.focused("textbox \"Code\"").await;
    screen.type_text(&mailed_code(smtp)).await;
    for field in ["New password", "Confirm new password"] {
        tab_to(screen, &format!("textbox \"{field}\"")).await;
        screen.type_text(NEW_PASSWORD).await;
    }
    screen.key("Enter").await;
    screen.sees("Your password was changed").await;
    screen.focused("textbox \"Password\"").await;
    screen.type_text(NEW_PASSWORD).await;
    screen.key("Enter").await;
    screen.arrives_at(ADA.name).await;
}

/// Up to the question who it is, which is answered already.
async fn asks_for_a_code(screen: &Screen) {
    tab_to(screen, "button \"Forgot password\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Forgot password").await;
    screen.focused("textbox \"Username or email\"").await;
    assert_eq!(screen.value("Username or email").await, ADA.username);
}

/// The code in the next message to the new address that holds one.
fn mailed_code(smtp: &SmtpServer) -> String {
    loop {
        let message = smtp.next();
        if message["envelope_to"] == json!([NEW_ADDRESS])
            && let Some(code) = code_in(&message)
        {
            return code;
        }
    }
}
