//! The desktop shell of Latchkey, and the same client without a window: the [command line](cli).
//!
//! The shell is the window, and everything of this computer that the page in it may not touch itself: the keychain,
//! files, the clipboard, the network.
//!
//! The page asks by [commands] and is told by [events]; both are written down in [`latchkey_api::desktop`]. What the
//! window shows is one state machine, drawn in [session]. Every part of the desktop (keychain, file dialogs, clipboard,
//! browser, printer, notifications) is a trait with a second implementation for tests, so that the commands run without a window.

pub mod address;
pub mod app_settings;
pub mod app_window;
#[cfg(target_os = "linux")]
mod appearance;
pub mod asked;
pub mod backend;
mod blocking;
pub mod browser;
mod choice_file;
pub mod cli;
pub mod clipboard;
pub mod closing;
pub mod commands;
pub mod connection_attempt;
pub mod container_config;
pub mod credential_program;
pub mod device;
pub mod dialogs;
pub mod drag;
mod edited_file;
#[cfg(feature = "embedded")]
mod embedded;
pub mod error;
pub mod events;
pub mod expected_code;
pub mod follower;
pub mod git_config;
pub mod helper_record;
#[cfg(feature = "embedded")]
mod integrations_file;
pub mod json_member;
pub mod key_files;
pub mod launch;
pub mod link;
mod log;
pub mod login_start;
pub mod loopback_redirect;
pub mod native_words;
pub mod notifications;
mod opening;
mod password;
pub mod picture;
pub mod places;
pub mod printer;
mod private;
pub mod public_key_file;
pub mod qr;
mod redirect_page;
pub mod rest;
pub mod saved_file;
pub mod saved_session;
pub mod scene;
pub mod session;
pub mod snapshot;
pub mod ssh_config;
pub mod state;
pub mod tool_credentials;
pub mod tool_environment;
pub mod tray;
pub mod upload;
pub mod vault;
#[cfg(target_os = "linux")]
mod web_process;
mod window;

use std::{path::PathBuf, sync::Arc, time::Duration};

use latchkey_api::desktop::{NoArgs, Request};
use latchkey_service::SystemClock;
use tauri::{App, AppHandle, Manager, RunEvent, WindowEvent};

use crate::{
    app_window::DesktopWindow,
    backend::Backends,
    browser::SystemBrowser,
    clipboard::SystemClipboard,
    dialogs::NativeDialogs,
    events::WindowEvents,
    launch::Launch,
    notifications::SystemNotifier,
    places::Places,
    printer::WindowPrinter,
    snapshot::Snapshots,
    state::{AppState, Parts},
    tool_environment::ToolEnvironment,
    vault::{Credentials, KeychainKey, Keys, SnapshotKeys, SystemKeychain, Tokens},
};

/// The label of the one window.
pub const WINDOW: &str = "main";

/// How long the service in this process may take to write what is still in memory when the app ends.
const CLOSING: Duration = Duration::from_secs(5);

/// How long the clipboard may take to let go of a secret when the app ends.
const CLIPBOARD: Duration = Duration::from_secs(1);

/// How often a keychain that was absent is looked for: it may be started after the app.
const KEYCHAIN: Duration = Duration::from_secs(20);

/// Opens the window as a start of the program asks for it, and stays until the app ends.
///
/// # Panics
/// When the web view cannot be made: there is nothing to show a message in.
pub fn run(launch: Launch) {
    #[cfg(target_os = "linux")]
    web_process::prepare();
    log::start();
    let app = tauri::Builder::default()
        // First, so that a second start ends before anything else begins.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| started_again(app, &arguments)))
        .plugin(window::remember())
        .plugin(window::stay_on_the_page())
        .plugin(tauri_plugin_clipboard_manager::init())
        .setup(move |app| Ok(set_up(app, launch)?))
        .invoke_handler(commands::handler())
        .on_window_event(|window, event| match event {
            WindowEvent::Resized(size) => window::fit(window, *size),
            WindowEvent::DragDrop(event) => drag::handle(&window.state::<Arc<AppState>>(), event),
            WindowEvent::CloseRequested { api, .. } if window::goes_to_tray(window.app_handle()) => api.prevent_close(),
            WindowEvent::CloseRequested { api, .. } if window::waits(window.app_handle()) => api.prevent_close(),
            _ => {}
        })
        .build(tauri::generate_context!())
        .expect("the web view of this system can be made");
    app.run(|app, event| match event {
        RunEvent::ExitRequested { api, .. } if window::waits(app) => api.prevent_exit(),
        // The clipboard is gone by the time of `Exit`.
        RunEvent::ExitRequested { .. } => take_secret_off_clipboard(app),
        RunEvent::Exit => close(app),
        _ => {}
    });
}

/// Somebody started the program once more: this window is the one they get.
fn started_again(app: &AppHandle, arguments: &[String]) {
    match launch::of(arguments.get(1..).unwrap_or_default()) {
        Some(Launch::Shown) => window::raise(app),
        Some(link @ Launch::Link(_)) => {
            window::raise(app);
            if let Some(state) = app.try_state::<Arc<AppState>>() {
                follow_link(&state, link);
            }
        }
        Some(Launch::Hidden) | None => {}
    }
}

