//! Progressive scans (ITU-T T.81, annex G): coefficients come band by band and bit by bit, so they are kept until the end.
//!
//! Kept are those that count for the part and the scale that are wanted. Of the others it is enough to know which of
//! them are zero, because that is what the order of bits depends on.

mod band;

use std::ops::Range;

use self::band::{Band, Block};
use super::bits::Bits;
use super::frame::{self, Frame};
use super::huffman::Huffman;
use super::scan::{Coder, Scan};
use super::tables::{Tables, ZIGZAG};
use crate::Refusal;

/// The coefficients of each component so far.
pub(super) struct Coefficients {
    components: Vec<Component>,
}

/// The coefficients of a component so far.
#[derive(Default)]
struct Component {
    /// Blocks in a row.
    across: usize,
    /// For each block a bit for each of its coefficients in coded order, set where that is not zero.
    filled: Vec<u64>,
    /// Blocks of which coefficients are kept, across and down.
    window: (Range<usize>, Range<usize>),
    /// How many coefficients of a block are kept, the first ones in coded order.
    each: usize,
    kept: Vec<i16>,
}

impl Component {
    /// Blocks, and coefficients that are kept.
    fn counts(component: &frame::Component) -> (usize, usize) {
        let (columns, rows) = &component.plane.window;
        let each = component.plane.last_coefficient() + 1;
        (component.padded.0.saturating_mul(component.padded.1), (columns.len() * rows.len()).saturating_mul(each))
    }

    fn new(component: &frame::Component) -> Self {
        let (blocks, kept) = Self::counts(component);
        Self {
            across: component.padded.0,
            filled: vec![0; blocks],
            window: component.plane.window.clone(),
            each: component.plane.last_coefficient() + 1,
            kept: vec![0; kept],
        }
    }

    /// The coefficients of a block that are kept.
    fn kept(&self, column: usize, row: usize) -> Range<usize> {
        let (columns, rows) = &self.window;
        if !columns.contains(&column) || !rows.contains(&row) {
            return 0..0;
        }
        let start = ((row - rows.start) * columns.len() + column - columns.start) * self.each;
        start..start + self.each
    }
}

impl Coefficients {
    /// Bytes that the coefficients of `frame` take.
    pub(super) fn bytes(frame: &Frame) -> usize {
        let bytes = frame.components.iter().map(Component::counts).map(|(blocks, kept)| {
            blocks.saturating_mul(size_of::<u64>()).saturating_add(kept.saturating_mul(size_of::<i16>()))
        });
        bytes.fold(0, usize::saturating_add)
    }

    pub(super) fn new(frame: &Frame) -> Self {
        Self { components: frame.components.iter().map(Component::new).collect() }
    }

    /// Decodes a scan.
    pub(super) fn decode(&mut self, frame: &Frame, tables: &Tables, scan: &Scan, data: &[u8]) -> Result<(), Refusal> {
        let (first, last) = scan.band;
        let is_dc = first == 0;
        if is_dc != (last == 0) || (!is_dc && scan.parts.len() > 1) {
            return Err(Refusal::broken("the band of a scan"));
        }
        let refines = scan.before > 0;
        let mut parts = Vec::new();
        for part in &scan.parts {
            let table = match (is_dc, refines) {
                (true, true) => None,
                (true, false) => Some(tables.dc(part.dc)?),
                (false, _) => Some(tables.ac(part.ac)?),
            };
            let component = std::mem::take(&mut self.components[part.component]);
            parts.push(Lent { component, table, predictor: 0 });
        }
        let mut progressive = Progressive { parts, first, last, refines, now: scan.now, ended: 0 };
        let walked = scan.walk(frame, data, tables.restart, &mut progressive);
        for (part, lent) in scan.parts.iter().zip(progressive.parts) {
            self.components[part.component] = lent.component;
        }
        walked
    }

    /// Turns the coefficients of the blocks that are wanted into samples.
    pub(super) fn finish(self, frame: &mut Frame, tables: &Tables) -> Result<(), Refusal> {
        for (component, coefficients) in frame.components.iter_mut().zip(self.components) {
            let steps = tables.steps(component.table)?;
            let (columns, rows) = component.plane.window.clone();
            for (row, column) in rows.flat_map(|row| columns.clone().map(move |column| (row, column))) {
                let mut block = [[0.0; 8]; 8];
                let (mut used, mut is_flat) = (1_u8, true);
                let coded = &coefficients.kept[coefficients.kept(column, row)];
                for ((&value, step), &place) in coded.iter().zip(steps).zip(&ZIGZAG) {
                    if value != 0 {
                        let (row, column) = (place >> 3 & 7, place & 7);
                        block[usize::from(row)][usize::from(column)] = f32::from(value) * step;
                        used |= 1 << row;
                        is_flat &= place == 0;
                    }
                }
                component.plane.put(column, row, &block, used, is_flat);
            }
        }
        Ok(())
    }
}

struct Progressive<'a> {
    parts: Vec<Lent<'a>>,
    first: usize,
    last: usize,
    refines: bool,
    /// The lowest bit that comes now.
    now: u32,
    /// How many more blocks end before this band, EOBRUN.
    ended: u32,
}

/// The coefficients of a component for the time of a scan.
struct Lent<'a> {
    component: Component,
    /// None where a scan has bits only.
    table: Option<&'a Huffman>,
    predictor: i32,
}

impl Coder for Progressive<'_> {
    fn block(&mut self, bits: &mut Bits, part: usize, column: usize, row: usize) -> Result<(), Refusal> {
        let part = &mut self.parts[part];
        let kept = part.component.kept(column, row);
        let mut block = Block {
            filled: &mut part.component.filled[row * part.component.across + column],
            kept: &mut part.component.kept[kept],
        };
        let band = Band { first: self.first, last: self.last, now: self.now };
        bits.refill();
        match (self.first, part.table) {
            (0, Some(table)) => {
                let size = table.symbol(bits).ok_or_else(broken)?;
                if size > 11 {
                    return Err(Refusal::broken("a difference that is too large"));
                }
                part.predictor = part.predictor.wrapping_add(bits.signed(size.into()));
                block.set(0, (part.predictor << self.now) as i16);
                Ok(())
            }
            (0, None) => {
                let bit = (bits.number(1) << self.now) as i16;
                if let Some(coefficient) = block.kept.first_mut() {
                    *coefficient |= bit;
                }
                Ok(())
            }
            (_, Some(table)) if self.refines => band.refine(bits, table, &mut block, &mut self.ended),
            (_, Some(table)) => band.begin(bits, table, &mut block, &mut self.ended),
            (_, None) => Err(Refusal::broken("a Huffman table is missing")),
        }
    }

    fn restart(&mut self) {
        self.ended = 0;
        for part in &mut self.parts {
            part.predictor = 0;
        }
    }

    /// All of them: what a refining scan says depends on every block before.
    fn wants(&self, _part: usize, _row: usize) -> bool {
        true
    }
}

fn broken() -> Refusal {
    Refusal::broken("a code that no table has")
}
