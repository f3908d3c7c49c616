//! The orientation in an EXIF block, and nothing else of it.
//!
//! Cameras and editors write EXIF that strict parsers refuse (wrong counts, offsets past the end in tags nobody needs),
//! and a refused block is a picture lying on its side. So this reads the one tag and ignores the rest.

use crate::orientation::Orientation;

const ORIENTATION: u32 = 0x0112;
const BYTE: u32 = 1;
const SHORT: u32 = 3;

/// The orientation stored in `block`, a TIFF structure with or without `Exif\0\0` before it.
pub(crate) fn orientation(block: &[u8]) -> Option<Orientation> {
    let tiff = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let bytes = match tiff.get(..4)? {
        b"II*\0" => Bytes { tiff, little: true },
        b"MM\0*" => Bytes { tiff, little: false },
        _ => return None,
    };
    let directory = usize::try_from(bytes.number(4, 4)?).ok()?;
    let count = usize::try_from(bytes.number(directory, 2)?).ok()?;
    (0..count)
        .map(|index| directory.saturating_add(2 + 12 * index))
        // A directory cut short ends the search; whatever came before it still counts.
        .map_while(|entry| Some((entry, bytes.number(entry, 2)?)))
        .find(|&(_, tag)| tag == ORIENTATION)
        .and_then(|(entry, _)| {
            let length = match bytes.number(entry + 2, 2)? {
                BYTE => 1,
                SHORT => 2,
                _ => 4,
            };
            Orientation::from_exif(bytes.number(entry + 8, length)?)
        })
}

struct Bytes<'a> {
    tiff: &'a [u8],
    little: bool,
}

impl Bytes<'_> {
    /// The unsigned number of `length` bytes at `at`.
    fn number(&self, at: usize, length: usize) -> Option<u32> {
        let digits = self.tiff.get(at..at.checked_add(length)?)?;
        let join = |number: u32, digit: &u8| number << 8 | u32::from(*digit);
        Some(if self.little { digits.iter().rev().fold(0, join) } else { digits.iter().fold(0, join) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(little: bool, kind: u16, count: u32, value: [u8; 4]) -> Vec<u8> {
        let two = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
        let four = |n: u32| if little { n.to_le_bytes() } else { n.to_be_bytes() };
        let mut bytes = if little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        bytes.extend(four(8));
        bytes.extend(two(2));
        for (tag, kind, count, value) in [(0x010f, 2, 999, [0xff; 4]), (0x0112, kind, count, value)] {
            bytes.extend(two(tag));
            bytes.extend(two(kind));
            bytes.extend(four(count));
            bytes.extend(value);
        }
        bytes
    }

    #[test]
    fn reads_both_byte_orders_and_odd_types() {
        let six = Orientation::from_exif(6);
        assert_eq!(orientation(&block(true, 3, 1, [6, 0, 0, 0])), six);
        assert_eq!(orientation(&block(false, 3, 1, [0, 6, 0, 0])), six);
        assert_eq!(orientation(&block(true, 4, 1, [6, 0, 0, 0])), six);
        assert_eq!(orientation(&block(false, 1, 7, [6, 9, 9, 9])), six);
        assert_eq!(orientation(&[b"Exif\0\0".as_slice(), &block(false, 3, 1, [0, 6, 0, 0])].concat()), six);
    }

    #[test]
    fn nonsense_is_no_orientation() {
        let whole = block(true, 3, 1, [6, 0, 0, 0]);
        for length in 0..whole.len() - 4 {
            assert_eq!(orientation(&whole[..length]), None, "cut to {length}");
        }
        assert_eq!(orientation(&block(true, 3, 1, [77, 0, 0, 0])), None);
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), None);
        assert_eq!(orientation(b"MM\0*\xff\xff\xff\xff\xff"), None);
    }
}
