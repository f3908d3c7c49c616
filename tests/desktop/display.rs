//! What is on the display, native dialogs included, out of the file Xvfb keeps its frame buffer in.

use std::{fs, path::Path};

use image::RgbImage;

/// Reads a frame buffer in X Window Dump format (version 7, 32 bits a pixel, as Xvfb keeps it) into a PNG.
pub(crate) fn write_png(frame_buffer: &Path, file: &Path) {
    let dump = fs::read(frame_buffer).unwrap();
    // The header is big-endian on every machine; the pixels are in the machine's own order.
    let number = |index: usize| u32::from_be_bytes(dump[4 * index..4 * index + 4].try_into().unwrap());
    let (header_size, version, width, height) = (number(0), number(1), number(4), number(5));
    let (bits, line, colours) = (number(11), number(12) as usize, number(19));
    assert_eq!((version, bits), (7, 32), "not a frame buffer this can read");
    let pixels = &dump[header_size as usize + 12 * colours as usize..];
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let at = y as usize * line + 4 * x as usize;
        let [_, red, green, blue] = u32::from_ne_bytes(pixels[at..at + 4].try_into().unwrap()).to_be_bytes();
        image::Rgb([red, green, blue])
    });
    picture.save(file).unwrap();
}
