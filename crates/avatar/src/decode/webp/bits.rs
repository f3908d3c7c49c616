//! The arithmetic decoder (RFC 6386, section 7): a bit with a chance that is told with it.

#![expect(clippy::inline_always, reason = "a call would keep the state in memory, where each bit waits for the last")]

use crate::Refusal;

/// What comes after a zero and after a one.
///
/// Looked up because each bit waits for the range that the last one left, which is what the time of a picture goes into:
/// one look takes half as long as multiplying and scaling. The places are looked up beside it, since what they follow from
/// is multiplied for first: a twentieth of a picture. Both in one entry, or those of both bits, are slower by as much.
static AFTER_ZERO: After = After::bit(false);
static AFTER_ONE: After = After::bit(true);

/// By the chance of a zero and the low seven bits of the range less one.
type ByRange = [[u8; 128]; 256];

/// Each row in two lines of the processor's cache.
#[repr(align(128))]
struct After {
    /// The range less one.
    ranges: ByRange,
    /// By how many places the range was too small.
    places: ByRange,
}

impl After {
    /// After a one, or after a zero.
    #[expect(clippy::large_stack_arrays, reason = "the compiler's stack")]
    const fn bit(one: bool) -> Self {
        let mut after = Self { ranges: [[0; 128]; 256], places: [[0; 128]; 256] };
        let mut zero = 0;
        while zero < 256 {
            let mut range = 128;
            while range < 256 {
                let split = 1 + (((range - 1) * zero) >> 8);
                let left = (if one { range - split } else { split }) as u8;
                let places = left.leading_zeros();
                after.ranges[zero][(range - 1) & 127] = (left << places) - 1;
                after.places[zero][(range - 1) & 127] = places as u8;
                range += 1;
            }
            zero += 1;
        }
        after
    }
}

/// Reads bits. Past the end of the data there are zeros, and [`check`](Self::check) tells whether any of those were used.
///
/// Small and copied on purpose, as in the JPEG decoder: a loop that works on a copy of its own keeps it in registers.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    /// What is not in the window yet.
    rest: &'a [u8],
    /// The value that is compared, in the eight highest bits, and below it the bits that come next.
    window: u64,
    /// How many bits of the window count. Those below are either zeros or the same that will be put there again.
    count: u32,
    /// The range less one: 127 to 254.
    range: u32,
    /// How many bits were made up past the end.
    made_up: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { rest: data, window: 0, count: 0, range: 254, made_up: 0 }
    }

    /// Makes sure of the eight bits a look takes.
    #[inline(always)]
    fn fill(&mut self) {
        if self.count >= 8 {
            return;
        }
        if let Some(bytes) = self.rest.first_chunk::<8>() {
            // Of the last byte some bits fit as well. They do not count: it is read again.
            self.window |= u64::from_be_bytes(*bytes) >> self.count;
            self.rest = &self.rest[7..];
            self.count += 56;
        } else {
            *self = self.filled_by_bytes();
        }
    }

    /// Fills the window near the end of the data.
    #[cold]
    #[inline(never)]
    fn filled_by_bytes(mut self) -> Self {
        while self.count < 56 {
            let byte = if let Some((&byte, rest)) = self.rest.split_first() {
                self.rest = rest;
                byte
            } else {
                self.made_up = self.made_up.saturating_add(8);
                0
            };
            self.window |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        self
    }

    /// The next bit, which is a zero with a chance of `zero` in 256. For bits of which the processor guesses most.
    #[inline(always)]
    pub(super) fn bit(&mut self, zero: u8) -> bool {
        self.fill();
        let split = (self.range * u32::from(zero)) >> 8;
        let (row, at) = (usize::from(zero), (self.range & 127) as usize);
        if (self.window >> 56) as u32 > split {
            self.window -= u64::from(split + 1) << 56;
            self.range = AFTER_ONE.ranges[row][at].into();
            self.shift(AFTER_ONE.places[row][at].into());
            true
        } else {
            self.range = AFTER_ZERO.ranges[row][at].into();
            self.shift(AFTER_ZERO.places[row][at].into());
            false
        }
    }

    /// A bit that may be either and that nobody can guess, so that there is no branch for it: all ones or all zeros.
    ///
    /// Not for the first bit of all: no later one finds the range at its largest, which cannot be halved.
    #[inline(always)]
    pub(super) fn sign(&mut self) -> i32 {
        self.fill();
        let split = self.range >> 1;
        let bit = -i32::from((self.window >> 56) as u32 > split);
        self.window -= u64::from(split + 1) << 56 & i64::from(bit).cast_unsigned();
        // Half of the range and then twice that, where halves differ by one.
        self.range = self.range.wrapping_add_signed(bit) | 1;
        self.shift(1);
        bit
    }

    #[inline(always)]
    fn shift(&mut self, places: u32) {
        self.window <<= places;
        // Never below zero where callers refill as they are asked to.
        self.count = self.count.wrapping_sub(places);
    }

    /// A bit that may be either.
    pub(super) fn even(&mut self) -> bool {
        self.bit(128)
    }

    /// A number of `count` bits, highest first, none of them likelier than the other.
    pub(super) fn number(&mut self, count: u32) -> u32 {
        (0..count).fold(0, |number, _| number << 1 | u32::from(self.even()))
    }

    /// A number of `count` bits and its sign, or zero, by a flag that says which.
    pub(super) fn optional(&mut self, count: u32) -> i32 {
        if !self.even() {
            return 0;
        }
        let number = self.number(count).cast_signed();
        if self.even() { -number } else { number }
    }

    /// Fails where bits past the end were used.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.made_up > self.count { Err(Refusal::truncated()) } else { Ok(()) }
    }
}
