//! Passing over coefficients that nobody wants: outside the part that is wanted, or too fine for its scale.

use super::bits::Bits;
use super::huffman::{Huffman, SHORT, Short};

/// How many bits are looked at in one go.
const AHEAD: u32 = 12;

/// Codes of an AC table, as many at once as the next bits hold.
pub(super) struct Skip {
    leaps: Box<[Leap; 1 << AHEAD]>,
}

/// Some codes with their magnitudes.
#[derive(Clone, Copy, Default)]
struct Leap {
    /// Bits of them; zero where not even the first code is among the bits.
    bits: u8,
    /// Coefficients that are passed over.
    coefficients: u8,
    /// Whether the last of them is the end of the block.
    is_end: bool,
}

impl Skip {
    pub(super) fn new(table: &Huffman) -> Self {
        let mut leaps = Box::new([Leap::default(); 1 << AHEAD]);
        for (ahead, leap) in (0_u32..).zip(leaps.iter_mut()) {
            *leap = Leap::of(ahead, table);
        }
        Self { leaps }
    }

    /// Passes over the coefficients of a block from `k` on; `None` where they do not end with it.
    pub(super) fn rest(&self, bits: &mut Bits, table: &Huffman, mut k: usize) -> Option<()> {
        let mut ahead = *bits;
        while k < 64 {
            ahead.refill();
            let leap = self.leaps[ahead.peek(AHEAD) as usize & ((1 << AHEAD) - 1)];
            let next = k + usize::from(leap.coefficients);
            // What would reach the last coefficient could be the start of the next block in part.
            if leap.bits != 0 && next < 64 {
                ahead.consume(leap.bits.into());
                if leap.is_end {
                    *bits = ahead;
                    return Some(());
                }
                k = next;
                continue;
            }
            let symbol = table.symbol(&mut ahead)?;
            if symbol == 0 {
                *bits = ahead;
                return Some(());
            }
            ahead.consume(u32::from(symbol & 15));
            k += advance(symbol);
        }
        *bits = ahead;
        (k == 64).then_some(())
    }
}

impl Leap {
    /// What `ahead`, [`AHEAD`] bits, hold.
    fn of(ahead: u32, table: &Huffman) -> Self {
        let mut leap = Self::default();
        loop {
            let left = AHEAD - u32::from(leap.bits);
            // From the highest down, with zeros behind the bits that are known.
            let short = table.short((ahead << (AHEAD - left) & ((1 << AHEAD) - 1)) >> (AHEAD - SHORT));
            let Short { symbol, length, .. } = short;
            // The first may end outside: its length is known. None may begin there.
            let is_known = length > 0 && u32::from(length) <= left && (leap.bits == 0 || short.whole() <= left);
            if !is_known {
                return leap;
            }
            leap.bits += short.whole() as u8;
            if symbol == 0 {
                leap.is_end = true;
                return leap;
            }
            leap.coefficients += advance(symbol) as u8;
            if u32::from(leap.bits) >= AHEAD {
                return leap;
            }
        }
    }
}

/// Coefficients of a symbol that is not the end: the zeros of its run and, but for sixteen zeros, the one after them.
fn advance(symbol: u8) -> usize {
    // A run with no coefficient other than fifteen is not in the standard; it is passed over as it is decoded.
    usize::from(symbol >> 4) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends with 00, one coefficient of one bit after 01, of two bits after 100 behind one zero, sixteen zeros with 101, a
    /// coefficient of ten bits after 110.
    fn table() -> Huffman {
        Huffman::new(&[0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[0x00, 0x01, 0x12, 0xf0, 0x0a]).unwrap()
    }

    /// The next bits once a block with these was passed over.
    fn after(data: &[u8], k: usize) -> Option<u32> {
        let mut bits = Bits::new(data);
        let table = table();
        Skip::new(&table).rest(&mut bits, &table, k)?;
        bits.refill();
        Some(bits.peek(8))
    }

    #[test]
    fn blocks_end_with_their_code() {
        // 01 1, 100 11, 01 0, 00; then ones.
        assert_eq!(after(&[0b0111_0011, 0b0100_0111, 0b1111_1000, 0, 0], 1), Some(0b1111_1111));
        // 110 and ten bits, 00; then ones.
        assert_eq!(after(&[0b1101_0101, 0b0101_0001, 0b1111_1110, 0, 0], 1), Some(0b1111_1111));
    }

    #[test]
    fn full_blocks_end_without_a_code_and_the_next_one_stays() {
        // From 61: 100 11 and 01 1 are all there is; 00 belongs to the next.
        assert_eq!(after(&[0b1001_1011, 0b0011_1111, 0b1100_0000, 0, 0], 61), Some(0b0011_1111));
        // From 47: sixteen zeros and one coefficient.
        assert_eq!(after(&[0b1010_1100, 0b1111_1111, 0, 0, 0], 47), Some(0b0011_1111));
    }

    #[test]
    fn runs_beyond_the_block_are_seen() {
        assert_eq!(after(&[0b1011_0110, 0, 0, 0, 0], 40), None);
        assert_eq!(after(&[0b1001_1000, 0, 0, 0, 0], 63), None);
        // A code that no table has.
        assert_eq!(after(&[0b1111_0000, 0, 0, 0, 0], 1), None);
    }
}
