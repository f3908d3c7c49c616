//! Rows of macroblocks, from their bits to their samples before any smoothing (RFC 6386, sections 5 and 13.3).

use super::bits::Bits;
use super::chances;
use super::header::Frame;
use super::modes::{Luma, Mode, Neighbours};
use super::predict::{self, ChromaCanvas, LEFT, LumaCanvas};
use super::tokens::{self, Block};
use super::transform;
use crate::Refusal;

/// What a sample beyond the left edge of the picture counts as.
const BESIDE: u8 = 129;
/// What one beyond the upper edge counts as.
const BEYOND: u8 = 127;

/// A macroblock that is complete.
pub(super) struct Macroblock<'a> {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) luma: &'a LumaCanvas,
    pub(super) chroma: &'a [ChromaCanvas; 2],
    pub(super) segment: usize,
    pub(super) is_in_parts: bool,
    /// Whether anything was added to what was predicted.
    pub(super) has_residue: bool,
}

/// Decodes a frame row by row.
pub(super) struct Macroblocks<'a> {
    frame: Frame<'a>,
    row: usize,
    neighbours: Neighbours,
    modes: Vec<Mode>,
    /// Whether the lowest blocks of the macroblocks above had something in them.
    filled: Vec<Filled>,
    /// The lowest samples of the macroblocks above.
    luma: Vec<[u8; 16]>,
    chroma: [Vec<[u8; 8]>; 2],
    residue: Box<Residue>,
}

/// Whether the blocks along an edge of a macroblock had something in them: zero or one, for four of luma, two of each
/// colour and the one of first coefficients.
#[derive(Clone, Copy, Default)]
struct Filled {
    luma: [u8; 4],
    chroma: [[u8; 2]; 2],
    firsts: u8,
}

/// The coefficients of a macroblock.
#[derive(Default)]
struct Residue {
    luma: [[(Extent, Block); 4]; 4],
    chroma: [[[(Extent, Block); 2]; 2]; 2],
}

/// How much there is in a block.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Extent {
    #[default]
    Nothing,
    /// The first coefficient alone.
    First,
    More,
}

impl<'a> Macroblocks<'a> {
    /// Bytes for a frame that is `width` pixels wide.
    pub(super) fn bytes(width: usize) -> usize {
        width.div_ceil(16) * (size_of::<Mode>() + size_of::<Filled>() + 36)
    }

    pub(super) fn new(frame: Frame<'a>) -> Self {
        let wide = frame.width.div_ceil(16);
        Self {
            row: 0,
            neighbours: Neighbours::new(wide),
            modes: Vec::with_capacity(wide),
            filled: vec![Filled::default(); wide],
            luma: vec![[BEYOND; 16]; wide],
            chroma: [(); 2].map(|()| vec![[BEYOND; 8]; wide]),
            residue: Box::default(),
            frame,
        }
    }

    /// Decodes the next row and hands over its macroblocks from left to right.
    pub(super) fn row(&mut self, mut take: impl FnMut(&Macroblock)) -> Result<(), Refusal> {
        self.neighbours.read_row(&mut self.frame, &mut self.modes);
        self.frame.modes.check()?;
        let partition = self.row % self.frame.partitions.len();
        let mut bits = self.frame.partitions[partition];
        let (mut luma, mut chroma) = self.canvases();
        let mut left = Filled::default();
        for (column, mode) in self.modes.iter().enumerate() {
            let above = &mut self.filled[column];
            let has_residue = if mode.has_coefficients {
                self.residue.read(&mut bits, &self.frame, mode, above, &mut left)
            } else {
                // The block of first coefficients is kept for the next macroblock that has one.
                for filled in [above, &mut left] {
                    let firsts = if matches!(mode.luma, Luma::Parts(_)) { filled.firsts } else { 0 };
                    *filled = Filled { firsts, ..Filled::default() };
                }
                false
            };
            let edges = (self.row > 0, column > 0);
            self.above(column, &mut luma, &mut chroma);
            self.residue.rebuild_luma(mode, &mut luma, edges, has_residue);
            self.residue.rebuild_chroma(mode, &mut chroma, edges, has_residue);
            take(&Macroblock {
                row: self.row,
                column,
                luma: &luma,
                chroma: &chroma,
                segment: mode.segment,
                is_in_parts: matches!(mode.luma, Luma::Parts(_)),
                has_residue,
            });
            keep(&mut luma, &mut self.luma[column]);
            for (canvas, kept) in chroma.iter_mut().zip(&mut self.chroma) {
                keep(canvas, &mut kept[column]);
            }
        }
        bits.check()?;
        self.frame.partitions[partition] = bits;
        self.row += 1;
        Ok(())
    }

    /// Canvases to the left of a row.
    fn canvases(&self) -> (LumaCanvas, [ChromaCanvas; 2]) {
        let corner = if self.row == 0 { BEYOND } else { BESIDE };
        let (mut luma, mut chroma) = ([[BESIDE; 32]; 17], [[BESIDE; 32]; 9]);
        luma[0][LEFT - 1] = corner;
        chroma[0][LEFT - 1] = corner;
        (luma, [chroma; 2])
    }

    /// Puts the samples above a macroblock on its canvases.
    fn above(&self, column: usize, luma: &mut LumaCanvas, chroma: &mut [ChromaCanvas; 2]) {
        let above = &self.luma[column];
        luma[0][LEFT..LEFT + 16].copy_from_slice(above);
        let right = match self.luma.get(column + 1) {
            Some([first, second, third, fourth, ..]) => [*first, *second, *third, *fourth],
            None => [above[15]; 4],
        };
        // The lower blocks at the right edge see what is above the macroblock as well.
        for row in [0, 4, 8, 12] {
            luma[row][LEFT + 16..LEFT + 20].copy_from_slice(&right);
        }
        for (canvas, above) in chroma.iter_mut().zip(&self.chroma) {
            canvas[0][LEFT..LEFT + 8].copy_from_slice(&above[column]);
        }
    }
}

