//! Half of the size, in light: the colours are stored at it, and the light of four samples of luma is averaged to it.

use std::ops::Range;

use super::colour;
use super::header::Frame;
use super::macroblocks::Macroblock;
use super::predict::{LEFT, LumaCanvas};

/// A row of macroblocks as eight rows of light.
pub(super) struct Coarse {
    /// Width and height of the picture.
    size: (usize, usize),
    columns: Range<usize>,
    /// Eight rows of the columns, three samples to a pixel.
    light: Vec<u16>,
    curves: Box<[Curve; 3]>,
}

/// The light of a sum of luma and colour, in halves of a code, from [`BELOW`] on: for everything luma and colours go to.
type Curve = [u16; 2112];

/// Codes below black for which there is light: as many as colours can take away.
const BELOW: i32 = 277;

/// Sums are in parts of 64, of which this many are half a code.
const PARTS: i32 = 32;

impl Coarse {
    /// Bytes for `columns` columns.
    pub(super) fn bytes(columns: usize) -> usize {
        columns * 8 * 3 * 2 + 3 * size_of::<Curve>()
    }

    /// Rows of which `columns` are filled in, by the light of each sample of red, green and blue.
    pub(super) fn new(frame: &Frame, columns: Range<usize>, curves: [&[u16; 256]; 3]) -> Self {
        // Luma and colour lose a quarter of a code each where they are cut to halves, by as much as decoders add before
        // they cut sums to codes: what is looked up is what they would have rounded.
        let curves = curves.map(|curve| {
            let code = |half: i32| u32::from(curve[(half / 2 - BELOW).clamp(0, 255) as usize]);
            std::array::from_fn(|index| u32::midpoint(code(index as i32), code(index as i32 + 1)) as u16)
        });
        Self {
            size: (frame.width, frame.height),
            light: vec![0; columns.len() * 8 * 3],
            columns,
            curves: Box::new(curves),
        }
    }

    pub(super) fn take(&mut self, macroblock: &Macroblock) {
        // The columns of the macroblock, and those of them that are wanted.
        let left = macroblock.column * 8;
        let wanted = left.max(self.columns.start)..(left + 8).min(self.columns.end);
        if wanted.is_empty() {
            return;
        }
        let repaired = self.repaired(macroblock);
        let luma = repaired.as_ref().unwrap_or(macroblock.luma);
        let [blue, red] = macroblock.chroma;
        let rows = self.light.chunks_exact_mut(self.columns.len() * 3);
        let samples = luma[1..].as_chunks::<2>().0.iter().zip(&blue[1..]).zip(&red[1..]);
        for (row, (([upper, lower], blue), red)) in rows.zip(samples) {
            let mut light = [[0; 3]; 8];
            for (column, pixel) in light.iter_mut().enumerate() {
                let at = LEFT + 2 * column;
                let lumas = [upper[at], upper[at + 1], lower[at], lower[at + 1]]
                    .map(|sample| usize::from(colour::luma(sample)) / PARTS as usize);
                let offsets = colour::offsets(blue[LEFT + column], red[LEFT + column]);
                for ((light, curve), offset) in pixel.iter_mut().zip(self.curves.iter()).zip(offsets) {
                    let start = ((offset + 64 * BELOW) / PARTS) as usize;
                    if let Some(curve) = curve.get(start..).and_then(<[u16]>::first_chunk::<1024>) {
                        let sum = lumas.iter().map(|&luma| u32::from(curve[luma & 1023])).sum::<u32>();
                        *light = ((sum + 2) >> 2) as u16;
                    }
                }
            }
            let at = wanted.start - self.columns.start;
            row.as_chunks_mut::<3>().0[at..at + wanted.len()]
                .copy_from_slice(&light[wanted.start - left..wanted.end - left]);
        }
    }

    /// The luma of a macroblock in which a side of the picture ends at an odd number of samples: what is beyond it, which
    /// may be anything, would count for half of the last pixel.
    fn repaired(&self, macroblock: &Macroblock) -> Option<LumaCanvas> {
        let (across, down) = (self.size.0 - 16 * macroblock.column, self.size.1 - 16 * macroblock.row);
        let ends = |inside: usize| inside < 16 && inside % 2 == 1;
        if !ends(across) && !ends(down) {
            return None;
        }
        let mut luma = *macroblock.luma;
        if ends(across) {
            for row in &mut luma {
                row[LEFT + across] = row[LEFT + across - 1];
            }
        }
        if ends(down) {
            luma[down + 1] = luma[down];
        }
        Some(luma)
    }

    /// The light of one of the eight rows.
    pub(super) fn row(&self, y: usize) -> &[u16] {
        let wide = self.columns.len() * 3;
        &self.light[y * wide..(y + 1) * wide]
    }
}
