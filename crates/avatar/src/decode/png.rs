//! PNG, row by row.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Transformations};

use crate::Refusal;
use crate::header::Header;
use crate::limits::Limits;
use crate::reduce::{Reduced, Reducer, View};
use crate::samples::{Depth, Layout, Samples, Shape};

/// Memory of the decoder beside the pixels: two rows of the widest picture and the window of deflate.
const WORKING_MEMORY: usize = 16 << 20;

pub(super) fn decode(bytes: &[u8], header: &Header, view: View, limits: &Limits) -> Result<Reduced, Refusal> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: WORKING_MEMORY });
    // Read by `header` under their own limits, or not wanted at all.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(Refusal::broken)?;
    let (colour, bits) = reader.output_color_type();
    let layout = match colour {
        ColorType::Grayscale => Layout::Grey,
        ColorType::GrayscaleAlpha => Layout::GreyAlpha,
        ColorType::Rgba => Layout::Rgba,
        ColorType::Rgb | ColorType::Indexed => Layout::Rgb,
    };
    let depth = if bits == BitDepth::Sixteen { Depth::Sixteen } else { Depth::Eight };
    let shape = Shape { width: header.width, height: header.height, layout, depth };
    let mut reducer = Reducer::new(shape, view, header.profile.as_deref());
    let mut wide = Vec::new();
    let mut push = |reducer: &mut Reducer, row: &[u8]| match depth {
        Depth::Eight => reducer.push(Samples::Eight(row)),
        Depth::Sixteen => {
            wide.clear();
            wide.extend(row.as_chunks().0.iter().map(|&pair| u16::from_be_bytes(pair)));
            reducer.push(Samples::Sixteen(&wide))
        }
    };
    if reader.info().interlaced {
        let sample = if depth == Depth::Sixteen { 2 } else { 1 };
        header.fits_memory((layout.channels() * sample) as u64, limits)?;
        let length = reader.output_buffer_size().ok_or_else(|| header.too_many())?;
        let mut pixels = vec![0; length];
        let frame = reader.next_frame(&mut pixels).map_err(Refusal::broken)?;
        for row in reducer.rows() {
            let row = pixels.get(row * frame.line_size..(row + 1) * frame.line_size);
            push(&mut reducer, row.ok_or_else(Refusal::truncated)?)?;
        }
    } else {
        let rows = reducer.rows();
        for index in 0..rows.end {
            let row = reader.next_row().map_err(Refusal::broken)?.ok_or_else(Refusal::truncated)?;
            if rows.contains(&index) {
                push(&mut reducer, row.data())?;
            }
        }
    }
    reducer.finish()
}
