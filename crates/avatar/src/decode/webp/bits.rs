//! The arithmetic decoder (RFC 6386, section 7): a bit with a chance that is told with it.

#![expect(clippy::inline_always, reason = "a call would keep the state in memory, where each bit waits for the last")]

use crate::Refusal;

/// The range less one after a bit, by the bit's chance, and by the range before it less 128, with [`ONE`] on top where the
/// bit was a one.
///
/// Looked up because each bit waits for the range that the last one left, which is what the time of a picture goes into:
/// one look takes half as long as multiplying and scaling.
static RANGES: Ranges = Ranges(ranges());
const ONE: u8 = 128;

/// Each half of a row in two lines of the processor's cache.
#[repr(align(128))]
struct Ranges([[u8; 256]; 256]);

/// By how many places a range is too small after a one, and after a zero by the range less one. Were the two tables the
/// same, the compiler would join the ways after the two and ask again which it was, which costs a twentieth of a picture.
static AFTER_ONE: [u8; 256] = shifts(0);
static AFTER_ZERO: [u8; 256] = shifts(1);

#[expect(clippy::large_stack_arrays, reason = "the compiler's stack")]
const fn ranges() -> [[u8; 256]; 256] {
    let mut ranges = [[0; 256]; 256];
    let mut zero = 0;
    while zero < 256 {
        let mut range = 128;
        while range < 256 {
            let split = 1 + (((range - 1) * zero) >> 8);
            let row = &mut ranges[zero];
            row[range - 128] = scaled(split) - 1;
            row[range - 128 + ONE as usize] = scaled(range - split) - 1;
            range += 1;
        }
        zero += 1;
    }
    ranges
}

const fn scaled(range: usize) -> u8 {
    (range as u8) << (range as u8).leading_zeros()
}

const fn shifts(less: u8) -> [u8; 256] {
    let mut shifts = [0; 256];
    let mut range = 1;
    while range < 256 {
        shifts[range - less as usize] = (range as u8).leading_zeros() as u8;
        range += 1;
    }
    shifts
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

    /// Fills the window: with whole bytes, of which the next one may lie in it in part without counting.
    #[cold]
    #[inline(never)]
    fn refilled(mut self) -> Self {
        if let Some(bytes) = self.rest.first_chunk::<8>() {
            self.window |= u64::from_be_bytes(*bytes) >> (self.count & 63);
            self.rest = &self.rest[((63 - (self.count & 63)) / 8) as usize..];
            self.count |= 0b11_1000;
            return self;
        }
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

    /// Makes sure of the eight bits a look takes.
    #[inline(always)]
    fn fill(&mut self) {
        if self.count < 8 {
            *self = self.refilled();
        }
    }

    /// The next bit, which is a zero with a chance of `zero` in 256. For bits of which the processor guesses most.
    #[inline(always)]
    pub(super) fn bit(&mut self, zero: u8) -> bool {
        self.fill();
        let split = (self.range * u32::from(zero)) >> 8;
        let ranges = &RANGES.0[usize::from(zero)];
        let range = (self.range - 127) as u8;
        if (self.window >> 56) as u32 > split {
            let shift = u32::from(AFTER_ONE[(self.range - split) as usize & 0xff]);
            self.window = (self.window - (u64::from(split + 1) << 56)) << shift;
            self.range = u32::from(ranges[usize::from(range | ONE)]);
            self.count = self.count.wrapping_sub(shift);
            true
        } else {
            let shift = u32::from(AFTER_ZERO[split as usize & 0xff]);
            self.range = u32::from(ranges[usize::from(range)]);
            self.window <<= shift;
            self.count = self.count.wrapping_sub(shift);
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
