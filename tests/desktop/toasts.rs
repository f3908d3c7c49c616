//! A toast lies over the page, but never over what somebody needs: pages end above it, and what has the focus does too.

use crate::{app::App, person::ADA, screen::Screen, stage::Stage};

/// Width and height of the window, and the size of text in percent.
const WINDOWS: [(u32, u32, u32); 4] = [(1120, 760, 100), (760, 560, 100), (760, 560, 200), (640, 480, 200)];

#[tokio::test]
async fn a_toast_keeps_nobody_from_anything() {
    let stage = Stage::set("toasts");
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.press("button", "Continue").await;
    screen.sees("Choose where your account is first.").await;
    stays(screen).await;
    nothing_below(screen, "first run").await;
    screen.press("button", "Dismiss").await;
    screen.gone("button", "Dismiss").await;
    ADA.begins_on_this_computer(screen).await;

    ADA.opens(screen, "API keys").await;
    screen.press("button", "Generate API Key").await;
    screen.sees("Personal API key generated").await;
    stays(screen).await;
    for section in 1..=10 {
        screen.open_section(section).await;
        nothing_below(screen, &format!("section {section}")).await;
    }
    screen.press("button", "Dismiss").await;
    screen.gone("button", "Dismiss").await;

    ADA.opens(screen, "Password").await;
    show(screen, (760, 560, 200)).await;
    for (field, text) in [
        ("Current password", ADA.password),
        ("New password", "brass kettle on a slow train"),
        ("Confirm new password", "brass kettle on a slow train"),
    ] {
        screen.fill(field, text).await;
    }
    screen.press("button", "Change Password").await;
    screen.sees("Password changed.").await;
    screen.focused("button \"Change Password\"").await;
    assert_eq!(below(screen).await, Vec::<String>::new(), "what was pressed, with the toast that came of it");
    app.close().await;
}

/// Keeps the toast, as the pointer on it does.
async fn stays(screen: &Screen) {
    screen.run("document.querySelector('.toast').dispatchEvent(new MouseEvent('mouseenter'))", vec![]).await;
}

async fn show(screen: &Screen, (width, height, text): (u32, u32, u32)) {
    screen.resize(width, height).await;
    screen.set_text_size(text).await;
    screen.settle().await;
}

/// Goes to the end of the page in each window: nothing to press or to fill in is below the toast there.
async fn nothing_below(screen: &Screen, page: &str) {
    for window in WINDOWS {
        show(screen, window).await;
        screen
            .run("const part = document.querySelector('.sheet, .scroll'); part.scrollTop = part.scrollHeight", vec![])
            .await;
        let covered = below(screen).await;
        if !covered.is_empty() {
            screen.photograph("covered").await;
        }
        assert_eq!(covered, Vec::<String>::new(), "{page}, {window:?}");
    }
    show(screen, WINDOWS[0]).await;
}

/// The controls of the window that lie below the toast, wholly or in part.
async fn below(screen: &Screen) -> Vec<String> {
    screen.settle().await;
    let script = "const toast = document.querySelector('.toast').getBoundingClientRect();
        return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
          .filter((one) => !one.closest('.toast, [inert]') && one.checkVisibility({ visibilityProperty: true }))
          .filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width > 1 && box.left < toast.right && toast.left < box.right &&
              box.top < toast.bottom && toast.top < box.bottom;
          })
          .map((one) => one.getAttribute('aria-label') ?? (one.innerText || one.id));";
    let found = screen.run(script, vec![]).await;
    found.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}
