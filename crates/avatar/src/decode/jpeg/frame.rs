//! Components of a frame: where their blocks lie and which of them are wanted.

use std::ops::Range;

use super::idct::{self, Block};
use super::tables::ZIGZAG;
use crate::Refusal;
use crate::cursor::Cursor;

/// A frame, of which a part is decoded to a fraction of its size.
pub(super) struct Frame {
    pub(super) components: Vec<Component>,
    /// Units of interleaved scans: blocks of all components that cover the same place.
    pub(super) units: (usize, usize),
}

/// One component and its samples.
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks of a unit, across and down.
    pub(super) sampling: (usize, usize),
    pub(super) table: u8,
    /// Blocks that carry the picture, across and down: those of a scan of this component alone.
    pub(super) blocks: (usize, usize),
    /// Blocks across with those that fill up the last unit.
    pub(super) padded: (usize, usize),
    pub(super) plane: Plane,
}

/// Samples of the blocks that are wanted.
#[derive(Default)]
pub(super) struct Plane {
    /// Blocks that are kept, across and down.
    pub(super) window: (Range<usize>, Range<usize>),
    /// Samples of a block, across and down: 8, 4, 2 or 1.
    pub(super) block: (usize, usize),
    /// How many pixels of the scaled picture share a sample, across and down.
    pub(super) shared: (usize, usize),
    /// Samples in a row.
    pub(super) wide: usize,
    /// Samples of the whole scaled component, across and down.
    pub(super) limits: (usize, usize),
    pub(super) samples: Vec<u8>,
}

impl Frame {
    /// The frame of an SOF segment, reduced by `scale`, with the blocks for `columns` and `rows` of the scaled picture.
    /// [`allocate`](Self::allocate) before decoding.
    pub(super) fn read(
        body: &[u8],
        scale: usize,
        columns: &Range<usize>,
        rows: &Range<usize>,
    ) -> Result<Self, Refusal> {
        let mut body = Cursor::new(body);
        let _precision = body.byte()?;
        let (height, width, count) = (usize::from(body.u16_be()?), usize::from(body.u16_be()?), body.byte()?);
        let listed: Vec<[u8; 3]> = (0..count).map(|_| body.array()).collect::<Result<_, _>>()?;
        let sampling = |pair: u8| (usize::from(pair >> 4), usize::from(pair & 15));
        let most = |side: fn((usize, usize)) -> usize| listed.iter().map(|c| side(sampling(c[1]))).max().unwrap_or(0);
        let (most_across, most_down) = (most(|s| s.0), most(|s| s.1));
        if listed.iter().any(|&[_, pair, _]| sampling(pair).0 == 0 || sampling(pair).1 == 0)
            || most_across.max(most_down) > 4
        {
            return Err(Refusal::broken("sampling factors"));
        }
        let units = (width.div_ceil(8 * most_across), height.div_ceil(8 * most_down));
        let components = listed.iter().map(|&[id, pair, table]| {
            let (across, down) = sampling(pair);
            if most_across % across != 0 || most_down % down != 0 {
                return Err(Refusal::UnsupportedFormat("JPEG files with fractional sampling"));
            }
            let x = Axis::new(width, most_across / across, scale, columns);
            let y = Axis::new(height, most_down / down, scale, rows);
            let wide = x.window.len() * x.block;
            let plane = Plane {
                window: (x.window, y.window),
                block: (x.block, y.block),
                shared: (x.shared, y.shared),
                wide,
                limits: (x.limit, y.limit),
                samples: Vec::new(),
            };
            let (blocks, padded) = ((x.blocks, y.blocks), (units.0 * across, units.1 * down));
            Ok(Component { id, sampling: (across, down), table, blocks, padded, plane })
        });
        Ok(Self { components: components.collect::<Result<_, _>>()?, units })
    }

    /// Bytes that [`allocate`](Self::allocate) will take.
    pub(super) fn bytes(&self) -> usize {
        self.components.iter().map(|component| component.plane.len()).fold(0, usize::saturating_add)
    }

