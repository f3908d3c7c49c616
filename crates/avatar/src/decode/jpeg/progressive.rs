//! Progressive scans (ITU-T T.81, annex G): coefficients come band by band and bit by bit, so they are kept until the end.
//!
//! Kept are those that count for the part and the scale that are wanted. Of the others it is enough to know which of
//! them are zero, because that is what the order of bits depends on.

use std::ops::Range;

use super::bits::Bits;
use super::frame::{self, Frame};
use super::huffman::{Huffman, Step};
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

/// One block for the time of a scan.
struct Block<'a> {
    filled: &'a mut u64,
    kept: &'a mut [i16],
}

impl Block<'_> {
    /// Sets coefficient `k`, which is not zero.
    #[inline]
    fn set(&mut self, k: usize, value: i16) {
        *self.filled |= 1 << (k & 63);
        if let Some(coefficient) = self.kept.get_mut(k) {
            *coefficient = value;
        }
    }

    /// Adds the next bit to each coefficient of `places`, away from zero. None of them is zero.
    #[inline]
    fn refine(&mut self, bits: &mut Bits, mut places: u64, bit: i16) {
        while places != 0 {
            bits.refill();
            let count = places.count_ones().min(16);
            let added = bits.number(count);
            for index in (0..count).rev() {
                let k = places.trailing_zeros() as usize;
                places &= places - 1;
                if let Some(coefficient) = self.kept.get_mut(k) {
                    let sign = if *coefficient > 0 { bit } else { -bit };
                    // Without a branch, because nobody can guess these bits.
                    *coefficient = coefficient.wrapping_add(sign * (added >> index & 1) as i16);
                }
            }
        }
    }
}

/// The AC coefficients a scan is about, and their lowest bit.
#[derive(Clone, Copy)]
struct Band {
    first: usize,
    last: usize,
    now: u32,
}

impl Band {
    /// The first bits of the coefficients (T.81, G.1.2.2).
    fn begin(self, bits: &mut Bits, table: &Huffman, block: &mut Block, ended: &mut u32) -> Result<(), Refusal> {
        if *ended > 0 {
            *ended -= 1;
            return Ok(());
        }
        let mut ahead = *bits;
        let mut k = self.first;
        while k <= self.last {
            match table.step(&mut ahead).ok_or_else(broken)? {
                Step::Coefficient { run, value } => {
                    k += run;
                    if k > self.last {
                        return Err(Refusal::broken("a run beyond the band"));
                    }
                    block.set(k, (value << self.now) as i16);
                    k += 1;
                }
                Step::Symbol(0xf0) => k += 16,
                Step::Symbol(symbol) => {
                    *ended = run_of_blocks(&mut ahead, symbol) - 1;
                    break;
                }
            }
        }
        *bits = ahead;
        Ok(())
    }

    /// One more bit of each coefficient, and coefficients that were zero so far (T.81, G.1.2.3).
    fn refine(self, bits: &mut Bits, table: &Huffman, block: &mut Block, ended: &mut u32) -> Result<(), Refusal> {
        let bit = 1_i16 << self.now;
        let mut ahead = *bits;
        let mut k = self.first;
        while *ended == 0 && k <= self.last {
            ahead.refill();
            let symbol = table.symbol(&mut ahead).ok_or_else(broken)?;
            let value = match symbol & 15 {
                0 if symbol >> 4 < 15 => {
                    *ended = run_of_blocks(&mut ahead, symbol);
                    break;
                }
                0 => 0,
                1 if ahead.number(1) == 1 => bit,
                1 => -bit,
                _ => return Err(Refusal::broken("a refinement of more than one bit")),
            };
            // Past the zeros of the run, refining what is not zero on the way.
            let rest = places(k, self.last);
            let mut zeros = rest & !*block.filled;
            for _ in 0..symbol >> 4 {
                zeros &= zeros.wrapping_sub(1);
            }
            // 64 where the band ends before the run.
            let place = zeros.trailing_zeros() as usize;
            let passed = if place < 64 { rest & ((1 << place) - 1) } else { rest };
            block.refine(&mut ahead, passed & *block.filled, bit);
            if value != 0 && place < 64 {
                block.set(place, value);
            }
            k = place + 1;
        }
        if *ended > 0 {
            *ended -= 1;
            block.refine(&mut ahead, places(k, self.last) & *block.filled, bit);
        }
        *bits = ahead;
        Ok(())
    }
}

/// A bit for each coefficient from `first` to `last`, 63 at most; none where there are none.
fn places(first: usize, last: usize) -> u64 {
    if first > last { 0 } else { u64::MAX << first & u64::MAX >> (63 - last) }
}

/// How many blocks, this one among them, have no more of the band (T.81, G.1.2.2, `EOBn`).
fn run_of_blocks(bits: &mut Bits, symbol: u8) -> u32 {
    let size = u32::from(symbol >> 4);
    (1 << size) + bits.number(size)
}

fn broken() -> Refusal {
    Refusal::broken("a code that no table has")
}
