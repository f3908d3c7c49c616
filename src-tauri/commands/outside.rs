//! The window itself, and what leaves it: text for the clipboard, pages for the browser, sheets for the printer.

use std::sync::Arc;

use latchkey_api::{
    desktop::{CopiedSecret, CopySecret, CopyText, Failure, NativeWords, NoArgs, Request, Transport},
    problem::{ErrorCode, Problem},
    wire::Secret,
};

use super::place::reached;
use crate::{clipboard::LASTS, error::refused, state::AppState};

/// Where a server shows its documentation.
const DOCUMENTATION: &str = "/docs";

/// Puts text on the clipboard.
pub async fn copy_text(app: &AppState, args: CopyText) -> Result<(), Failure> {
    let clipboard = Arc::clone(&app.parts.clipboard);
    let copied = tokio::task::spawn_blocking(move || clipboard.write_text(&args.text)).await;
    copied.unwrap_or_else(|error| Err(refused(Problem::internal(error))))
}

/// Puts a secret on the clipboard for a minute.
pub async fn copy_secret(app: &AppState, args: CopySecret) -> Result<CopiedSecret, Failure> {
    put_on_clipboard(app, args.text).await
}

pub(super) async fn put_on_clipboard(app: &AppState, secret: Secret) -> Result<CopiedSecret, Failure> {
    app.secret_on_clipboard.put(secret).await?;
    Ok(CopiedSecret { clears_after: u32::try_from(LASTS.as_secs()).unwrap_or(u32::MAX) })
}

/// Opens the print dialog.
pub async fn print_page(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    app.parts.printer.print().await
}

/// Has the shell speak the language of the page. Words that do not fit change nothing: `invalid_body`.
pub async fn use_words(app: &AppState, words: NativeWords) -> Result<(), Failure> {
    app.words.set(words).map_err(|unfit| refused(Problem::new(ErrorCode::InvalidBody).detail(unfit)))?;
    if app.chosen.now().tray {
        app.parts.tray.show(app.words.now()).await;
    }
    Ok(())
}

/// The page listens from now on, and hears what was asked for before.
#[expect(clippy::unused_async, reason = "commands are asynchronous, as their callers are")]
pub async fn take_request(app: &AppState, _: NoArgs) -> Result<Option<Request>, Failure> {
    Ok(app.asked.take())
}

/// Does what the cross of the window does.
#[expect(clippy::unused_async, reason = "commands are asynchronous, as their callers are")]
pub async fn press_close(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    app.parts.window.press_close();
    Ok(())
}

/// Ends the app.
#[expect(clippy::unused_async, reason = "commands are asynchronous, as their callers are")]
pub async fn quit(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    app.parts.window.quit();
    Ok(())
}

/// The page has built its first screen: the window may appear.
#[expect(clippy::unused_async, reason = "commands are asynchronous, as their callers are")]
pub async fn show_window(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    app.first_screen.notify_one();
    Ok(())
}

/// Closes the window. An attempt to connect an account is given up with it.
pub async fn close_window(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    app.closing.settle();
    if let Some(attempt) = app.connecting.take() {
        attempt.give_up().await;
    }
    Ok(())
}

/// Opens the API documentation in the browser. The service in this process listens to no browser unless its REST API is
/// switched on: `not_found`.
pub async fn open_api_documentation(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    let (place, _, _) = reached(app)?;
    let origin = if place.transport == Transport::Local { app.rest.url().await } else { Some(place.id) };
    let Some(origin) = origin else {
        let detail = "Only servers show their API documentation, and this computer while its REST API is switched on.";
        return Err(refused(Problem::new(ErrorCode::NotFound).detail(detail)));
    };
    let page = format!("{origin}{DOCUMENTATION}");
    let browser = Arc::clone(&app.parts.browser);
    let opened = tokio::task::spawn_blocking(move || browser.open(&page)).await;
    opened.unwrap_or_else(|error| Err(refused(Problem::internal(error))))
}
