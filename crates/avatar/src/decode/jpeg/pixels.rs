//! From planes to rows of pixels: interpolation of coarse components and the colour transforms (ITU-T T.871, clause 7).

use std::ops::Range;

use super::frame::{Frame, Plane};
use crate::header::Ink;

/// Makes rows of the scaled picture.
pub(super) struct Rows<'a> {
    frame: &'a Frame,
    ink: Ink,
    columns: Range<usize>,
    /// One line of each component.
    lines: Vec<Vec<u8>>,
    row: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// Rows that are `wide` pixels long, of which `columns` are filled in.
    pub(super) fn new(frame: &'a Frame, ink: Ink, columns: Range<usize>, wide: usize) -> Self {
        let lines = vec![vec![0; columns.len()]; ink.components()];
        Self { frame, ink, row: vec![0; wide * ink.components()], columns, lines }
    }

    /// The row at `y`.
    pub(super) fn row(&mut self, y: usize) -> &[u8] {
        for (line, component) in self.lines.iter_mut().zip(&self.frame.components) {
            component.plane.line(y, self.columns.start, line);
        }
        let channels = self.ink.components();
        let row = &mut self.row[self.columns.start * channels..self.columns.end * channels];
        match (self.ink, &self.lines[..]) {
            (Ink::YCbCr, [luma, blue, red]) => {
                for (((pixel, &luma), &blue), &red) in row.as_chunks_mut().0.iter_mut().zip(luma).zip(blue).zip(red) {
                    *pixel = rgb(luma, blue, red);
                }
            }
            (Ink::Ycck, [luma, blue, red, black]) => {
                let lines = luma.iter().zip(blue).zip(red).zip(black);
                for (pixel, (((&luma, &blue), &red), &black)) in row.as_chunks_mut().0.iter_mut().zip(lines) {
                    // Inverted twice, once by the transform and once by Adobe, except for black.
                    let [cyan, magenta, yellow] = rgb(luma, blue, red);
                    *pixel = [cyan, magenta, yellow, 255 - black];
                }
            }
            (ink, lines) => {
                let flip = if matches!(ink, Ink::Cmyk { inverted: true }) { 0xff } else { 0 };
                for (channel, line) in lines.iter().enumerate() {
                    for (sample, &from) in row[channel..].iter_mut().step_by(channels).zip(line) {
                        *sample = from ^ flip;
                    }
                }
            }
        }
        &self.row
    }
}

impl Plane {
    /// The samples for row `y` of the scaled picture from column `x` on.
    fn line(&self, y: usize, x: usize, line: &mut [u8]) {
        let (across, down) = self.shared;
        let (left, top) = (self.window.0.start * self.block.0, self.window.1.start * self.block.1);
        let row_at = |row: usize| &self.samples[(row - top) * self.wide..][..self.wide];
        let (near, far, weight) = between(y, down, self.limits.1);
        let (near, far) = (row_at(near), row_at(far));
        if across == 1 && down == 1 {
            line.copy_from_slice(&near[x - left..][..line.len()]);
            return;
        }
        // Exact in sixteen bits: the weights of each direction sum to twice its step, which is eight at most.
        let blend = |one: u8, two: u8, weight: usize, step: usize| {
            u16::from(one) * (2 * step - weight) as u16 + u16::from(two) * weight as u16
        };
        let shift = (4 * across * down).trailing_zeros();
        for (index, sample) in line.iter_mut().enumerate() {
            let (one, two, aside) = between(x + index, across, self.limits.0);
            let above = u32::from(blend(near[one - left], far[one - left], weight, down));
            let beside = u32::from(blend(near[two - left], far[two - left], weight, down));
            let sum = above * (2 * across - aside) as u32 + beside * aside as u32;
            *sample = ((sum + (1 << shift >> 1)) >> shift) as u8;
        }
    }
}

/// The two samples between whose middles pixel `at` lies where `step` pixels share a sample, and the weight of the
/// second in parts of `2 * step`.
fn between(at: usize, step: usize, limit: usize) -> (usize, usize, usize) {
    if step == 1 {
        return (at, at, 0);
    }
    let Some(place) = (2 * at + 1).checked_sub(step) else { return (0, 0, 0) };
    let first = (place / (2 * step)).min(limit - 1);
    (first, (first + 1).min(limit - 1), place % (2 * step))
}

/// Sixteen-bit fixed point.
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16 | 0x8000, i32::from(cb) - 128, i32::from(cr) - 128);
    [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb].map(|sum| (sum >> 16).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_standard() {
        for (y, cb, cr) in [(0, 0, 0), (255, 255, 255), (76, 85, 255), (149, 44, 21), (29, 255, 107), (128, 128, 128)] {
            let (fy, fcb, fcr) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
            let exact = [fy + 1.402 * fcr, fy - 0.344_136_286 * fcb - 0.714_136_286 * fcr, fy + 1.772 * fcb];
            for (sample, exact) in rgb(y, cb, cr).into_iter().zip(exact) {
                assert!((f64::from(sample) - exact.clamp(0.0, 255.0)).abs() <= 0.51, "{y} {cb} {cr}");
            }
        }
    }

    #[test]
    fn pixels_lie_between_the_middles_of_samples() {
        assert_eq!([0, 1, 2, 3].map(|at| between(at, 2, 2)), [(0, 0, 0), (0, 1, 1), (0, 1, 3), (1, 1, 1)]);
        assert_eq!(between(5, 1, 9), (5, 5, 0));
    }
}
