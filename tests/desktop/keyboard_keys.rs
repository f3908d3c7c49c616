//! API keys and SSH keys with the keyboard alone; part of `keyboard`.

use latchkey_desktop_testkit::output_of;

use crate::{clipboard, keyboard::tab_to, screen::Screen, stage::Stage};

/// Generates the personal key and copies it; creates a named one, copies its token and deletes it; and has scripts on this
/// computer reach the service.
pub(crate) async fn api_keys(stage: &Stage, screen: &Screen) {
    screen.key("Control+3").await;
    screen.arrives_at("API keys").await;
    screen.get("button", "Create API Key").await;
    tab_to(screen, "button \"Generate API Key\"").await;
    screen.key("Enter").await;
    screen.sees("Personal API key generated").await;
    tab_to(screen, "button \"Copy personal API key\"").await;
    screen.key("Enter").await;
    clipboard::becomes(stage, "UTF8_STRING", |text| text.starts_with("lk_")).await;
    tab_to(screen, "button \"Generate new API Key\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Generate new API Key").await;
    screen.key("Escape").await;
    screen.gone("heading", "Generate new API Key").await;

    tab_to(screen, "button \"Create API Key\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Name\"").await;
    screen.type_text("Backups").await;
    tab_to(screen, "combobox \"Expires\"").await;
    screen.type_text("In 30").await;
    tab_to(screen, "button \"Create\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Backups is ready").await;
    screen.focused("button \"Copy token\"").await;
    // Escape takes nothing away that was not copied.
    screen.key("Escape").await;
    screen.sees("You have not copied the token").await;
    screen.key("Escape").await;
    screen.focused("button \"Copy token\"").await;
    screen.key("Enter").await;
    clipboard::becomes(stage, "UTF8_STRING", |text| text.starts_with("lkt_")).await;
    screen.key("Escape").await;
    screen.gone("heading", "Backups is ready").await;
    screen.focused("button \"Create API Key\"").await;
    tab_to(screen, "button \"Delete Backups\"").await;
    screen.key("Enter").await;
    screen.sees("Backups deleted").await;
    screen.focused("heading \"Named keys\"").await;

    tab_to(screen, "switch \"REST API on this computer\"").await;
    screen.key(" ").await;
    screen.get("button", "Copy address").await;
}

/// Adds an SSH key and removes it; generates one on this computer.
pub(crate) async fn ssh_keys(stage: &Stage, screen: &Screen) {
    let file = stage.home().join("key");
    output_of(stage.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "desk", "-f"]).arg(&file));
    screen.key("Control+6").await;
    screen.arrives_at("SSH keys").await;
    screen.get("button", "Add key").await;
    tab_to(screen, "button \"Add key\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Public key\"").await;
    screen.type_text("ssh-ed25519 AAAA").await;
    screen.key("Escape").await;
    screen.focused("button \"Add key\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Public key\"").await;
    assert_eq!(screen.value("Public key").await, "ssh-ed25519 AAAA", "Esc has lost nothing");
    screen.key("Control+a").await;
    screen.type_text(std::fs::read_to_string(file.with_extension("pub")).unwrap().trim_end()).await;
    screen.sees("ED25519,").await;
    assert_eq!(screen.value("Name").await, "desk");
    tab_to(screen, "textbox \"Name\"").await;
    screen.key("Enter").await;
    screen.sees("desk added").await;
    screen.focused("button \"Add key\"").await;
    tab_to(screen, "button \"Remove desk\"").await;
    screen.key("Enter").await;
    screen.sees("desk removed").await;
    screen.focused("heading \"SSH keys\"").await;

    tab_to(screen, "button \"Generate on this computer\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Generate on this computer").await;
    let proposed = "return !!document.querySelector('dialog form')?.innerText.includes('.pub')";
    screen.until("a file name is proposed", proposed).await;
    screen.focused("textbox \"Name\"").await;
    screen.key("Control+a").await;
    screen.type_text("Workshop").await;
    for field in ["Passphrase (optional)", "Confirm passphrase"] {
        tab_to(screen, &format!("textbox \"{field}\"")).await;
        screen.type_text("eleven lamps by the harbour").await;
    }
    screen.key("Enter").await;
    screen.arrives_at("Workshop is ready").await;
    screen.key("Escape").await;
    screen.gone("heading", "Workshop is ready").await;
    screen.get("button", "Remove Workshop").await;
}
