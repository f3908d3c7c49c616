//! Light or dark, and how much contrast, as the desktop says by its portal or by the theme of GTK.

use std::fs;

use zbus::{
    connection::Builder,
    interface,
    zvariant::{OwnedValue, Value},
};

use crate::{app::App, axe, person::ADA, screen::Screen, stage::Stage};

const PATH: &str = "/org/freedesktop/portal/desktop";
const NAMESPACE: &str = "org.freedesktop.appearance";
/// Whether the page is to have more contrast, as a script.
pub(crate) const MORE_CONTRAST: &str = "matchMedia('(prefers-contrast: more)').matches";

/// A desktop that prefers dark, and more contrast.
struct Portal;

#[expect(clippy::unused_self, reason = "what is asked over the bus is a method")]
#[interface(name = "org.freedesktop.portal.Settings")]
impl Portal {
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        assert_eq!(namespace, NAMESPACE);
        assert!(["color-scheme", "contrast"].contains(&key), "{key}");
        let twice = Value::Value(Box::new(Value::Value(Box::new(Value::U32(1)))));
        twice.try_to_owned().map_err(|error| zbus::fdo::Error::Failed(error.to_string()))
    }
}

/// The portal says on a session bus that a preference has changed.
pub(crate) async fn says(bus: &str, key: &str, value: u32) {
    let connection = Builder::address(bus).unwrap().build().await.unwrap();
    let changed = (NAMESPACE, key, Value::U32(value));
    let settings = "org.freedesktop.portal.Settings";
    connection.emit_signal(None::<&str>, PATH, settings, "SettingChanged", &changed).await.unwrap();
}

/// Waits until the page is dark or not, and has more contrast or not.
async fn looks(screen: &Screen, dark: bool, more_contrast: bool) {
    let wanted = format!(
        "return matchMedia('(prefers-color-scheme: dark)').matches === {dark} && {MORE_CONTRAST} === {more_contrast}"
    );
    screen.until(&format!("dark {dark}, more contrast {more_contrast}"), &wanted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_looks_as_the_desktop_prefers_and_changes_with_it() {
    let stage = Stage::set_without_keychain("appearance");
    let portal = Builder::address(stage.bus_address()).unwrap().serve_at(PATH, Portal).unwrap();
    let portal = portal.name("org.freedesktop.portal.Desktop").unwrap().build().await.unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();
    looks(screen, true, true).await;
    screen.photograph("dark-more-contrast").await;
    says(stage.bus_address(), "color-scheme", 2).await;
    looks(screen, false, true).await;
    screen.photograph("light-more-contrast").await;
    says(stage.bus_address(), "contrast", 0).await;
    looks(screen, false, false).await;
    says(stage.bus_address(), "color-scheme", 1).await;
    looks(screen, true, false).await;
    drop(portal);
    app.close().await;
}

/// Without a portal, and with a theme that WebKit does not take for a dark one.
#[tokio::test]
async fn the_page_is_as_dark_as_still_and_has_as_much_contrast_as_gtk() {
    let stage = Stage::set_without_keychain("appearance_of_gtk");
    let settings = stage.home().join(".config/gtk-3.0");
    fs::create_dir_all(&settings).unwrap();
    let chosen = "[Settings]\ngtk-theme-name=HighContrastInverse\ngtk-enable-animations=false\n";
    fs::write(settings.join("settings.ini"), chosen).unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();
    looks(screen, true, true).await;
    let still = "return matchMedia('(prefers-reduced-motion: reduce)').matches
        && parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--d3')) === 0";
    screen.until("nothing moves", still).await;
    ADA.begins_on_this_computer(screen).await;
    // What asks for it is really seen: text and edges of the page are those of more contrast.
    let text = "return getComputedStyle(document.body).color === 'rgb(255, 255, 255)'";
    screen.until("the text is white", text).await;
    axe::finds_nothing(screen, "profile, by the theme of GTK").await;
    app.close().await;
}
