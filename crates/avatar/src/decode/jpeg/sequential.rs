//! Sequential scans (ITU-T T.81, F.2): a block is complete when it has been read.

use super::bits::Bits;
use super::frame::{Frame, Plane};
use super::huffman::{Huffman, Step};
use super::idct::Block;
use super::scan::{Coder, Scan};
use super::skip::Skip;
use super::tables::{Tables, ZIGZAG};
use crate::Refusal;

/// Decodes a scan into the planes of its components.
pub(super) fn decode(frame: &mut Frame, tables: &Tables, scan: &Scan, data: &[u8]) -> Result<(), Refusal> {
    let mut sequential = Sequential { parts: Vec::new(), block: [[0.0; 8]; 8] };
    for part in &scan.parts {
        let component = &mut frame.components[part.component];
        let ac = tables.ac(part.ac)?;
        sequential.parts.push(Part {
            dc: tables.dc(part.dc)?,
            ac,
            skip: Skip::new(ac),
            steps: tables.steps(component.table)?,
            last: component.plane.last_coefficient(),
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
    skip: Skip,
    steps: &'a [f32; 64],
    /// The last coefficient in coded order that counts at this scale.
    last: usize,
    predictor: i32,
    /// Lent by the frame for the time of the scan.
    plane: Plane,
}

impl Coder for Sequential<'_> {
    fn block(&mut self, bits: &mut Bits, part: usize, column: usize, row: usize) -> Result<(), Refusal> {
        let part = &mut self.parts[part];
        let mut ahead = *bits;
        ahead.refill();
        let size = part.dc.symbol(&mut ahead).ok_or_else(broken)?;
        if size > 11 {
            return Err(Refusal::broken("a difference that is too large"));
        }
        part.predictor = part.predictor.wrapping_add(ahead.signed(size.into()));
        if !part.plane.keeps(column, row) {
            part.skip.rest(&mut ahead, part.ac, 1).ok_or_else(broken)?;
            *bits = ahead;
            return Ok(());
        }
        let block = &mut self.block;
        block[0][0] = part.predictor as f32 * part.steps[0];
        let (mut rows, mut is_flat) = (1_u8, true);
        let mut k = 1;
        // T.81, F.2.2.2, as far as the scale wants it.
        let is_ended = loop {
            if k > part.last {
                break false;
            }
            match part.ac.step(&mut ahead).ok_or_else(broken)? {
                Step::Coefficient { run, value } => {
                    k += run;
                    let place = ZIGZAG[k & 127];
                    let (row, column) = (place >> 3 & 7, place & 7);
                    block[usize::from(row)][usize::from(column)] = value as f32 * part.steps[k & 63];
                    rows |= 1 << row;
                    is_flat = false;
                }
                Step::Symbol(0) => break true,
                Step::Symbol(symbol) => k += usize::from(symbol >> 4),
            }
            k += 1;
        };
        if !is_ended {
            part.skip.rest(&mut ahead, part.ac, k).ok_or_else(broken)?;
        }
        *bits = ahead;
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

fn broken() -> Refusal {
    Refusal::broken("a code that no table has, or a run beyond the block")
}
