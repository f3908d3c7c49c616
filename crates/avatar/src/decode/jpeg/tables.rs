//! Tables that segments define and scans use (ITU-T T.81, B.2.4).

use super::huffman::Huffman;
use super::idct::norm;
use crate::Refusal;
use crate::cursor::Cursor;

/// Row and column of the coefficients in the order they are coded (T.81, figure A.6), and past the last of them the
/// last again, where a run that is too long ends up.
pub(super) const ZIGZAG: [u8; 128] = {
    let mut order = [63; 128];
    let (mut row, mut column) = (0_u8, 0_u8);
    let mut k = 0;
    while k < 64 {
        order[k] = row * 8 + column;
        let up = (row + column).is_multiple_of(2);
        if up {
            if column == 7 {
                row += 1;
            } else {
                column += 1;
                row = row.saturating_sub(1);
            }
        } else if row == 7 {
            column += 1;
        } else {
            row += 1;
            column = column.saturating_sub(1);
        }
        k += 1;
    }
    order
};

/// What the segments so far have defined.
#[derive(Default)]
pub(super) struct Tables {
    /// Steps of quantisation in coded order, times [`norm`] of row and column.
    steps: [Option<Box<[f32; 64]>>; 4],
    dc: [Option<Huffman>; 4],
    ac: [Option<Huffman>; 4],
    /// Units between restart markers; zero for none.
    pub(super) restart: usize,
}

impl Tables {
    /// Reads a DQT segment.
    pub(super) fn define_steps(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let mut body = Cursor::new(body);
        while !body.rest.is_empty() {
            let kind = body.byte()?;
            let mut steps = Box::new([0.0; 64]);
            for (step, &place) in steps.iter_mut().zip(&ZIGZAG) {
                let step_of = if kind >> 4 == 0 { body.byte()?.into() } else { body.u16_be()? };
                let (row, column) = (usize::from(place / 8), usize::from(place % 8));
                *step = f32::from(step_of) * norm(row) * norm(column);
            }
            *self.steps.get_mut(usize::from(kind & 15)).ok_or_else(|| Refusal::broken("a table's number"))? =
                Some(steps);
        }
        Ok(())
    }

    /// Reads a DHT segment.
    pub(super) fn define_codes(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let mut body = Cursor::new(body);
        while !body.rest.is_empty() {
            let kind = body.byte()?;
            let counts: [u8; 16] = body.array()?;
            let symbols = body.take(counts.iter().map(|&count| usize::from(count)).sum())?;
            let tables = if kind >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            *tables.get_mut(usize::from(kind & 15)).ok_or_else(|| Refusal::broken("a table's number"))? =
                Some(Huffman::new(&counts, symbols)?);
        }
        Ok(())
    }

    pub(super) fn steps(&self, number: u8) -> Result<&[f32; 64], Refusal> {
        let steps = self.steps.get(usize::from(number)).and_then(Option::as_deref);
        steps.ok_or_else(|| Refusal::broken("a quantisation table is missing"))
    }

    pub(super) fn dc(&self, number: u8) -> Result<&Huffman, Refusal> {
        table(&self.dc, number)
    }

    pub(super) fn ac(&self, number: u8) -> Result<&Huffman, Refusal> {
        table(&self.ac, number)
    }
}

fn table(tables: &[Option<Huffman>; 4], number: u8) -> Result<&Huffman, Refusal> {
    let table = tables.get(usize::from(number)).and_then(Option::as_ref);
    table.ok_or_else(|| Refusal::broken("a Huffman table is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zigzag_is_that_of_the_standard() {
        assert_eq!(ZIGZAG[..16], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5]);
        assert_eq!(ZIGZAG[54..66], [39, 46, 53, 60, 61, 54, 47, 55, 62, 63, 63, 63]);
        let mut all = ZIGZAG[..64].to_vec();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..64));
    }
}
