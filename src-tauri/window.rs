//! The window: when it appears, where, and what it may show.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tauri::{
    AppHandle, Manager, PhysicalSize, Runtime, Theme, Url, WebviewWindow, WebviewWindowBuilder, Window,
    plugin::{Builder, TauriPlugin},
    webview::{Color, PageLoadEvent},
};
use tauri_plugin_window_state::StateFlags;
use tokio::sync::watch;

#[cfg(target_os = "linux")]
use crate::appearance::Appearance;
use crate::{WINDOW, state::AppState};

/// The window appears after this even if the page has nothing to show yet.
const AT_THE_LATEST: Duration = Duration::from_secs(2);

/// How long a start that nobody asked to see waits for the tray: desktops start theirs and the app at one time.
const TRAY: Duration = Duration::from_secs(10);

/// Whether the page was loaded.
#[derive(Default)]
struct Loaded(AtomicBool);

/// Whether the window stays hidden, because nobody asked to see it.
struct Held(watch::Sender<bool>);

/// Remembers size and place. Not whether the window was visible: it appears when there is something to see.
pub(crate) fn remember<R: Runtime>() -> TauriPlugin<R> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

/// Keeps the web view on the app's own page, whatever is clicked or injected, and notes when it was loaded.
pub(crate) fn stay_on_the_page<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("page")
        .on_navigation(|_, url| {
            let own = is_own(url);
            if !own {
                tracing::warn!("the page tried to leave the app");
            }
            own
        })
        .on_page_load(|webview, load| {
            if load.event() == PageLoadEvent::Finished
                && let Some(loaded) = webview.app_handle().try_state::<Loaded>()
            {
                loaded.0.store(true, Ordering::SeqCst);
            }
        })
        .build()
}

/// Only a debug build loads the page from Vite.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" if url.host_str() == Some("tauri.localhost") => true,
        "http" => cfg!(debug_assertions) && url.host_str() == Some("localhost") && url.port() == Some(5173),
        _ => false,
    }
}

/// Before [`open`]: with `held`, the window stays hidden until somebody asks for it, or it is [let go](let_go).
pub(crate) fn hold<R: Runtime>(app: &AppHandle<R>, held: bool) {
    app.manage(Held(watch::Sender::new(held)));
}

/// Makes the window, and shows it once the page has built its first screen and nothing holds it.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    app.manage(Loaded::default());
    let configuration = app.config().app.windows.iter().find(|window| window.label == WINDOW);
    let configuration = configuration.ok_or(tauri::Error::WindowNotFound)?;
    let window = WebviewWindowBuilder::from_config(app, configuration)?.build()?;
    #[cfg(target_os = "linux")]
    draw_plainly(&window);
    paint(&window, window.theme().unwrap_or(Theme::Light));
    #[cfg(target_os = "linux")]
    {
        look(&window, Appearance::default());
        let window = window.clone();
        tauri::async_runtime::spawn(crate::appearance::follow(move |appearance| {
            let shown = window.clone();
            if let Err(error) = window.run_on_main_thread(move || look(&shown, appearance)) {
                tracing::debug!(%error, "the window does not follow the desktop");
            }
        }));
    }
    let state = Arc::clone(&app.state::<Arc<AppState>>());
    let held = app.try_state::<Held>().map(|held| held.0.subscribe());
    tauri::async_runtime::spawn(async move {
        let _ = tokio::time::timeout(AT_THE_LATEST, state.first_screen.notified()).await;
        if let Some(mut held) = held {
            let _ = held.wait_for(|held| !held).await;
        }
        if let Err(error) = window.show() {
            tracing::error!(%error, "the window cannot be shown");
        }
    });
    Ok(())
}

/// A window that was held appears as any other does.
pub(crate) fn let_go<R: Runtime>(app: &AppHandle<R>) {
    if let Some(held) = app.try_state::<Held>() {
        held.0.send_replace(false);
    }
}

fn is_held<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.try_state::<Held>().is_some_and(|held| *held.0.borrow())
}

/// Puts the entry into the tray, if it was chosen, and sees to it that the app can always be reached: a window that is held,
/// or was closed into the tray, appears where there is no entry to bring it back by.
pub(crate) async fn live_with_tray<R: Runtime>(app: &AppHandle<R>, state: &AppState) {
    let tray = &state.parts.tray;
    let mut shown = tray.shown();
    if state.chosen.now().tray {
        tray.show(state.words.now()).await;
        if is_held(app) && tokio::time::timeout(TRAY, shown.wait_for(|shown| *shown)).await.is_err() {
            let_go(app);
        }
    } else if is_held(app) {
        let_go(app);
    }
    while shown.changed().await.is_ok() {
        if !*shown.borrow_and_update() {
            show(app);
        }
    }
}

