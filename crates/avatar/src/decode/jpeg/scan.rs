//! Scans: which components they carry and in what order the blocks come (ITU-T T.81, A.2 and B.2.3).

use super::bits::Bits;
use super::frame::Frame;
use crate::Refusal;
use crate::cursor::Cursor;

/// The header of a scan.
pub(super) struct Scan {
    pub(super) parts: Vec<Part>,
    /// First and last coefficient of a progressive scan, in coded order.
    pub(super) band: (usize, usize),
    /// Lowest bit that came before, zero for none, and lowest bit that comes now, of a progressive scan.
    pub(super) before: u32,
    pub(super) now: u32,
}

/// A component of a scan.
pub(super) struct Part {
    /// Which one of the frame.
    pub(super) component: usize,
    pub(super) dc: u8,
    pub(super) ac: u8,
}

/// What is done with the blocks of a scan.
pub(super) trait Coder {
    /// Decodes the block of `part` in this column and row of blocks.
    fn block(&mut self, bits: &mut Bits, part: usize, column: usize, row: usize) -> Result<(), Refusal>;

    /// Forgets what is carried from block to block.
    fn restart(&mut self);

    /// Whether rows of blocks of `part` from this one on are wanted.
    fn wants(&self, part: usize, row: usize) -> bool;
}

impl Scan {
    pub(super) fn read(body: &[u8], frame: &Frame) -> Result<Self, Refusal> {
        let broken = || Refusal::broken("the header of a scan");
        let mut body = Cursor::new(body);
        let count = body.byte()?;
        let mut parts: Vec<Part> = Vec::new();
        for _ in 0..count {
            let [id, tables] = body.array()?;
            let component = frame.components.iter().position(|component| component.id == id).ok_or_else(broken)?;
            if parts.iter().any(|part| part.component == component) {
                return Err(broken());
            }
            parts.push(Part { component, dc: tables >> 4, ac: tables & 15 });
        }
        let [first, last, bits] = body.array()?;
        let (before, now) = (u32::from(bits >> 4), u32::from(bits & 15));
        if parts.is_empty() || first > last || last > 63 || now > 13 {
            return Err(broken());
        }
        Ok(Self { parts, band: (first.into(), last.into()), before, now })
    }

    /// Hands every block of the scan to `coder`, until none is wanted. `restart` is the interval in units, or zero.
    pub(super) fn walk(
        &self,
        frame: &Frame,
        data: &[u8],
        restart: usize,
        coder: &mut impl Coder,
    ) -> Result<(), Refusal> {
        let mut bits = Bits::new(data);
        let component = |part: &Part| &frame.components[part.component];
        // Alone, a component has units of one block, and none to fill up.
        let (units, sides) = match &self.parts[..] {
            [part] => (component(part).blocks, vec![(1, 1)]),
            parts => (frame.units, parts.iter().map(|part| component(part).sampling).collect()),
        };
        let mut left = restart;
        for y in 0..units.1 {
            if !sides.iter().enumerate().any(|(part, &(_, down))| coder.wants(part, y * down)) {
                break;
            }
            for x in 0..units.0 {
                if restart > 0 {
                    if left == 0 {
                        bits.restart()?;
                        coder.restart();
                        left = restart;
                    }
                    left -= 1;
                }
                for (part, &(across, down)) in sides.iter().enumerate() {
                    for row in y * down..(y + 1) * down {
                        for column in x * across..(x + 1) * across {
                            coder.block(&mut bits, part, column, row)?;
                        }
                    }
                }
            }
            bits.check()?;
        }
        Ok(())
    }
}
