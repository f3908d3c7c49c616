//! WebP chunks (RFC 9649, section 2).

use super::Header;
use crate::cursor::Cursor;
use crate::format::Format;
use crate::limits::Limits;
use crate::{Refusal, exif};

const ANIMATION: u8 = 0b10;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let mut file = Cursor::new(&bytes[4..]);
    let length = file.u32_le()? as usize;
    let mut chunks = Cursor::new(file.take(length)?);
    chunks.take(4)?;
    let mut header: Option<Header> = None;
    let mut image = false;
    while !chunks.rest.is_empty() {
        let kind: [u8; 4] = chunks.array()?;
        let length = chunks.u32_le()? as usize;
        let body = chunks.take(length)?;
        if length % 2 == 1 && !chunks.rest.is_empty() {
            chunks.take(1)?;
        }
        match &kind {
            b"VP8X" if header.is_none() => header = Some(extended(body)?),
            b"VP8 " | b"VP8L" => {
                image = true;
                if header.is_none() {
                    header = Some(if &kind == b"VP8 " { lossy(body)? } else { lossless(body)? });
                }
            }
            b"ANMF" => image = true,
            b"ICCP" => {
                if length > limits.profile {
                    return Err(Refusal::broken("the colour profile is over the limit"));
                }
                if let Some(header) = header.as_mut() {
                    header.profile = Some(body.to_vec());
                }
            }
            b"EXIF" => {
                if let Some((header, orientation)) = header.as_mut().zip(exif::orientation(body)) {
                    header.orientation = orientation;
                }
            }
            _ => {}
        }
    }
    header.filter(|_| image).ok_or_else(|| Refusal::broken("no image data"))
}

fn extended(body: &[u8]) -> Result<Header, Refusal> {
    let mut body = Cursor::new(body);
    let [flags, _, _, _] = body.array()?;
    let mut side = || body.array().map(|[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]) + 1);
    let mut header = Header::new(Format::WebP, side()?, side()?);
    header.animated = flags & ANIMATION != 0;
    Ok(header)
}

fn lossy(body: &[u8]) -> Result<Header, Refusal> {
    let mut body = Cursor::new(body);
    let [_, _, _, 0x9d, 0x01, 0x2a] = body.array()? else {
        return Err(Refusal::broken("not a VP8 key frame"));
    };
    // The two bits above fourteen ask for upscaling, which nobody does (RFC 6386, section 9.1).
    let mut side = || body.u16_le().map(|side| u32::from(side & 0x3fff));
    Ok(Header::new(Format::WebP, side()?, side()?))
}

fn lossless(body: &[u8]) -> Result<Header, Refusal> {
    let mut body = Cursor::new(body);
    if body.byte()? != 0x2f {
        return Err(Refusal::broken("not a VP8L stream"));
    }
    let bits = body.u32_le()?;
    Ok(Header::new(Format::WebP, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}
