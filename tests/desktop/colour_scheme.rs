//! Light or dark, as the desktop says by its portal.

use zbus::{
    connection::Builder,
    interface,
    zvariant::{OwnedValue, Value},
};

use crate::{app::App, stage::Stage};

/// A desktop that prefers dark.
struct Portal;

#[expect(clippy::unused_self, reason = "what is asked over the bus is a method")]
#[interface(name = "org.freedesktop.portal.Settings")]
impl Portal {
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        assert_eq!((namespace, key), ("org.freedesktop.appearance", "color-scheme"));
        let twice = Value::Value(Box::new(Value::Value(Box::new(Value::U32(1)))));
        twice.try_to_owned().map_err(|error| zbus::fdo::Error::Failed(error.to_string()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_dark_where_the_desktop_is_and_turns_light_with_it() {
    let stage = Stage::set_without_keychain("the_window_is_dark_where_the_desktop_is_and_turns_light_with_it");
    let portal =
        Builder::address(stage.bus_address()).unwrap().serve_at("/org/freedesktop/portal/desktop", Portal).unwrap();
    let portal = portal.name("org.freedesktop.portal.Desktop").unwrap().build().await.unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    screen.until("the page is dark", dark).await;
    let changed = ("org.freedesktop.appearance", "color-scheme", Value::U32(2));
    let (path, settings) = ("/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings");
    portal.emit_signal(None::<&str>, path, settings, "SettingChanged", &changed).await.unwrap();
    screen.until("the page is light", "return matchMedia('(prefers-color-scheme: light)').matches").await;
    app.close().await;
}
