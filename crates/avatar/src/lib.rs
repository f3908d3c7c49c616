//! Turns any picture a person picks into an avatar: upright, square, small, in sRGB and without metadata.
//!
//! The way of a picture, one module a step:
//!
//! 1. `header` reads what the file says about itself, without decoding, and holds it against [`Limits`]. A file whose
//!    structure ends early is refused here.
//! 2. [`Crop`] and `orientation` map the square the person chose, fractions and all, to the pixels as they are stored.
//! 3. `decode` decodes the rows that are needed, at a fraction of the size where the format can.
//! 4. `colour` takes the samples through the ICC profile to linear light, `reduce` averages them to about twice the
//!    size that is wanted, `narrow` and `resize` do the rest with a Lanczos filter.
//! 5. `orientation` turns the few pixels that are left, and `encode` writes them and nothing else.
//!
//! Everything works on bytes in memory and none of it waits for anything: callers decide about files and threads. A
//! call takes up to some hundred milliseconds, so call it off the event loop.
//!
//! ```
//! use latchkey_avatar::{Limits, Refusal, render};
//!
//! let refusal = render(b"PK\x03\x04", None, 512, None, &Limits::SERVICE).unwrap_err();
//! assert_eq!(refusal.code(), "not_an_image");
//! ```

// Pixels are arithmetic on numbers of known range: each of these casts is in it by construction, and spelling out the
// impossible failure of every one would hide the arithmetic.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixel arithmetic"
)]

mod colour;
mod crop;
mod cursor;
mod decode;
mod encode;
mod exif;
mod format;
mod guard;
mod header;
pub mod initials;
mod light;
mod limits;
mod marker;
mod narrow;
mod orientation;
mod reduce;
mod refusal;
mod region;
mod resize;
mod samples;
mod stranger;

pub use crop::Crop;
pub use format::Format;
pub use limits::Limits;
pub use refusal::Refusal;

use header::Header;
use light::Linear;
use reduce::{Reduced, View};
use region::Region;

/// The side of the largest avatar that is kept, in pixels.
pub const LARGE: u32 = 512;
/// The side of the avatar on a profile at double density, in pixels.
pub const MEDIUM: u32 = 128;
/// The side of the avatar in a navigation bar at double density, in pixels.
pub const SMALL: u32 = 64;
/// The shortest side of a picture or crop that is taken, in pixels.
pub const SMALLEST_SIDE: u32 = 16;
/// The longest side that is written, in pixels.
pub const LARGEST_OUTPUT: u32 = 2048;

/// What is known about a picture without decoding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Format by content.
    pub format: Format,
    /// Width in pixels as displayed, after orientation.
    pub width: u32,
    /// Height in pixels as displayed, after orientation.
    pub height: u32,
    /// Whether there is more than one frame; only the first is used.
    pub animated: bool,
    /// Whether the file carries an ICC profile.
    pub has_profile: bool,
}

/// A finished picture file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// An avatar in the three sizes that are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AvatarSet {
    /// [`LARGE`] pixels a side.
    pub large: Encoded,
    /// [`MEDIUM`] pixels a side.
    pub medium: Encoded,
    /// [`SMALL`] pixels a side.
    pub small: Encoded,
}

/// Reads the header of a picture and holds it against `limits`, in well under a millisecond for most.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Probe, Refusal> {
    let header = header::admit(bytes, limits)?;
    let (width, height) = header.displayed();
    let Header { format, animated, .. } = header;
    Ok(Probe { format, width, height, animated, has_profile: header.profile.is_some() })
}

/// The whole picture, upright, with its longer side at most `longest_side` pixels: what a crop dialog shows.
///
/// JPEG, or PNG where there is transparency. Never larger than the picture itself.
pub fn preview(bytes: &[u8], longest_side: u32, limits: &Limits) -> Result<Encoded, Refusal> {
    check_output(longest_side)?;
    let header = header::admit(bytes, limits)?;
    let (width, height) = header.displayed();
    let scale = (f64::from(longest_side) / f64::from(width.max(height))).min(1.0);
    let shrunk = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let whole = Region { x: 0.0, y: 0.0, width: width.into(), height: height.into() };
    let picture = upright(bytes, &header, whole, (shrunk(width), shrunk(height)), limits)?;
    encode::preview(&picture)
}

/// One avatar of exactly `size` x `size` pixels, from `crop` or the centred largest square.
///
/// Without a `format` an opaque picture becomes a JPEG and one with transparency a WebP, of at most 200 000 bytes up to
/// [`LARGE`]. PNG and WebP that are asked for are lossless and weigh what they weigh; JPEG shows transparency as white.
/// A crop smaller than `size` is enlarged.
pub fn render(
    bytes: &[u8],
    crop: Option<Crop>,
    size: u32,
    format: Option<Format>,
    limits: &Limits,
) -> Result<Encoded, Refusal> {
    let picture = square(bytes, crop, size, limits)?;
    encode::avatar(&picture, format)
}

/// The three sizes that are kept, decoded once: the two smaller ones come from the linear light of the largest.
pub fn derive(bytes: &[u8], crop: Option<Crop>, limits: &Limits) -> Result<AvatarSet, Refusal> {
    let large = square(bytes, crop, LARGE, limits)?;
    let whole = Region { x: 0.0, y: 0.0, width: LARGE.into(), height: LARGE.into() };
    let medium = resize::resize(&large, whole, MEDIUM, MEDIUM)?;
    let small = resize::resize(&large, whole, SMALL, SMALL)?;
    Ok(AvatarSet {
        large: encode::avatar(&large, None)?,
        medium: encode::avatar(&medium, None)?,
        small: encode::avatar(&small, None)?,
    })
}

fn square(bytes: &[u8], crop: Option<Crop>, size: u32, limits: &Limits) -> Result<Linear, Refusal> {
    check_output(size)?;
    let header = header::admit(bytes, limits)?;
    let (width, height) = header.displayed();
    let Crop { x, y, side } = crop.unwrap_or_else(|| Crop::centred(width, height)).within(width, height)?;
    upright(bytes, &header, Region { x, y, width: side, height: side }, (size, size), limits)
}

/// The light of a `region` in displayed coordinates at `width` x `height`, upright and with the primaries of sRGB.
fn upright(
    bytes: &[u8],
    header: &Header,
    region: Region,
    (width, height): (u32, u32),
    limits: &Limits,
) -> Result<Linear, Refusal> {
    let orientation = header.orientation;
    let (stored_width, stored_height) = orientation.turn(width, height);
    let region = orientation.to_stored(region, header.width, header.height);
    let view = View { region, width: stored_width, height: stored_height };
    let Reduced { light, view, colour } = decode::decode(bytes, header, view, limits)?;
    let mut small = resize::resize(&light, view.region, view.width, view.height)?;
    colour.adapt(&mut small);
    let samples = orientation.upright(small.samples, small.width as usize, small.height as usize, small.channels);
    Ok(Linear { width, height, channels: small.channels, samples })
}

fn check_output(side: u32) -> Result<(), Refusal> {
    if (SMALLEST_SIDE..=LARGEST_OUTPUT).contains(&side) { Ok(()) } else { Err(Refusal::BadOutput) }
}
