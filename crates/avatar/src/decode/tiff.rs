//! TIFF, a band of strips or tiles at a time.

mod chunks;
mod lzw;

use std::borrow::Cow;
use std::io::Cursor;

use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

use self::chunks::Chunks;
use crate::Refusal;
use crate::header::Header;
use crate::limits::Limits;
use crate::reduce::{Reduced, Reducer, View};
use crate::samples::{Depth, Layout, Samples, Shape};

/// `ExtraSamples`: alpha that is multiplied in (TIFF 6.0, section 18).
const ASSOCIATED_ALPHA: u16 = 1;

/// Opens the first directory.
pub(crate) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Decoder<Cursor<&'a [u8]>>, Refusal> {
    let mut allowed = tiff::decoder::Limits::default();
    allowed.decoding_buffer_size = limits.memory;
    allowed.intermediate_buffer_size = limits.memory;
    allowed.ifd_value_size = limits.profile;
    Ok(Decoder::new(Cursor::new(bytes)).map_err(Refusal::broken)?.with_limits(allowed))
}

pub(super) fn decode(bytes: &[u8], header: &Header, view: View, limits: &Limits) -> Result<Reduced, Refusal> {
    let mut decoder = open(bytes, limits)?;
    let pixels = Pixels::of(&mut decoder)?;
    let channels = pixels.stored_channels();
    let shape = Shape { width: header.width, height: header.height, layout: pixels.layout, depth: pixels.depth };
    let mut reducer = Reducer::new(shape, view, header.profile.as_deref());
    let rows = reducer.rows();
    let (chunk_width, chunk_height) = decoder.chunk_dimensions();
    if chunk_width == 0 || chunk_height == 0 {
        return Err(Refusal::broken("empty strips"));
    }
    let across = header.width.div_ceil(chunk_width);
    let chunks = across * header.height.div_ceil(chunk_height);
    let chunk_height = chunk_height.min(header.height) as usize;
    let wide = header.width as usize * channels;
    // A tile may be wider than the picture, and what fills it up has to be decoded to get to the next row.
    let stored_width = chunk_width.max(header.width);
    if u64::from(stored_width) * u64::from(header.height) > limits.pixels {
        return Err(Refusal::TooComplex);
    }
    let mut stored = Chunks::of(bytes, decoder, &pixels, limits);
    // A band and one chunk of it at a time, which in the worst case are both the whole picture in 16 bits.
    if (stored_width as usize * channels * chunk_height).saturating_mul(4) > limits.memory {
        return Err(header.too_many());
    }
    let planes = if pixels.planar { channels as u32 } else { 1 };
    for band in rows.start / chunk_height..rows.end.div_ceil(chunk_height) {
        let first = band * chunk_height;
        let high = chunk_height.min(header.height as usize - first);
        let mut samples = Band::new(pixels.depth, wide * high);
        for (plane, column) in (0..planes).flat_map(|plane| (0..across).map(move |column| (plane, column))) {
            let index = plane * chunks + band as u32 * across + column;
            let left = (column * chunk_width) as usize;
            let place = Place {
                left: left * channels + plane as usize,
                step: planes as usize,
                width: chunk_width.min(header.width - column * chunk_width) as usize * channels / planes as usize,
                wide,
            };
            samples.fill(stored.read(index, place.width, high)?, place, pixels.bits)?;
        }
        for row in rows.start.max(first)..rows.end.min(first + high) {
            let span = (row - first) * wide..(row - first + 1) * wide;
            match &mut samples {
                Band::Eight(samples) => reducer.push(Samples::Eight(&pixels.finish(&mut samples[span])))?,
                Band::Sixteen(samples) => {
                    if pixels.associated_alpha {
                        unassociate(&mut samples[span.clone()], u16::MAX);
                    }
                    reducer.push(Samples::Sixteen(&samples[span]))?;
                }
            }
        }
    }
    reducer.finish()
}

/// How the samples of a file are stored.
struct Pixels {
    layout: Layout,
    depth: Depth,
    /// Bits of a stored sample.
    bits: u8,
    planar: bool,
    associated_alpha: bool,
    palette: Option<Vec<[u8; 3]>>,
}

