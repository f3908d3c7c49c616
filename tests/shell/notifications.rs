//! Notifications over a real message bus, with a daemon that is played here.

#![cfg(target_os = "linux")]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use latchkey::notifications::{Button, Notice, ask, available_on};
use latchkey_api::desktop::{Request, Section};
use latchkey_desktop_testkit::Session;
use tempfile::TempDir;
use tokio::runtime::Handle;
use zbus::{Connection, connection, object_server::SignalEmitter, zvariant::OwnedValue};

use crate::desk::here;

/// A bus of one's own.
struct Bus {
    session: Session,
    _folder: TempDir,
}

impl Bus {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { session: Session::start(folder.path(), folder.path()), _folder: folder }
    }

    async fn connect(&self) -> Connection {
        connection::Builder::address(self.session.address()).unwrap().build().await.unwrap()
    }
}

#[derive(Clone, Default)]
struct Shown {
    summary: String,
    body: String,
    actions: Vec<String>,
}

/// A notification daemon whose person does the same thing with every notification, at once.
struct Daemon {
    able: &'static [&'static str],
    /// The action that is invoked; closed where there is none.
    person: Option<&'static str>,
    shown: Arc<Mutex<Vec<Shown>>>,
    runtime: Handle,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    fn get_capabilities(&self) -> Vec<String> {
        self.able.iter().map(|able| (*able).to_owned()).collect()
    }

    #[expect(clippy::too_many_arguments, clippy::needless_pass_by_value, reason = "so it is specified")]
    fn notify(
        &self,
        app: String,
        replaces: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        timeout: i32,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> u32 {
        assert_eq!((app.as_str(), replaces, icon.as_str(), timeout), ("Latchkey", 0, "latchkey", -1));
        assert!(hints.contains_key("urgency"));
        self.shown.lock().unwrap().push(Shown { summary, body, actions });
        let (emitter, person) = (emitter.to_owned(), self.person);
        self.runtime.spawn(async move {
            // Somebody else's notification first.
            Self::action_invoked(&emitter, 1, "default").await.unwrap();
            match person {
                Some(action) => Self::action_invoked(&emitter, 7, action).await.unwrap(),
                None => Self::notification_closed(&emitter, 7, 2).await.unwrap(),
            }
        });
        7
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

const SESSIONS: Request = Request::ShowSection { section: Section::Sessions };
const ACTIVITY: Request = Request::ShowSection { section: Section::Activity };

fn notice() -> Notice {
    Notice {
        account: here("ada"),
        summary: "New sign-in to Northwind".into(),
        body: "<b>Firefox</b> & Co, 192.0.2.7. Not you?".into(),
        open: "Open".into(),
        request: Request::GenerateBackupCodes,
        buttons: vec![
            Button { label: "Look at sessions".into(), request: SESSIONS },
            Button { label: "It was not me".into(), request: ACTIVITY },
        ],
    }
}

async fn shows(able: &'static [&'static str], person: Option<&'static str>) -> (Option<Request>, Vec<Shown>) {
    let bus = Bus::start();
    let shown = Arc::new(Mutex::new(Vec::new()));
    let daemon = Daemon { able, person, shown: Arc::clone(&shown), runtime: Handle::current() };
    let _serving = connection::Builder::address(bus.session.address())
        .unwrap()
        .name("org.freedesktop.Notifications")
        .unwrap()
        .serve_at("/org/freedesktop/Notifications", daemon)
        .unwrap()
        .build()
        .await
        .unwrap();
    let connection = bus.connect().await;
    assert!(available_on(&connection).await.unwrap());
    let clicked = ask(&connection, &notice()).await.unwrap();
    let shown = shown.lock().unwrap().clone();
    (clicked, shown)
}

#[tokio::test]
async fn a_click_on_a_notification_or_its_button_is_heard() {
    for (action, request) in [
        ("default", Some(Request::GenerateBackupCodes)),
        ("button-0", Some(SESSIONS)),
        ("button-1", Some(ACTIVITY)),
        ("button-2", None),
        ("somebody's", None),
    ] {
        let (clicked, shown) = shows(&["actions", "body", "body-markup"], Some(action)).await;
        assert_eq!(clicked, request, "{action}");
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].summary, "New sign-in to Northwind");
        assert_eq!(shown[0].body, "&lt;b&gt;Firefox&lt;/b&gt; &amp; Co, 192.0.2.7. Not you?", "no markup of others");
        assert_eq!(shown[0].actions, ["default", "Open", "button-0", "Look at sessions", "button-1", "It was not me"]);
    }
}

#[tokio::test]
async fn a_notification_that_is_closed_asks_for_nothing() {
    let (clicked, shown) = shows(&["body"], None).await;
    assert_eq!(clicked, None);
    assert_eq!(shown[0].body, notice().body, "as it is, where there is no markup");
    assert!(shown[0].actions.is_empty());
}

#[tokio::test]
async fn without_a_notification_daemon_there_is_an_error_and_no_wait() {
    let bus = Bus::start();
    let connection = bus.connect().await;
    ask(&connection, &notice()).await.unwrap_err();
}
