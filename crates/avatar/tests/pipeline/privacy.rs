//! Nothing of a file but its pixels gets through.

use latchkey_avatar::{AvatarSet, Format, Limits, derive, preview, render};
use moxcms::ColorProfile;

use crate::picture::{Picture, exif, png_chunk, png_with};

/// What tells of metadata in a PNG, JPEG or WebP file.
const TRACES: [&[u8]; 14] = [
    b"Exif",
    b"EXIF",
    b"eXIf",
    b"SecretCam",
    b"2026:11:23",
    b"ICC_PROFILE",
    b"iCCP",
    b"ICCP",
    b"http://ns.adobe.com",
    b"XMP ",
    b"tEXt",
    b"iTXt",
    b"zTXt",
    b"a private word",
];

fn assert_clean(name: &str, bytes: &[u8]) {
    for trace in TRACES {
        let found = bytes.windows(trace.len()).any(|window| window == trace);
        assert!(!found, "{name} carries {:?}", String::from_utf8_lossy(trace));
    }
}

#[test]
fn metadata_never_survives() {
    let photo = Picture::photo(120, 100);
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), b"<x:xmpmeta>a private word</x:xmpmeta>"].concat();
    let jpeg = photo.jpeg(|encoder| {
        encoder.add_exif_metadata(&exif(6)).unwrap();
        encoder.add_app_segment(1, xmp.clone()).unwrap();
        encoder.add_icc_profile(&profile).unwrap();
    });
    let png = photo.png_with_profile(profile);
    let png = png_with(&png, &png_chunk(*b"eXIf", &exif(6)));
    let png = png_with(&png, &png_chunk(*b"tEXt", b"Comment\0a private word"));
    for (name, bytes) in [("JPEG", jpeg), ("PNG", png)] {
        // The traces are there to begin with.
        assert!(bytes.windows(9).any(|window| window == b"SecretCam"), "{name}");
        assert!(bytes.windows(14).any(|window| window == b"a private word"), "{name}");
        for format in [None, Some(Format::Png), Some(Format::Jpeg), Some(Format::WebP)] {
            assert_clean(name, &render(&bytes, None, 64, format, &Limits::SERVICE).unwrap().bytes);
        }
        let AvatarSet { large, medium, small } = derive(&bytes, None, &Limits::SERVICE).unwrap();
        for file in [large, medium, small, preview(&bytes, 100, &Limits::SERVICE).unwrap()] {
            assert_clean(name, &file.bytes);
        }
    }
}
