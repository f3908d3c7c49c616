//! Huffman tables (ITU-T T.81, annex C and F.2.2.3).

use super::bits::Bits;
use crate::Refusal;

/// Codes up to this length are decoded by one look.
const SHORT: u32 = 10;

/// A table that decodes.
#[derive(Clone)]
pub(super) struct Huffman {
    /// For each way the next bits can start: length in the high byte and symbol in the low one, zero for longer codes.
    short: Box<[u16; 1 << SHORT]>,
    /// The same for a code together with the magnitude after it, where both are short: value, run and length.
    whole: Box<[i16; 1 << SHORT]>,
    /// For each length past the codes of that length, aligned to the left of 16 bits.
    ends: [u32; 18],
    /// From a code of each length to its place in `symbols`.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

/// A run of zeros and the coefficient after it.
pub(super) enum Step {
    /// The coefficient was short enough to come with its code.
    Coefficient { run: usize, value: i32 },
    /// A symbol: run in the high half, bits of the magnitude in the low one.
    Symbol(u8),
}

impl Huffman {
    /// A table from the number of codes of each length from 1 to 16 and their symbols in order.
    pub(super) fn new(counts: &[u8; 16], listed: &[u8]) -> Result<Self, Refusal> {
        let broken = || Refusal::broken("a Huffman table");
        let mut table = Self {
            short: Box::new([0; 1 << SHORT]),
            whole: Box::new([0; 1 << SHORT]),
            ends: [0; 18],
            offsets: [0; 17],
            symbols: [0; 256],
        };
        table.symbols.get_mut(..listed.len()).ok_or_else(broken)?.copy_from_slice(listed);
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, &count) in (1_u32..).zip(counts) {
            let count = usize::from(count);
            table.offsets[length as usize] = place as i32 - code as i32;
            for &symbol in listed.get(place..place + count).ok_or_else(broken)? {
                if code >= 1 << length {
                    return Err(broken());
                }
                if length <= SHORT {
                    let first = (code << (SHORT - length)) as usize;
                    let span = first..first + (1 << (SHORT - length));
                    table.short[span].fill((length as u16) << 8 | u16::from(symbol));
                }
                code += 1;
            }
            place += count;
            table.ends[length as usize] = code << (16 - length);
            code <<= 1;
        }
        // A bound that every code is below, so that a search ends.
        table.ends[17] = u32::MAX;
        table.join_magnitudes();
        Ok(table)
    }

    /// Finds the short codes whose magnitude is short enough to be looked up with them.
    fn join_magnitudes(&mut self) {
        for (ahead, (whole, &short)) in self.whole.iter_mut().zip(self.short.iter()).enumerate() {
            let (length, symbol) = (u32::from(short >> 8), short & 0xff);
            let (run, size) = (symbol >> 4, u32::from(symbol & 15));
            if length == 0 || size == 0 || length + size > SHORT {
                continue;
            }
            let magnitude = (ahead as i32 >> (SHORT - length - size)) & ((1 << size) - 1);
            let value = if magnitude < 1 << (size - 1) { magnitude - (1 << size) + 1 } else { magnitude };
            if let Ok(value) = i8::try_from(value) {
                *whole = i16::from(value) << 8 | (run << 4) as i16 | (length + size) as i16;
            }
        }
    }

    /// The next symbol. [`Bits::refill`] first.
    #[inline]
    pub(super) fn symbol(&self, bits: &mut Bits) -> Result<u8, Refusal> {
        let short = self.short[bits.peek(SHORT) as usize];
        if short != 0 {
            bits.consume(u32::from(short >> 8));
            return Ok(short as u8);
        }
        self.long_symbol(bits)
    }

    #[cold]
    fn long_symbol(&self, bits: &mut Bits) -> Result<u8, Refusal> {
        let ahead = bits.peek(16);
        let length = (SHORT + 1..=17).find(|&length| ahead < self.ends[length as usize]).unwrap_or(17);
        if length > 16 {
            return Err(Refusal::broken("a code that no table has"));
        }
        bits.consume(length);
        let place = (ahead >> (16 - length)) as i32 + self.offsets[length as usize];
        self.symbols.get(place as usize).copied().ok_or_else(|| Refusal::broken("a code that no table has"))
    }

    /// The next coefficient or symbol of an AC table. Refills by itself.
    #[inline]
    pub(super) fn step(&self, bits: &mut Bits) -> Result<Step, Refusal> {
        bits.refill();
        let whole = self.whole[bits.peek(SHORT) as usize];
        if whole != 0 {
            bits.consume((whole & 15) as u32);
            return Ok(Step::Coefficient { run: (whole >> 4 & 15) as usize, value: i32::from(whole >> 8) });
        }
        self.symbol(bits).map(Step::Symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table for luminance DC of T.81, K.3.1.
    fn luminance() -> Huffman {
        let symbols: Vec<u8> = (0..12).collect();
        Huffman::new(&[0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], &symbols).unwrap()
    }

    #[test]
    fn decodes_the_standard_table() {
        // 0 is 00, 5 is 110, 11 is 111111110.
        let mut bits = Bits::new(&[0b0011_0111, 0b1111_1000]);
        let table = luminance();
        let symbols = [(); 3].map(|()| {
            bits.refill();
            table.symbol(&mut bits).unwrap()
        });
        assert_eq!(symbols, [0, 5, 11]);
    }

    #[test]
    fn codes_longer_than_a_look_and_codes_of_nothing() {
        // One code of each length: 0, 10, 110, and so on up to sixteen bits.
        let symbols: Vec<u8> = (1..=16).collect();
        let table = Huffman::new(&[1; 16], &symbols).unwrap();
        let mut bits = Bits::new(&[0xff, 0x00, 0xfe, 0b1111_1111, 0x00, 0b1110_0000]);
        bits.refill();
        assert_eq!(table.symbol(&mut bits).unwrap(), 16);
        bits.refill();
        assert_eq!(table.symbol(&mut bits).unwrap(), 12);
        let mut ones = Bits::new(&[0xff, 0x00, 0xff, 0x00]);
        ones.refill();
        assert!(table.symbol(&mut ones).is_err());
    }

    #[test]
    fn tables_with_more_codes_than_there_are_refused() {
        assert!(Huffman::new(&[3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[1, 2, 3]).is_err());
        assert!(Huffman::new(&[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[1]).is_err());
    }
}
