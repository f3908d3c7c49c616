//! PNG chunks (ISO/IEC 15948, section 5): dimensions, colour profile, orientation, animation, and that the end is there.

use super::Header;
use crate::cursor::Cursor;
use crate::format::Format;
use crate::limits::Limits;
use crate::{Refusal, exif};

const SIGNATURE: usize = 8;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let mut cursor = Cursor::new(&bytes[SIGNATURE..]);
    let mut header: Option<Header> = None;
    let mut data = false;
    loop {
        let length = cursor.u32_be()?;
        let kind: [u8; 4] = cursor.array()?;
        let body = cursor.take(length as usize)?;
        let _checksum = cursor.u32_be()?;
        if &kind == b"IHDR" {
            let mut body = Cursor::new(body);
            header = Some(Header::new(Format::Png, body.u32_be()?, body.u32_be()?));
            continue;
        }
        let Some(header) = header.as_mut() else {
            return Err(Refusal::broken("the first chunk is not IHDR"));
        };
        match &kind {
            b"iCCP" if !data && header.profile.is_none() => header.profile = profile(body, limits)?,
            b"eXIf" => header.orientation = exif::orientation(body).unwrap_or(header.orientation),
            b"acTL" => header.animated = true,
            b"IDAT" => data = true,
            b"IEND" => break,
            _ => {}
        }
    }
    header.filter(|_| data).ok_or_else(|| Refusal::broken("no image data"))
}

/// The profile in an iCCP chunk: a name, a zero, a method and a zlib stream.
///
/// Inflated here under its own cap, because a few kilobytes of deflate can stand for gigabytes.
fn profile(body: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, Refusal> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};
    let Some(name) = body.iter().take(80).position(|&byte| byte == 0) else {
        return Ok(None);
    };
    let Some(stream) = body.get(name + 2..) else {
        return Ok(None);
    };
    match decompress_to_vec_zlib_with_limit(stream, limits.profile) {
        Ok(profile) => Ok(Some(profile)),
        Err(failure) if failure.status == TINFLStatus::HasMoreOutput => {
            Err(Refusal::broken("the colour profile inflates past the limit"))
        }
        // A profile that does not inflate is no profile; the pixels are still good.
        Err(_) => Ok(None),
    }
}
