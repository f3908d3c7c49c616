//! The header of a key frame (RFC 6386, sections 9.1 to 9.11 and 19.2).

use super::bits::Bits;
use super::chances::{self, Places};
use super::quantizer::{Indices, Quantizer};
use crate::Refusal;
use crate::cursor::Cursor;

/// A frame, ready for its macroblocks.
pub(super) struct Frame<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    /// What the header and the modes of the macroblocks are read from.
    pub(super) modes: Bits<'a>,
    /// What the coefficients are read from, a row of macroblocks from each in turn.
    pub(super) partitions: Vec<Bits<'a>>,
    /// The chances of the two bits that tell a macroblock's segment, where it is told.
    pub(super) segment_chances: Option<[u8; 3]>,
    /// The chance that a macroblock has coefficients, where that is told.
    pub(super) coefficients_chance: Option<u8>,
    pub(super) quantizers: [Quantizer; 4],
    pub(super) filter: Filter,
    pub(super) chances: Box<[Places; 4]>,
}

/// How edges are smoothed (section 9.6).
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    /// Luma alone, and less of it.
    pub(super) is_simple: bool,
    pub(super) sharpness: u8,
    /// For each segment, of macroblocks that are predicted whole and of those that are predicted by blocks.
    pub(super) levels: [[u8; 2]; 4],
}

impl<'a> Frame<'a> {
    pub(super) fn read(chunk: &'a [u8]) -> Result<Self, Refusal> {
        let mut cursor = Cursor::new(chunk);
        let [low, middle, high] = cursor.array()?;
        let tag = u32::from_le_bytes([low, middle, high, 0]);
        // A key frame of a version that is defined.
        if tag & 1 != 0 || tag >> 1 & 7 > 3 || cursor.array()? != [0x9d, 0x01, 0x2a] {
            return Err(Refusal::broken("not a VP8 key frame"));
        }
        // The two bits above fourteen ask for upscaling, which nobody does.
        let mut side = || cursor.u16_le().map(|side| usize::from(side & 0x3fff));
        let (width, height) = (side()?, side()?);
        let mut header = Bits::new(cursor.take((tag >> 5) as usize)?);
        // How colours are meant, which has one meaning, and whether sums stay in range without help.
        header.number(2);
        let segments = if header.even() { Segments::read(&mut header) } else { Segments::default() };
        let filter = Filter::read(&mut header, &segments);
        let count = 1 << header.number(2);
        let partitions = partitions(cursor, count)?;
        let indices = Indices::read(&mut header);
        let quantizers = segments.quantizers.map(|quantizer| indices.steps(quantizer.of(indices.base)));
        // Whether the chances are kept for the next frame.
        header.even();
        let chances = Box::new(chances::read(&mut header));
        let coefficients_chance = header.even().then(|| header.number(8) as u8);
        header.check()?;
        let segment_chances = segments.chances;
        Ok(Self {
            width,
            height,
            modes: header,
            partitions,
            segment_chances,
            coefficients_chance,
            quantizers,
            filter,
            chances,
        })
    }
}

/// Where the coefficients are: the lengths of all parts but the last, and the parts.
fn partitions(mut cursor: Cursor, count: usize) -> Result<Vec<Bits>, Refusal> {
    let mut lengths = Cursor::new(cursor.take(3 * (count - 1))?);
    let mut partitions = Vec::with_capacity(count);
    while let Ok([low, middle, high]) = lengths.array() {
        partitions.push(Bits::new(cursor.take(u32::from_le_bytes([low, middle, high, 0]) as usize)?));
    }
    partitions.push(Bits::new(cursor.rest));
    Ok(partitions)
}

/// What the header says of four kinds of macroblocks (section 9.3).
#[derive(Default)]
struct Segments {
    chances: Option<[u8; 3]>,
    quantizers: [Setting; 4],
    filters: [Setting; 4],
}

/// A value instead of that of the frame, or on top of it.
#[derive(Clone, Copy)]
enum Setting {
    Instead(i32),
    OnTop(i32),
}

impl Default for Setting {
    fn default() -> Self {
        Self::OnTop(0)
    }
}

impl Setting {
    fn of(self, frame: i32) -> i32 {
        match self {
            Self::Instead(value) => value,
            Self::OnTop(value) => frame + value,
        }
    }
}

impl Segments {
    fn read(header: &mut Bits) -> Self {
        let mut segments = Self::default();
        let has_map = header.even();
        if header.even() {
            let kind = if header.even() { Setting::Instead } else { Setting::OnTop };
            segments.quantizers = [(); 4].map(|()| kind(header.optional(7)));
            segments.filters = [(); 4].map(|()| kind(header.optional(6)));
        }
        segments.chances = has_map.then(|| [(); 3].map(|()| if header.even() { header.number(8) as u8 } else { 255 }));
        segments
    }
}

impl Filter {
    fn read(header: &mut Bits, segments: &Segments) -> Self {
        let is_simple = header.even();
        let level = header.number(6).cast_signed();
        let sharpness = header.number(3) as u8;
        let mut differences = [0; 8];
        // Whether there are differences, and whether they are told here: a key frame knows none before.
        if header.even() && header.even() {
            differences = differences.map(|_| header.optional(6));
        }
        // Of those for kinds of frames the first is for key frames, of those for modes that for blocks.
        let [key, _, _, _, blocks, ..] = differences;
        let levels = segments.filters.map(|filter| {
            if level == 0 {
                return [0; 2];
            }
            let level = filter.of(level).clamp(0, 63);
            [level + key, level + key + blocks].map(|level| level.clamp(0, 63) as u8)
        });
        Self { is_simple, sharpness, levels }
    }
}
