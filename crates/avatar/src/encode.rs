//! From pixels to a file. Nothing but pixels gets here, so nothing but pixels can leave: no EXIF, no GPS, no profile.

mod thin;

use std::borrow::Cow;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::format::Format;
use crate::light::{Linear, Srgb};
use crate::{Encoded, Refusal};

/// What an avatar may weigh where this crate chooses how to write it.
const MOST_BYTES: usize = 200_000;

/// JPEG qualities in the order they are tried.
const QUALITIES: [u8; 8] = [92, 88, 84, 78, 70, 60, 45, 30];

/// Quality of a preview, which lives as long as a dialog.
const PREVIEW_QUALITY: u8 = 85;

/// An avatar: opaque as JPEG, with alpha as WebP, unless a format is asked for.
///
/// PNG and WebP that were asked for are exact, whatever they weigh.
pub(crate) fn avatar(light: &Linear, format: Option<Format>) -> Result<Encoded, Refusal> {
    let picture = light.to_srgb();
    let has_alpha = picture.channels == 4;
    let bytes = match format {
        None if has_alpha => light_webp(light, &picture)?,
        None | Some(Format::Jpeg) => light_jpeg(&picture)?,
        Some(Format::Png) => png(&picture)?,
        Some(Format::WebP) => webp(&picture)?,
        Some(_) => return Err(Refusal::BadOutput),
    };
    let format = format.unwrap_or(if has_alpha { Format::WebP } else { Format::Jpeg });
    Ok(encoded(&picture, format, bytes))
}

/// A preview: opaque as JPEG, with alpha as PNG.
pub(crate) fn preview(light: &Linear) -> Result<Encoded, Refusal> {
    let picture = light.to_srgb();
    if picture.channels == 4 {
        Ok(encoded(&picture, Format::Png, png(&picture)?))
    } else {
        Ok(encoded(&picture, Format::Jpeg, jpeg(&picture, PREVIEW_QUALITY)?))
    }
}

fn encoded(picture: &Srgb, format: Format, bytes: Vec<u8>) -> Encoded {
    Encoded { media_type: format.media_type(), bytes, width: picture.width, height: picture.height }
}

fn light_jpeg(picture: &Srgb) -> Result<Vec<u8>, Refusal> {
    let opaque = on_white(picture);
    first_light(QUALITIES.iter().map(|&quality| jpeg(&opaque, quality)))
}

/// Photographs with alpha are light enough after two or three bits; what comes later is for noise, which nobody will
/// tell from other noise.
fn light_webp(light: &Linear, picture: &Srgb) -> Result<Vec<u8>, Refusal> {
    let thinned = (0..=thin::MOST).map(|bits| webp(&thin::thinned(picture, bits)));
    let coarse = [2, 4].into_iter().map(|block| webp(&thin::blocks(light, block)?));
    first_light(thinned.chain(coarse))
}

/// The first file that is light enough, else the last.
fn first_light(files: impl Iterator<Item = Result<Vec<u8>, Refusal>>) -> Result<Vec<u8>, Refusal> {
    let mut last = Vec::new();
    for file in files {
        last = file?;
        if last.len() <= MOST_BYTES {
            break;
        }
    }
    Ok(last)
}

fn jpeg(picture: &Srgb, quality: u8) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    write(JpegEncoder::new_with_quality(&mut bytes, quality), picture)?;
    Ok(bytes)
}

fn png(picture: &Srgb) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    write(PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive), picture)?;
    Ok(bytes)
}

fn webp(picture: &Srgb) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    write(WebPEncoder::new_lossless(&mut bytes), picture)?;
    Ok(bytes)
}

fn write(encoder: impl ImageEncoder, picture: &Srgb) -> Result<(), Refusal> {
    let kind = if picture.channels == 4 { ExtendedColorType::Rgba8 } else { ExtendedColorType::Rgb8 };
    encoder.write_image(&picture.samples, picture.width, picture.height, kind).map_err(Refusal::broken)
}

/// The picture as it looks on white, for formats without alpha.
fn on_white(picture: &Srgb) -> Cow<'_, Srgb> {
    if picture.channels == 3 {
        return Cow::Borrowed(picture);
    }
    let over = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    let pixels = picture.samples.as_chunks().0.iter();
    let samples = pixels.flat_map(|&[r, g, b, alpha]| [over(r, alpha), over(g, alpha), over(b, alpha)]).collect();
    Cow::Owned(Srgb { channels: 3, samples, ..*picture })
}
