//! Light or dark, and how much contrast, as the desktop has it: its portal says so (XDG Desktop Portal,
//! `org.freedesktop.appearance`), and GTK 3 does not ask it. Nobody waits for the answer: a portal that is only now being
//! started may take a second.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;
use gtk::prelude::GtkSettingsExt;
use tauri::Theme;
use zbus::{
    Connection, MatchRule, MessageStream,
    message::Type,
    zvariant::{OwnedValue, Value},
};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";
const NAMESPACE: &str = "org.freedesktop.appearance";
const COLOUR_SCHEME: &str = "color-scheme";
const CONTRAST: &str = "contrast";

/// The themes of GTK with more contrast. By these names, and by nothing else, WebKitGTK knows that the page is to have more
/// (`prefers-contrast`).
const MORE_CONTRAST: &str = "HighContrast";
const MORE_CONTRAST_DARK: &str = "HighContrastInverse";

/// Whether GTK has one of these because of [`Appearance::apply`], and not by the desktop's own choice.
static CONTRASTED: AtomicBool = AtomicBool::new(false);

/// What the desktop prefers, as far as its portal says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Appearance {
    theme: Option<Theme>,
    more_contrast: bool,
}

impl Appearance {
    /// Takes in what the portal says of a key; answers whether that changes anything.
    fn learn(&mut self, key: &str, value: &Value<'_>) -> bool {
        let before = *self;
        match (key, number(value)) {
            // 1 prefers dark; 2 prefers light, and 0 nothing.
            (COLOUR_SCHEME, Some(scheme)) => self.theme = Some(if scheme == 1 { Theme::Dark } else { Theme::Light }),
            // 1 prefers more, 0 nothing.
            (CONTRAST, Some(contrast)) => self.more_contrast = contrast == 1,
            _ => {}
        }
        *self != before
    }

    /// Has GTK, and with it WebKit, use a theme with more contrast where the portal asks for it, and the desktop's own
    /// otherwise. Answers whether the page is to be light or dark, where the desktop says. On the main thread.
    pub(crate) fn apply(self) -> Option<Theme> {
        let settings = gtk::Settings::default()?;
        // Only where there is something to take back: GTK reads its whole theme again, even if the name stays the same.
        if CONTRASTED.swap(self.more_contrast, Ordering::Relaxed) {
            settings.reset_property("gtk-theme-name");
        }
        let own = settings.gtk_theme_name().unwrap_or_default();
        // WebKit does not take this one for dark.
        let theme = if own == MORE_CONTRAST_DARK { Some(Theme::Dark) } else { self.theme };
        if self.more_contrast {
            let dark = theme == Some(Theme::Dark);
            settings.set_gtk_theme_name(Some(if dark { MORE_CONTRAST_DARK } else { MORE_CONTRAST }));
        }
        theme
    }
}

/// Tells what the desktop prefers, at first and whenever it changes, as long as there is a portal.
pub(crate) async fn follow(tell: impl Fn(Appearance)) {
    if let Err(error) = listen(tell).await {
        tracing::debug!(%error, "the desktop does not say what it prefers");
    }
}

async fn listen(tell: impl Fn(Appearance)) -> zbus::Result<()> {
    let connection = Connection::session().await?;
    // Listening begins first: a change meanwhile is not missed.
    let rule = MatchRule::builder().msg_type(Type::Signal).interface(SETTINGS)?.member("SettingChanged")?.path(PATH)?;
    let mut changes = MessageStream::for_match_rule(rule.build(), &connection, None).await?;
    let mut appearance = Appearance::default();
    for key in [COLOUR_SCHEME, CONTRAST] {
        // An older portal does not know each of them.
        match connection.call_method(Some(PORTAL), PATH, Some(SETTINGS), "Read", &(NAMESPACE, key)).await {
            Ok(answer) => {
                let value: OwnedValue = answer.body().deserialize()?;
                appearance.learn(key, &value);
            }
            Err(error) => tracing::debug!(%error, key, "the desktop does not say"),
        }
    }
    if appearance != Appearance::default() {
        tell(appearance);
    }
    while let Some(change) = changes.next().await {
        let change = change?;
        let body = change.body();
        let (namespace, key, value): (String, String, OwnedValue) = body.deserialize()?;
        if namespace == NAMESPACE && appearance.learn(&key, &value) {
            tell(appearance);
        }
    }
    Ok(())
}

/// Portals wrap the number up to twice.
fn number(value: &Value<'_>) -> Option<u32> {
    match value {
        Value::Value(inner) => number(inner),
        Value::U32(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(said: &[(&str, Value<'_>)]) -> Appearance {
        let mut appearance = Appearance::default();
        for (key, value) in said {
            appearance.learn(key, value);
        }
        appearance
    }

    #[test]
    fn a_number_is_read_however_it_is_wrapped() {
        let wrapped = |number: u32| Value::Value(Box::new(Value::Value(Box::new(Value::U32(number)))));
        assert_eq!(told(&[(COLOUR_SCHEME, wrapped(1))]).theme, Some(Theme::Dark));
        assert_eq!(told(&[(COLOUR_SCHEME, Value::U32(2))]).theme, Some(Theme::Light));
        assert_eq!(told(&[(COLOUR_SCHEME, wrapped(0))]).theme, Some(Theme::Light));
        assert_eq!(told(&[(COLOUR_SCHEME, Value::from("dark"))]).theme, None);
        assert!(told(&[(CONTRAST, wrapped(1))]).more_contrast);
    }

    #[test]
    fn what_was_said_of_one_key_stands_when_another_changes() {
        let mut appearance = told(&[(COLOUR_SCHEME, Value::U32(1)), (CONTRAST, Value::U32(1))]);
        assert_eq!(appearance, Appearance { theme: Some(Theme::Dark), more_contrast: true });
        assert!(appearance.learn(CONTRAST, &Value::U32(0)));
        assert_eq!(appearance, Appearance { theme: Some(Theme::Dark), more_contrast: false });
        assert!(!appearance.learn("accent-color", &Value::U32(1)));
        assert!(!appearance.learn(CONTRAST, &Value::U32(0)));
    }
}
