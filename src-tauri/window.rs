//! The window: when it appears, where, and what it may show.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tauri::{
    AppHandle, Manager, PhysicalSize, Runtime, Theme, Url, Window,
    plugin::{Builder, TauriPlugin},
    webview::{Color, PageLoadEvent},
};
use tauri_plugin_window_state::StateFlags;

use crate::{WINDOW, state::AppState};

/// The window appears after this even if the page has nothing to show yet.
const AT_THE_LATEST: Duration = Duration::from_secs(2);

/// From the first answer to the first frame: the page builds the screen in it.
const A_FRAME: Duration = Duration::from_millis(50);

/// How long a start that nobody asked to see waits for the tray: desktops start theirs and the app at one time.
const TRAY: Duration = Duration::from_secs(10);

/// What has to be there before the window appears.
#[derive(Default)]
struct Curtain {
    page: AtomicBool,
    view: AtomicBool,
    /// Nobody asked to see it.
    held: AtomicBool,
}

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
                && let Some(curtain) = webview.app_handle().try_state::<Curtain>()
            {
                curtain.page.store(true, Ordering::SeqCst);
                rise(webview.app_handle());
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

/// Prepares the window, which is still hidden. With `held` it stays so until somebody asks for it, or it is [let go](let_go).
pub(crate) fn show_when_ready<R: Runtime>(app: &AppHandle<R>, held: bool) {
    app.manage(Curtain { held: held.into(), ..Curtain::default() });
    if let Some(window) = app.get_webview_window(WINDOW) {
        // The page's own background, so that nothing flashes before it is drawn.
        let background = match window.theme() {
            Ok(Theme::Dark) => Color(0x19, 0x1D, 0x1B, 0xFF),
            _ => Color(0xF6, 0xF7, 0xF4, 0xFF),
        };
        if let Err(error) = window.set_background_color(Some(background)) {
            tracing::debug!(%error, "the window keeps its own background");
        }
    }
    show_at_the_latest(app);
}

/// A window that was held appears as any other does.
pub(crate) fn let_go<R: Runtime>(app: &AppHandle<R>) {
    if let Some(curtain) = app.try_state::<Curtain>() {
        curtain.held.store(false, Ordering::SeqCst);
    }
    rise(app);
    show_at_the_latest(app);
}

fn show_at_the_latest<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(AT_THE_LATEST).await;
        if !is_held(&app) {
            show(&app);
        }
    });
}

fn is_held<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.try_state::<Curtain>().is_some_and(|curtain| curtain.held.load(Ordering::SeqCst))
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

/// The first view is known.
pub(crate) fn first_view<R: Runtime>(app: &AppHandle<R>) {
    if let Some(curtain) = app.try_state::<Curtain>() {
        curtain.view.store(true, Ordering::SeqCst);
        rise(app);
    }
}

/// Whether the window, which is asked to close, has to stay for a moment: the page is told first. A page that never loaded,
/// or has no window any more, has nothing to settle.
pub(crate) fn waits<R: Runtime>(app: &AppHandle<R>) -> bool {
    let Some(state) = app.try_state::<Arc<AppState>>() else { return false };
    let loaded = app.try_state::<Curtain>().is_some_and(|curtain| curtain.page.load(Ordering::SeqCst));
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
    if let Some(curtain) = app.try_state::<Curtain>() {
        curtain.held.store(false, Ordering::SeqCst);
    }
    if let Some(window) = app.get_webview_window(WINDOW) {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

fn rise<R: Runtime>(app: &AppHandle<R>) {
    let Some(curtain) = app.try_state::<Curtain>() else { return };
    let ready = curtain.page.load(Ordering::SeqCst) && curtain.view.load(Ordering::SeqCst);
    if ready && !curtain.held.load(Ordering::SeqCst) {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(A_FRAME).await;
            show(&app);
        });
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
