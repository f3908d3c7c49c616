//! What a file says about itself, read without decoding a pixel or believing a length.

mod bmp;
mod gif;
mod jpeg;
mod png;
mod tiff;
mod webp;

pub(crate) use jpeg::{Ink, JpegHeader};

use crate::format::Format;
use crate::limits::Limits;
use crate::orientation::Orientation;
use crate::{Refusal, SMALLEST_SIDE, stranger};

/// A header that holds together: the file is whole as far as its structure tells.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) format: Format,
    /// Width as stored, before orientation.
    pub(crate) width: u32,
    /// Height as stored.
    pub(crate) height: u32,
    pub(crate) orientation: Orientation,
    pub(crate) profile: Option<Vec<u8>>,
    pub(crate) animated: bool,
    /// Set for a JPEG.
    pub(crate) jpeg: Option<JpegHeader>,
}

impl Header {
    fn new(format: Format, width: u32, height: u32) -> Self {
        Self { format, width, height, orientation: Orientation::default(), profile: None, animated: false, jpeg: None }
    }

    /// Width and height as displayed.
    pub(crate) fn displayed(&self) -> (u32, u32) {
        self.orientation.turn(self.width, self.height)
    }

    /// Pixels as stored.
    pub(crate) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Refuses a picture whose decoded form takes more than the limit: `per_pixel` bytes for each pixel.
    pub(crate) fn fits_memory(&self, per_pixel: u64, limits: &Limits) -> Result<(), Refusal> {
        if self.pixels().saturating_mul(per_pixel) > limits.memory as u64 { Err(self.too_many()) } else { Ok(()) }
    }

    pub(crate) fn too_many(&self) -> Refusal {
        let (width, height) = self.displayed();
        Refusal::TooManyPixels { width, height }
    }
}

/// Reads the header of `bytes` and holds it against `limits`.
pub(crate) fn admit(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    if bytes.len() > limits.bytes {
        return Err(Refusal::TooLargeFile { bytes: bytes.len(), limit: limits.bytes });
    }
    let format = Format::sniff(bytes).ok_or_else(|| stranger::refuse(bytes))?;
    let header = match format {
        Format::Png => png::read(bytes, limits),
        Format::Jpeg => jpeg::read(bytes, limits),
        Format::WebP => webp::read(bytes, limits),
        Format::Gif => gif::read(bytes),
        Format::Bmp => bmp::read(bytes),
        Format::Tiff => tiff::read(bytes, limits),
    }?;
    let (width, height) = header.displayed();
    if width == 0 || height == 0 {
        return Err(Refusal::broken("a side is zero"));
    }
    if header.pixels() > limits.pixels || width.max(height) > limits.side {
        return Err(header.too_many());
    }
    if width.min(height) < SMALLEST_SIDE {
        return Err(Refusal::TooSmall { width, height });
    }
    Ok(header)
}
