//! GIF blocks (specification of version 89a, sections 17 to 27).

use super::Header;
use crate::Refusal;
use crate::cursor::Cursor;
use crate::format::Format;

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;

pub(super) fn read(bytes: &[u8]) -> Result<Header, Refusal> {
    let mut cursor = Cursor::new(&bytes[6..]);
    let (width, height) = (cursor.u16_le()?.into(), cursor.u16_le()?.into());
    let [flags, _background, _aspect] = cursor.array()?;
    skip_colours(&mut cursor, flags)?;
    let mut header = Header::new(Format::Gif, width, height);
    let mut frames: u32 = 0;
    loop {
        match cursor.byte()? {
            EXTENSION => {
                cursor.take(1)?;
            }
            IMAGE => {
                frames += 1;
                let frame: [u8; 9] = cursor.array()?;
                let end = |start: [u8; 2], length: [u8; 2]| {
                    u32::from(u16::from_le_bytes(start)) + u32::from(u16::from_le_bytes(length))
                };
                let [left, left_high, top, top_high, wide, wide_high, high, high_high, flags] = frame;
                let right = end([left, left_high], [wide, wide_high]);
                let bottom = end([top, top_high], [high, high_high]);
                // Decoders size the frame's own buffer by these, so that they must not outgrow the canvas.
                if frames == 1 && (right > width || bottom > height) {
                    return Err(Refusal::broken("the first frame is larger than the canvas"));
                }
                skip_colours(&mut cursor, flags)?;
                cursor.take(1)?;
            }
            TRAILER => break,
            _ => return Err(Refusal::broken("an unknown block")),
        }
        skip_data(&mut cursor)?;
    }
    if frames == 0 {
        return Err(Refusal::broken("no image data"));
    }
    header.animated = frames > 1;
    Ok(header)
}

/// Passes over a colour table, if `flags` say that there is one.
fn skip_colours(cursor: &mut Cursor, flags: u8) -> Result<(), Refusal> {
    if flags & 0x80 != 0 {
        cursor.take(3 << ((flags & 7) + 1))?;
    }
    Ok(())
}

/// Passes over data sub-blocks up to the empty one that ends them.
fn skip_data(cursor: &mut Cursor) -> Result<(), Refusal> {
    loop {
        match cursor.byte()? {
            0 => return Ok(()),
            length => cursor.take(length.into())?,
        };
    }
}
