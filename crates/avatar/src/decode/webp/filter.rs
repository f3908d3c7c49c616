//! Smoothing of the edges between blocks (RFC 6386, section 15).

use super::header::Filter;

/// How the edges of one macroblock are smoothed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Smoothing {
    level: u8,
    /// The largest step between samples on one side of an edge that is smoothed.
    interior: u8,
    /// Steps that are larger tell of an edge that is meant.
    meant: u8,
    is_simple: bool,
    /// Whether edges within the macroblock are smoothed as well.
    has_inner: bool,
}

/// Where an edge is: `count` places from `at` on, `along` apart, and the samples across it are `across` apart.
#[derive(Clone, Copy)]
struct Edge {
    at: usize,
    along: usize,
    across: usize,
    count: usize,
}

impl Smoothing {
    pub(super) fn new(filter: &Filter, segment: usize, is_in_parts: bool, has_inner: bool) -> Self {
        let level = filter.levels[segment][usize::from(is_in_parts)];
        let mut interior = level;
        if filter.sharpness > 0 {
            interior >>= if filter.sharpness > 4 { 2 } else { 1 };
            interior = interior.min(9 - filter.sharpness);
        }
        let meant = u8::from(level >= 15) + u8::from(level >= 40);
        Self { level, interior: interior.max(1), meant, is_simple: filter.is_simple, has_inner }
    }

    /// Smooths the macroblock of `side` by `side` samples whose first is at `at` in rows that are `wide` samples apart:
    /// its left edge and those within, then its upper edge and those within. `above` and `left` say whether there is a
    /// macroblock.
    pub(super) fn apply(self, samples: &mut [u8], at: usize, wide: usize, side: usize, (above, left): (bool, bool)) {
        if self.level == 0 {
            return;
        }
        for (along, across, is_outer_smoothed) in [(wide, 1, left), (1, wide, above)] {
            if is_outer_smoothed {
                self.smooth(samples, Edge { at, along, across, count: side }, true);
            }
            if self.has_inner {
                for inner in (4..side).step_by(4) {
                    self.smooth(samples, Edge { at: at + inner * across, along, across, count: side }, false);
                }
            }
        }
    }

    fn smooth(self, samples: &mut [u8], edge: Edge, is_outer: bool) {
        let limit = 2 * (u16::from(self.level) + if is_outer { 2 } else { 0 }) + u16::from(self.interior);
        for place in 0..edge.count {
            let first = edge.at + place * edge.along - 4 * edge.across;
            let mut line: [u8; 8] = std::array::from_fn(|index| samples[first + index * edge.across]);
            if self.line(&mut line, limit, is_outer) {
                for (index, sample) in line.into_iter().enumerate() {
                    samples[first + index * edge.across] = sample;
                }
            }
        }
    }

    /// Smooths the eight samples across an edge, and says whether it did.
    fn line(self, line: &mut [u8; 8], limit: u16, is_outer: bool) -> bool {
        let step = |one: usize, two: usize| line[one].abs_diff(line[two]);
        if 2 * u16::from(step(3, 4)) + u16::from(step(2, 5) / 2) > limit {
            return false;
        }
        if self.is_simple {
            middle(line, true);
            return true;
        }
        if [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7)].into_iter().any(|(one, two)| step(one, two) > self.interior)
        {
            return false;
        }
        let is_meant = step(2, 3) > self.meant || step(4, 5) > self.meant;
        if is_meant {
            middle(line, true);
        } else if is_outer {
            let [_, _, before, last, first, after, _, _] = line.map(signed);
            let weight = clamped(clamped(before - after) + 3 * (first - last));
            for (distance, part) in [(0, 27), (1, 18), (2, 9)] {
                shift(line, distance, clamped((part * weight + 63) >> 7));
            }
        } else {
            let change = middle(line, false);
            shift(line, 1, (change + 1) >> 1);
        }
        true
    }
}

/// Brings the two samples beside an edge closer together, and says by how much.
fn middle(line: &mut [u8; 8], with_neighbours: bool) -> i32 {
    let [_, _, before, last, first, after, _, _] = line.map(signed);
    let outer = if with_neighbours { clamped(before - after) } else { 0 };
    let change = clamped(outer + 3 * (first - last));
    let (up, down) = (clamped(change + 3) >> 3, clamped(change + 4) >> 3);
    line[3] = unsigned(last + up);
    line[4] = unsigned(first - down);
    down
}

/// Moves the samples at a distance from an edge towards each other.
fn shift(line: &mut [u8; 8], distance: usize, change: i32) {
    line[3 - distance] = unsigned(signed(line[3 - distance]) + change);
    line[4 + distance] = unsigned(signed(line[4 + distance]) - change);
}

fn signed(sample: u8) -> i32 {
    i32::from(sample) - 128
}

fn unsigned(value: i32) -> u8 {
    (clamped(value) + 128) as u8
}

fn clamped(value: i32) -> i32 {
    value.clamp(-128, 127)
}
