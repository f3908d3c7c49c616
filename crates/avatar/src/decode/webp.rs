//! Lossy WebP without transparency: a key frame of VP8 (RFC 6386) in a RIFF file (RFC 9649).

mod bits;
mod chances;
mod coarse;
mod colour;
mod filter;
mod fine;
mod header;
mod macroblocks;
mod modes;
mod predict;
mod quantizer;
mod tokens;
mod transform;

use crate::Refusal;
use crate::cursor::Cursor;
use crate::header::Header;
use crate::limits::Limits;
use crate::reduce::{KEPT, Reduced, Reducer, View};
use crate::samples::{Depth, Layout, Samples, Shape};
use coarse::Coarse;
use fine::Fine;
use header::Frame;
use macroblocks::Macroblocks;

/// The chunk with the picture, where that is what this module decodes.
pub(super) fn lossy(bytes: &[u8]) -> Option<&[u8]> {
    let mut chunks = Cursor::new(bytes.get(12..)?);
    loop {
        let kind: [u8; 4] = chunks.array().ok()?;
        let length = chunks.u32_le().ok()? as usize;
        let body = chunks.take(length).ok()?;
        match &kind {
            b"VP8 " => return Some(body),
            b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" => return None,
            _ => {}
        }
        if length % 2 == 1 {
            chunks.take(1).ok()?;
        }
    }
}

pub(super) fn decode(chunk: &[u8], header: &Header, view: View, limits: &Limits) -> Result<Reduced, Refusal> {
    let frame = Frame::read(chunk)?;
    if (frame.width, frame.height) != (header.width as usize, header.height as usize) {
        return Err(Refusal::broken("the frame is not as large as the header says"));
    }
    if view.reduction() / 2.0 >= KEPT {
        let (width, height) = (header.width.div_ceil(2), header.height.div_ceil(2));
        let shape = Shape { width, height, layout: Layout::Rgb, depth: Depth::Eight };
        let reducer = Reducer::new(shape, view.of_scaled(2), header.profile.as_deref());
        if let Some(curves) = reducer.curves() {
            let columns = reducer.columns();
            if Macroblocks::bytes(frame.width) + Coarse::bytes(columns.len()) > limits.memory {
                return Err(header.too_many());
            }
            let rows = Coarse::new(&frame, columns, curves);
            return coarse(frame, rows, reducer);
        }
    }
    if Macroblocks::bytes(frame.width) + Fine::bytes(frame.width) > limits.memory {
        return Err(header.too_many());
    }
    let shape = Shape { width: header.width, height: header.height, layout: Layout::Rgb, depth: Depth::Eight };
    fine(frame, Reducer::new(shape, view, header.profile.as_deref()))
}

/// Half of the size. What smoothing and interpolation would add is smaller than what is left when it is shrunk further.
fn coarse(frame: Frame, mut rows: Coarse, mut reducer: Reducer) -> Result<Reduced, Refusal> {
    let mut macroblocks = Macroblocks::new(frame);
    let wanted = reducer.rows();
    for row in 0..wanted.end.div_ceil(8) {
        macroblocks.row(|macroblock| rows.take(macroblock))?;
        for y in (8 * row).max(wanted.start)..(8 * row + 8).min(wanted.end) {
            reducer.push_light(rows.row(y - 8 * row))?;
        }
    }
    reducer.finish()
}

/// Full size.
fn fine(frame: Frame, mut reducer: Reducer) -> Result<Reduced, Refusal> {
    let mut rows = Fine::new(&frame, reducer.columns());
    let mut macroblocks = Macroblocks::new(frame);
    let mut wanted = reducer.rows();
    while !wanted.is_empty() {
        rows.begin();
        macroblocks.row(|macroblock| rows.take(macroblock))?;
        rows.smooth();
        for y in wanted.start..wanted.end.min(rows.ready()) {
            reducer.push(Samples::Eight(rows.row(y)))?;
            wanted.start = y + 1;
        }
    }
    reducer.finish()
}
