//! Light or dark, as the desktop has it: its portal says so (XDG Desktop Portal, `org.freedesktop.appearance`), and GTK 3 does
//! not ask it. Nobody waits for the answer: a portal that is only now being started may take a second.

use futures_util::StreamExt;
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
const KEY: &str = "color-scheme";

/// Tells what the desktop prefers, at first and whenever it changes, as long as there is a portal.
pub(crate) async fn follow(tell: impl Fn(Theme)) {
    if let Err(error) = listen(tell).await {
        tracing::debug!(%error, "the desktop does not say whether it is light or dark");
    }
}

async fn listen(tell: impl Fn(Theme)) -> zbus::Result<()> {
    let connection = Connection::session().await?;
    // Listening begins first: a change meanwhile is not missed.
    let rule = MatchRule::builder().msg_type(Type::Signal).interface(SETTINGS)?.member("SettingChanged")?.path(PATH)?;
    let mut changes = MessageStream::for_match_rule(rule.build(), &connection, None).await?;
    let asked = connection.call_method(Some(PORTAL), PATH, Some(SETTINGS), "Read", &(NAMESPACE, KEY)).await?;
    let answer: OwnedValue = asked.body().deserialize()?;
    if let Some(theme) = theme(&answer) {
        tell(theme);
    }
    while let Some(change) = changes.next().await {
        let change = change?;
        let body = change.body();
        let (namespace, key, value): (String, String, OwnedValue) = body.deserialize()?;
        if namespace == NAMESPACE
            && key == KEY
            && let Some(theme) = theme(&value)
        {
            tell(theme);
        }
    }
    Ok(())
}

/// 1 prefers dark; 2 prefers light, and 0 nothing. Portals wrap the number up to twice.
fn theme(value: &Value<'_>) -> Option<Theme> {
    match value {
        Value::Value(inner) => theme(inner),
        Value::U32(1) => Some(Theme::Dark),
        Value::U32(_) => Some(Theme::Light),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_is_wrapped() {
        let wrapped = |number: u32| Value::Value(Box::new(Value::Value(Box::new(Value::U32(number)))));
        assert_eq!(theme(&wrapped(1)), Some(Theme::Dark));
        assert_eq!(theme(&Value::U32(2)), Some(Theme::Light));
        assert_eq!(theme(&wrapped(0)), Some(Theme::Light));
        assert_eq!(theme(&Value::from("dark")), None);
    }
}
