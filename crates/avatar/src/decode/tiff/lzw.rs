//! The LZW of TIFF 6.0, section 13: codes of 9 to 12 bits, highest bits first, that grow one code early.
//!
//! Each code stands for a text that is in the output already, so that it is kept as a place in there, and up to six bytes
//! as they are: a photograph has hardly any longer ones. Nothing is walked through byte by byte.

#![expect(clippy::inline_always, reason = "a call would keep the bits in memory, where each look waits for the last")]

use crate::Refusal;

/// Empties the table; every strip begins with it.
const CLEAR: usize = 256;
const END: usize = 257;
/// The first code that stands for more than one byte.
const FIRST: usize = 258;
const CODES: usize = 4096;
const NARROWEST: u32 = 9;
const WIDEST: u32 = 12;

/// How much is copied at once.
const STRIDE: usize = 16;

/// How much longer the output has to be than what is wanted, in bytes: that much may be written behind it.
pub(super) const ROOM: usize = STRIDE;

/// The table of a decoder, which is used again for each strip.
pub(super) struct Lzw {
    texts: Box<[Text; CODES]>,
}

impl Lzw {
    #[expect(clippy::large_stack_arrays, reason = "32 KiB, for as long as it takes to put them into the box")]
    pub(super) fn new() -> Self {
        let mut texts = Box::new([Text::NONE; CODES]);
        for (byte, text) in (0..=u8::MAX).zip(texts.iter_mut()) {
            *text = Text::of(byte);
        }
        Self { texts }
    }

    /// Fills `out`, but for its last [`ROOM`] bytes, with what `data` stands for. What follows in there is not looked at;
    /// refused is what has fewer bytes, or a code that stands for nothing.
    pub(super) fn decode(&mut self, data: &[u8], out: &mut [u8]) -> Result<(), Refusal> {
        let length = out.len() - ROOM;
        let mut bits = Bits { data, buffer: 0, held: 0 };
        let mut at = 0;
        // Older files, of which the bits come in another order, begin with something else.
        if bits.code::<NARROWEST>() != Some(CLEAR) {
            return Err(Refusal::broken("LZW data that does not begin with a clear code"));
        }
        while at < length {
            at = self.run(&mut bits, out, at, length)?;
        }
        Ok(())
    }

    /// Decodes to the next clear code, or to the end of what is wanted, from `at` on. Answers how far it came.
    fn run(&mut self, bits: &mut Bits, out: &mut [u8], at: usize, end: usize) -> Result<usize, Refusal> {
        let code = bits.code::<NARROWEST>().ok_or_else(Refusal::truncated)?;
        let last = match code {
            0..CLEAR => self.texts[code],
            CLEAR => return Ok(at),
            END => return Err(Refusal::truncated()),
            _ => return Err(unknown()),
        };
        out[at] = last.first();
        let mut run = Run { last, last_at: at, next: FIRST, at: at + 1, end };
        // A width that is known when this is compiled makes it twice as quick.
        let _ = self.codes::<9>(bits, out, &mut run)?
            && self.codes::<10>(bits, out, &mut run)?
            && self.codes::<11>(bits, out, &mut run)?
            && self.codes::<WIDEST>(bits, out, &mut run)?;
        Ok(run.at)
    }

    /// Decodes codes of `WIDTH` bits. Answers whether wider ones follow.
    fn codes<const WIDTH: u32>(&mut self, bits: &mut Bits, out: &mut [u8], run: &mut Run) -> Result<bool, Refusal> {
        let Run { mut last, mut last_at, mut next, mut at, end } = *run;
        let mut is_over = false;
        while at < end && (WIDTH == WIDEST || next + 1 < 1 << WIDTH) {
            let code = bits.code::<WIDTH>().ok_or_else(Refusal::truncated)?;
            let mut text = self.texts[code % CODES];
            if code >= next || text.length() == 0 {
                match code {
                    CLEAR => {
                        is_over = true;
                        break;
                    }
                    END => return Err(Refusal::truncated()),
                    _ if code > next => return Err(unknown()),
                    // The code that is about to be made: the text before, and its first byte once more.
                    _ => {
                        out[at] = last.first();
                        text = last.longer(last_at, last.first());
                    }
                }
            }
            text.put(out, at, end);
            if next < CODES {
                self.texts[next] = last.longer(last_at, text.first());
                next += 1;
            }
            (last, last_at) = (text, at);
            at += text.length();
        }
        *run = Run { last, last_at, next, at, end };
        Ok(!is_over && at < end)
    }
}