/// Makes a window that is larger than all monitors together as small as they are: its size was kept from others.
pub(crate) fn fit<R: Runtime>(window: &Window<R>, size: PhysicalSize<u32>) {
    let Ok(monitors) = window.available_monitors() else { return };
    let edges = monitors.iter().map(|monitor| {
        let (begin, size) = (monitor.position(), monitor.size());
        let end = |begin: i32, size: u32| begin.saturating_add_unsigned(size);
        ([begin.x, begin.y], [end(begin.x, size.width), end(begin.y, size.height)])
    });
    let whole = edges.reduce(|(begin, end), (another, its_end)| {
        ([0, 1].map(|axis| begin[axis].min(another[axis])), [0, 1].map(|axis| end[axis].max(its_end[axis])))
    });
    let Some((begin, end)) = whole else { return };
    let [width, height] = [0, 1].map(|axis| end[axis].abs_diff(begin[axis]));
    if (size.width > width || size.height > height)
        && let Err(error) = window.set_size(PhysicalSize::new(size.width.min(width), size.height.min(height)))
    {
        tracing::debug!(%error, "the window keeps its size");
    }
}

/// Whether the window, which is asked to close, went away instead: the entry in the tray brings it back.
pub(crate) fn goes_to_tray<R: Runtime>(app: &AppHandle<R>) -> bool {
    let shown = app.try_state::<Arc<AppState>>().is_some_and(|state| *state.parts.tray.shown().borrow());
    shown && app.get_webview_window(WINDOW).is_some_and(|window| window.hide().is_ok())
}

/// Ends the app once the page has settled what is waiting, whether the window is shown or not.
pub(crate) fn quit<R: Runtime>(app: &AppHandle<R>) {
    // Asks first, as closing the window does.
    app.exit(0);
}

/// Has the web view draw without the graphics card: for forms and lists it is no quicker, and its drivers would take a third of
/// the time to the first screen and 70 MiB.
#[cfg(target_os = "linux")]
fn draw_plainly<R: Runtime>(window: &WebviewWindow<R>) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

    let set = window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    });
    if let Err(error) = set {
        tracing::debug!(%error, "the web view draws with the graphics card");
    }
}

/// Gives the window the look the desktop prefers. On the main thread.
#[cfg(target_os = "linux")]
fn look<R: Runtime>(window: &WebviewWindow<R>, appearance: Appearance) {
    if let Some(theme) = appearance.apply()
        && window.set_theme(Some(theme)).is_ok()
    {
        paint(window, theme);
    }
}

/// Gives the window the page's own background, so that nothing flashes before it is drawn.
fn paint<R: Runtime>(window: &WebviewWindow<R>, theme: Theme) {
    let background = match theme {
        Theme::Dark => Color(0x19, 0x1D, 0x1B, 0xFF),
        _ => Color(0xF6, 0xF7, 0xF4, 0xFF),
    };
    if let Err(error) = window.set_background_color(Some(background)) {
        tracing::debug!(%error, "the window keeps its own background");
    }
}

/// Whether the window, which is asked to close, has to stay for a moment: the page is told first. A page that never loaded,
/// or has no window any more, has nothing to settle.
pub(crate) fn waits<R: Runtime>(app: &AppHandle<R>) -> bool {
    let Some(state) = app.try_state::<Arc<AppState>>() else { return false };
    let loaded = app.try_state::<Loaded>().is_some_and(|loaded| loaded.0.load(Ordering::SeqCst));
    loaded && app.get_webview_window(WINDOW).is_some() && state.closing.ask(&*state.parts.events)
}

/// Ends the app once what waits in the page is settled, and what is running had a moment to end.
pub(crate) fn close_when_settled<R: Runtime>(app: &AppHandle<R>) {
    let state = Arc::clone(&app.state::<Arc<AppState>>());
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        state.closing.until_over().await;
        app.exit(0);
    });
}

/// Brings the window to whoever asks for it.
pub(crate) fn raise<R: Runtime>(app: &AppHandle<R>) {
    let_go(app);
    if let Some(window) = app.get_webview_window(WINDOW) {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

fn show<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(WINDOW)
        && let Err(error) = window.show()
    {
        tracing::error!(%error, "the window cannot be shown");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_apps_own_page_is_shown() {
        for own in ["tauri://localhost/", "tauri://localhost/index.html#/profile", "http://tauri.localhost/"] {
            assert!(is_own(&own.parse().unwrap()), "{own}");
        }
        for other in [
            "https://example.org/",
            "http://localhost:8787/",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
        ] {
            assert!(!is_own(&other.parse().unwrap()), "{other}");
        }
    }
}
