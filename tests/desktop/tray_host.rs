//! The part of a desktop that shows entries of a tray, played over the real session bus: the watcher that takes
//! registrations, and the person who looks at an entry and chooses from its menu.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use zbus::{
    Connection, connection,
    zvariant::{OwnedValue, Value},
};

use crate::stage::Stage;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// How long an entry may take to appear; generous, for a machine that builds at the same time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A tray. It goes away with the value.
pub(crate) struct TrayHost {
    connection: Connection,
    registered: Arc<Mutex<Vec<String>>>,
}

struct Watcher(Arc<Mutex<Vec<String>>>);

#[expect(clippy::unused_self, reason = "zbus calls them on the object")]
#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.0.lock().unwrap().push(service);
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// An entry of a menu: its number, properties, and those below it (`com.canonical.dbusmenu`).
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl TrayHost {
    /// A tray on the desktop of this machine.
    pub(crate) async fn start(stage: &Stage) -> Self {
        let registered = Arc::new(Mutex::new(Vec::new()));
        let connection = connection::Builder::address(stage.bus_address())
            .unwrap()
            .serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&registered)))
            .unwrap()
            .name(WATCHER)
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { connection, registered }
    }

    /// The tray goes, as when its part of the desktop ends.
    pub(crate) async fn end(self) {
        self.connection.close().await.unwrap();
    }

    /// Waits for an entry, and answers its name on the bus.
    pub(crate) async fn entry(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(name) = self.registered.lock().unwrap().last() {
                return name.clone();
            }
            assert!(Instant::now() < deadline, "no entry comes to the tray");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until an entry is gone: the bus hears of the end of a program a moment after it.
    pub(crate) async fn until_gone(&self, entry: &str) {
        let bus = zbus::fdo::DBusProxy::new(&self.connection).await.unwrap();
        let deadline = Instant::now() + PATIENCE;
        while bus.name_has_owner(entry.try_into().unwrap()).await.unwrap() {
            assert!(Instant::now() < deadline, "{entry} stays in the tray");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A property of an entry that is text.
    pub(crate) async fn text(&self, entry: &str, property: &str) -> String {
        let value = self.property(entry, property).await;
        String::try_from(value).unwrap()
    }

    /// How many pixels wide its picture is.
    pub(crate) async fn picture(&self, entry: &str) -> i32 {
        let pixmaps: Vec<(i32, i32, Vec<u8>)> = self.property(entry, "IconPixmap").await.try_into().unwrap();
        let (width, height, data) = &pixmaps[0];
        assert_eq!(data.len(), usize::try_from(width * height * 4).unwrap());
        *width
    }

    /// What its menu says, without the lines between.
    pub(crate) async fn menu(&self, entry: &str) -> Vec<(i32, String)> {
        let wanted: [&str; 0] = [];
        let arguments = (0i32, -1i32, wanted.as_slice());
        let answer = self.call(entry, "/MenuBar", "com.canonical.dbusmenu", "GetLayout", &arguments).await;
        let (_, (_, _, entries)): (u32, Entry) = answer.body().deserialize().unwrap();
        let entries = entries.into_iter().map(|entry| Entry::try_from(entry).unwrap());
        let labels = entries.filter_map(|(id, properties, _)| {
            let label = properties.get("label")?;
            Some((id, label.downcast_ref::<String>().unwrap()))
        });
        labels.collect()
    }

    /// The person chooses from the menu.
    pub(crate) async fn choose(&self, entry: &str, label: &str) {
        let menu = self.menu(entry).await;
        let (id, _) = menu.iter().find(|(_, said)| said == label).unwrap_or_else(|| panic!("{label} in {menu:?}"));
        let arguments = (*id, "clicked", Value::I32(0), 0u32);
        self.call(entry, "/MenuBar", "com.canonical.dbusmenu", "Event", &arguments).await;
    }

    /// The person clicks on the entry itself.
    pub(crate) async fn click(&self, entry: &str) {
        self.call(entry, "/StatusNotifierItem", "org.kde.StatusNotifierItem", "Activate", &(3i32, 3i32)).await;
    }

    async fn property(&self, entry: &str, property: &str) -> OwnedValue {
        let arguments = ("org.kde.StatusNotifierItem", property);
        let asked = "org.freedesktop.DBus.Properties";
        self.call(entry, "/StatusNotifierItem", asked, "Get", &arguments).await.body().deserialize().unwrap()
    }

    async fn call<B>(&self, entry: &str, path: &str, interface: &str, method: &str, arguments: &B) -> zbus::Message
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.connection.call_method(Some(entry), path, Some(interface), method, arguments).await.unwrap()
    }
}
