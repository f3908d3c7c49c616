//! The desktop shell without a window: its commands over the real service, with the desktop's parts played by others.

#![allow(clippy::unwrap_used, reason = "these are tests, the functions that help them included")]

mod clicks;
mod clipboard;
mod contract;
mod desk;
mod ending;
mod fakes;
mod following;
mod keychain;
mod leaving;
mod line;
mod notifications;
mod pictures;
mod profile;
mod qr;
mod races;
mod saving;
mod sealing;
mod second_factor;
mod servers;
mod signing_in;
mod storage;
mod two_factor;
