//! The first directory of a TIFF file (TIFF 6.0, section 2).

use super::Header;
use crate::format::Format;
use crate::guard::guarded;
use crate::limits::Limits;
use crate::orientation::Orientation;
use crate::{Refusal, decode};
use tiff::tags::Tag;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    guarded(|| {
        let mut decoder = decode::tiff::open(bytes, limits)?;
        let (width, height) = decoder.dimensions().map_err(Refusal::broken)?;
        let mut header = Header::new(Format::Tiff, width, height);
        header.orientation = decoder
            .find_tag_unsigned(Tag::Orientation)
            .ok()
            .flatten()
            .and_then(Orientation::from_exif)
            .unwrap_or_default();
        header.profile = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
        Ok(header)
    })
}
