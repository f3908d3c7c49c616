//! JPEG marker segments (ITU-T T.81, annex B) up to and including the end-of-image marker.
//!
//! The whole file is walked, not only its head: decoders take a file without its end for a picture with a grey bottom,
//! and the number of scans says what a progressive file costs.

use super::Header;
use crate::cursor::Cursor;
use crate::format::Format;
use crate::limits::Limits;
use crate::{Refusal, exif, marker};

/// Bytes of Huffman tables: a hundred scans with four tables of full size each have half of it. Making a table costs a
/// hundred times what reading its bytes does.
const MOST_TABLES: usize = 256 * 1024;

/// What a JPEG header says beyond its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JpegHeader {
    pub(crate) progressive: bool,
    pub(crate) ink: Ink,
}

/// How the components of a frame are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Grey,
    Rgb,
    YCbCr,
    /// Four components of ink, which Adobe's programs store inverted and leave a marker that says who wrote them.
    Cmyk {
        inverted: bool,
    },
    /// Ink as Adobe stores it, the first three inverted and turned like YCbCr. Exists with Adobe's marker only.
    Ycck,
}

impl Ink {
    /// Components of a pixel.
    pub(crate) fn components(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb | Self::YCbCr => 3,
            Self::Cmyk { .. } | Self::Ycck => 4,
        }
    }
}

struct Frame {
    width: u32,
    height: u32,
    /// Identifiers.
    components: Vec<u8>,
    progressive: bool,
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let mut cursor = Cursor::new(&bytes[2..]);
    let mut frame: Option<Frame> = None;
    let mut orientation = None;
    let mut profile = Profile::default();
    let mut adobe = None;
    let mut scans: u32 = 0;
    let mut tables = 0;
    loop {
        let (marker, body) = marker::next_segment(&mut cursor)?;
        match marker {
            marker::EOI => break,
            marker::DHT => {
                tables += body.len();
                if tables > MOST_TABLES {
                    return Err(Refusal::TooComplex);
                }
            }
            marker::JPG | marker::DAC => {}
            marker::SOF0..=marker::SOF15 => {
                if frame.is_some() {
                    return Err(Refusal::broken("two frames"));
                }
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
            // Version, two words of flags, then the transform.
            marker::APP14 => adobe = adobe.or_else(|| body.strip_prefix(b"Adobe")?.get(6).copied()),
            _ => {}
        }
    }
    let frame = frame.filter(|_| scans > 0).ok_or_else(|| Refusal::broken("no image data"))?;
    let mut header = Header::new(Format::Jpeg, frame.width, frame.height);
    header.orientation = orientation.unwrap_or_default();
    header.profile = profile.whole();
    header.jpeg = Some(JpegHeader { progressive: frame.progressive, ink: ink(&frame.components, adobe)? });
    Ok(header)
}

/// The meaning of components by their identifiers and the transform in Adobe's marker, if there is one.
fn ink(components: &[u8], adobe: Option<u8>) -> Result<Ink, Refusal> {
    match (components, adobe) {
        ([_], _) => Ok(Ink::Grey),
        ([_, _, _], Some(0)) | (b"RGB", None) => Ok(Ink::Rgb),
        ([_, _, _], _) => Ok(Ink::YCbCr),
        ([_, _, _, _], Some(2)) => Ok(Ink::Ycck),
        ([_, _, _, _], _) => Ok(Ink::Cmyk { inverted: adobe.is_some() }),
        _ => Err(Refusal::UnsupportedFormat("JPEG files with this kind of colour")),
    }
}

fn read_frame(marker: u8, body: &[u8]) -> Result<Frame, Refusal> {
    let mut body = Cursor::new(body);
    let (precision, height, width, count) = (body.byte()?, body.u16_be()?, body.u16_be()?, body.byte()?);
    if !(marker::SOF0..=marker::SOF2).contains(&marker) {
        return Err(Refusal::UnsupportedFormat("JPEG files with lossless or arithmetic coding"));
    }
    if precision != 8 {
        return Err(Refusal::UnsupportedFormat("JPEG files with more than 8 bits for each colour"));
    }
    let components = (0..count).map(|_| body.array().map(|[id, _sampling, _table]| id)).collect::<Result<_, _>>()?;
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
