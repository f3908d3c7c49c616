//! What keeps the account safe: the check-up, the pages of the password and of two-factor authentication.

use super::check;
use crate::{authenticator::Authenticator, person::ADA, screen::Screen};

/// The check-up of an account that could stand better.
pub(super) async fn check_up(screen: &Screen) {
    ADA.opens(screen, "Security check-up").await;
    screen.sees("Two-factor authentication is off").await;
    screen.sees("2 things to see to").await;
    check(screen, "check-up").await;
    screen.press("button", "Rate it").await;
    screen.fill("Password", "letmein").await;
    screen.sees("Too short").await;
    check(screen, "check-up, rating").await;
    screen.key("Enter").await;
    screen.sees("Strength of your password: Too short").await;
    screen.gone("heading", "How strong is your password?").await;
    screen.resize(640, 480).await;
    screen.get("button", "Section: Security check-up").await;
    check(screen, "check-up, smallest window").await;
    screen.resize(1120, 760).await;
}

/// The pages and dialogs that keep the account safe.
pub(super) async fn pages(screen: &Screen) {
    ADA.opens(screen, "Password").await;
    screen.fill("New password", "ada").await;
    screen.press("button", "Change Password").await;
    screen.complaint_of("textbox", "Current password").await;
    check(screen, "password, refused").await;
    ADA.opens(screen, "Activity").await;
    screen.sees("Signed in").await;
    check(screen, "activity").await;
    ADA.opens(screen, "Delete account").await;
    screen.sees("This cannot be undone").await;
    check(screen, "delete account").await;

    ADA.opens(screen, "Two-factor authentication").await;
    check(screen, "two-factor, off").await;
    screen.press("button", "Enable Two-Factor Authentication").await;
    screen.get("button", "Continue").await;
    check(screen, "two-factor, QR code").await;
    let phone = Authenticator::scans(&screen.photograph("setup").await);
    screen.press("button", "Continue").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.code_when_behind(600)).await;
    screen.sees("behind").await;
    check(screen, "two-factor, wrong code").await;
    screen.type_text(&phone.code()).await;
    screen.arrives_at("Save your backup codes").await;
    check(screen, "two-factor, backup codes").await;
    screen.press("button", "Close").await;
    screen.sees("You have not saved your backup codes").await;
    check(screen, "two-factor, unsaved").await;
    screen.press("button", "Close without saving").await;
    screen.sees("Two-factor authentication is on").await;
    check(screen, "two-factor, on").await;
    screen.press("button", "Disable Two-Factor Authentication").await;
    screen.arrives_at("Disable Two-Factor Authentication?").await;
    check(screen, "two-factor, disable").await;
    screen.press("button", "Cancel").await;
    screen.press("button", "Alerts").await;
    check(screen, "alerts").await;
    screen.key("Escape").await;

    ADA.opens(screen, "Security check-up").await;
    screen.press("button", "Practise").await;
    screen.fill("Backup code", "aaaaa-aaaaa").await;
    screen.key("Enter").await;
    screen.sees("This is none of your codes").await;
    check(screen, "check-up, practice").await;
    screen.key("Escape").await;
    screen.gone("heading", "Practise with a backup code").await;

    ADA.chooses(screen, "Sign out").await;
    screen.fill("Password", ADA.password).await;
    screen.press("button", "Sign in").await;
    screen.arrives_at("Authentication code").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    check(screen, "second step").await;
    screen.press("button", "Use a backup code").await;
    check(screen, "second step, backup code").await;
    screen.press("button", "Use your authenticator app").await;
    screen.focused("textbox \"Digit 1 of 6\"").await;
    screen.type_text(&phone.next_code()).await;
    screen.arrives_at(ADA.name).await;
}
