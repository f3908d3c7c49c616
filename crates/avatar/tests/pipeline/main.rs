//! The pipeline from outside: pictures made here go in, and what comes out is held against an independent reference.

#![expect(clippy::unwrap_used, reason = "a picture that cannot be made is a failed test")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixel arithmetic"
)]

mod colour;
mod corpus;
mod formats;
mod geometry;
mod hostile;
mod lossy;
#[cfg(target_os = "linux")]
mod memory;
mod outputs;
mod picture;
mod privacy;
mod reference;
mod tiffs;
mod vp8;
