//! Strips and tiles, one at a time: what LZW has made smaller is decoded here, everything else by `tiff`.

use std::io::Cursor;

use bytemuck::Pod;
use tiff::decoder::{ChunkType, Decoder, DecodingResult};
use tiff::tags::{ByteOrder, CompressionMethod, PhotometricInterpretation, Predictor, Tag};

use super::Pixels;
use super::lzw::{Lzw, ROOM};
use crate::Refusal;
use crate::limits::Limits;

/// The strips or tiles of a picture.
pub(super) struct Chunks<'a> {
    decoder: Decoder<Cursor<&'a [u8]>>,
    packed: Option<Packed<'a>>,
}

impl<'a> Chunks<'a> {
    pub(super) fn of(
        bytes: &'a [u8],
        mut decoder: Decoder<Cursor<&'a [u8]>>,
        pixels: &Pixels,
        limits: &Limits,
    ) -> Self {
        let packed = Packed::of(bytes, &mut decoder, pixels, limits);
        Self { decoder, packed }
    }

    /// One of them: `rows` of `width` samples, without what fills a tile up.
    pub(super) fn read(&mut self, index: u32, width: usize, rows: usize) -> Result<DecodingResult, Refusal> {
        match &mut self.packed {
            Some(packed) if packed.deep => packed.read(index as usize, width, rows).map(DecodingResult::U16),
            Some(packed) => packed.read(index as usize, width, rows).map(DecodingResult::U8),
            None => self.decoder.read_chunk(index).map_err(Refusal::broken),
        }
    }
}

/// Strips or tiles that are LZW, of whole bytes and of nothing but the channels that are wanted.
struct Packed<'a> {
    bytes: &'a [u8],
    offsets: Vec<u64>,
    lengths: Vec<u64>,
    longest: u64,
    /// Samples of a pixel in each of them, and pixels in a row.
    channels: usize,
    stored_width: usize,
    deep: bool,
    order: ByteOrder,
    differences: bool,
    lzw: Lzw,
}

impl<'a> Packed<'a> {
    fn of(bytes: &'a [u8], decoder: &mut Decoder<Cursor<&'a [u8]>>, pixels: &Pixels, limits: &Limits) -> Option<Self> {
        let mut number = |tag| decoder.find_tag_unsigned::<u16>(tag).ok().flatten();
        let lzw = number(Tag::Compression)? == CompressionMethod::LZW.to_u16();
        let inverse = number(Tag::PhotometricInterpretation)? == PhotometricInterpretation::WhiteIsZero.to_u16();
        let stored = number(Tag::SamplesPerPixel).unwrap_or(1);
        let predictor = Predictor::from_u16(number(Tag::Predictor).unwrap_or(1))?;
        let whole = matches!(pixels.bits, 8 | 16) && pixels.palette.is_none();
        let known = matches!(predictor, Predictor::None | Predictor::Horizontal);
        if !lzw || inverse || !whole || !known || usize::from(stored) != pixels.stored_channels() {
            return None;
        }
        let (offsets, lengths) = match decoder.get_chunk_type() {
            ChunkType::Strip => (Tag::StripOffsets, Tag::StripByteCounts),
            ChunkType::Tile => (Tag::TileOffsets, Tag::TileByteCounts),
        };
        Some(Self {
            bytes,
            offsets: decoder.find_tag_unsigned_vec(offsets).ok()??,
            lengths: decoder.find_tag_unsigned_vec(lengths).ok()??,
            longest: limits.memory as u64,
            channels: if pixels.planar { 1 } else { pixels.stored_channels() },
            stored_width: decoder.chunk_dimensions().0 as usize,
            deep: pixels.bits == 16,
            order: decoder.byte_order(),
            differences: predictor == Predictor::Horizontal,
            lzw: Lzw::new(),
        })
    }

    fn read<S: Sample>(&mut self, index: usize, width: usize, rows: usize) -> Result<Vec<S>, Refusal> {
        let stored = self.stored_width * self.channels;
        // What fills the last row of a tile up may be missing.
        let wanted = stored * (rows - 1) + width;
        let mut samples = vec![S::zeroed(); wanted + ROOM / size_of::<S>()];
        let data = self.data(index).ok_or_else(|| Refusal::broken("a strip without a place"))?;
        self.lzw.decode(data, bytemuck::cast_slice_mut(&mut samples))?;
        samples.truncate(wanted);
        for row in samples.chunks_mut(stored) {
            for sample in row.iter_mut() {
                *sample = sample.of_file(self.order);
            }
            if self.differences {
                match self.channels {
                    1 => add_up::<1, _>(row),
                    2 => add_up::<2, _>(row),
                    3 => add_up::<3, _>(row),
                    _ => add_up::<4, _>(row),
                }
            }
        }
        if width < stored {
            for row in 1..rows {
                samples.copy_within(row * stored..row * stored + width, row * width);
            }
            samples.truncate(rows * width);
        }
        Ok(samples)
    }

    /// What is stored of a strip or a tile, as far as the file goes.
    fn data(&self, index: usize) -> Option<&'a [u8]> {
        let length = *self.lengths.get(index)?;
        if length > self.longest {
            return None;
        }
        let from = usize::try_from(*self.offsets.get(index)?).ok()?;
        let data = self.bytes.get(from..)?;
        Some(&data[..data.len().min(length as usize)])
    }
}

/// Turns differences to the pixel before into samples (TIFF 6.0, section 14).
fn add_up<const CHANNELS: usize, S: Sample>(row: &mut [S]) {
    let mut sums = [S::zeroed(); CHANNELS];
    for pixel in row.as_chunks_mut::<CHANNELS>().0 {
        for (sum, sample) in sums.iter_mut().zip(pixel) {
            *sum = sum.plus(*sample);
            *sample = *sum;
        }
    }
}

/// A sample of one byte or two.
trait Sample: Pod {
    /// From the order of bytes in the file.
    fn of_file(self, order: ByteOrder) -> Self;
    fn plus(self, other: Self) -> Self;
}

impl Sample for u8 {
    fn of_file(self, _: ByteOrder) -> Self {
        self
    }

    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

impl Sample for u16 {
    fn of_file(self, order: ByteOrder) -> Self {
        match order {
            ByteOrder::LittleEndian => Self::from_le(self),
            ByteOrder::BigEndian => Self::from_be(self),
        }
    }

    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}
