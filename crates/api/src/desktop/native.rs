//! What the shell itself says, outside of the page: in the page's language, which hands it these words.

use std::collections::HashMap;

use serde::Deserialize;
use ts_rs::TS;

use super::Section;
use crate::two_factor::BACKUP_CODES;

/// The sentences of the shell. What stands in braces, `{device}`, is filled in by the shell; the words here are all there
/// are. Until the page has handed others over they are English.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NativeWords {
    /// The language they are in (BCP 47).
    pub language: String,
    /// Whether it is written from right to left.
    pub right_to_left: bool,
    /// The dialogs for files.
    pub dialogs: DialogWords,
    /// The notifications of the desktop.
    pub notices: NoticeWords,
    /// The file with backup codes.
    pub backup_codes: BackupCodeWords,
    /// The page that sends somebody back from a browser.
    pub redirect: RedirectWords,
    /// The entry in the tray.
    pub tray: TrayWords,
}

/// Titles of the dialogs for files, and kinds of files in them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DialogWords {
    /// Title of the picker of a picture.
    pub select_image: String,
    /// Title of the picker of a public key.
    pub choose_file: String,
    /// Title of the picker of a folder.
    pub choose_folder: String,
    /// Title where the activity is saved.
    pub save_activity: String,
    /// Title where everything the service holds is saved.
    pub save_export: String,
    /// Title where backup codes are saved.
    pub save_backup_codes: String,
    /// A kind of files.
    pub pictures: String,
    /// A kind of files.
    pub public_keys: String,
    /// A kind of files.
    pub text_files: String,
    /// A kind of files.
    pub json_documents: String,
    /// Every kind of files.
    pub all_files: String,
}

/// Notifications of the desktop.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoticeWords {
    /// What a click on a notification does, where the desktop says so.
    pub open: String,
    /// `{server}`
    pub new_sign_in: String,
    /// The same, where the service is in the app.
    pub new_sign_in_here: String,
    /// `{device}`, `{address}`
    pub not_yours: String,
    /// In the place of `{device}`.
    pub unknown_device: String,
    /// In the place of `{address}`.
    pub this_computer: String,
    /// A button.
    pub not_you: String,
    /// A button.
    pub look_at_sessions: String,
    /// How many backup codes are left: one sentence for none, one for 1, and so on up to a whole set.
    pub codes_left: Vec<String>,
    /// What to do where some are left.
    pub generate_before_you_run_out: String,
    /// What to do where none is left.
    pub generate_in_case: String,
    /// A button.
    pub generate: String,
}

/// The file with backup codes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BackupCodeWords {
    /// Its first line.
    pub title: String,
    /// `{username}`
    pub account: String,
    /// `{server}`
    pub server: String,
    /// In the place of `{server}`, where the service is in the app; and so on the printed sheet.
    pub this_computer: String,
    /// `{day}`, `{month}`, `{year}`, `{time}`, in UTC
    pub created: String,
    /// The twelve in the place of `{month}`.
    pub months: Vec<String>,
    /// What they are for.
    pub how: String,
}

/// What a browser shows that came back from a provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RedirectWords {
    /// It was expected.
    pub back: String,
    /// It was not.
    pub nothing: String,
}

/// The menu of the entry in the tray.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TrayWords {
    /// Shows the window.
    pub open: String,
    /// Ends the app.
    pub quit: String,
    /// Every section as the sidebar names it.
    pub sections: HashMap<Section, String>,
}

impl Default for NativeWords {
    /// English.
    fn default() -> Self {
        Self {
            language: "en".into(),
            right_to_left: false,
            dialogs: DialogWords {
                select_image: "Select Image".into(),
                choose_file: "Choose file".into(),
                choose_folder: "Choose folder".into(),
                save_activity: "Save activity".into(),
                save_export: "Save your data".into(),
                save_backup_codes: "Download Backup Codes".into(),
                pictures: "Pictures".into(),
                public_keys: "Public keys".into(),
                text_files: "Text files".into(),
                json_documents: "JSON documents".into(),
                all_files: "All files".into(),
            },
            notices: NoticeWords {
                open: "Open".into(),
                new_sign_in: "New sign-in to {server}".into(),
                new_sign_in_here: "New sign-in to this computer".into(),
                not_yours: "{device}, {address}. Not you?".into(),
                unknown_device: "Unknown device".into(),
                this_computer: "this computer".into(),
                not_you: "It was not me".into(),
                look_at_sessions: "Look at sessions".into(),
                codes_left: (0..=BACKUP_CODES).map(codes_left).collect(),
                generate_before_you_run_out: "Generate new ones before you run out.".into(),
                generate_in_case: "Generate new ones, in case you lose your authenticator app.".into(),
                generate: "Generate new codes".into(),
            },
            backup_codes: BackupCodeWords {
                title: "Latchkey backup codes".into(),
                account: "Account: {username}".into(),
                server: "Server: {server}".into(),
                this_computer: "This computer".into(),
                created: "Created: {day} {month} {year}, {time} UTC".into(),
                months: MONTHS.map(Into::into).into(),
                how: "Each code works once, in the place of a code of your authenticator app.".into(),
            },
            redirect: RedirectWords {
                back: "You can close this window and go back to Latchkey.".into(),
                nothing: "There is nothing here. Go back to Latchkey, and open the page of the provider from there."
                    .into(),
            },
            tray: TrayWords {
                open: "Open Latchkey".into(),
                quit: "Quit".into(),
                sections: Section::ALL.iter().map(|section| (*section, label(*section).into())).collect(),
            },
        }
    }
}

const fn label(section: Section) -> &'static str {
    match section {
        Section::Password => "Password",
        Section::TwoFactor => "Two-factor authentication",
        Section::ApiKeys => "API keys",
        Section::Sessions => "Sessions",
        Section::CheckUp => "Security check-up",
        Section::SshKeys => "SSH keys",
        Section::SourceCode => "Source code integration",
        Section::Registries => "Container registries",
        Section::Activity => "Activity",
        Section::Delete => "Delete account",
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn codes_left(codes: u32) -> String {
    match codes {
        0 => "No backup codes left".into(),
        1 => "1 backup code left".into(),
        many => format!("{many} backup codes left"),
    }
}
