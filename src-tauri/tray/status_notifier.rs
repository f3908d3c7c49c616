//! The entry as `StatusNotifierItem` on the session bus, with its menu (`com.canonical.dbusmenu`).

use std::sync::Arc;

use ksni::{Handle, Icon, MenuItem, OfflineReason, TextDirection, ToolTip, TrayMethods, menu::StandardItem};
use latchkey_api::desktop::{NativeWords, Section};
use tokio::sync::{Mutex, watch};
use zbus::{Connection, zvariant::Value};

use super::{SECTIONS, Tray, TrayChoice};

/// Who shows entries, by the name all desktops know it by.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// A picture in memory: four bytes a pixel, RGBA, row by row from the top.
#[derive(Clone)]
pub struct Picture {
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
}

/// The entry.
pub struct StatusNotifier {
    picture: Picture,
    chosen: Chosen,
    shown: Arc<watch::Sender<bool>>,
    /// Held by whoever changes it.
    there: Mutex<Option<Handle<Item>>>,
}

/// Is told what was chosen.
type Chosen = Arc<dyn Fn(TrayChoice) + Send + Sync>;

impl StatusNotifier {
    /// An entry that is not shown yet. Where the theme of the desktop has no `latchkey`, it has this picture.
    pub fn new(picture: Picture, chosen: impl Fn(TrayChoice) + Send + Sync + 'static) -> Self {
        let shown = Arc::new(watch::Sender::new(false));
        Self { picture, chosen: Arc::new(chosen), shown, there: Mutex::default() }
    }
}

#[async_trait::async_trait]
impl Tray for StatusNotifier {
    async fn available(&self) -> bool {
        watched().await.unwrap_or_else(|error| {
            tracing::debug!(%error, "nothing shows entries of a tray");
            false
        })
    }

    async fn show(&self, words: Arc<NativeWords>) {
        let mut there = self.there.lock().await;
        if let Some(handle) = &*there {
            let said = Arc::clone(&words);
            if handle.update(|item| item.words = said).await.is_some() {
                return;
            }
        }
        let item = Item {
            words,
            picture: self.picture.clone(),
            chosen: Arc::clone(&self.chosen),
            shown: Arc::clone(&self.shown),
        };
        // It counts as shown until it is told otherwise, which happens before this ends where nothing shows it.
        self.shown.send_replace(true);
        // A desktop may start its tray after the app: the entry waits.
        *there = match item.assume_sni_available(true).spawn().await {
            Ok(handle) => Some(handle),
            Err(error) => {
                tracing::warn!(%error, "no entry in the tray");
                self.shown.send_replace(false);
                None
            }
        };
    }

    async fn hide(&self) {
        let mut there = self.there.lock().await;
        if let Some(handle) = there.take() {
            handle.shutdown().await;
        }
        self.shown.send_replace(false);
    }

    fn shown(&self) -> watch::Receiver<bool> {
        self.shown.subscribe()
    }
}

/// Whether somebody shows entries.
async fn watched() -> zbus::Result<bool> {
    let connection = Connection::session().await?;
    let property = (WATCHER, "IsStatusNotifierHostRegistered");
    let asked = Some("org.freedesktop.DBus.Properties");
    let answer = connection.call_method(Some(WATCHER), "/StatusNotifierWatcher", asked, "Get", &property).await?;
    let body = answer.body();
    Ok(matches!(body.deserialize::<Value<'_>>()?, Value::Bool(true)))
}

struct Item {
    words: Arc<NativeWords>,
    picture: Picture,
    chosen: Chosen,
    shown: Arc<watch::Sender<bool>>,
}

impl Item {
    fn entry(label: &str, choice: TrayChoice) -> MenuItem<Self> {
        StandardItem {
            // An underscore would mark a key.
            label: label.replace('_', "__"),
            activate: Box::new(move |item: &mut Self| (item.chosen)(choice)),
            ..StandardItem::default()
        }
        .into()
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "latchkey".into()
    }

    fn title(&self) -> String {
        "Latchkey".into()
    }

    fn icon_name(&self) -> String {
        "latchkey".into()
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let Picture { width, height, rgba } = &self.picture;
        let data = rgba.as_chunks().0.iter().flat_map(|&[red, green, blue, alpha]| [alpha, red, green, blue]).collect();
        vec![Icon { width: *width, height: *height, data }]
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Latchkey".into(), ..ToolTip::default() }
    }

    fn text_direction(&self) -> TextDirection {
        if self.words.right_to_left { TextDirection::RightToLeft } else { TextDirection::LeftToRight }
    }

    fn activate(&mut self, _: i32, _: i32) {
        (self.chosen)(TrayChoice::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let words = &self.words.tray;
        let named = |section: Section| words.sections.get(&section).map(|label| (section, label));
        let sections = SECTIONS.into_iter().filter_map(named);
        let mut menu = vec![Self::entry(&words.open, TrayChoice::Open), MenuItem::Separator];
        menu.extend(sections.map(|(section, label)| Self::entry(label, TrayChoice::Section(section))));
        menu.extend([MenuItem::Separator, Self::entry(&words.quit, TrayChoice::Quit)]);
        menu
    }

    fn watcher_online(&self) {
        self.shown.send_replace(true);
    }

    fn watcher_offline(&self, _: OfflineReason) -> bool {
        self.shown.send_replace(false);
        true
    }
}
