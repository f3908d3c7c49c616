//! JPEG marker segments (ITU-T T.81, annex B) up to and including the end-of-image marker.
//!
//! The whole file is walked, not only its head: decoders take a file without its end for a picture with a grey bottom,
//! and the number of scans says what a progressive file costs.

use super::{Cursor, Header};
use crate::format::Format;
use crate::limits::Limits;
use crate::{Refusal, exif};

/// What a JPEG header says beyond its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JpegHeader {
    pub(crate) progressive: bool,
    pub(crate) ink: Ink,
}

/// How the components of a frame are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// One component of light.
    Grey,
    /// Three components, YCbCr or RGB.
    Light,
    /// Four components, CMYK or YCCK. Adobe's programs store them inverted and leave a marker that says who wrote them.
    Print {
        /// Whether Adobe's marker is there.
        adobe: bool,
    },
}

/// Markers by their second byte (T.81 table B.1).
mod marker {
    pub(super) const SOF0: u8 = 0xc0;
    pub(super) const SOF1: u8 = 0xc1;
    pub(super) const SOF2: u8 = 0xc2;
    pub(super) const SOF15: u8 = 0xcf;
    pub(super) const DHT: u8 = 0xc4;
    pub(super) const JPG: u8 = 0xc8;
    pub(super) const DAC: u8 = 0xcc;
    pub(super) const RST0: u8 = 0xd0;
    pub(super) const RST7: u8 = 0xd7;
    pub(super) const SOI: u8 = 0xd8;
    pub(super) const EOI: u8 = 0xd9;
    pub(super) const SOS: u8 = 0xda;
    pub(super) const APP1: u8 = 0xe1;
    pub(super) const APP2: u8 = 0xe2;
    pub(super) const APP14: u8 = 0xee;
    pub(super) const TEM: u8 = 0x01;
}

struct Frame {
    width: u32,
    height: u32,
    components: u8,
    progressive: bool,
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let mut cursor = Cursor::new(&bytes[2..]);
    let mut frame: Option<Frame> = None;
    let mut orientation = None;
    let mut profile = Profile::default();
    let mut adobe = false;
    let mut scans: u32 = 0;
    loop {
        let marker = next_marker(&mut cursor)?;
        match marker {
            marker::EOI => break,
            marker::TEM | marker::SOI | marker::RST0..=marker::RST7 => continue,
            _ => {}
        }
        let length = usize::from(cursor.u16_be()?).checked_sub(2).ok_or_else(|| Refusal::broken("segment length"))?;
        let body = cursor.take(length)?;
        match marker {
            marker::SOF0 | marker::SOF1 | marker::SOF2 if frame.is_some() => {
                return Err(Refusal::broken("two frames"));
            }
            marker::SOF0..=marker::SOF15 if ![marker::DHT, marker::JPG, marker::DAC].contains(&marker) => {
                frame = Some(read_frame(marker, body)?);
            }
            marker::SOS => {
                let frame = frame.as_ref().ok_or_else(|| Refusal::broken("a scan before the frame"))?;
                scans += 1;
                let scanned = u64::from(scans) * u64::from(frame.width) * u64::from(frame.height);
                if scans > limits.scans || (frame.progressive && scanned > limits.scan_pixels) {
                    return Err(Refusal::TooComplex);
                }
            }
            marker::APP1 => orientation = orientation.or_else(|| exif::orientation(body.strip_prefix(b"Exif\0\0")?)),
            marker::APP2 => profile.add(body, limits)?,
            marker::APP14 => adobe |= body.starts_with(b"Adobe"),
            _ => {}
        }
    }
    let frame = frame.filter(|_| scans > 0).ok_or_else(|| Refusal::broken("no image data"))?;
    let ink = match frame.components {
        1 => Ink::Grey,
        3 => Ink::Light,
        4 => Ink::Print { adobe },
        _ => return Err(Refusal::UnsupportedFormat("JPEG files with this kind of colour")),
    };
    let mut header = Header::new(Format::Jpeg, frame.width, frame.height);
    header.orientation = orientation.unwrap_or_default();
    header.profile = profile.whole();
    header.jpeg = Some(JpegHeader { progressive: frame.progressive, ink });
    Ok(header)
}

/// The next marker: past entropy-coded data, where 0xff stands for itself before 0x00, and past fill bytes.
fn next_marker(cursor: &mut Cursor) -> Result<u8, Refusal> {
    loop {
        let at = memchr::memchr(0xff, cursor.rest).ok_or_else(Refusal::truncated)?;
        cursor.take(at)?;
        while cursor.rest.first() == Some(&0xff) {
            cursor.take(1)?;
        }
        let marker = cursor.byte()?;
        if marker != 0 {
            return Ok(marker);
        }
    }
}

fn read_frame(marker: u8, body: &[u8]) -> Result<Frame, Refusal> {
    let mut body = Cursor::new(body);
    let (precision, height, width, components) = (body.byte()?, body.u16_be()?, body.u16_be()?, body.byte()?);
    if !(marker::SOF0..=marker::SOF2).contains(&marker) {
        return Err(Refusal::UnsupportedFormat("JPEG files with lossless or arithmetic coding"));
    }
    if precision != 8 {
        return Err(Refusal::UnsupportedFormat("JPEG files with more than 8 bits for each colour"));
    }
    let progressive = marker == marker::SOF2;
    Ok(Frame { width: width.into(), height: height.into(), components, progressive })
}

/// An ICC profile in pieces (ICC.1:2022, annex B.4).
#[derive(Default)]
struct Profile<'a> {
    pieces: Vec<(u8, &'a [u8])>,
    announced: u8,
    length: usize,
}

impl<'a> Profile<'a> {
    fn add(&mut self, body: &'a [u8], limits: &Limits) -> Result<(), Refusal> {
        if let Some([number, count, piece @ ..]) = body.strip_prefix(b"ICC_PROFILE\0") {
            self.length += piece.len();
            if self.length > limits.profile {
                return Err(Refusal::broken("the colour profile is over the limit"));
            }
            self.announced = *count;
            self.pieces.push((*number, piece));
        }
        Ok(())
    }

    /// The profile, if every piece of it is there once.
    fn whole(mut self) -> Option<Vec<u8>> {
        self.pieces.sort_by_key(|(number, _)| *number);
        let complete = !self.pieces.is_empty() && self.pieces.iter().map(|(number, _)| *number).eq(1..=self.announced);
        complete.then(|| self.pieces.iter().flat_map(|(_, piece)| piece.iter().copied()).collect())
    }
}
