//! The QR code, read by another program's reader.

use data_encoding::BASE32_NOPAD;
use latchkey::qr::{self, Drawing, Pixels, draw};
use latchkey_api::desktop::QrPicture;
use sha2::{Digest, Sha256};

/// What a reader makes of a picture that the page was handed.
pub(crate) fn read(picture: &QrPicture) -> String {
    let drawing = Drawing { svg: picture.svg.clone(), modules: picture.modules };
    qr::read(&drawing.paint().unwrap()).unwrap().to_string()
}

/// The modules of a drawing. True is dark.
fn modules_of(svg: &str, modules: u32) -> Vec<Vec<bool>> {
    let side = modules as usize;
    assert!(svg.contains(&format!(r#"viewBox="0 0 {side} {side}""#)));
    let mut dark = vec![vec![false; side]; side];
    let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> =
            run.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
        let [x, y, length, ..] = numbers[..] else { panic!("a run: {run}") };
        dark[y][x..x + length].fill(true);
    }
    dark
}

const URI: &str = "otpauth://totp/Northwind:ada%40example.org?secret=JBSWY3DPEHPK3PXP&period=30";

#[test]
fn another_reader_reads_what_was_drawn() {
    for text in ["x".repeat(500), URI.into()] {
        let drawing = draw(&text).unwrap();
        let pixels = drawing.paint().unwrap();
        assert_eq!(pixels.side, 3 * drawing.modules as usize);
        assert_eq!(qr::read(&pixels).unwrap().as_str(), text);
        assert!(drawing.says(&text));
        let luma = |x, y| pixels.luma[y * pixels.side + x];
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(pixels.side, pixels.side, luma);
        let (about, _) = picture.detect_grids()[0].decode().unwrap();
        assert_eq!(about.ecc_level, 0, "error correction M, which the standard writes as 00");
    }
}

/// Nobody may be left without a picture because the reader did not find it: of every length that names may have.
#[test]
fn every_secret_reads_back() {
    for number in 0..90u16 {
        let secret = BASE32_NOPAD.encode(&Sha256::digest(number.to_be_bytes())[..20]);
        let name = "m".repeat(usize::from(number) * 3);
        let text = format!(
            "otpauth://totp/Northwind:{name}?secret={secret}&issuer=Northwind&algorithm=SHA1&digits=6&period=30"
        );
        assert!(draw(&text).unwrap().says(&text), "{text}");
    }
}

#[test]
fn a_picture_that_was_made_wrong_is_refused() {
    let drawing = draw(URI).unwrap();
    // It can be read, and says something else: another person's secret, say.
    let other = URI.replace("JBSW", "KBSW");
    assert!(!drawing.says(&other));
    assert!(draw(&other).unwrap().says(&other));

    let Pixels { side, luma } = drawing.paint().unwrap();
    let damaged = |harm: &dyn Fn(usize, usize) -> bool| {
        let luma = luma.iter().enumerate().map(|(at, luma)| if harm(at % side, at / side) { 255 } else { *luma });
        qr::read(&Pixels { side, luma: luma.collect() }).map(|text| text.to_string())
    };
    assert_eq!(damaged(&|_, _| false).as_deref(), Some(URI), "whole, it can be read");
    assert_eq!(damaged(&|x, y| x < 36 && y < 36), None, "without a finder");
    assert_eq!(damaged(&|x, y| x > side / 3 && y > side / 3), None, "without most of its middle");
    assert_eq!(damaged(&|_, _| true), None, "blank");

    // The document, as a mistake in drawing would leave it.
    let wrong = |svg: String, modules: u32| Drawing { svg, modules }.says(URI);
    assert!(wrong(drawing.svg.clone(), drawing.modules), "as it was drawn it is right");
    let half = drawing.svg.len() / 2;
    assert!(!wrong(format!("{}\"/></svg>", &drawing.svg[..half]), drawing.modules), "half of it");
    assert!(!wrong(drawing.svg.clone(), drawing.modules - 1), "of another size than it says");
    assert!(!wrong(drawing.svg.replace("M4 4h7", "M4 4h999"), drawing.modules), "beyond its edge");
    assert!(!wrong(String::new(), drawing.modules));
}

#[test]
fn the_margin_is_empty_and_nothing_but_shapes_is_in_the_document() {
    let drawing = draw("short").unwrap();
    assert_eq!(drawing.modules, 21 + 8);
    let dark = modules_of(&drawing.svg, drawing.modules);
    let margin = |at: usize| !(4..25).contains(&at);
    for (y, row) in dark.iter().enumerate() {
        for (x, dark) in row.iter().enumerate() {
            assert!(!dark || !(margin(x) || margin(y)), "{x} {y}");
        }
    }
    assert!(dark[4][4] && dark[24][4] && dark[4][24], "the finders stand in three corners");
    for word in ["<script", "style", "href", "<image", "class="] {
        assert!(!drawing.svg.contains(word), "{word}");
    }
    assert!(draw(&"x".repeat(3000)).is_err());
}
