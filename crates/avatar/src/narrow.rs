//! Rows of light at the width that is wanted.

use crate::Refusal;
use crate::region::Region;
use crate::resize::{Sides, resize_into};

/// How many samples wait to be narrowed: few enough to be at hand still, and enough that the weights of a filter, which are
/// found anew each time, cost little.
const WAITING: usize = 1 << 20;

/// The first half of a resize while rows come, so that no picture is ever kept in its full width: 11 MB less for most, whose
/// pages would take a fortieth of the time.
pub(crate) struct Narrower {
    channels: usize,
    /// How wide rows come, and how wide they are kept.
    width: (u32, u32),
    /// Where in a row that lies which is kept.
    start: f64,
    length: f64,
    waiting: Vec<u16>,
    /// How many samples may wait: those of whole rows.
    most: usize,
    narrow: Vec<u16>,
    /// How many samples are narrow.
    done: usize,
}

impl Narrower {
    /// For rows of a picture of that `size`, of each of which `length` pixels from `start` on become `to` pixels.
    pub(crate) fn new((from, rows): (usize, usize), channels: usize, (start, length): (f64, f64), to: u32) -> Self {
        let row = from * channels;
        // The library takes four rows at a time.
        let most = (WAITING / row).next_multiple_of(4).clamp(4, rows.max(4)) * row;
        Self {
            channels,
            width: (from as u32, to),
            start,
            length,
            waiting: Vec::with_capacity(most),
            most,
            narrow: vec![0; rows * to as usize * channels],
            done: 0,
        }
    }

    /// Where the samples of the next row go, to the end.
    pub(crate) fn row(&mut self) -> &mut Vec<u16> {
        &mut self.waiting
    }

    /// Takes the row that is complete.
    pub(crate) fn end_row(&mut self) -> Result<(), Refusal> {
        if self.waiting.len() < self.most { Ok(()) } else { self.narrow() }
    }

    fn narrow(&mut self) -> Result<(), Refusal> {
        let (from, to) = self.width;
        let rows = self.waiting.len() / (from as usize * self.channels);
        let sides = Sides { from: (from, rows as u32), to: (to, rows as u32) };
        let region = Region { x: self.start, y: 0.0, width: self.length, height: rows as f64 };
        let samples = rows * to as usize * self.channels;
        let into =
            self.narrow.get_mut(self.done..self.done + samples).ok_or_else(|| Refusal::broken("too many rows"))?;
        resize_into(into, &self.waiting, self.channels, sides, region)?;
        self.done += samples;
        self.waiting.clear();
        Ok(())
    }

    /// All rows, narrow.
    pub(crate) fn finish(mut self) -> Result<Vec<u16>, Refusal> {
        if !self.waiting.is_empty() {
            self.narrow()?;
        }
        Ok(self.narrow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Linear;
    use crate::resize::resize;

    /// In three parts, of which the last one is not whole.
    #[test]
    fn rows_narrowed_as_they_come_are_those_of_a_whole_picture() {
        for channels in [3, 4] {
            let (width, height) = (40_000, 19);
            let samples: Vec<u16> = (0..width * height * channels).map(|at| (at * at / 977 % 65_536) as u16).collect();
            let whole = Linear { width: width as u32, height: height as u32, channels, samples };
            let view = Region { x: 1234.5, y: 2.25, width: 34_567.25, height: 14.5 };
            let mut narrower = Narrower::new((width, height), channels, (view.x, view.width), 100);
            for row in whole.samples.chunks(width * channels) {
                narrower.row().extend_from_slice(row);
                narrower.end_row().unwrap();
            }
            assert!(narrower.done > 0 && !narrower.waiting.is_empty());
            let samples = narrower.finish().unwrap();
            let narrow = Linear { width: 100, height: height as u32, channels, samples };
            let across = Region { x: 0.0, width: 100.0, ..view };
            assert_eq!(resize(&narrow, across, 100, 7).unwrap().samples, resize(&whole, view, 100, 7).unwrap().samples);
        }
    }
}
