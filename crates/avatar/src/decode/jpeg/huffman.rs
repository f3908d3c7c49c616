//! Huffman tables (ITU-T T.81, annex C and F.2.2.3).

#![expect(clippy::inline_always, reason = "a call would keep the bits in memory, where each look waits for the last")]

use super::bits::{Bits, extend};
use crate::Refusal;

/// Codes up to this length are decoded by one look.
pub(super) const SHORT: u32 = 10;

/// A table that decodes.
#[derive(Clone)]
pub(super) struct Huffman {
    /// What the next bits start with, for each way they can.
    short: Box<[Short; 1 << SHORT]>,
    /// For each length past the codes of that length, aligned to the left of 16 bits.
    ends: [u32; 18],
    /// From a code of each length to its place in `symbols`.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

/// A short code, with the magnitude after it where that is short too.
#[derive(Clone, Copy, Default)]
pub(super) struct Short {
    /// The coefficient; zero where its magnitude is not among the bits, or where the symbol has none.
    pub(super) value: i16,
    /// Run in the high half, bits of the magnitude in the low one.
    pub(super) symbol: u8,
    /// Bits of the code; zero where it is longer.
    pub(super) length: u8,
}

impl Short {
    /// Bits of the code and the magnitude.
    #[inline]
    pub(super) fn whole(self) -> u32 {
        u32::from(self.length) + u32::from(self.symbol & 15)
    }
}

/// What comes next in an AC band.
pub(super) enum Step {
    /// A run of zeros and the coefficient after it.
    Coefficient { run: usize, value: i32 },
    /// A symbol without a coefficient: the end, sixteen zeros, or a run of ends.
    Symbol(u8),
}

impl Huffman {
    /// A table from the number of codes of each length from 1 to 16 and their symbols in order.
    pub(super) fn new(counts: &[u8; 16], listed: &[u8]) -> Result<Self, Refusal> {
        let broken = || Refusal::broken("a Huffman table");
        let mut table = Self {
            short: Box::new([Short::default(); 1 << SHORT]),
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
                    let first = code << (SHORT - length);
                    for ahead in first..first + (1 << (SHORT - length)) {
                        table.short[ahead as usize] =
                            Short { value: value(ahead, length, symbol), symbol, length: length as u8 };
                    }
                }
                code += 1;
            }
            place += count;
            table.ends[length as usize] = code << (16 - length);
            code <<= 1;
        }
        // A bound that every code is below, so that a search ends.
        table.ends[17] = u32::MAX;
        Ok(table)
    }

    /// What `ahead`, [`SHORT`] bits, start with.
    #[inline]
    pub(super) fn short(&self, ahead: u32) -> Short {
        self.short[ahead as usize & ((1 << SHORT) - 1)]
    }

    /// The next symbol; `None` where no code is like that. [`Bits::refill`] first.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits) -> Option<u8> {
        let Short { symbol, length, .. } = self.short(bits.peek(SHORT));
        if length != 0 {
            bits.consume(length.into());
            return Some(symbol);
        }
        let (symbol, length) = self.long_symbol(bits.peek(16))?;
        bits.consume(length);
        Some(symbol)
    }

    #[cold]
    fn long_symbol(&self, ahead: u32) -> Option<(u8, u32)> {
        let length = (SHORT + 1..=16).find(|&length| ahead < self.ends[length as usize])?;
        let place = (ahead >> (16 - length)) as i32 + self.offsets[length as usize];
        self.symbols.get(place as usize).map(|&symbol| (symbol, length))
    }

    /// The next coefficient or symbol of an AC table; `None` where no code is like that. Refills by itself.
    #[inline(always)]
    pub(super) fn step(&self, bits: &mut Bits) -> Option<Step> {
        bits.refill();
        let short = self.short(bits.peek(SHORT));
        if short.value != 0 {
            bits.consume(short.whole());
            return Some(Step::Coefficient { run: usize::from(short.symbol >> 4), value: short.value.into() });
        }
        let symbol = self.symbol(bits)?;
        Some(match symbol & 15 {
            0 => Step::Symbol(symbol),
            size => Step::Coefficient { run: usize::from(symbol >> 4), value: bits.signed(size.into()) },
        })
    }
}

/// The coefficient that follows a code in [`SHORT`] bits, or zero.
fn value(ahead: u32, length: u32, symbol: u8) -> i16 {
    let size = u32::from(symbol & 15);
    if length + size > SHORT {
        return 0;
    }
    extend((ahead >> (SHORT - length - size)) & ((1 << size) - 1), size) as i16
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
        assert!(table.symbol(&mut ones).is_none());
    }

    #[test]
    fn tables_with_more_codes_than_there_are_refused() {
        assert!(Huffman::new(&[3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[1, 2, 3]).is_err());
        assert!(Huffman::new(&[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[1]).is_err());
    }
}