/// Where a run of codes has come to.
struct Run {
    /// The text that was written last, and where.
    last: Text,
    last_at: usize,
    /// The code that is made next; as many as there can be when the table is full.
    next: usize,
    at: usize,
    end: usize,
}

fn unknown() -> Refusal {
    Refusal::broken("an LZW code that stands for nothing")
}

/// What a code stands for, in one word: the length in the highest 16 bits; below, the text itself where it is short, or its
/// first byte and, from bit 16 on, where it is in the output.
#[derive(Clone, Copy)]
struct Text(u64);

impl Text {
    const NONE: Self = Self(0);
    /// The longest text that is kept as it is.
    const SHORT: usize = 6;
    const LENGTH: u32 = 48;

    fn of(byte: u8) -> Self {
        Self(1 << Self::LENGTH | u64::from(byte))
    }

    fn length(self) -> usize {
        (self.0 >> Self::LENGTH) as usize
    }

    fn first(self) -> u8 {
        self.0 as u8
    }

    /// This text, which is at `at`, and the byte after it. No longer than there are codes, and in the first 4 GiB.
    fn longer(self, at: usize, byte: u8) -> Self {
        let length = self.length();
        if length < Self::SHORT {
            return Self((self.0 + (1 << Self::LENGTH)) | u64::from(byte) << (8 * length));
        }
        Self((length as u64 + 1) << Self::LENGTH | (at as u64) << 16 | u64::from(self.first()))
    }

    /// Writes it, and something behind it that does not matter.
    #[inline(always)]
    fn put(self, out: &mut [u8], at: usize, end: usize) {
        let length = self.length();
        if length <= Self::SHORT {
            out[at..at + 8].copy_from_slice(&self.0.to_le_bytes());
            return;
        }
        let from = (self.0 >> 16) as u32 as usize;
        let length = length.min(end - at);
        for done in (0..length).step_by(STRIDE) {
            let stride: [u8; STRIDE] = std::array::from_fn(|index| out[from + done + index]);
            out[at + done..at + done + STRIDE].copy_from_slice(&stride);
        }
    }
}

/// Codes, highest bits first.
struct Bits<'a> {
    data: &'a [u8],
    /// What was taken of `data` and not given, from the highest bit on.
    buffer: u64,
    held: u32,
}

impl Bits<'_> {
    /// The next code; none where there are fewer bits.
    #[inline(always)]
    fn code<const WIDTH: u32>(&mut self) -> Option<usize> {
        if self.held < WIDTH {
            self.fill();
            if self.held < WIDTH {
                return None;
            }
        }
        let code = self.buffer >> (64 - WIDTH);
        self.buffer <<= WIDTH;
        self.held -= WIDTH;
        Some(code as usize)
    }

    #[inline]
    fn fill(&mut self) {
        if let Some(word) = self.data.first_chunk() {
            // As many whole bytes as there is room for. The bits of the next one come in too, and again with it.
            self.buffer |= u64::from_be_bytes(*word) >> self.held;
            let taken = (63 - self.held) / 8;
            self.data = &self.data[taken as usize..];
            self.held += 8 * taken;
            return;
        }
        while self.held <= 56
            && let Some((&byte, rest)) = self.data.split_first()
        {
            self.buffer |= u64::from(byte) << (56 - self.held);
            self.held += 8;
            self.data = rest;
        }
    }
}

#[cfg(test)]
mod tests;
