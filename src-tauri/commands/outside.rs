//! What leaves the window: text for the clipboard, pages for the browser.

use std::sync::Arc;

use latchkey_api::{
    desktop::{CopyText, Failure, NoArgs, Transport},
    problem::{ErrorCode, Problem},
};

use super::place::reached;
use crate::{error::refused, state::AppState};

/// Where a server shows its documentation.
const DOCUMENTATION: &str = "/docs";

/// Puts text on the clipboard.
pub async fn copy_text(app: &AppState, args: CopyText) -> Result<(), Failure> {
    let clipboard = Arc::clone(&app.parts.clipboard);
    let copied = tokio::task::spawn_blocking(move || clipboard.write_text(&args.text)).await;
    copied.unwrap_or_else(|error| Err(refused(Problem::internal(error))))
}

/// Opens the server's API documentation in the browser. The service in this process listens to no browser: `not_found`.
pub async fn open_api_documentation(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    let (place, _, _) = reached(app)?;
    if place.transport == Transport::Local {
        return Err(refused(Problem::new(ErrorCode::NotFound).detail("Only servers show their API documentation.")));
    }
    let page = format!("{}{DOCUMENTATION}", place.id);
    let browser = Arc::clone(&app.parts.browser);
    let opened = tokio::task::spawn_blocking(move || browser.open(&page)).await;
    opened.unwrap_or_else(|error| Err(refused(Problem::internal(error))))
}
