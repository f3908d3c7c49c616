//! Windows bitmap headers.

use super::Header;
use crate::Refusal;
use crate::cursor::Cursor;
use crate::format::Format;

/// Length of the oldest header, whose sides have 16 bits.
const CORE: u32 = 12;

pub(super) fn read(bytes: &[u8]) -> Result<Header, Refusal> {
    let mut cursor = Cursor::new(bytes);
    cursor.take(14)?;
    let (width, height) = if cursor.u32_le()? == CORE {
        (cursor.u16_le()?.into(), cursor.u16_le()?.into())
    } else {
        let width = cursor.u32_le()?.cast_signed();
        // A negative height means rows from the top.
        let height = cursor.u32_le()?.cast_signed().unsigned_abs();
        (u32::try_from(width).map_err(|_| Refusal::broken("a negative width"))?, height)
    };
    Ok(Header::new(Format::Bmp, width, height))
}