/// A link shows a section, and does nothing else.
fn follow_link(state: &AppState, launch: Launch) {
    if let Launch::Link(Some(section)) = launch {
        state.asked.ask(&*state.parts.events, Request::ShowSection { section });
    }
}

fn set_up(app: &App, launch: Launch) -> tauri::Result<()> {
    let state = Arc::new(AppState::new(parts(app.handle(), &app.path().app_data_dir()?)?));
    app.manage(Arc::clone(&state));
    follow_link(&state, launch);
    window::hold(app.handle(), launch == Launch::Hidden);
    // The place used last is opened while the window is made and the page loads; the page's own call waits for this one.
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        let _ = commands::place::get_view(&state, NoArgs {}).await;
        tauri::async_runtime::spawn(follower::follow(Arc::clone(&state)));
        let keeping = Arc::clone(&state);
        tauri::async_runtime::spawn(async move { snapshot::follow(&keeping).await });
        let living = Arc::clone(&state);
        tauri::async_runtime::spawn(async move { window::live_with_tray(&handle, &living).await });
        state.rest.resume().await;
        loop {
            tokio::time::sleep(KEYCHAIN).await;
            state.look_for_keychain().await;
        }
    });
    window::open(app.handle())?;
    window::close_when_settled(app.handle());
    Ok(())
}

fn parts(app: &AppHandle, data: &std::path::Path) -> tauri::Result<Parts> {
    let version = app.package_info().version.to_string();
    let keychain = Arc::new(SystemKeychain::default());
    let keys = Arc::new(KeychainKey::new(keychain.clone()));
    let home = app.path().home_dir()?;
    Ok(Parts {
        computer: device::computer(),
        tools: ToolEnvironment::of_process(home.clone()),
        home,
        device: device::describe(&version),
        connector: Arc::new(Backends::new(device::user_agent(&version), account_data(data), keys)),
        places: Places::at(data.join("places.json")),
        tokens: Tokens::new(keychain.clone()),
        keys: Keys::new(keychain.clone()),
        credentials: Credentials::new(keychain.clone()),
        snapshots: Snapshots::new(snapshots(data), SnapshotKeys::new(keychain)),
        dialogs: Arc::new(NativeDialogs::new(app.clone())),
        clipboard: Arc::new(SystemClipboard::new(app.clone())),
        browser: Arc::new(SystemBrowser),
        printer: Arc::new(WindowPrinter::new(app.clone())),
        window: Arc::new(DesktopWindow::new(app.clone())),
        tray: tray_of(app),
        events: Arc::new(WindowEvents::new(app.clone())),
        notifier: Arc::new(SystemNotifier::new(app.clone())),
        clock: Arc::new(SystemClock),
        version,
    })
}

/// What was seen of accounts at servers, sealed.
fn snapshots(data: &std::path::Path) -> PathBuf {
    data.join("snapshots")
}

/// The entry in the tray; nothing of it runs before it is shown.
#[cfg(target_os = "linux")]
fn tray_of(app: &AppHandle) -> Arc<dyn tray::Tray> {
    use tray::{Picture, StatusNotifier, TrayChoice};

    let icon = app.default_window_icon();
    let size = |pixels: u32| i32::try_from(pixels).unwrap_or_default();
    let picture = icon.map_or(Picture { width: 0, height: 0, rgba: Vec::new() }, |icon| Picture {
        width: size(icon.width()),
        height: size(icon.height()),
        rgba: icon.rgba().to_vec(),
    });
    let app = app.clone();
    Arc::new(StatusNotifier::new(picture, move |choice| match choice {
        TrayChoice::Open => window::raise(&app),
        TrayChoice::Section(section) => {
            window::raise(&app);
            if let Some(state) = app.try_state::<Arc<AppState>>() {
                follow_link(&state, Launch::Link(Some(section)));
            }
        }
        TrayChoice::Quit => window::quit(&app),
    }))
}

/// Only the tray of Linux desktops is known yet.
#[cfg(not(target_os = "linux"))]
fn tray_of(_: &AppHandle) -> Arc<dyn tray::Tray> {
    Arc::new(tray::NoTray::default())
}

/// A folder of its own: the web view keeps its data beside it.
fn account_data(data: &std::path::Path) -> PathBuf {
    data.join("service")
}

/// Not on this thread: what the web view itself has copied is answered by it.
fn take_secret_off_clipboard(app: &AppHandle) {
    let Some(state) = app.try_state::<Arc<AppState>>() else { return };
    let state = Arc::clone(&state);
    let done = tauri::async_runtime::spawn_blocking(move || state.secret_on_clipboard.take_off());
    tauri::async_runtime::block_on(async move {
        if tokio::time::timeout(CLIPBOARD, done).await.is_err() {
            tracing::warn!("the clipboard does not answer");
        }
    });
}

fn close(app: &AppHandle) {
    let Some(state) = app.try_state::<Arc<AppState>>() else { return };
    let state = Arc::clone(&state);
    tauri::async_runtime::block_on(async move {
        let closed = async {
            if let Some(attempt) = state.connecting.take() {
                attempt.give_up().await;
            }
            state.rest.close().await;
            snapshot::write(&state).await;
            state.parts.connector.close().await;
        };
        if tokio::time::timeout(CLOSING, closed).await.is_err() {
            tracing::warn!("the account data was not closed in time");
        }
    });
}
