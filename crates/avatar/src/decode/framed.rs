//! WebP, GIF and BMP through `image`, a whole frame at a time.

use std::io::Cursor;

use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, webp::WebPDecoder};
use image::{ColorType, ImageDecoder};

use crate::Refusal;
use crate::format::Format;
use crate::header::Header;
use crate::limits::Limits;
use crate::reduce::{Reduced, Reducer, View};
use crate::samples::{Depth, Layout, Samples, Shape};

pub(super) fn decode(bytes: &[u8], header: &Header, view: View, limits: &Limits) -> Result<Reduced, Refusal> {
    // The frame, and for an animation the canvas it is put on.
    header.fits_memory(4, limits)?;
    let reader = Cursor::new(bytes);
    match header.format {
        Format::WebP => frame(WebPDecoder::new(reader).map_err(Refusal::broken)?, header, view, limits),
        Format::Gif => frame(GifDecoder::new(reader).map_err(Refusal::broken)?, header, view, limits),
        _ => frame(BmpDecoder::new(reader).map_err(Refusal::broken)?, header, view, limits),
    }
}

fn frame(mut decoder: impl ImageDecoder, header: &Header, view: View, limits: &Limits) -> Result<Reduced, Refusal> {
    let mut allowed = image::Limits::no_limits();
    allowed.max_image_width = Some(header.width);
    allowed.max_image_height = Some(header.height);
    allowed.max_alloc = Some(limits.memory as u64 * 2);
    decoder.set_limits(allowed).map_err(Refusal::broken)?;
    if decoder.dimensions() != (header.width, header.height) {
        return Err(Refusal::broken("the frame is not as large as the header says"));
    }
    let layout = match decoder.color_type() {
        ColorType::L8 => Layout::Grey,
        ColorType::La8 => Layout::GreyAlpha,
        ColorType::Rgb8 => Layout::Rgb,
        ColorType::Rgba8 => Layout::Rgba,
        _ => return Err(Refusal::broken("an unexpected kind of pixels")),
    };
    let shape = Shape { width: header.width, height: header.height, layout, depth: Depth::Eight };
    let mut reducer = Reducer::new(shape, view, header.profile.as_deref());
    let wide = header.width as usize * layout.channels();
    let mut pixels = vec![0; wide * header.height as usize];
    decoder.read_image(&mut pixels).map_err(Refusal::broken)?;
    for row in reducer.rows() {
        reducer.push(Samples::Eight(&pixels[row * wide..(row + 1) * wide]))?;
    }
    reducer.finish()
}