    /// Makes room for the samples.
    pub(super) fn allocate(&mut self) {
        for Component { plane, .. } in &mut self.components {
            plane.samples = vec![0; plane.len()];
        }
    }
}

/// One direction of a component.
struct Axis {
    blocks: usize,
    block: usize,
    shared: usize,
    limit: usize,
    window: Range<usize>,
}

impl Axis {
    /// For a picture with `side` pixels, of which a sample of this component covers `ratio`.
    fn new(side: usize, ratio: usize, scale: usize, wanted: &Range<usize>) -> Self {
        // A coarse component need not shrink as much, so it is interpolated less or not at all.
        let block = (8 * ratio / scale).clamp(1, 8);
        let shared = (8 * ratio / scale / block).max(1);
        let blocks = side.div_ceil(ratio).div_ceil(8);
        let limit = side.div_ceil(scale).div_ceil(shared).min(blocks * block);
        // One sample more on both sides, for interpolation.
        let first = (wanted.start / shared).saturating_sub(1) / block;
        let end = (wanted.end.div_ceil(shared) + 1).div_ceil(block).min(blocks);
        Self { blocks, block, shared, limit, window: first..end }
    }
}

impl Plane {
    fn len(&self) -> usize {
        self.wide * self.window.1.len() * self.block.1
    }

    /// The last coefficient in coded order that has a part in the samples of a block.
    pub(super) fn last_coefficient(&self) -> usize {
        let (wide, high) = self.block;
        let counts = |&place: &u8| usize::from(place & 7) < wide && usize::from(place >> 3 & 7) < high;
        ZIGZAG.iter().take(64).rposition(counts).unwrap_or(0)
    }

    /// Whether the block in this column and row of blocks is kept.
    #[inline]
    pub(super) fn keeps(&self, column: usize, row: usize) -> bool {
        self.window.0.contains(&column) && self.window.1.contains(&row)
    }

    /// Puts a block that is kept in its place. `rows` has a bit for each row of coefficients that is not all zero.
    pub(super) fn put(&mut self, column: usize, row: usize, block: &Block, rows: u8, is_flat: bool) {
        let (wide, high) = self.block;
        let at = (row - self.window.1.start) * high * self.wide + (column - self.window.0.start) * wide;
        if is_flat {
            let sample = idct::flat(block);
            for line in self.samples[at..].chunks_mut(self.wide).take(high) {
                line[..wide].fill(sample);
            }
            return;
        }
        match (wide, high) {
            (8, 8) => self.transform::<8, 8>(at, block, rows),
            (8, 4) => self.transform::<8, 4>(at, block, rows),
            (8, 2) => self.transform::<8, 2>(at, block, rows),
            (8, 1) => self.transform::<8, 1>(at, block, rows),
            (4, 8) => self.transform::<4, 8>(at, block, rows),
            (4, 4) => self.transform::<4, 4>(at, block, rows),
            (4, 2) => self.transform::<4, 2>(at, block, rows),
            (4, 1) => self.transform::<4, 1>(at, block, rows),
            (2, 8) => self.transform::<2, 8>(at, block, rows),
            (2, 4) => self.transform::<2, 4>(at, block, rows),
            (2, 2) => self.transform::<2, 2>(at, block, rows),
            (2, 1) => self.transform::<2, 1>(at, block, rows),
            (1, 8) => self.transform::<1, 8>(at, block, rows),
            (1, 4) => self.transform::<1, 4>(at, block, rows),
            (1, 2) => self.transform::<1, 2>(at, block, rows),
            _ => self.transform::<1, 1>(at, block, rows),
        }
    }

    fn transform<const W: usize, const H: usize>(&mut self, at: usize, block: &Block, rows: u8) {
        let samples = idct::samples::<W, H>(block, rows);
        for (line, samples) in self.samples[at..].chunks_mut(self.wide).zip(&samples) {
            line[..W].copy_from_slice(samples);
        }
    }
}