impl Pixels {
    fn of(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Self, Refusal> {
        let colour = decoder.colortype().map_err(Refusal::broken)?;
        let numbers = |decoder: &mut Decoder<_>, tag| decoder.find_tag_unsigned_vec::<u16>(tag).ok().flatten();
        let unsigned = numbers(decoder, Tag::SampleFormat).unwrap_or_default().iter().all(|&format| format == 1);
        let layout = match colour {
            ColorType::Gray(1 | 2 | 4 | 8 | 16) => Layout::Grey,
            ColorType::GrayA(8 | 16) => Layout::GreyAlpha,
            ColorType::RGB(8 | 16) | ColorType::Palette(1 | 2 | 4 | 8) => Layout::Rgb,
            ColorType::RGBA(8 | 16) => Layout::Rgba,
            ColorType::CMYK(8 | 16) => Layout::Cmyk,
            _ => return Err(Refusal::UnsupportedFormat("TIFF files with this kind of colour")),
        };
        if !unsigned {
            return Err(Refusal::UnsupportedFormat("TIFF files with this kind of colour"));
        }
        let bits = colour.bit_depth();
        let palette = matches!(colour, ColorType::Palette(_)).then(|| {
            let colours = numbers(decoder, Tag::ColorMap).unwrap_or_default();
            let count = colours.len() / 3;
            (0..count).map(|index| [0, 1, 2].map(|channel| (colours[channel * count + index] >> 8) as u8)).collect()
        });
        Ok(Self {
            layout,
            depth: if bits == 16 { Depth::Sixteen } else { Depth::Eight },
            bits,
            planar: decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration).ok().flatten() == Some(2),
            associated_alpha: layout.has_alpha()
                && numbers(decoder, Tag::ExtraSamples).is_some_and(|kinds| kinds.contains(&ASSOCIATED_ALPHA)),
            palette,
        })
    }

    fn stored_channels(&self) -> usize {
        if self.palette.is_some() { 1 } else { self.layout.channels() }
    }

    /// A row of 8-bit samples as the reducer takes it.
    fn finish<'a>(&self, row: &'a mut [u8]) -> Cow<'a, [u8]> {
        if let Some(palette) = &self.palette {
            let colour = |&index: &u8| palette.get(usize::from(index)).copied().unwrap_or_default();
            return row.iter().flat_map(colour).collect();
        }
        if self.associated_alpha {
            unassociate(row, u8::MAX);
        }
        if self.bits < 8 {
            let step = 255 / ((1 << self.bits) - 1);
            for sample in row.iter_mut() {
                *sample *= step;
            }
        }
        Cow::Borrowed(row)
    }
}

/// Divides colour by alpha, the last of every two or four samples.
fn unassociate<S: Copy + Into<u32> + TryFrom<u32>>(row: &mut [S], full: S) {
    let channels = if row.len().is_multiple_of(4) { 4 } else { 2 };
    for pixel in row.chunks_exact_mut(channels) {
        let alpha: u32 = pixel[channels - 1].into();
        for sample in &mut pixel[..channels - 1] {
            let colour: u32 = (*sample).into();
            let divided = (colour * full.into()).checked_div(alpha).unwrap_or(0);
            *sample = S::try_from(divided.min(full.into())).unwrap_or(full);
        }
    }
}

/// Where the samples of a chunk go in a band: from `left`, every `step`th, `width` of them in a row of `wide`.
#[derive(Clone, Copy)]
struct Place {
    left: usize,
    step: usize,
    width: usize,
    wide: usize,
}

/// Some rows of a picture in full width.
enum Band {
    Eight(Vec<u8>),
    Sixteen(Vec<u16>),
}

impl Band {
    fn new(depth: Depth, samples: usize) -> Self {
        match depth {
            Depth::Eight => Self::Eight(vec![0; samples]),
            Depth::Sixteen => Self::Sixteen(vec![0; samples]),
        }
    }

    fn fill(&mut self, chunk: DecodingResult, place: Place, bits: u8) -> Result<(), Refusal> {
        match (self, chunk) {
            (Self::Eight(band), DecodingResult::U8(chunk)) if bits == 8 => place.copy(&chunk, band),
            (Self::Eight(band), DecodingResult::U8(chunk)) => {
                // Rows of packed bits start on a byte.
                let packed = (place.width * usize::from(bits)).div_ceil(8);
                let unpacked: Vec<u8> =
                    chunk.chunks_exact(packed).flat_map(|row| unpack(row, place.width, bits)).collect();
                place.copy(&unpacked, band);
            }
            (Self::Sixteen(band), DecodingResult::U16(chunk)) => place.copy(&chunk, band),
            _ => return Err(Refusal::broken("strips of an unexpected kind")),
        }
        Ok(())
    }
}

impl Place {
    fn copy<S: Copy>(self, chunk: &[S], band: &mut [S]) {
        for (row, band) in chunk.chunks_exact(self.width).zip(band.chunks_exact_mut(self.wide)) {
            if self.step == 1 {
                band[self.left..self.left + self.width].copy_from_slice(row);
            } else {
                for (to, &from) in band[self.left..].iter_mut().step_by(self.step).zip(row) {
                    *to = from;
                }
            }
        }
    }
}

/// The first `width` samples of `bits` each, highest bits first.
fn unpack(row: &[u8], width: usize, bits: u8) -> impl Iterator<Item = u8> {
    let bits = usize::from(bits);
    let mask = (1_u8 << bits) - 1;
    (0..width).map(move |index| {
        let at = index * bits;
        row[at / 8] >> (8 - bits - at % 8) & mask
    })
}
