//! Pictures: probed, shown, cropped and written anew.

use image::ImageReader;
use latchkey_avatar::{Crop, Format, Limits, SMALL, SMALLEST_SIDE, derive, preview, probe, render};

/// A quarter of what the service allows in memory and a fiftieth of its pixels, so that a round takes little time. They are
/// the same rules with smaller numbers.
const LIMITS: Limits = Limits {
    bytes: 1024 * 1024,
    pixels: 1_000_000,
    side: 32_767,
    profile: 64 * 1024,
    memory: 48 * 1024 * 1024,
    scans: 50,
    scan_pixels: 12_000_000,
};

/// The longest avatar that is written without a format being asked for, in bytes.
const HEAVIEST: usize = 200_000;

/// The first byte chooses the crop, the rest is a file.
///
/// - What the header says is refused is refused at every entrance, in the same words.
/// - What comes out is of the size and the format that were asked for, decodes in another library, and says nothing about
///   colours or the camera.
/// - The same file comes out the same twice.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let Some((choice, file)) = data.split_first() else { return };
    let header = match probe(file, &LIMITS) {
        Ok(header) => header,
        Err(refusal) => {
            assert_eq!(render(file, None, SMALL, None, &LIMITS), Err(refusal.clone()));
            assert_eq!(preview(file, SMALL, &LIMITS), Err(refusal.clone()));
            assert_eq!(derive(file, None, &LIMITS), Err(refusal.clone()));
            assert!(!refusal.to_string().is_empty() && !refusal.code().is_empty());
            return;
        }
    };
    let (width, height) = (header.width, header.height);
    assert_eq!(Format::sniff(file), Some(header.format));
    assert!(u64::from(width) * u64::from(height) <= LIMITS.pixels && width.min(height) >= SMALLEST_SIDE);
    let crop = crop(*choice, width, height);
    let asked = [None, Some(Format::Png), Some(Format::Jpeg), Some(Format::WebP)][usize::from(choice >> 6)];
    let Ok(avatar) = render(file, crop, SMALL, asked, &LIMITS) else { return };
    assert_eq!(render(file, crop, SMALL, asked, &LIMITS).as_ref(), Ok(&avatar), "the same file comes out the same");
    assert_eq!((avatar.width, avatar.height), (SMALL, SMALL));
    assert!(asked.is_some() || avatar.bytes.len() <= HEAVIEST);
    let format = Format::from_media_type(avatar.media_type);
    assert!(format.is_some() && (asked.is_none() || asked == format));
    whole(&avatar.bytes, (SMALL, SMALL));
    if let Ok(shown) = preview(file, 2 * SMALL, &LIMITS) {
        assert!(shown.width.max(shown.height) <= (2 * SMALL).min(width.max(height)), "nothing is enlarged");
        whole(&shown.bytes, (shown.width, shown.height));
    }
}

/// Looks at a file that was written here as another program would.
fn whole(bytes: &[u8], size: (u32, u32)) {
    let header = probe(bytes, &LIMITS);
    // A preview of a narrow picture is narrower than what is taken.
    if size.0.min(size.1) >= SMALLEST_SIDE {
        let header = header.expect("what is written here is read here");
        assert_eq!((header.width, header.height), size);
        assert!(!header.has_profile && !header.animated);
    }
    assert!(!bytes.windows(6).any(|six| six == b"Exif\0\0"), "nothing is said about the camera");
    let reader = ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().expect("memory is read");
    let picture = reader.decode().expect("others decode it");
    assert_eq!((picture.width(), picture.height()), size);
}

/// One inside the picture, one that sticks out of it, one that is none, or the usual one.
fn crop(choice: u8, width: u32, height: u32) -> Option<Crop> {
    let side = f64::from(width.min(height));
    match choice & 0x0f {
        0 => Some(Crop { x: 0.25, y: 0.75, side: side - 0.5 }),
        1 => Some(Crop { x: 0.0, y: 0.0, side: f64::from(SMALLEST_SIDE) }),
        2 => Some(Crop { x: -0.4, y: -0.4, side }),
        3 => Some(Crop { x: f64::NAN, y: 0.0, side: f64::INFINITY }),
        4 => Some(Crop { x: f64::from(width) - side, y: f64::from(height) - side, side }),
        5 => Some(Crop { x: -1e300, y: 1e300, side: 1e300 }),
        _ => None,
    }
}
