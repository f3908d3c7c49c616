//! From rows of a picture to linear light at a fraction of its size, keeping only the part that is wanted.
//!
//! Averaging whole blocks of pixels costs next to nothing for each, which the many taps of a Lanczos filter do not. It
//! stops at three times the size that is wanted, so that the filter still decides what the result looks like.

use std::ops::Range;

use crate::colour::Colour;
use crate::narrow::Narrower;
use crate::region::Region;
use crate::samples::{Samples, Shape};
use crate::{Linear, Refusal};

/// The part of a stored picture that is wanted and the size it is wanted in, both before orientation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) region: Region,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl View {
    /// How many stored pixels go into one wanted pixel, along the tighter side.
    pub(crate) fn reduction(&self) -> f64 {
        (self.region.width / f64::from(self.width)).min(self.region.height / f64::from(self.height))
    }

    /// The same view of a picture that was decoded `scale` times smaller.
    pub(crate) fn of_scaled(self, scale: u32) -> Self {
        Self { region: self.region.shrunk(scale.into()), ..self }
    }
}

/// How many decoded pixels a decoder that can scale keeps for one wanted pixel, at least.
pub(crate) const KEPT: f64 = 2.0;

/// How many blocks are kept for one wanted pixel, at least. Measured on a grainy photograph against Lanczos alone: 2 give
/// 53.4 dB, 3 give 56.1 dB. A little less than three, so that pictures of twelve megapixels, which most telephones take
/// and of which 2.93 blocks are kept, are among those that a quarter of the work is enough for.
const KEPT_BY_BLOCKS: f64 = 2.75;

/// The most blocks a picture becomes, whatever the size that is wanted: of light with alpha at most 80 MB are kept then.
const MOST_KEPT: f64 = 10e6;

/// Blocks no larger than this: a block's sum of 16-bit samples has to fit 32 bits.
const LARGEST_BLOCK: f64 = 128.0;

/// Reach of the Lanczos filter in wanted pixels: that much beyond the edge of the view takes part in it.
const REACH: f64 = 3.0;

/// Light of the wanted part at the wanted width, and where in it the view lies.
pub(crate) struct Reduced {
    pub(crate) light: Linear,
    pub(crate) view: View,
    pub(crate) colour: Colour,
}

/// Takes rows and averages them into blocks.
pub(crate) struct Reducer {
    shape: Shape,
    view: View,
    colour: Colour,
    block: usize,
    columns: Range<usize>,
    rows: Range<usize>,
    /// Where in the blocks the view lies.
    region: Region,
    next_row: usize,
    row: Vec<u16>,
    sums: Vec<u32>,
    light: Narrower,
}

impl Reducer {
    pub(crate) fn new(shape: Shape, view: View, profile: Option<&[u8]>) -> Self {
        let needed = (view.region.width * view.region.height / MOST_KEPT).sqrt().ceil();
        let block = (view.reduction() / KEPT_BY_BLOCKS).floor().max(needed).clamp(1.0, LARGEST_BLOCK);
        let span = |start: f64, length: f64, wanted: u32, limit: u32| {
            let margin = REACH * (length / f64::from(wanted)).max(1.0) + block;
            let end = (start + length + margin).ceil().min(f64::from(limit)) as usize;
            (start - margin).floor().max(0.0) as usize..end
        };
        let columns = span(view.region.x, view.region.width, view.width, shape.width);
        let rows = span(view.region.y, view.region.height, view.height, shape.height);
        let colour = Colour::new(shape, profile);
        let block = block as usize;
        let wide = columns.len().div_ceil(block) * colour.channels();
        let region =
            Region { x: view.region.x - columns.start as f64, y: view.region.y - rows.start as f64, ..view.region };
        let region = region.shrunk(block as f64);
        let size = (columns.len().div_ceil(block), rows.len().div_ceil(block));
        let light = Narrower::new(size, colour.channels(), (region.x, region.width), view.width);
        let sums = if block == 1 { Vec::new() } else { vec![0; wide] };
        let next_row = rows.start;
        Self { shape, view, colour, block, columns, rows, region, next_row, row: Vec::new(), sums, light }
    }

    /// The rows to [`push`](Self::push), in order; the others need not be decoded.
    pub(crate) fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    /// The columns that are looked at; the rest of a row may be anything.
    pub(crate) fn columns(&self) -> Range<usize> {
        self.columns.clone()
    }

    /// Takes the next row, in full width.
    pub(crate) fn push(&mut self, samples: Samples) -> Result<(), Refusal> {
        let channels = self.shape.layout.channels();
        let span = self.columns.start * channels..self.columns.end * channels;
        let samples = match samples {
            Samples::Eight(row) => row.get(span).map(Samples::Eight),
            Samples::Sixteen(row) => row.get(span).map(Samples::Sixteen),
        };
        let samples = samples.ok_or_else(|| Refusal::broken("a row is too short"))?;
        self.colour.linearise(samples, &mut self.row)?;
        self.add()
    }

    /// The light of each sample of red, green and blue, for a decoder that averages it on its own.
    pub(crate) fn curves(&self) -> Option<[&[u16; 256]; 3]> {
        self.colour.curves()
    }

    /// Takes the light of the columns that are looked at in the next row, as [`curves`](Self::curves) tells it.
    pub(crate) fn push_light(&mut self, light: &[u16]) -> Result<(), Refusal> {
        if light.len() != self.columns.len() * self.colour.channels() {
            return Err(Refusal::broken("a row is too short"));
        }
        if self.block == 1 {
            // As it is, without a copy in between.
            self.light.row().extend_from_slice(light);
            self.next_row += 1;
            return self.light.end_row();
        }
        self.row.clear();
        self.row.extend_from_slice(light);
        self.add()
    }

