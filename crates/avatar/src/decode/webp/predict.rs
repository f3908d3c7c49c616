//! Prediction from the samples above and to the left (RFC 6386, section 12), and what is added to it.

use super::modes::{Part, Whole};
use super::transform::Residue;

/// Where the samples of a macroblock start in a row of its [`Canvas`]; before them is the sample to the left, after
/// sixteen of luma are four of those above to the right.
pub(super) const LEFT: usize = 8;

/// The samples of a macroblock with those along its edges: first the row above.
pub(super) type Canvas<const ROWS: usize> = [[u8; 32]; ROWS];

/// A macroblock's worth of luma.
pub(super) type LumaCanvas = Canvas<17>;
/// A macroblock's worth of one colour.
pub(super) type ChromaCanvas = Canvas<9>;

/// Predicts `SIDE` by `SIDE` samples. `above` and `left` say whether there are samples there, which counts for averages.
#[inline]
pub(super) fn whole<const SIDE: usize, const ROWS: usize>(
    canvas: &mut Canvas<ROWS>,
    mode: Whole,
    above: bool,
    left: bool,
) {
    let (edge, rows) = match canvas.split_first_mut() {
        Some((edge, rows)) => (&*edge, rows),
        None => return,
    };
    let corner = edge[LEFT - 1];
    let edge: [u8; SIDE] = std::array::from_fn(|column| edge[LEFT + column]);
    match mode {
        Whole::Average => {
            let sum = |samples: &mut dyn Iterator<Item = u8>| samples.map(u32::from).sum::<u32>();
            let side = SIDE as u32;
            let level = match (above, left) {
                (false, false) => 128,
                (true, false) => (sum(&mut edge.into_iter()) + side / 2) / side,
                (false, true) => (sum(&mut rows.iter().map(|row| row[LEFT - 1])) + side / 2) / side,
                (true, true) => {
                    let both = sum(&mut edge.into_iter()) + sum(&mut rows.iter().map(|row| row[LEFT - 1]));
                    (both + side) / (2 * side)
                }
            };
            for row in rows {
                row[LEFT..LEFT + SIDE].fill(level as u8);
            }
        }
        Whole::Down => {
            for row in rows {
                row[LEFT..LEFT + SIDE].copy_from_slice(&edge);
            }
        }
        Whole::Across => {
            for row in rows {
                let left = row[LEFT - 1];
                row[LEFT..LEFT + SIDE].fill(left);
            }
        }
        Whole::Gradient => {
            for row in rows {
                let slope = i16::from(row[LEFT - 1]) - i16::from(corner);
                for (sample, above) in row[LEFT..LEFT + SIDE].iter_mut().zip(edge) {
                    *sample = (i16::from(above) + slope).clamp(0, 255) as u8;
                }
            }
        }
    }
}

/// Predicts the four by four samples of luma below row `row` of the canvas, from `column` on.
#[inline]
pub(super) fn put(canvas: &mut LumaCanvas, mode: Part, row: usize, column: usize) {
    let mut edge = [0; 13];
    for (to, row) in edge[..4].iter_mut().zip(canvas[row + 1..row + 5].iter().rev()) {
        *to = row[column - 1];
    }
    edge[4..].copy_from_slice(&canvas[row][column - 1..column + 8]);
    for (to, samples) in canvas[row + 1..row + 5].iter_mut().zip(part(mode, &edge)) {
        to[column..column + 4].copy_from_slice(&samples);
    }
}

/// Four by four samples of luma, predicted from what surrounds them from the bottom left to the top right: four to the
/// left, the corner, and eight above.
#[inline]
#[expect(clippy::many_single_char_names, reason = "as in the standard, whose figures this follows")]
fn part(mode: Part, edge: &[u8; 13]) -> [[u8; 4]; 4] {
    // The average of three neighbours, of which the middle one counts twice, and of two.
    let three = |at: usize| {
        let [before, middle, after] = [at - 1, at, at + 1].map(|at| u16::from(edge[at.min(12)]));
        ((before + 2 * middle + after + 2) >> 2) as u8
    };
    let two = |at: usize| ((u16::from(edge[at]) + u16::from(edge[at + 1]) + 1) >> 1) as u8;
    let [.., corner, a, b, c, d, _, _, _, _] = *edge;
    match mode {
        Part::Average => {
            let left = edge[..4].iter().map(|&sample| u16::from(sample)).sum::<u16>();
            let above = [a, b, c, d].map(u16::from).iter().sum::<u16>();
            [[((left + above + 4) >> 3) as u8; 4]; 4]
        }
        Part::Gradient => [3, 2, 1, 0].map(|row| {
            let slope = i16::from(edge[row]) - i16::from(corner);
            [a, b, c, d].map(|above| (i16::from(above) + slope).clamp(0, 255) as u8)
        }),
        Part::Down => [[three(5), three(6), three(7), three(8)]; 4],
        Part::Across => {
            // The lowest one has no neighbour below and counts for it.
            let lowest = ((u16::from(edge[1]) + 3 * u16::from(edge[0]) + 2) >> 2) as u8;
            [[three(3); 4], [three(2); 4], [three(1); 4], [lowest; 4]]
        }
        Part::DownLeft => {
            let [p, q, r, s, t, u] = [6, 7, 8, 9, 10, 11].map(three);
            let v = three(12);
            [[p, q, r, s], [q, r, s, t], [r, s, t, u], [s, t, u, v]]
        }
        Part::DownRight => {
            let [p, q, r, s, t, u, v] = [1, 2, 3, 4, 5, 6, 7].map(three);
            [[s, t, u, v], [r, s, t, u], [q, r, s, t], [p, q, r, s]]
        }
        Part::DownRightSteep => {
            let [first, second] = [[4, 5, 6, 7].map(two), [4, 5, 6, 7].map(three)];
            let ([p, q, r, s], [t, u, v, w]) = (first, second);
            [[p, q, r, s], [t, u, v, w], [three(3), p, q, r], [three(2), t, u, v]]
        }
        Part::DownLeftSteep => {
            let ([p, q, r, s], [t, u, v, w]) = ([5, 6, 7, 8].map(two), [6, 7, 8, 9].map(three));
            [[p, q, r, s], [t, u, v, w], [q, r, s, three(10)], [u, v, w, three(11)]]
        }
        Part::DownRightFlat => {
            let ([p, q, r, s], [t, u, v, w]) = ([0, 1, 2, 3].map(two), [1, 2, 3, 4].map(three));
            [[s, w, three(5), three(6)], [r, v, s, w], [q, u, r, v], [p, t, q, u]]
        }
        Part::UpRight => {
            let lowest = edge[0];
            let last = ((u16::from(edge[1]) + 3 * u16::from(lowest) + 2) >> 2) as u8;
            let ([p, q, r], [t, u]) = ([2, 1, 0].map(two), [2, 1].map(three));
            [[p, t, q, u], [q, u, r, last], [r, last, lowest, lowest], [lowest; 4]]
        }
    }
}

/// Adds to the four by four samples in row `row` of the canvas from `column` on.
#[inline]
pub(super) fn add<const ROWS: usize>(canvas: &mut Canvas<ROWS>, row: usize, column: usize, residue: &Residue) {
    for (samples, residue) in canvas[row..row + 4].iter_mut().zip(residue) {
        for (sample, &residue) in samples[column..column + 4].iter_mut().zip(residue) {
            *sample = i16::from(*sample).saturating_add(residue).clamp(0, 255) as u8;
        }
    }
}
