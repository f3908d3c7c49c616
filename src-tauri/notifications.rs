//! What the person is told while the window is not looked at.
//!
//! A notification that is clicked brings the window back with the account it is about, and the page is asked to show
//! the rest.

#[cfg(target_os = "linux")]
mod bus;

use std::sync::Arc;

use latchkey_api::{
    activity::Push,
    desktop::{AccountArgs, Arrival, NoticeWords, Place, Request, Section, Transport},
    sessions::Alert,
};
use tauri::{AppHandle, Manager};

use crate::{
    commands::account::switch_account, native_words::fill, places::AccountKey, session::Ticket, state::AppState, window,
};

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The account it is about.
    pub account: AccountKey,
    /// Its title.
    pub summary: String,
    /// One or two sentences. Plain text: a device or address in it may be anybody's words.
    pub body: String,
    /// What a click on the notification itself does, where the desktop says so.
    pub open: String,
    /// What the page is asked for then.
    pub request: Request,
    /// Its buttons, in the order in which they stand.
    pub buttons: Vec<Button>,
}

/// A button of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// What the page is asked for when it is pressed.
    pub request: Request,
}

/// Shows notifications.
#[async_trait::async_trait]
pub trait Notifier: Send + Sync {
    /// Shows one. Where the desktop has no notifications, nothing happens.
    fn show(&self, notice: Notice);

    /// Whether something on this desktop shows notifications.
    async fn available(&self) -> bool;
}

/// The notifications of the desktop.
pub struct SystemNotifier(AppHandle);

impl SystemNotifier {
    /// Notifications of this app.
    pub fn new(app: AppHandle) -> Self {
        Self(app)
    }
}

#[async_trait::async_trait]
impl Notifier for SystemNotifier {
    fn show(&self, notice: Notice) {
        let app = self.0.clone();
        tauri::async_runtime::spawn(async move {
            if let Some(request) = asked_for(&notice).await {
                window::raise(&app);
                let state = app.try_state::<Arc<AppState>>().map(|state| Arc::clone(&state));
                if let Some(state) = state {
                    clicked(&state, &notice.account, request).await;
                }
            }
        });
    }

    async fn available(&self) -> bool {
        available().await
    }
}

/// Shows a notification and waits for what the person does with it: what they ask for, if they click on it.
#[cfg(target_os = "linux")]
async fn asked_for(notice: &Notice) -> Option<Request> {
    let asked = async { bus::ask(&zbus::Connection::session().await?, notice).await };
    asked.await.unwrap_or_else(|error| {
        tracing::debug!(%error, "no notification");
        None
    })
}

#[cfg(target_os = "linux")]
async fn available() -> bool {
    let asked = async { bus::available(&zbus::Connection::session().await?).await };
    asked.await.unwrap_or_else(|error| {
        tracing::debug!(%error, "no notifications");
        false
    })
}

/// Only the notifications of Linux desktops are known yet; everything a notification says is in the window too.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "as on Linux")]
async fn asked_for(_: &Notice) -> Option<Request> {
    None
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "as on Linux")]
async fn available() -> bool {
    false
}

#[cfg(target_os = "linux")]
pub use bus::{ask, available as available_on};

/// Goes to the account a notification is about, and asks the page for what was clicked. An account that is not signed in
/// here any more has nothing to show: the window stays where it is.
pub async fn clicked(app: &AppState, account: &AccountKey, request: Request) {
    let there = || app.session.ticket().is_some_and(|ticket| ticket.key == *account);
    if !there() {
        let listed = app.parts.places.known().has(account);
        if !listed || !matches!(app.parts.tokens.read(account).await, Ok(Some(_))) {
            return;
        }
        let AccountKey { place, username } = account.clone();
        let Ok(view) = switch_account(app, AccountArgs { place, username }).await else { return };
        app.parts.events.view(&view);
    }
    // The session may have ended while nobody looked; the view says so then.
    if there() {
        app.asked.ask(&*app.parts.events, request);
    }
}

/// What happened on the account that is followed.
pub(crate) fn pushed(app: &AppState, ticket: &Ticket, push: &Push) {
    if !app.chosen.now().notifications {
        return;
    }
    let known = app.parts.places.known();
    let words = app.words.now();
    let notice = known.place(&ticket.key.place).and_then(|place| about(&words.notices, push, place, &ticket.key));
    if let Some(notice) = notice {
        app.parts.notifier.show(notice);
    }
}

