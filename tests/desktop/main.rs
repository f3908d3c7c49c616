//! The desktop app in its real window, driven over WebDriver.
//!
//! Every test has a machine of its own (`stage`): a home directory, a display, a session bus, a keychain. Elements are
//! found by role and name, as a screen reader would say them (`screen`). Logs and pictures stay in
//! `tests/desktop/out/TEST`. `LATCHKEY_APP` names another program to test than the one just built, such as the
//! installed one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the pictures of tests are small, and painted by rule of thumb"
)]

mod accessibility;
mod api_documentation;
mod api_keys;
mod app;
mod appearance;
mod assistive_technology;
mod authenticator;
mod avatar;
mod axe;
mod backup_codes;
mod bad_pictures;
mod browser;
mod check_up;
mod clipboard;
mod closed_elsewhere;
mod conflict;
mod container_registries;
mod curl;
mod deletion;
mod display;
mod gallery;
mod keyboard;
mod keyboard_connections;
mod keyboard_keys;
mod keyboard_mail;
mod keyboard_security;
mod keyboard_server;
mod keychain;
mod languages;
mod layout;
mod links;
mod login;
mod look;
mod monitors;
mod native_dialog;
mod no_keychain;
mod notifications;
mod offline;
mod person;
mod photo;
mod policy;
mod printing;
mod private_registry;
mod proof;
#[path = "../../crates/server/tests/program/providers/provider.rs"]
#[allow(dead_code, reason = "the tests of the service have it do more")]
mod provider;
mod relay;
mod rest;
mod rest_api;
mod screen;
mod screen_reader;
mod secrets;
mod server;
mod servers;
#[path = "../../crates/server/tests/program/smtp_server.rs"]
#[allow(dead_code, reason = "the tests of the service have it do more")]
mod smtp_server;
mod source_code;
mod ssh_keys;
mod sshd;
mod stage;
mod storage;
mod toasts;
#[path = "../../crates/server/tests/program/tools.rs"]
#[allow(dead_code, reason = "the tests of the service run more programs")]
mod tools;
mod tour;
mod tray;
mod tray_host;
mod troubles;
mod two_factor;
mod two_windows;
mod wayland;
mod window;
mod x11;
