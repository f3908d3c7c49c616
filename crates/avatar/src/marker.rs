//! JPEG markers by their second byte (ITU-T T.81, table B.1).

use crate::Refusal;
use crate::cursor::Cursor;

pub(crate) const TEM: u8 = 0x01;
pub(crate) const SOF0: u8 = 0xc0;
pub(crate) const SOF2: u8 = 0xc2;
pub(crate) const SOF15: u8 = 0xcf;
pub(crate) const DHT: u8 = 0xc4;
pub(crate) const JPG: u8 = 0xc8;
pub(crate) const DAC: u8 = 0xcc;
pub(crate) const RST0: u8 = 0xd0;
pub(crate) const RST7: u8 = 0xd7;
pub(crate) const SOI: u8 = 0xd8;
pub(crate) const EOI: u8 = 0xd9;
pub(crate) const SOS: u8 = 0xda;
pub(crate) const DQT: u8 = 0xdb;
pub(crate) const DRI: u8 = 0xdd;
pub(crate) const APP1: u8 = 0xe1;
pub(crate) const APP2: u8 = 0xe2;
pub(crate) const APP14: u8 = 0xee;

/// The next marker that starts a segment or ends the file, and its segment's body; the end has none.
///
/// Passes over entropy-coded data, in which 0xff stands for itself before 0x00 and restart markers are part of it, and
/// over fill bytes.
pub(crate) fn next_segment<'a>(cursor: &mut Cursor<'a>) -> Result<(u8, &'a [u8]), Refusal> {
    loop {
        let at = memchr::memchr(0xff, cursor.rest).ok_or_else(Refusal::truncated)?;
        cursor.take(at)?;
        while cursor.rest.first() == Some(&0xff) {
            cursor.take(1)?;
        }
        match cursor.byte()? {
            0 | TEM | SOI | RST0..=RST7 => {}
            EOI => return Ok((EOI, &[])),
            marker => {
                let length = usize::from(cursor.u16_be()?).checked_sub(2);
                let length = length.ok_or_else(|| Refusal::broken("the length of a segment"))?;
                return Ok((marker, cursor.take(length)?));
            }
        }
    }
}
