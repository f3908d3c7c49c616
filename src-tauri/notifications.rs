//! What the person is told while the window is not looked at.
//!
//! A notification that is clicked brings the window back, and the page is asked to show what it was about.

#[cfg(target_os = "linux")]
mod bus;

use latchkey_api::{
    activity::Push,
    desktop::{Arrival, Place, Request, Transport},
    sessions::Alert,
};
use tauri::{AppHandle, Manager};

use crate::{
    events::{Events, WindowEvents},
    state::AppState,
    window,
};

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its title.
    pub summary: String,
    /// One or two sentences. Plain text: a device or address in it may be anybody's words.
    pub body: String,
    /// The label of its button.
    pub action: &'static str,
    /// What the page is asked for when the button, or the notification itself, is clicked.
    pub request: Request,
}

/// Shows notifications.
pub trait Notifier: Send + Sync {
    /// Shows one. Where the desktop has no notifications, nothing happens.
    fn show(&self, notice: Notice);
}

/// The notifications of the desktop.
pub struct SystemNotifier(AppHandle);

impl SystemNotifier {
    /// Notifications of this app.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }
}

impl Notifier for SystemNotifier {
    fn show(&self, notice: Notice) {
        let app = self.0.clone();
        tauri::async_runtime::spawn(async move {
            if asked_for(&notice).await {
                window::raise(&app);
                WindowEvents::new(app.app_handle().clone()).request(&notice.request);
            }
        });
    }
}

/// Shows a notification and waits for what the person does with it. True if they clicked on it.
#[cfg(target_os = "linux")]
async fn asked_for(notice: &Notice) -> bool {
    let asked = async { bus::ask(&zbus::Connection::session().await?, notice).await };
    asked.await.unwrap_or_else(|error| {
        tracing::debug!(%error, "no notification");
        false
    })
}

/// Only the notifications of Linux desktops are known yet; everything a notification says is in the window too.
#[cfg(not(target_os = "linux"))]
async fn asked_for(_: &Notice) -> bool {
    false
}

#[cfg(target_os = "linux")]
pub use bus::ask;

/// What happened on the account in the window.
pub(crate) fn pushed(app: &AppState, push: &Push) {
    let place = app.session.scene().place;
    if let Some(notice) = place.and_then(|place| about(push, &place)) {
        app.parts.notifier.show(notice);
    }
}

/// What the sign-in just now said.
pub(crate) fn arrived(app: &AppState, arrival: &Arrival) {
    if arrival.alerts.contains(&Alert::BackupCodesLow) {
        app.parts.notifier.show(backup_codes_low(arrival.backup_codes_remaining));
    }
}

fn about(push: &Push, place: &Place) -> Option<Notice> {
    match push {
        Push::SignInNew { session_id, device, ip_address } => {
            let server = if place.transport == Transport::Local { "this computer" } else { &place.name };
            let device = device.as_deref().unwrap_or("Unknown device");
            let address = ip_address.as_deref().unwrap_or("this computer");
            Some(Notice {
                summary: format!("New sign-in to {server}"),
                body: format!("{device}, {address}. Not you?"),
                action: "Not you?",
                request: Request::ReviewSignIn { session_id: *session_id },
            })
        }
        Push::BackupCodesLow { remaining } => Some(backup_codes_low(*remaining)),
        Push::SessionClosed { .. } | Push::ActivityNew { .. } => None,
    }
}

fn backup_codes_low(remaining: u32) -> Notice {
    let (summary, body) = match remaining {
        0 => ("No backup codes left".to_owned(), "Generate new ones, in case you lose your authenticator app."),
        1 => ("1 backup code left".to_owned(), "Generate new ones before you run out."),
        many => (format!("{many} backup codes left"), "Generate new ones before you run out."),
    };
    Notice { summary, body: body.into(), action: "Generate new codes", request: Request::GenerateBackupCodes }
}

#[cfg(test)]
mod tests {
    use latchkey_api::activity::Category;
    use uuid::Uuid;

    use super::*;
    use crate::places::this_computer;

    #[test]
    fn a_sign_in_and_few_backup_codes_are_worth_a_notification() {
        let northwind = Place {
            id: "https://accounts.northwind.example".into(),
            name: "Northwind".into(),
            host: Some("accounts.northwind.example".into()),
            transport: Transport::Tls,
        };
        let session_id = Uuid::from_u128(7);
        let sign_in = |device: Option<&str>, address: Option<&str>| Push::SignInNew {
            session_id,
            device: device.map(Into::into),
            ip_address: address.map(Into::into),
        };
        let notice = about(&sign_in(Some("Firefox on Linux"), Some("192.0.2.7")), &northwind).unwrap();
        assert_eq!(notice.summary, "New sign-in to Northwind");
        assert_eq!(notice.body, "Firefox on Linux, 192.0.2.7. Not you?");
        assert_eq!(notice.request, Request::ReviewSignIn { session_id });
        let notice = about(&sign_in(None, None), &this_computer()).unwrap();
        assert_eq!(notice.summary, "New sign-in to this computer");
        assert_eq!(notice.body, "Unknown device, this computer. Not you?");

        let left = |remaining| about(&Push::BackupCodesLow { remaining }, &northwind).unwrap().summary;
        assert_eq!([left(3), left(1), left(0)], ["3 backup codes left", "1 backup code left", "No backup codes left"]);
        for quiet in [Push::ActivityNew { category: Category::SignIn }, Push::SessionClosed { reason: None }] {
            assert_eq!(about(&quiet, &northwind), None);
        }
    }
}
