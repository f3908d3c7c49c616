//! What a scan says of the AC coefficients of one block (ITU-T T.81, G.1.2.2 and G.1.2.3).

use super::broken;
use crate::{
    Refusal,
    decode::jpeg::{
        bits::Bits,
        huffman::{Huffman, Step},
    },
};

/// One block for the time of a scan.
pub(super) struct Block<'a> {
    pub(super) filled: &'a mut u64,
    pub(super) kept: &'a mut [i16],
}

impl Block<'_> {
    /// Sets coefficient `k`, which is not zero.
    #[inline]
    pub(super) fn set(&mut self, k: usize, value: i16) {
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
pub(super) struct Band {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) now: u32,
}

impl Band {
    /// The first bits of the coefficients (T.81, G.1.2.2).
    pub(super) fn begin(
        self,
        bits: &mut Bits,
        table: &Huffman,
        block: &mut Block,
        ended: &mut u32,
    ) -> Result<(), Refusal> {
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
    pub(super) fn refine(
        self,
        bits: &mut Bits,
        table: &Huffman,
        block: &mut Block,
        ended: &mut u32,
    ) -> Result<(), Refusal> {
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
