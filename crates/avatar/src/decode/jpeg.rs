//! JPEG (ITU-T T.81), at full size or at a half, a quarter or an eighth of it, and only the part that is wanted.
//!
//! A decoder of its own because it decides what an avatar costs: cameras make JPEG files of tens of megapixels, of which
//! an avatar needs few. Coefficients have to be read one after another, but everything after that is done for the
//! wanted part at the wanted scale alone, coarse colour needs no enlarging where the rest is shrunk, and memory grows
//! with the result and not with the file. And unlike decoders made for viewers, it stops where data is missing.

mod bits;
mod frame;
mod huffman;
mod idct;
mod pixels;
mod progressive;
mod scan;
mod sequential;
mod skip;
mod tables;

use crate::cursor::Cursor;
use crate::header::{Header, Ink};
use crate::limits::Limits;
use crate::reduce::{KEPT, Reduced, Reducer, View};
use crate::samples::{Depth, Layout, Samples, Shape};
use crate::{Refusal, marker};
use frame::Frame;
use pixels::Rows;
use progressive::Coefficients;
use scan::Scan;
use tables::Tables;

pub(super) fn decode(bytes: &[u8], header: &Header, view: View, limits: &Limits) -> Result<Reduced, Refusal> {
    let ink = header.jpeg.ok_or_else(|| Refusal::broken("not a JPEG header"))?.ink;
    let scale = [8, 4, 2].into_iter().find(|&scale| view.reduction() / f64::from(scale) >= KEPT).unwrap_or(1);
    let layout = match ink {
        Ink::Grey => Layout::Grey,
        Ink::Rgb | Ink::YCbCr => Layout::Rgb,
        Ink::Cmyk { .. } | Ink::Ycck => Layout::Cmyk,
    };
    let (width, height) = (header.width.div_ceil(scale), header.height.div_ceil(scale));
    let shape = Shape { width, height, layout, depth: Depth::Eight };
    let mut reducer = Reducer::new(shape, view.of_scaled(scale), header.profile.as_deref());
    let frame = planes(bytes, scale as usize, &reducer, header, limits)?;
    let mut rows = Rows::new(&frame, ink, reducer.columns(), width as usize);
    for y in reducer.rows() {
        reducer.push(Samples::Eight(rows.row(y)))?;
    }
    reducer.finish()
}

/// Decodes every scan.
fn planes(bytes: &[u8], scale: usize, wanted: &Reducer, header: &Header, limits: &Limits) -> Result<Frame, Refusal> {
    let mut cursor = Cursor::new(&bytes[2..]);
    let mut tables = Tables::default();
    let mut frame: Option<Frame> = None;
    let mut coefficients: Option<Coefficients> = None;
    let mut seen = 0_u8;
    loop {
        let (marker, body) = marker::next_segment(&mut cursor)?;
        match marker {
            marker::DQT => tables.define_steps(body)?,
            marker::DHT => tables.define_codes(body)?,
            marker::DRI => tables.restart = Cursor::new(body).u16_be()?.into(),
            marker::SOF0..=marker::SOF2 => {
                let mut read = Frame::read(body, scale, &wanted.columns(), &wanted.rows())?;
                let is_progressive = marker == marker::SOF2;
                let kept = if is_progressive { Coefficients::bytes(&read) } else { 0 };
                if read.bytes().saturating_add(kept) > limits.memory {
                    return Err(header.too_many());
                }
                read.allocate();
                coefficients = is_progressive.then(|| Coefficients::new(&read));
                frame = Some(read);
            }
            marker::SOS => {
                let frame = frame.as_mut().ok_or_else(|| Refusal::broken("a scan before the frame"))?;
                let scan = Scan::read(body, frame)?;
                seen |= scan.parts.iter().fold(0, |seen, part| seen | 1 << part.component);
                match &mut coefficients {
                    Some(coefficients) => coefficients.decode(frame, &tables, &scan, cursor.rest)?,
                    None => sequential::decode(frame, &tables, &scan, cursor.rest)?,
                }
                // What follows the last scan of a sequential file cannot change it.
                if coefficients.is_none() && is_complete(frame, seen) {
                    break;
                }
            }
            marker::EOI => break,
            _ => {}
        }
    }
    let mut frame = frame.filter(|frame| is_complete(frame, seen)).ok_or_else(Refusal::truncated)?;
    if let Some(coefficients) = coefficients {
        coefficients.finish(&mut frame, &tables)?;
    }
    Ok(frame)
}

/// Whether every component was in a scan.
fn is_complete(frame: &Frame, seen: u8) -> bool {
    u32::from(seen) == (1 << frame.components.len()) - 1
}
