//! Decoders, each of which pushes the rows that are wanted into a [`Reducer`].

mod framed;
mod jpeg;
mod png;
pub(crate) mod tiff;
mod webp;

use crate::Refusal;
use crate::format::Format;
use crate::guard::guarded;
use crate::header::Header;
use crate::limits::Limits;
use crate::reduce::{Reduced, View};

/// The light of the part of `bytes` that `view` wants.
pub(crate) fn decode(bytes: &[u8], header: &Header, view: View, limits: &Limits) -> Result<Reduced, Refusal> {
    guarded(|| match header.format {
        Format::Png => png::decode(bytes, header, view, limits),
        Format::Jpeg => jpeg::decode(bytes, header, view, limits),
        Format::Tiff => tiff::decode(bytes, header, view, limits),
        Format::WebP => match webp::lossy(bytes) {
            Some(chunk) => webp::decode(chunk, header, view, limits),
            None => framed::decode(bytes, header, view, limits),
        },
        Format::Gif | Format::Bmp => framed::decode(bytes, header, view, limits),
    })
}
