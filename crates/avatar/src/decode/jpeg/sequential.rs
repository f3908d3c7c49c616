//! Sequential scans (ITU-T T.81, F.2): a block is complete when it has been read.

use super::bits::Bits;
use super::frame::{Frame, Plane};
use super::huffman::{Huffman, Step};
use super::idct::Block;
use super::scan::{Coder, Scan};
use super::tables::{Tables, ZIGZAG};
use crate::Refusal;

/// Decodes a scan into the planes of its components.
pub(super) fn decode(frame: &mut Frame, tables: &Tables, scan: &Scan, data: &[u8]) -> Result<(), Refusal> {
    let mut sequential = Sequential { parts: Vec::new(), block: [[0.0; 8]; 8] };
    for part in &scan.parts {
        let component = &mut frame.components[part.component];
        sequential.parts.push(Part {
            dc: tables.dc(part.dc)?,
            ac: tables.ac(part.ac)?,
            steps: tables.steps(component.table)?,
            predictor: 0,
            plane: std::mem::take(&mut component.plane),
        });
    }
    let walked = scan.walk(frame, data, tables.restart, &mut sequential);
    for (part, done) in scan.parts.iter().zip(sequential.parts) {
        frame.components[part.component].plane = done.plane;
    }
    walked
}

struct Sequential<'a> {
    parts: Vec<Part<'a>>,
    /// All zero between blocks.
    block: Block,
}

struct Part<'a> {
    dc: &'a Huffman,
    ac: &'a Huffman,
    steps: &'a [f32; 64],
    predictor: i32,
    /// Lent by the frame for the time of the scan.
    plane: Plane,
}

impl Coder for Sequential<'_> {
    fn block(&mut self, bits: &mut Bits, part: usize, column: usize, row: usize) -> Result<(), Refusal> {
        let part = &mut self.parts[part];
        bits.refill();
        let size = part.dc.symbol(bits)?;
        if size > 11 {
            return Err(Refusal::broken("a difference that is too large"));
        }
        part.predictor = part.predictor.wrapping_add(bits.signed(size.into()));
        if !part.plane.keeps(column, row) {
            return coefficients(bits, part.ac, |_, _| ());
        }
        let block = &mut self.block;
        block[0][0] = part.predictor as f32 * part.steps[0];
        let (mut rows, mut is_flat) = (1_u8, true);
        coefficients(bits, part.ac, |k, value| {
            let place = ZIGZAG[k & 127];
            let (row, column) = (place >> 3 & 7, place & 7);
            block[usize::from(row)][usize::from(column)] = value as f32 * part.steps[k & 63];
            rows |= 1 << row;
            is_flat = false;
        })?;
        part.plane.put(column, row, block, rows, is_flat);
        if is_flat {
            block[0][0] = 0.0;
        } else {
            *block = [[0.0; 8]; 8];
        }
        Ok(())
    }

    fn restart(&mut self) {
        for part in &mut self.parts {
            part.predictor = 0;
        }
    }

    fn wants(&self, part: usize, row: usize) -> bool {
        row < self.parts[part].plane.window.1.end
    }
}

/// Reads the AC coefficients of a block (T.81, F.2.2.2) and hands each that is not zero to `put` with its place.
#[inline]
fn coefficients(bits: &mut Bits, table: &Huffman, mut put: impl FnMut(usize, i32)) -> Result<(), Refusal> {
    let mut k = 1;
    while k < 64 {
        match table.step(bits)? {
            Step::Coefficient { run, value } => {
                k += run;
                put(k, value);
            }
            Step::Symbol(0) => return Ok(()),
            Step::Symbol(0xf0) => k += 15,
            Step::Symbol(symbol) => {
                k += usize::from(symbol >> 4);
                put(k, bits.signed(u32::from(symbol & 15)));
            }
        }
        k += 1;
    }
    if k > 64 { Err(Refusal::broken("a run beyond the block")) } else { Ok(()) }
}