/// What the sign-in just now said.
pub(crate) fn arrived(app: &AppState, account: &AccountKey, arrival: &Arrival) {
    if arrival.alerts.contains(&Alert::BackupCodesLow) && app.chosen.now().notifications {
        let words = app.words.now();
        if let Some(notice) = backup_codes_low(&words.notices, arrival.backup_codes_remaining, account) {
            app.parts.notifier.show(notice);
        }
    }
}

fn about(words: &NoticeWords, push: &Push, place: &Place, account: &AccountKey) -> Option<Notice> {
    match push {
        Push::SignInNew { session_id, device, ip_address } => {
            let summary = match place.transport {
                Transport::Local => words.new_sign_in_here.clone(),
                _ => fill(&words.new_sign_in, &[("server", &place.name)]),
            };
            let device = device.as_deref().unwrap_or(&words.unknown_device);
            let address = ip_address.as_deref().unwrap_or(&words.this_computer);
            Some(Notice {
                account: account.clone(),
                summary,
                body: fill(&words.not_yours, &[("device", device), ("address", address)]),
                open: words.open.clone(),
                request: Request::ReviewSignIn { session_id: *session_id },
                buttons: vec![
                    Button {
                        label: words.look_at_sessions.clone(),
                        request: Request::ShowSection { section: Section::Sessions },
                    },
                    Button { label: words.not_you.clone(), request: Request::ReviewSignIn { session_id: *session_id } },
                ],
            })
        }
        Push::BackupCodesLow { remaining } => backup_codes_low(words, *remaining, account),
        Push::SessionClosed { .. } | Push::ActivityNew { .. } => None,
    }
}

/// `None` where more are left than a set has: then they are not few.
fn backup_codes_low(words: &NoticeWords, remaining: u32, account: &AccountKey) -> Option<Notice> {
    let body = if remaining == 0 { &words.generate_in_case } else { &words.generate_before_you_run_out };
    Some(Notice {
        account: account.clone(),
        summary: words.codes_left.get(remaining as usize)?.clone(),
        body: body.clone(),
        open: words.open.clone(),
        request: Request::GenerateBackupCodes,
        buttons: vec![Button { label: words.generate.clone(), request: Request::GenerateBackupCodes }],
    })
}

#[cfg(test)]
mod tests {
    use latchkey_api::{activity::Category, desktop::NativeWords};
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
        let ada = AccountKey { place: northwind.id.clone(), username: "ada".into() };
        let words = NativeWords::default().notices;
        let about = |push: &Push, place: &Place| about(&words, push, place, &ada);
        let session_id = Uuid::from_u128(7);
        let sign_in = |device: Option<&str>, address: Option<&str>| Push::SignInNew {
            session_id,
            device: device.map(Into::into),
            ip_address: address.map(Into::into),
        };
        let notice = about(&sign_in(Some("Firefox on Linux"), Some("192.0.2.7")), &northwind).unwrap();
        assert_eq!(notice.summary, "New sign-in to Northwind");
        assert_eq!(notice.body, "Firefox on Linux, 192.0.2.7. Not you?");
        assert_eq!((&notice.account, &notice.request), (&ada, &Request::ReviewSignIn { session_id }));
        let buttons: Vec<_> = notice.buttons.iter().map(|button| (button.label.as_str(), &button.request)).collect();
        let sessions = Request::ShowSection { section: Section::Sessions };
        assert_eq!(buttons, [("Look at sessions", &sessions), ("It was not me", &notice.request)]);
        let notice = about(&sign_in(None, None), &this_computer()).unwrap();
        assert_eq!(notice.summary, "New sign-in to this computer");
        assert_eq!(notice.body, "Unknown device, this computer. Not you?");

        let left = |remaining| about(&Push::BackupCodesLow { remaining }, &northwind).unwrap().summary;
        assert_eq!([left(3), left(1), left(0)], ["3 backup codes left", "1 backup code left", "No backup codes left"]);
        for quiet in [
            Push::ActivityNew { category: Category::SignIn },
            Push::SessionClosed { reason: None },
            Push::BackupCodesLow { remaining: 11 },
        ] {
            assert_eq!(about(&quiet, &northwind), None);
        }
    }
}