    /// Adds the row to its blocks.
    fn add(&mut self) -> Result<(), Refusal> {
        self.next_row += 1;
        if self.block == 1 {
            self.light.row().extend_from_slice(&self.row);
            return self.light.end_row();
        }
        match self.colour.channels() {
            4 => add_blocks::<4>(&mut self.sums, &self.row, self.block),
            _ => add_blocks::<3>(&mut self.sums, &self.row, self.block),
        }
        let taken = self.next_row - self.rows.start;
        if taken.is_multiple_of(self.block) || self.next_row == self.rows.end {
            self.flush((taken - 1) % self.block + 1)?;
        }
        Ok(())
    }

    /// Turns the sums of `rows` rows into one row of averages.
    fn flush(&mut self, rows: usize) -> Result<(), Refusal> {
        let last = (self.columns.len() - 1) % self.block + 1;
        let (whole, end) = self.sums.split_at(self.sums.len() - self.colour.channels());
        for (sums, columns) in [(whole, self.block), (end, last)] {
            let mean = Mean::over(rows * columns);
            self.light.row().extend(sums.iter().map(|sum| mean.of(*sum)));
        }
        self.sums.fill(0);
        self.light.end_row()
    }

    /// The light of all rows; fails where some are missing.
    pub(crate) fn finish(self) -> Result<Reduced, Refusal> {
        if self.next_row != self.rows.end {
            return Err(Refusal::truncated());
        }
        let width = self.view.width;
        let light = Linear {
            width,
            height: self.rows.len().div_ceil(self.block) as u32,
            channels: self.colour.channels(),
            samples: self.light.finish()?,
        };
        let region = Region { x: 0.0, width: width.into(), ..self.region };
        Ok(Reduced { light, view: View { region, ..self.view }, colour: self.colour })
    }
}

/// The rounded mean of so many 16-bit samples, by their sum.
///
/// Multiplies by the reciprocal in 46 binary places, rounded up, which takes a fraction of the time of a division and gives the
/// same: sums are below 2^31, so the quotient is too large by less than 2^-15, and of at most 2^14 samples at least 2^-14 is
/// missing to the next whole number.
#[derive(Clone, Copy)]
struct Mean {
    half: u32,
    reciprocal: u64,
}

impl Mean {
    fn over(samples: usize) -> Self {
        let samples = samples as u32;
        Self { half: samples / 2, reciprocal: (1 << 46) / u64::from(samples) + 1 }
    }

    fn of(self, sum: u32) -> u16 {
        ((u64::from(sum + self.half) * self.reciprocal) >> 46) as u16
    }
}

/// Adds each run of `block` pixels of `row` to one pixel of `sums`.
fn add_blocks<const CHANNELS: usize>(sums: &mut [u32], row: &[u16], block: usize) {
    let sums = sums.as_chunks_mut::<CHANNELS>().0;
    let row = row.as_chunks::<CHANNELS>().0;
    // Pictures of twelve megapixels, for which a loop of two rounds costs more than what is in it.
    let (pairs, row) = if block == 2 { row.as_chunks::<2>() } else { (&[][..], row) };
    let mut sums = sums.iter_mut();
    for ([one, other], sum) in pairs.iter().zip(sums.by_ref()) {
        for ((sum, one), other) in sum.iter_mut().zip(one).zip(other) {
            *sum += u32::from(*one) + u32::from(*other);
        }
    }
    for (sum, pixels) in sums.zip(row.chunks(block)) {
        for pixel in pixels {
            for (sum, &sample) in sum.iter_mut().zip(pixel) {
                *sum += u32::from(sample);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of every number of samples a block can have, at both sides of each of some steps, and at the ends.
    #[test]
    fn a_mean_is_what_a_division_makes_it() {
        for samples in 1..=(LARGEST_BLOCK * LARGEST_BLOCK) as u32 {
            let mean = Mean::over(samples as usize);
            let largest = samples * u32::from(u16::MAX);
            let steps = (0..=u16::MAX).step_by(257).map(|value| u32::from(value) * samples + samples / 2);
            for sum in steps.flat_map(|step| [step.saturating_sub(1), step, step + 1]).chain([0, largest]) {
                let sum = sum.min(largest);
                assert_eq!(u32::from(mean.of(sum)), (sum + samples / 2) / samples, "{sum} / {samples}");
            }
        }
    }

    /// Rows that end with a block, and within one.
    #[test]
    fn each_sample_is_added_to_the_block_it_lies_in() {
        for (block, pixels) in [(2_usize, 8_usize), (2, 9), (2, 1), (3, 9), (3, 10)] {
            let row: Vec<u16> = (0..pixels * 3).map(|index| 1 + index as u16).collect();
            let mut sums = vec![5; pixels.div_ceil(block) * 3];
            add_blocks::<3>(&mut sums, &row, block);
            for (index, sum) in sums.into_iter().enumerate() {
                let (column, channel) = (index / 3, index % 3);
                let inside = row.iter().skip(channel).step_by(3).skip(column * block).take(block);
                assert_eq!(sum, 5 + inside.map(|&sample| u32::from(sample)).sum::<u32>(), "{index} of {pixels}");
            }
        }
    }
}
