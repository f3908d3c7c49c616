//! What a screen reader is told: the tree of the desktop's accessibility bus (AT-SPI 2), read as Orca reads it.

use std::{future::Future, pin::Pin, time::Duration};

use latchkey_desktop_testkit::Process;
use tokio::time::{Instant, sleep};
use zbus::{
    Connection, Proxy,
    names::OwnedBusName,
    zvariant::{OwnedObjectPath, OwnedValue},
};

use crate::stage::Stage;

/// How long something may take to be told; generous, for a machine that builds at the same time.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where Debian and others keep the program that starts the bus.
const LAUNCHERS: [&str; 2] = ["/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher"];

/// Something that is told: a role in the words of AT-SPI, a name, and what else is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) description: String,
    /// What stands in it.
    pub(crate) text: String,
    states: u64,
}

/// States by their place in `AtspiStateType`.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum State {
    Checked = 4,
    Focused = 12,
    Modal = 16,
    Required = 33,
    InvalidEntry = 36,
}

/// Roles by their number (`AtspiRole`): WebKit gives no names.
fn role_name(role: u32) -> String {
    let name = match role {
        7 => "check box",
        16 => "dialog",
        23 => "frame",
        40 => "password text",
        43 => "push button",
        44 => "radio button",
        54 => "status bar",
        79 => "entry",
        83 => "heading",
        88 => "link",
        95 => "document web",
        110 => "landmark",
        other => return format!("role {other}"),
    };
    name.to_owned()
}

impl Told {
    /// Whether it is in this state.
    pub(crate) fn is(&self, state: State) -> bool {
        self.states & (1 << state as u8) != 0
    }
}

/// Somebody at the accessibility bus of a stage.
pub(crate) struct ScreenReader {
    bus: Connection,
    _launcher: Process,
}

impl ScreenReader {
    /// Starts the bus. Programs that are started afterwards tell it what they show.
    pub(crate) async fn start(stage: &mut Stage) -> Self {
        stage.is_read_out();
        let launcher = LAUNCHERS.iter().find(|path| std::path::Path::new(path).exists()).expect("at-spi2-core");
        let mut command = stage.command(launcher);
        command.arg("--launch-immediately");
        let launcher = Process::start(command, &stage.log("accessibility-bus"));
        stage.wait_for_name("org.a11y.Bus");
        let session = zbus::connection::Builder::address(stage.bus_address()).unwrap().build().await.unwrap();
        let bus = Proxy::new(&session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus").await.unwrap();
        let address: String = bus.call("GetAddress", &()).await.unwrap();
        let bus = zbus::connection::Builder::address(address.as_str()).unwrap().build().await.unwrap();
        Self { bus, _launcher: launcher }
    }

    /// Everything that is told now, in the order of the page.
    pub(crate) async fn all(&self) -> Vec<Told> {
        let mut all = Vec::new();
        let root =
            ("org.a11y.atspi.Registry".try_into().unwrap(), "/org/a11y/atspi/accessible/root".try_into().unwrap());
        self.walk(root, &mut all).await;
        all
    }

    /// Waits until something with this role and name is told.
    pub(crate) async fn hears(&self, role: &str, name: &str) -> Told {
        self.hears_of(&format!("{role} \"{name}\""), |told| told.role == role && told.name == name).await
    }

    /// Waits until something is told that is `wanted`.
    pub(crate) async fn hears_of(&self, what: &str, wanted: impl Fn(&Told) -> bool) -> Told {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let all = self.all().await;
            if let Some(told) = all.iter().find(|told| wanted(told)) {
                return told.clone();
            }
            let lines: Vec<_> = all.iter().map(|told| format!("  {} \"{}\"", told.role, told.name)).collect();
            assert!(Instant::now() < deadline, "{what} is not told, but:\n{}", lines.join("\n"));
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Adds an object and what is in it. What goes away meanwhile is passed over.
    fn walk<'a>(
        &'a self,
        (owner, path): (OwnedBusName, OwnedObjectPath),
        all: &'a mut Vec<Told>,
    ) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(async move {
            let Ok(object) = Proxy::new(&self.bus, owner, path, "org.a11y.atspi.Accessible").await else { return };
            let Ok(role) = object.call::<_, _, u32>("GetRole", &()).await else { return };
            let Ok(states) = object.call::<_, _, Vec<u32>>("GetState", &()).await else { return };
            let name = property(&object, "Name").await.unwrap_or_default();
            let description = property(&object, "Description").await.unwrap_or_default();
            let text = self.text(&object).await;
            let states = states.iter().rev().fold(0, |all, part| (all << 32) | u64::from(*part));
            all.push(Told { role: role_name(role), name, description, text, states });
            // One by one: the page, which is in another process than its window, is told that way alone.
            let count = property::<i32>(&object, "ChildCount").await.unwrap_or_default();
            for at in 0..count {
                if let Ok(child) = object.call("GetChildAtIndex", &at).await {
                    self.walk(child, all).await;
                }
            }
        })
    }

    /// Its text, and that of what stands in its lines; empty where it has none.
    async fn text(&self, object: &Proxy<'_>) -> String {
        let (owner, path) = (object.destination().to_owned(), object.path().to_owned());
        let Ok(text) = Proxy::new(&self.bus, owner, path, "org.a11y.atspi.Text").await else { return String::new() };
        text.call("GetText", &(0, -1)).await.unwrap_or_default()
    }
}

/// A property, asked for each time: WebKit does not tell when one changes.
async fn property<T: TryFrom<OwnedValue>>(object: &Proxy<'_>, name: &str) -> Option<T> {
    let properties = zbus::fdo::PropertiesProxy::builder(object.connection())
        .destination(object.destination().to_owned())
        .and_then(|builder| builder.path(object.path().to_owned()));
    let properties = properties.ok()?.build().await.ok()?;
    let value = properties.get(object.interface().to_owned(), name).await.ok()?;
    T::try_from(value).ok()
}
