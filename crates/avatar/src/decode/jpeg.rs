//! JPEG through `jpeg-decoder`, which can decode to an eighth, a quarter or a half and skip most of the work.

use std::io::Cursor;

use jpeg_decoder::{Decoder, PixelFormat};

use crate::Refusal;
use crate::header::{Header, Ink};
use crate::limits::Limits;
use crate::reduce::{KEPT, Reduced, Reducer, View};
use crate::samples::{Depth, Layout, Samples, Shape};

pub(super) fn decode(bytes: &[u8], header: &Header, view: View, limits: &Limits) -> Result<Reduced, Refusal> {
    let jpeg = header.jpeg.ok_or_else(|| Refusal::broken("not a JPEG header"))?;
    let scale = [8, 4, 2].into_iter().find(|&scale| view.reduction() / f64::from(scale) >= KEPT).unwrap_or(1);
    let channels: u64 = match jpeg.ink {
        Ink::Grey => 1,
        Ink::Light => 3,
        Ink::Print { .. } => 4,
    };
    // Two bytes for each coefficient, all of which a progressive file keeps to the end.
    if jpeg.progressive {
        header.fits_memory(2 * channels, limits)?;
    }
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.set_max_decoding_buffer_size(limits.memory);
    decoder.read_info().map_err(Refusal::broken)?;
    let wanted = |side: u32| u16::try_from(side.div_ceil(scale)).map_err(Refusal::broken);
    let (width, height) = decoder.scale(wanted(header.width)?, wanted(header.height)?).map_err(Refusal::broken)?;
    let pixels = decoder.decode().map_err(Refusal::broken)?;
    let info = decoder.info().ok_or_else(Refusal::truncated)?;
    let layout = match info.pixel_format {
        PixelFormat::L8 => Layout::Grey,
        PixelFormat::RGB24 => Layout::Rgb,
        PixelFormat::CMYK32 => Layout::Cmyk,
        PixelFormat::L16 => return Err(Refusal::broken("an unexpected kind of pixels")),
    };
    let shape = Shape { width: width.into(), height: height.into(), layout, depth: Depth::Eight };
    let mut reducer = Reducer::new(shape, view.of_scaled(scale), header.profile.as_deref());
    let wide = usize::from(width) * layout.channels();
    for row in reducer.rows() {
        let row = pixels.get(row * wide..(row + 1) * wide).ok_or_else(Refusal::truncated)?;
        reducer.push(Samples::Eight(row))?;
    }
    reducer.finish()
}
