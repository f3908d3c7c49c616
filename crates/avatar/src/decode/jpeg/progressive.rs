//! Progressive scans (ITU-T T.81, annex G): the coefficients of the whole picture are kept, and each scan adds to them.

use super::bits::Bits;
use super::frame::Frame;
use super::huffman::{Huffman, Step};
use super::scan::{Coder, Scan};
use super::tables::{Tables, ZIGZAG};
use crate::Refusal;

/// The coefficients of each component in coded order, block by block.
pub(super) struct Coefficients {
    components: Vec<Vec<[i16; 64]>>,
}

impl Coefficients {
    /// Bytes that the coefficients of `frame` take.
    pub(super) fn bytes(frame: &Frame) -> usize {
        frame.components.iter().map(|c| (c.padded.0 * c.padded.1).saturating_mul(128)).fold(0, usize::saturating_add)
    }

    pub(super) fn new(frame: &Frame) -> Self {
        let blocks = |padded: (usize, usize)| vec![[0; 64]; padded.0 * padded.1];
        Self { components: frame.components.iter().map(|component| blocks(component.padded)).collect() }
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
            let across = frame.components[part.component].padded.0;
            let blocks = std::mem::take(&mut self.components[part.component]);
            parts.push(Lent { blocks, across, table, predictor: 0 });
        }
        let mut progressive = Progressive { parts, first, last, refines, now: scan.now, ended: 0 };
        let walked = scan.walk(frame, data, tables.restart, &mut progressive);
        for (part, lent) in scan.parts.iter().zip(progressive.parts) {
            self.components[part.component] = lent.blocks;
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
                let coded = &coefficients[row * component.padded.0 + column];
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
    blocks: Vec<[i16; 64]>,
    /// Blocks in a row.
    across: usize,
    /// None where a scan has bits only.
    table: Option<&'a Huffman>,
    predictor: i32,
}

impl Coder for Progressive<'_> {
    fn block(&mut self, bits: &mut Bits, part: usize, column: usize, row: usize) -> Result<(), Refusal> {
        let part = &mut self.parts[part];
        let block = &mut part.blocks[row * part.across + column];
        let band = Band { first: self.first, last: self.last, now: self.now };
        bits.refill();
        match (self.first, part.table) {
            (0, Some(table)) => {
                let size = table.symbol(bits)?;
                if size > 11 {
                    return Err(Refusal::broken("a difference that is too large"));
                }
                part.predictor = part.predictor.wrapping_add(bits.signed(size.into()));
                block[0] = (part.predictor << self.now) as i16;
                Ok(())
            }
            (0, None) => {
                block[0] |= (bits.number(1) << self.now) as i16;
                Ok(())
            }
            (_, Some(table)) if self.refines => band.refine(bits, table, block, &mut self.ended),
            (_, Some(table)) => band.begin(bits, table, block, &mut self.ended),
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

/// The AC coefficients a scan is about, and their lowest bit.
#[derive(Clone, Copy)]
struct Band {
    first: usize,
    last: usize,
    now: u32,
}

impl Band {
    /// The first bits of the coefficients (T.81, G.1.2.2).
    fn begin(self, bits: &mut Bits, table: &Huffman, block: &mut [i16; 64], ended: &mut u32) -> Result<(), Refusal> {
        if *ended > 0 {
            *ended -= 1;
            return Ok(());
        }
        let mut k = self.first;
        while k <= self.last {
            let (run, value) = match table.step(bits)? {
                Step::Coefficient { run, value } => (run, value),
                Step::Symbol(0xf0) => {
                    k += 16;
                    continue;
                }
                Step::Symbol(symbol) => match symbol & 15 {
                    0 => {
                        *ended = run_of_blocks(bits, symbol) - 1;
                        return Ok(());
                    }
                    size => (usize::from(symbol >> 4), bits.signed(size.into())),
                },
            };
            k += run;
            if k > self.last {
                return Err(Refusal::broken("a run beyond the band"));
            }
            block[k & 63] = (value << self.now) as i16;
            k += 1;
        }
        Ok(())
    }

    /// One more bit of each coefficient, and coefficients that were zero so far (T.81, G.1.2.3).
    fn refine(self, bits: &mut Bits, table: &Huffman, block: &mut [i16; 64], ended: &mut u32) -> Result<(), Refusal> {
        let bit = 1_i16 << self.now;
        let mut k = self.first;
        while *ended == 0 && k <= self.last {
            bits.refill();
            let symbol = table.symbol(bits)?;
            let mut zeros = symbol >> 4;
            let value = match symbol & 15 {
                0 if zeros < 15 => {
                    *ended = run_of_blocks(bits, symbol);
                    break;
                }
                0 => 0,
                1 if bits.number(1) == 1 => bit,
                1 => -bit,
                _ => return Err(Refusal::broken("a refinement of more than one bit")),
            };
            // Past the zeros of the run, refining what is not zero on the way.
            for coefficient in &mut block[k..=self.last] {
                k += 1;
                if *coefficient != 0 {
                    refine(bits, coefficient, bit);
                } else if zeros == 0 {
                    *coefficient = value;
                    break;
                } else {
                    zeros -= 1;
                }
            }
        }
        if *ended > 0 {
            *ended -= 1;
            for coefficient in block[k.min(64)..].iter_mut().take((self.last + 1).saturating_sub(k)) {
                if *coefficient != 0 {
                    refine(bits, coefficient, bit);
                }
            }
        }
        Ok(())
    }
}

/// Adds the next bit to a coefficient that is not zero, away from zero.
fn refine(bits: &mut Bits, coefficient: &mut i16, bit: i16) {
    bits.refill();
    if bits.number(1) == 1 && *coefficient & bit == 0 {
        *coefficient = coefficient.wrapping_add(if *coefficient > 0 { bit } else { -bit });
    }
}

/// How many blocks, this one among them, have no more of the band (T.81, G.1.2.2, `EOBn`).
fn run_of_blocks(bits: &mut Bits, symbol: u8) -> u32 {
    let size = u32::from(symbol >> 4);
    (1 << size) + bits.number(size)
}
