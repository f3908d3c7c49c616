//! The desktop shell of Latchkey: the window, and everything of this computer that the page in it may not touch
//! itself: the keychain, files, the clipboard, the network.
//!
//! The page asks by [commands] and is told by [events]; both are written down in [`latchkey_api::desktop`]. What the
//! window shows is one state machine, drawn in [session]. Every part of the desktop (keychain, file picker, clipboard,
//! browser) is a trait with a second implementation for tests, so that the commands run without a window.

pub mod address;
pub mod backend;
pub mod browser;
pub mod clipboard;
pub mod commands;
pub mod device;
pub mod dialogs;
pub mod drag;
#[cfg(feature = "embedded")]
mod embedded;
pub mod error;
pub mod events;
mod log;
mod opening;
mod password;
pub mod picture;
pub mod places;
mod private;
pub mod scene;
pub mod session;
pub mod state;
pub mod upload;
pub mod vault;
mod window;

use std::{path::PathBuf, sync::Arc, time::Duration};

use latchkey_api::desktop::NoArgs;
use tauri::{App, AppHandle, Manager, RunEvent, WindowEvent};

use crate::{
    backend::Backends,
    browser::SystemBrowser,
    clipboard::SystemClipboard,
    dialogs::NativeDialogs,
    events::WindowEvents,
    places::Places,
    state::{AppState, Parts},
    vault::{SystemKeychain, Tokens},
};

/// The label of the one window.
pub const WINDOW: &str = "main";

/// How long the service in this process may take to write what is still in memory when the app ends.
const CLOSING: Duration = Duration::from_secs(5);

/// How often a keychain that was absent is looked for: it may be started after the app.
const KEYCHAIN: Duration = Duration::from_secs(20);

/// Opens the window and stays until it is closed.
///
/// # Panics
/// When the web view cannot be made: there is nothing to show a message in.
pub fn run() {
    log::start();
    let app = tauri::Builder::default()
        // First, so that a second start ends before anything else begins.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::raise(app)))
        .plugin(window::remember())
        .plugin(window::stay_on_the_page())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .setup(|app| Ok(set_up(app)?))
        .invoke_handler(commands::handler())
        .on_window_event(|window, event| {
            if let WindowEvent::DragDrop(event) = event {
                drag::handle(&window.state::<Arc<AppState>>(), event);
            }
        })
        .build(tauri::generate_context!())
        .expect("the web view of this system can be made");
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            close(app);
        }
    });
}

fn set_up(app: &App) -> tauri::Result<()> {
    let state = Arc::new(AppState::new(parts(app.handle(), &app.path().app_data_dir()?)));
    app.manage(Arc::clone(&state));
    window::show_when_ready(app.handle());
    // The place used last is opened while the web view loads the page; the page's own call waits for this one.
    let app = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        let _ = commands::place::get_view(&state, NoArgs {}).await;
        window::first_view(&app);
        loop {
            tokio::time::sleep(KEYCHAIN).await;
            state.look_for_keychain().await;
        }
    });
    Ok(())
}

fn parts(app: &AppHandle, data: &std::path::Path) -> Parts {
    let version = app.package_info().version.to_string();
    Parts {
        device: device::describe(&version),
        connector: Arc::new(Backends::new(device::user_agent(&version), account_data(data))),
        places: Places::at(data.join("places.json")),
        tokens: Tokens::new(Arc::new(SystemKeychain::default())),
        dialogs: Arc::new(NativeDialogs::new(app.clone())),
        clipboard: Arc::new(SystemClipboard::new(app.clone())),
        browser: Arc::new(SystemBrowser::new(app.clone())),
        events: Arc::new(WindowEvents::new(app.clone())),
        version,
    }
}

/// A folder of its own: the web view keeps its data beside it.
fn account_data(data: &std::path::Path) -> PathBuf {
    data.join("service")
}

fn close(app: &AppHandle) {
    let Some(state) = app.try_state::<Arc<AppState>>() else { return };
    let connector = Arc::clone(&state.parts.connector);
    tauri::async_runtime::block_on(async move {
        if tokio::time::timeout(CLOSING, connector.close()).await.is_err() {
            tracing::warn!("the account data was not closed in time");
        }
    });
}
