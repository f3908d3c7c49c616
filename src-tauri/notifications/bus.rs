//! Notifications by D-Bus (Desktop Notifications Specification 1.2).

use std::{collections::HashMap, time::Duration};

use futures_util::StreamExt;
use zbus::{Connection, MatchRule, MessageStream, message::Type, names::MemberName, zvariant::Value};

use latchkey_api::desktop::Request;

use super::Notice;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The action of a click on the notification itself, by the specification.
const DEFAULT: &str = "default";

/// The action of a button begins so, and ends with its number.
const BUTTON: &str = "button-";

/// A daemon that never says what became of a notification is not listened to for longer.
const A_DAY: Duration = Duration::from_hours(24);

/// Whether somebody shows notifications, or would be started for one.
pub async fn available(connection: &Connection) -> zbus::Result<bool> {
    let bus = zbus::fdo::DBusProxy::new(connection).await?;
    if bus.name_has_owner(NAME.try_into()?).await? {
        return Ok(true);
    }
    Ok(bus.list_activatable_names().await?.iter().any(|name| name.as_str() == NAME))
}

/// Shows a notification and waits for what the person does with it: what they ask for, if they click on it.
pub async fn ask(connection: &Connection, notice: &Notice) -> zbus::Result<Option<Request>> {
    // Listening begins before anybody can click.
    let rule = MatchRule::builder().msg_type(Type::Signal).sender(NAME)?.interface(NAME)?.path(PATH)?.build();
    let mut signals = MessageStream::for_match_rule(rule, connection, None).await?;
    let able: Vec<String> = call(connection, "GetCapabilities", &()).await?;
    let able = |what: &str| able.iter().any(|known| known == what);
    let body = if able("body-markup") { escape(&notice.body) } else { notice.body.clone() };
    let actions = if able("actions") { actions(notice) } else { Vec::new() };
    let hints = HashMap::from([("urgency", Value::U8(1))]);
    let message = ("Latchkey", 0u32, "latchkey", &notice.summary, body, actions, hints, -1i32);
    let id: u32 = call(connection, "Notify", &message).await?;
    let answer = async {
        while let Some(signal) = signals.next().await {
            let signal = signal?;
            let (header, body) = (signal.header(), signal.body());
            match header.member().map(MemberName::as_str) {
                Some("ActionInvoked") => {
                    let (about, action): (u32, String) = body.deserialize()?;
                    if about == id {
                        return Ok(asked_by(notice, &action));
                    }
                }
                Some("NotificationClosed") => {
                    let (about, _why): (u32, u32) = body.deserialize()?;
                    if about == id {
                        return Ok(None);
                    }
                }
                _ => {}
            }
        }
        Ok(None)
    };
    tokio::time::timeout(A_DAY, answer).await.unwrap_or(Ok(None))
}

/// Each action and what it says, in turn.
fn actions(notice: &Notice) -> Vec<String> {
    let mut actions = vec![DEFAULT.to_owned(), notice.open.clone()];
    for (number, button) in notice.buttons.iter().enumerate() {
        actions.extend([format!("{BUTTON}{number}"), button.label.clone()]);
    }
    actions
}

fn asked_by(notice: &Notice, action: &str) -> Option<Request> {
    if action == DEFAULT {
        return Some(notice.request.clone());
    }
    let number: usize = action.strip_prefix(BUTTON)?.parse().ok()?;
    notice.buttons.get(number).map(|button| button.request.clone())
}

async fn call<B, R>(connection: &Connection, method: &str, body: &B) -> zbus::Result<R>
where
    B: serde::Serialize + zbus::zvariant::DynamicType,
    R: serde::de::DeserializeOwned + zbus::zvariant::Type,
{
    connection.call_method(Some(NAME), PATH, Some(NAME), method, body).await?.body().deserialize()
}

/// A device may call itself anything: what would be markup stands as it is.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