/// Keeps the lowest samples for the macroblock below, and makes the rightmost those to the left of the next one.
fn keep<const SIDE: usize, const ROWS: usize>(canvas: &mut predict::Canvas<ROWS>, lowest: &mut [u8; SIDE]) {
    lowest.copy_from_slice(&canvas[ROWS - 1][LEFT..LEFT + SIDE]);
    for row in canvas {
        row[LEFT - 1] = row[LEFT + SIDE - 1];
    }
}

impl Residue {
    /// Reads the coefficients of a macroblock and says whether there are any.
    fn read(&mut self, from: &mut Bits, frame: &Frame, mode: &Mode, above: &mut Filled, left: &mut Filled) -> bool {
        let mut bits = *from;
        let quantizer = &frame.quantizers[mode.segment];
        let mut any = false;
        let (kind, start) = if let Luma::Whole(_) = mode.luma {
            let mut block = [0; 16];
            let context = usize::from(above.firsts + left.firsts);
            let places = &frame.chances[chances::FIRSTS];
            let end = tokens::read(&mut bits, places, context, 0, quantizer.firsts, &mut block);
            (above.firsts, left.firsts) = (u8::from(end > 0), u8::from(end > 0));
            if end > 0 {
                let firsts = transform::firsts(&block);
                for ((_, block), first) in self.luma.as_flattened_mut().iter_mut().zip(firsts) {
                    block[0] = first;
                }
            }
            (chances::LUMA_AFTER_FIRST, 1)
        } else {
            (chances::LUMA, 0)
        };
        let places = &frame.chances[kind];
        for (row, left) in self.luma.iter_mut().zip(&mut left.luma) {
            for ((extent, block), above) in row.iter_mut().zip(&mut above.luma) {
                let context = usize::from(*above + *left);
                let end = tokens::read(&mut bits, places, context, start, quantizer.luma, block);
                (*above, *left) = (u8::from(end > start), u8::from(end > start));
                *extent = Extent::of(end, block);
                any |= *extent != Extent::Nothing;
            }
        }
        let places = &frame.chances[chances::CHROMA];
        for ((colour, above), left) in self.chroma.iter_mut().zip(&mut above.chroma).zip(&mut left.chroma) {
            for (row, left) in colour.iter_mut().zip(left) {
                for ((extent, block), above) in row.iter_mut().zip(above.iter_mut()) {
                    let context = usize::from(*above + *left);
                    let end = tokens::read(&mut bits, places, context, 0, quantizer.chroma, block);
                    (*above, *left) = (u8::from(end > 0), u8::from(end > 0));
                    *extent = Extent::of(end, block);
                    any |= *extent != Extent::Nothing;
                }
            }
        }
        *from = bits;
        any
    }

    /// Makes the luma of a macroblock, and leaves zeros behind where there was something.
    fn rebuild_luma(&mut self, mode: &Mode, canvas: &mut LumaCanvas, (above, left): (bool, bool), any: bool) {
        match &mode.luma {
            Luma::Whole(whole) => {
                predict::whole::<16, 17>(canvas, *whole, above, left);
                if any {
                    for (y, row) in self.luma.iter_mut().enumerate() {
                        for (x, (extent, block)) in row.iter_mut().enumerate() {
                            extent.add(block, canvas, 4 * y + 1, LEFT + 4 * x);
                        }
                    }
                }
            }
            Luma::Parts(parts) => {
                for (y, (parts, row)) in parts.iter().zip(&mut self.luma).enumerate() {
                    for (x, (part, (extent, block))) in parts.iter().zip(row).enumerate() {
                        predict::put(canvas, *part, 4 * y, LEFT + 4 * x);
                        extent.add(block, canvas, 4 * y + 1, LEFT + 4 * x);
                    }
                }
            }
        }
    }

    fn rebuild_chroma(
        &mut self,
        mode: &Mode,
        canvases: &mut [ChromaCanvas; 2],
        (above, left): (bool, bool),
        any: bool,
    ) {
        for (canvas, colour) in canvases.iter_mut().zip(&mut self.chroma) {
            predict::whole::<8, 9>(canvas, mode.chroma, above, left);
            if any {
                for (y, row) in colour.iter_mut().enumerate() {
                    for (x, (extent, block)) in row.iter_mut().enumerate() {
                        extent.add(block, canvas, 4 * y + 1, LEFT + 4 * x);
                    }
                }
            }
        }
    }
}

impl Extent {
    #[inline]
    fn of(end: usize, block: &Block) -> Self {
        if end > 1 {
            Self::More
        } else if block[0] != 0 {
            Self::First
        } else {
            Self::Nothing
        }
    }

    /// Adds a block to what was predicted, and leaves nothing of it behind.
    #[inline]
    fn add<const ROWS: usize>(
        &mut self,
        block: &mut Block,
        canvas: &mut predict::Canvas<ROWS>,
        row: usize,
        column: usize,
    ) {
        match self {
            Self::Nothing => return,
            Self::First => predict::add(canvas, row, column, &[[transform::level(block[0]); 4]; 4]),
            Self::More => predict::add(canvas, row, column, &transform::inverse(block)),
        }
        *block = [0; 16];
        *self = Self::Nothing;
    }
}
