//! The pages of the keys, and their dialogs.

use super::check;
use crate::{person::ADA, screen::Screen};

/// The page of the API keys and its dialogs.
pub(super) async fn api_keys(screen: &Screen) {
    ADA.opens(screen, "API keys").await;
    screen.sees("No named keys yet").await;
    check(screen, "API keys, none").await;
    screen.press("button", "Generate API Key").await;
    screen.press("button", "Generate new API Key").await;
    screen.arrives_at("Generate new API Key").await;
    check(screen, "API keys, another personal one").await;
    screen.press("button", "Cancel").await;
    screen.press("button", "Create API Key").await;
    screen.press("checkbox", "API").await;
    screen.press("button", "Create").await;
    screen.complaint_of("textbox", "Name").await;
    check(screen, "create API key, refused").await;
    screen.fill("Name", "Backups").await;
    screen.press("checkbox", "API").await;
    screen.press("button", "Create").await;
    screen.arrives_at("Backups is ready").await;
    check(screen, "API key, token").await;
    screen.press("button", "Close").await;
    screen.sees("You have not copied the token").await;
    check(screen, "API key, token not copied").await;
    screen.press("button", "Close without copying").await;
    screen.get("button", "Delete Backups").await;
    check(screen, "API keys").await;
    screen.press("button", "Delete Backups").await;
    screen.get("button", "Undo").await;
    check(screen, "API key, deleted").await;
    screen.press("button", "Undo").await;
    screen.resize(640, 480).await;
    screen.get("button", "Section: API keys").await;
    check(screen, "API keys, smallest window").await;
    screen.resize(1120, 760).await;
}

/// The page of the SSH keys and its dialogs.
pub(super) async fn ssh_keys(screen: &Screen) {
    ADA.opens(screen, "SSH keys").await;
    screen.sees("No SSH keys yet").await;
    check(screen, "SSH keys, none").await;
    screen.press("button", "Add key").await;
    screen.fill("Public key", "ssh-ed25519 AAAA").await;
    screen.complaint_of("textbox", "Public key").await;
    check(screen, "add SSH key, refused").await;
    screen.press("button", "Cancel").await;
    screen.press("button", "Generate on this computer").await;
    screen.fill("Name", "").await;
    screen.fill("Passphrase (optional)", "eleven lamps").await;
    screen.press("checkbox", "Add a host to your SSH configuration").await;
    screen.press("button", "Generate key").await;
    screen.complaint_of("textbox", "Name").await;
    check(screen, "generate SSH key, refused").await;
    screen.fill("Name", "Workshop").await;
    screen.fill("Confirm passphrase", "eleven lamps").await;
    screen.fill("Alias", "workshop").await;
    screen.press("button", "Generate key").await;
    screen.arrives_at("Workshop is ready").await;
    check(screen, "SSH key, generated").await;
    screen.press("button", "Close").await;
    screen.get("button", "Remove Workshop").await;
    check(screen, "SSH keys").await;
}
