//! A photograph as a phone takes it: 24 megapixels, lying on its side, with orientation and place in its metadata.

use std::{path::Path, process::Command};

use image::{ExtendedColorType, RgbImage, codecs::jpeg::JpegEncoder};
use latchkey_desktop_testkit::output_of;
use serde_json::Value;

/// The picture as it is stored: landscape.
const WIDTH: usize = 6000;
const HEIGHT: usize = 4000;
/// Pixels a side of the squares the picture is painted with; an avatar shows less than one pixel of each.
const BRUSH: usize = 8;

const SUN: [u8; 3] = [255, 214, 90];
const ROOF: [u8; 3] = [178, 58, 48];

/// Writes the photograph. Seen upright it is a portrait of a valley: sun at the upper right, red roof at the lower
/// left. In the file it lies on its side, with EXIF orientation 6, a GPS position, a camera and a name.
pub(crate) fn write(file: &Path) {
    let mut pixels = Vec::with_capacity(3 * WIDTH * HEIGHT);
    for row in 0..HEIGHT / BRUSH {
        let mut line = Vec::with_capacity(3 * WIDTH);
        for column in 0..WIDTH / BRUSH {
            // A viewer turns the file clockwise: its left edge is the top of the picture, its top edge the right.
            let (x, y) = (HEIGHT / BRUSH - 1 - row, column);
            let colour = valley(x as f32 / (HEIGHT / BRUSH) as f32, y as f32 / (HEIGHT / BRUSH) as f32);
            line.extend(colour.repeat(BRUSH));
        }
        pixels.extend(line.repeat(BRUSH));
    }
    let mut jpeg = Vec::new();
    let (width, height) = (WIDTH as u32, HEIGHT as u32);
    JpegEncoder::new_with_quality(&mut jpeg, 90).encode(&pixels, width, height, ExtendedColorType::Rgb8).unwrap();
    std::fs::write(file, jpeg).unwrap();
    output_of(
        Command::new("exiftool")
            .args([
                "-q",
                "-overwrite_original",
                "-Orientation#=6",
                "-Make=Lumen",
                "-Model=L24",
                "-Artist=Ada Lindqvist",
            ])
            .args(["-GPSLatitude=60.3929", "-GPSLatitudeRef=N", "-GPSLongitude=5.3241", "-GPSLongitudeRef=E"])
            .args(["-XMP:Creator=Ada Lindqvist", "-IPTC:City=Bergen"])
            .arg(file),
    );
}

/// The same picture, upright, small and without metadata.
pub(crate) fn small() -> RgbImage {
    RgbImage::from_fn(600, 900, |x, y| image::Rgb(valley(x as f32 / 600.0, y as f32 / 600.0)))
}

/// The groups of metadata exiftool finds in a file that say something about a person or a camera.
pub(crate) fn metadata(file: &Path) -> Vec<String> {
    let found = output_of(Command::new("exiftool").args(["-j", "-G", "-a", "-u"]).arg(file));
    let found: Value = serde_json::from_str(&found).unwrap();
    let told = |name: &&String| {
        !["File:", "JFIF:", "PNG:", "RIFF:", "ExifTool:", "Composite:"].iter().any(|g| name.starts_with(g))
    };
    found[0].as_object().unwrap().keys().filter(|name| *name != "SourceFile").filter(told).cloned().collect()
}

/// Asserts that a picture cut from the photograph stands upright: the sun above and right of the roof.
pub(crate) fn assert_upright(picture: &RgbImage) {
    let [sun, roof] = [SUN, ROOF].map(|colour| middle_of(picture, colour));
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    assert!(sun.0 > roof.0 + width / 8.0 && sun.1 + height / 8.0 < roof.1, "sun at {sun:?}, roof at {roof:?}");
}

/// The middle of everything that has about this colour.
fn middle_of(picture: &RgbImage, colour: [u8; 3]) -> (f64, f64) {
    let alike = |pixel: &image::Rgb<u8>| pixel.0.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 40);
    let found: Vec<_> = picture.enumerate_pixels().filter(|(_, _, pixel)| alike(pixel)).collect();
    assert!(found.len() > 200, "{colour:?} is hardly in the picture: {} pixels", found.len());
    let count = found.len() as f64;
    let sum = |of: fn(&(u32, u32, &image::Rgb<u8>)) -> u32| found.iter().map(of).map(f64::from).sum::<f64>();
    (sum(|at| at.0) / count, sum(|at| at.1) / count)
}

/// The colour of a place in the upright picture; both ways in units of its width, so that `y` runs to 1.5.
fn valley(x: f32, y: f32) -> [u8; 3] {
    let within = |left: f32, right: f32| (left..right).contains(&x);
    let far = 0.80 + 0.05 * (x * 7.0).sin() + 0.02 * (x * 19.0).sin();
    let near = 0.98 - 0.10 * (x * 2.6 + 0.4).sin();
    let roof = 0.10 - 0.55 * (x - 0.38).abs();
    if (x - 0.64).hypot(y - 0.55) < 0.075 {
        SUN
    } else if within(0.28, 0.48) && y > 0.93 - roof && y < 0.93 {
        ROOF
    } else if within(0.31, 0.45) && (0.93..1.03).contains(&y) {
        if within(0.36, 0.40) && y > 0.96 { [62, 44, 36] } else { [236, 226, 208] }
    } else if y > near {
        let shade = ((y - near) * 60.0) as u8;
        [52 - shade.min(30), 104 - shade.min(50), 74 - shade.min(40)]
    } else if y > far {
        [116, 150, 138]
    } else {
        let warm = (y / 0.8).clamp(0.0, 1.0);
        [90.0 + 150.0 * warm, 148.0 + 62.0 * warm, 196.0 - 18.0 * warm].map(|part| part as u8)
    }
}
