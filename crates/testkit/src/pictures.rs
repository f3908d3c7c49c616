//! Pictures to upload.

use std::io::Cursor;

use bytes::Bytes;
use image::{ImageFormat, Rgb, RgbImage};

/// A PNG of one colour and size.
///
/// # Panics
/// When a side is 0.
pub fn png(width: u32, height: u32, colour: [u8; 3]) -> Bytes {
    let mut bytes = Cursor::new(Vec::new());
    let image = RgbImage::from_pixel(width, height, Rgb(colour));
    image.write_to(&mut bytes, ImageFormat::Png).expect("a PNG is written to memory");
    bytes.into_inner().into()
}
