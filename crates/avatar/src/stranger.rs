//! Names for files that are not one of our formats, so that the refusal can say what was picked.

use crate::Refusal;

/// The refusal for `bytes`, which start with none of the signatures this crate reads.
pub(crate) fn refuse(bytes: &[u8]) -> Refusal {
    if bytes.is_empty() {
        return Refusal::Empty;
    }
    by_signature(bytes).or_else(|| by_markup(bytes)).unwrap_or(Refusal::Unrecognised)
}

fn by_signature(bytes: &[u8]) -> Option<Refusal> {
    use Refusal::{NotAPicture, UnsupportedFormat};
    Some(match bytes {
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => NotAPicture("a ZIP archive"),
        [b'R', b'a', b'r', b'!', ..] => NotAPicture("a RAR archive"),
        [0x37, b'z', 0xbc, 0xaf, ..] => NotAPicture("a 7-Zip archive"),
        [0x1f, 0x8b, ..] => NotAPicture("a gzip archive"),
        [b'%', b'P', b'D', b'F', ..] => NotAPicture("a PDF document"),
        [b'%', b'!', b'P', b'S', ..] => NotAPicture("a PostScript document"),
        [0x7f, b'E', b'L', b'F', ..] | [b'M', b'Z', _, 0, ..] => NotAPicture("a program"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => by_brand(brand),
        [0x1a, 0x45, 0xdf, 0xa3, ..] | [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => {
            NotAPicture("a video")
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..]
        | [b'I', b'D', b'3', ..]
        | [b'O', b'g', b'g', b'S', ..]
        | [b'f', b'L', b'a', b'C', ..] => NotAPicture("a sound file"),
        [0xff, 0x0a, ..] | [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', ..] => UnsupportedFormat("JPEG XL pictures"),
        [0, 0, 0, 0x0c, b'j', b'P', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => UnsupportedFormat("JPEG 2000 pictures"),
        [b'8', b'B', b'P', b'S', ..] => UnsupportedFormat("Photoshop documents"),
        [0, 0, 1, 0, ..] => UnsupportedFormat("Windows icons"),
        [b'g', b'i', b'm', b'p', b' ', b'x', b'c', b'f', ..] => UnsupportedFormat("GIMP documents"),
        _ => return None,
    })
}

/// ISO base media files (ISO/IEC 14496-12) by their major brand.
fn by_brand(brand: &[u8]) -> Refusal {
    match brand.get(..4) {
        Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => {
            Refusal::UnsupportedFormat("HEIC pictures")
        }
        Some(b"avif" | b"avis") => Refusal::UnsupportedFormat("AVIF pictures"),
        Some(b"crx ") => Refusal::UnsupportedFormat("Raw camera pictures"),
        _ => Refusal::NotAPicture("a video"),
    }
}

fn by_markup(bytes: &[u8]) -> Option<Refusal> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if !head.starts_with('<') {
        let text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
        return text.then_some(Refusal::NotAPicture("a text file"));
    }
    // An HTML page may hold a drawing, a drawing never holds the start of a page.
    if head.starts_with("<!doctype html") || head.contains("<html") || head.contains("<head") {
        Some(Refusal::NotAPicture("a web page"))
    } else if head.contains("<svg") || head.contains("<!doctype svg") {
        Some(Refusal::UnsupportedFormat("SVG drawings"))
    } else {
        Some(Refusal::NotAPicture("a text file"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_was_picked() {
        let sentence = |bytes: &[u8]| refuse(bytes).to_string();
        assert_eq!(sentence(b"PK\x03\x04rest"), "This is a ZIP archive, not a picture. Choose a PNG or JPEG file.");
        assert!(sentence(b"<?xml version='1.0'?>\n<!-- x --><svg xmlns=").starts_with("SVG drawings cannot be used"));
        assert!(sentence(b"\xef\xbb\xbf  <svg>").starts_with("SVG drawings"));
        assert!(sentence(b"<!DOCTYPE html><html><svg>").starts_with("This is a web page"));
        assert!(sentence(b"%PDF-1.7").starts_with("This is a PDF document"));
        assert!(sentence(b"\0\0\0\x18ftypheic\0\0\0\0").starts_with("HEIC pictures"));
        assert!(sentence(b"\0\0\0\x18ftypmp42\0\0\0\0").starts_with("This is a video"));
        assert!(sentence(b"Dear diary").starts_with("This is a text file"));
        assert_eq!(refuse(b""), Refusal::Empty);
        assert_eq!(refuse(&[0x80, 0x81, 0x00]), Refusal::Unrecognised);
    }
}
