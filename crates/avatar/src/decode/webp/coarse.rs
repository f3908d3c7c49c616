//! Half of the size: the colours are stored at it, luma is averaged to it.

use std::ops::Range;
use std::sync::LazyLock;

use super::colour;
use super::header::Frame;
use super::macroblocks::Macroblock;
use super::predict::{LEFT, LumaCanvas};
use crate::light::{light_of, sixteen_bits};

/// A row of macroblocks as eight rows of pixels.
pub(super) struct Coarse {
    /// Width and height of the picture.
    size: (usize, usize),
    /// Width of the rows in whole macroblocks.
    wide: usize,
    columns: Range<usize>,
    luma: Vec<u8>,
    chroma: [Vec<u8>; 2],
    pixels: Vec<u8>,
    light: &'static Light,
}

impl Coarse {
    /// Bytes for a frame that is `width` pixels wide.
    pub(super) fn bytes(width: usize) -> usize {
        width.div_ceil(16) * 8 * (3 * 8 + 3)
    }

    /// Rows of which `columns` are filled in.
    pub(super) fn new(frame: &Frame, columns: Range<usize>) -> Self {
        let wide = frame.width.div_ceil(16) * 8;
        let plane = || vec![0; wide * 8];
        Self {
            size: (frame.width, frame.height),
            wide,
            columns,
            luma: plane(),
            chroma: [plane(), plane()],
            pixels: vec![0; 3 * wide],
            light: &LIGHT,
        }
    }

    pub(super) fn take(&mut self, macroblock: &Macroblock) {
        let left = macroblock.column * 8;
        if left + 8 <= self.columns.start || left >= self.columns.end {
            return;
        }
        let repaired = self.repaired(macroblock);
        let luma = repaired.as_ref().unwrap_or(macroblock.luma);
        let rows = self.luma.chunks_exact_mut(self.wide).zip(luma[1..].as_chunks().0);
        for (row, [upper, lower]) in rows {
            let (upper, lower) = (&upper[LEFT..LEFT + 16], &lower[LEFT..LEFT + 16]);
            let pairs = upper.as_chunks().0.iter().zip(lower.as_chunks().0);
            for (sample, (&[a, b], &[c, d])) in row[left..left + 8].iter_mut().zip(pairs) {
                *sample = self.light.average([a, b, c, d]);
            }
        }
        for (plane, canvas) in self.chroma.iter_mut().zip(macroblock.chroma) {
            for (row, samples) in plane.chunks_exact_mut(self.wide).zip(&canvas[1..]) {
                row[left..left + 8].copy_from_slice(&samples[LEFT..LEFT + 8]);
            }
        }
    }

    /// The luma of a macroblock in which a side of the picture ends at an odd number of samples: what is beyond it, which
    /// may be anything, would count for half of the last pixel.
    fn repaired(&self, macroblock: &Macroblock) -> Option<LumaCanvas> {
        let (across, down) = (self.size.0 - 16 * macroblock.column, self.size.1 - 16 * macroblock.row);
        let ends = |inside: usize| inside < 16 && inside % 2 == 1;
        if !ends(across) && !ends(down) {
            return None;
        }
        let mut luma = *macroblock.luma;
        if ends(across) {
            luma.iter_mut().for_each(|row| row[LEFT + across] = row[LEFT + across - 1]);
        }
        if ends(down) {
            luma[down + 1] = luma[down];
        }
        Some(luma)
    }

    /// One of the eight rows.
    pub(super) fn row(&mut self, y: usize) -> &[u8] {
        let span = y * self.wide + self.columns.start..y * self.wide + self.columns.end;
        let [blue, red] = &self.chroma;
        let pixels = &mut self.pixels[3 * self.columns.start..3 * self.columns.end];
        colour::row(&self.luma[span.clone()], &blue[span.clone()], &red[span], pixels);
        &self.pixels
    }
}

/// Luma as the light it is of a grey, and back: averages of light are right for greys and close for colours, where
/// averages of luma would make fine patterns too dark.
struct Light {
    of_luma: [u16; 256],
    /// By the sum of four lights, in steps of 64.
    luma_of: [u8; 4096],
}

static LIGHT: LazyLock<Light> = LazyLock::new(|| {
    // Studio range: black is 16, white is 235.
    let of_luma = std::array::from_fn(|luma| sixteen_bits(light_of((luma as f64 - 16.0) / 219.0)));
    let mut luma = 16;
    let luma_of = std::array::from_fn(|sum| {
        // The light in the middle of a step, against that half-way to the next luma.
        let light = (sum as f64 + 0.5) / 4096.0;
        while luma < 235 && light_of((f64::from(luma) - 15.5) / 219.0) < light {
            luma += 1;
        }
        luma
    });
    Light { of_luma, luma_of }
});

impl Light {
    #[inline]
    fn average(&self, luma: [u8; 4]) -> u8 {
        let sum = luma.iter().map(|&luma| u32::from(self.of_luma[usize::from(luma)])).sum::<u32>();
        self.luma_of[(sum >> 6) as usize & 0xfff]
    }
}
