//! Full size, as every decoder shows it: edges smoothed, colours interpolated.

use std::ops::Range;

use super::colour;
use super::filter::Smoothing;
use super::header::{Filter, Frame};
use super::macroblocks::Macroblock;
use super::predict::LEFT;

/// The last three rows of macroblocks: one whose samples the next may still need, one that is complete, and one whose
/// lower edge is not smoothed yet.
pub(super) struct Fine {
    filter: Filter,
    width: usize,
    height: usize,
    /// Macroblocks in a row.
    across: usize,
    /// Rows of macroblocks that were begun.
    begun: usize,
    luma: Vec<u8>,
    chroma: [Vec<u8>; 2],
    smoothings: Vec<Smoothing>,
    columns: Range<usize>,
    lines: [Vec<u8>; 2],
    pixels: Vec<u8>,
}

/// Rows of macroblocks that are kept.
const KEPT: usize = 3;

impl Fine {
    /// Bytes for a frame that is `width` pixels wide.
    pub(super) fn bytes(width: usize) -> usize {
        width.div_ceil(16) * 16 * (KEPT * 24 + 5)
    }

    /// Rows of which `columns` are filled in.
    pub(super) fn new(frame: &Frame, columns: Range<usize>) -> Self {
        let across = frame.width.div_ceil(16);
        let plane = |side: usize| vec![0; KEPT * side * across * side];
        Self {
            filter: frame.filter,
            width: frame.width,
            height: frame.height,
            across,
            begun: 0,
            luma: plane(16),
            chroma: [plane(8), plane(8)],
            smoothings: Vec::with_capacity(across),
            lines: [vec![0; columns.len()], vec![0; columns.len()]],
            pixels: vec![0; 3 * frame.width],
            columns,
        }
    }

    /// Makes room for the next row of macroblocks.
    pub(super) fn begin(&mut self) {
        self.begun += 1;
        self.smoothings.clear();
        let [blue, red] = &mut self.chroma;
        for plane in [&mut self.luma, blue, red] {
            let oldest = plane.len() / KEPT;
            plane.copy_within(oldest.., 0);
        }
    }

    pub(super) fn take(&mut self, macroblock: &Macroblock) {
        put::<16, 17>(&mut self.luma, self.across, macroblock.column, macroblock.luma);
        for (plane, canvas) in self.chroma.iter_mut().zip(macroblock.chroma) {
            put::<8, 9>(plane, self.across, macroblock.column, canvas);
        }
        let Macroblock { segment, is_in_parts, has_residue, .. } = *macroblock;
        self.smoothings.push(Smoothing::new(&self.filter, segment, is_in_parts, is_in_parts || has_residue));
    }

    /// Smooths the row of macroblocks that was taken.
    pub(super) fn smooth(&mut self) {
        for (column, smoothing) in self.smoothings.iter().enumerate() {
            let edges = (self.begun > 1, column > 0);
            let apply = |plane: &mut [u8], side: usize| {
                let wide = self.across * side;
                smoothing.apply(plane, (KEPT - 1) * side * wide + column * side, wide, side, edges);
            };
            apply(&mut self.luma, 16);
            // The simple filter leaves colours alone.
            if !self.filter.is_simple {
                self.chroma.iter_mut().for_each(|plane| apply(plane, 8));
            }
        }
    }

    /// Where the rows end that nothing changes any more.
    pub(super) fn ready(&self) -> usize {
        if 16 * self.begun >= self.height { self.height } else { 16 * (self.begun - 1) }
    }

    /// The row at `y`, which is ready and not above the last two rows of macroblocks.
    pub(super) fn row(&mut self, y: usize) -> &[u8] {
        let half = |side: usize| side.div_ceil(2);
        // Rows of the picture above the first that is kept, less those kept: nothing is below zero.
        let place = |row: usize, side: usize| (row + KEPT * side - self.begun * side) * self.across * side;
        let (near, other) = neighbours(y, half(self.height));
        for (line, plane) in self.lines.iter_mut().zip(&self.chroma) {
            let row = |at: usize| &plane[place(at, 8)..][..half(self.width)];
            interpolate(row(near), row(other), &self.columns, line);
        }
        let luma = &self.luma[place(y, 16)..][self.columns.clone()];
        let [blue, red] = &self.lines;
        colour::row(luma, blue, red, &mut self.pixels[3 * self.columns.start..3 * self.columns.end]);
        &self.pixels
    }
}

/// Puts a macroblock into the last row of a plane.
fn put<const SIDE: usize, const ROWS: usize>(
    plane: &mut [u8],
    across: usize,
    column: usize,
    canvas: &[[u8; 32]; ROWS],
) {
    let wide = across * SIDE;
    let rows = plane[(KEPT - 1) * SIDE * wide..].chunks_exact_mut(wide);
    for (row, samples) in rows.zip(&canvas[1..]) {
        row[column * SIDE..(column + 1) * SIDE].copy_from_slice(&samples[LEFT..LEFT + SIDE]);
    }
}

/// The two of `count` coarse samples between whose middles a fine one lies, the nearer one first.
fn neighbours(at: usize, count: usize) -> (usize, usize) {
    let near = at / 2;
    let other = if at.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(count - 1) };
    (near, other)
}

/// Fills `line` with the samples of `columns` between two rows of coarse ones, three parts of the nearer to one of the
/// other in each direction.
fn interpolate(near: &[u8], other: &[u8], columns: &Range<usize>, line: &mut [u8]) {
    let blend = |at: usize| 3 * u16::from(near[at]) + u16::from(other[at]);
    for (sample, column) in line.iter_mut().zip(columns.clone()) {
        let (nearer, farther) = neighbours(column, near.len());
        *sample = ((3 * blend(nearer) + blend(farther) + 8) >> 4) as u8;
    }
}
