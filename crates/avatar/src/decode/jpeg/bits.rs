//! Bits of an entropy-coded segment (ITU-T T.81, F.2.2.5), with the stuffed zeros taken out.

#![expect(clippy::inline_always, reason = "a call would keep the bits in memory, where each look waits for the last")]

use crate::Refusal;
use crate::marker;

/// Reads bits from the highest down. Past the next marker there are zeros, and [`check`](Self::check) tells whether any
/// of those were used.
///
/// Small and copied on purpose: a loop that works on a copy of its own keeps it in registers, where half of the time of
/// a picture goes.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    data: &'a [u8],
    /// The next byte that is not in the buffer yet.
    at: usize,
    /// Bits that were read, from the highest down; below them zeros.
    buffer: u64,
    /// How many of them there are.
    count: u32,
    /// How many bits were made up past a marker.
    made_up: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, buffer: 0, count: 0, made_up: 0 }
    }

    /// Makes at least 32 bits available, which is enough for a code and what follows it.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if self.count >= 32 {
            return;
        }
        if let Some(bytes) = self.data.get(self.at..).and_then(|rest| rest.first_chunk()) {
            let word = u32::from_be_bytes(*bytes);
            // A byte of ones is a byte of zeros upside down: the classic test for a zero byte.
            let has_marker = (!word).wrapping_sub(0x0101_0101) & word & 0x8080_8080 != 0;
            if !has_marker {
                self.buffer |= u64::from(word) << (32 - self.count);
                self.count += 32;
                self.at += 4;
                return;
            }
        }
        *self = self.refilled_by_bytes();
    }

    #[cold]
    fn refilled_by_bytes(mut self) -> Self {
        while self.count <= 56 {
            let byte = match (self.data.get(self.at), self.data.get(self.at + 1)) {
                (Some(0xff), Some(0)) => {
                    self.at += 2;
                    0xff
                }
                (Some(&byte), _) if byte != 0xff => {
                    self.at += 1;
                    byte
                }
                _ => {
                    self.made_up += 8;
                    0
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        self
    }

    /// The next `count` bits, 1 to 32, without taking them. [`refill`](Self::refill) first.
    #[inline]
    pub(super) fn peek(&self, count: u32) -> u32 {
        (self.buffer >> (64 - count)) as u32
    }

    #[inline]
    pub(super) fn consume(&mut self, count: u32) {
        self.buffer <<= count;
        // Wraps only where a caller has not refilled; the bits are zeros then and no memory is at stake.
        self.count = self.count.wrapping_sub(count);
    }

    /// The next `count` bits, up to 16, as a number.
    #[inline]
    pub(super) fn number(&mut self, count: u32) -> u32 {
        // In two steps, because none of 64 bits are left where none are wanted.
        let number = (self.buffer >> 1 >> (63 - count)) as u32;
        self.consume(count);
        number
    }

    /// The next `count` bits as a signed magnitude (T.81, F.2.2.1, EXTEND).
    #[inline]
    pub(super) fn signed(&mut self, count: u32) -> i32 {
        extend(self.number(count), count)
    }

    /// Fails where bits past a marker were used: the data ended before the picture.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.made_up > self.count { Err(Refusal::truncated()) } else { Ok(()) }
    }

    /// Passes over a restart marker and the padding before it.
    pub(super) fn restart(&mut self) -> Result<(), Refusal> {
        self.check()?;
        // Bytes in the buffer lie before the marker: reading stops there.
        let rest = self.data.get(self.at..).unwrap_or_default();
        let ones = rest.iter().take_while(|&&byte| byte == 0xff).count();
        match rest.get(ones) {
            Some(marker::RST0..=marker::RST7) if ones > 0 => {
                *self = Self { at: self.at + ones + 1, ..Self::new(self.data) };
                Ok(())
            }
            _ => Err(Refusal::broken("a restart marker is missing")),
        }
    }
}

/// A magnitude of `count` bits with its sign (T.81, F.2.2.1, EXTEND).
#[inline]
pub(super) fn extend(magnitude: u32, count: u32) -> i32 {
    let below = if magnitude < 1 << count >> 1 { (1 << count) - 1 } else { 0 };
    magnitude.cast_signed() - below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_zeros_are_taken_out() {
        let mut bits = Bits::new(&[0x12, 0xff, 0x00, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xff, 0xd9]);
        let mut read = || {
            bits.refill();
            bits.number(8)
        };
        assert_eq!([(); 8].map(|()| read()), [0x12, 0xff, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0]);
        assert_eq!(bits.check(), Err(Refusal::truncated()));
    }

    #[test]
    fn padding_before_a_marker_is_no_truncation() {
        let mut bits = Bits::new(&[0b1010_1111, 0xff, 0xd0, 0b1100_0000, 0xff, 0xd9]);
        bits.refill();
        assert_eq!(bits.number(4), 0b1010);
        assert_eq!(bits.restart(), Ok(()));
        bits.refill();
        assert_eq!(bits.number(2), 0b11);
        assert_eq!(bits.check(), Ok(()));
        assert!(bits.restart().is_err());
    }

    #[test]
    fn magnitudes_have_signs() {
        let mut bits = Bits::new(&[0b0100_0110, 0b1100_0000]);
        bits.refill();
        assert_eq!([1, 1, 2, 2, 2, 2].map(|count| bits.signed(count)), [-1, 1, -3, -2, 2, 3]);
    }
}
