//! The desktop shell without a window: its commands over the real service, with the desktop's parts played by others.

#![allow(clippy::unwrap_used, reason = "these are tests, the functions that help them included")]

mod api_keys;
mod app_settings;
mod appearing;
mod asking;
mod clicks;
mod clipboard;
mod closing;
mod connecting;
mod contract;
mod desk;
mod ending;
mod expected_code;
mod fakes;
mod following;
mod generating;
mod helpers;
mod helpers_left;
mod keychain;
mod leaving;
mod line;
mod loopback_redirect;
mod native_words;
mod notifications;
mod offline;
mod pictures;
mod profile;
mod provider;
mod qr;
mod races;
mod removing;
mod rest_api;
mod saving;
mod sealing;
mod second_factor;
mod servers;
mod signing_in;
mod snapshots;
mod ssh_keys;
mod storage;
mod two_factor;
mod unfinished;
