//! What the app does on this desktop beside its window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the settings of the app stand. They are of this computer, whoever is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AppSettings {
    /// An entry in the tray of the desktop; while it is there, closing the window keeps the app running.
    pub tray: AppSetting,
    /// The app is started with the desktop.
    pub start_at_login: AppSetting,
    /// Notifications of the desktop.
    pub notifications: AppSetting,
}

/// How one of them stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AppSetting {
    /// Whether it is switched on.
    pub on: bool,
    /// Why it cannot be had now. It can be switched off all the same.
    pub blocked: Option<SettingBlocked>,
}

/// Why a setting cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingBlocked {
    /// Nothing on this desktop shows entries of a tray.
    NoTray,
    /// Nothing on this desktop shows notifications.
    NoNotifications,
    /// The app does not do it on this operating system.
    OtherSystem,
    /// The path of this program cannot be written down for the desktop.
    PathUnsayable,
}

/// One of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AppSettingName {
    /// The entry in the tray.
    Tray,
    /// The start at login.
    StartAtLogin,
    /// Notifications.
    Notifications,
}

/// Switches one of them.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct SetAppSetting {
    /// Which.
    pub name: AppSettingName,
    /// On or off. What is blocked is not switched on.
    pub on: bool,
}
