//! The QR code, read by another program's reader.

use latchkey::qr::draw;

/// Pixels a module.
const PIXELS: usize = 3;

/// Reads the text off a drawing.
pub(crate) fn read(svg: &str, modules: u32) -> String {
    let dark = modules_of(svg, modules);
    let side = dark.len() * PIXELS;
    let pixel = |x: usize, y: usize| if dark[y / PIXELS][x / PIXELS] { 0 } else { 255 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, pixel);
    let found = picture.detect_grids();
    assert_eq!(found.len(), 1);
    let (about, text) = found[0].decode().unwrap();
    assert_eq!(about.ecc_level, 0, "error correction M, which the standard writes as 00");
    text
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

#[test]
fn another_reader_reads_what_was_drawn() {
    for text in ["x".repeat(500), "otpauth://totp/Northwind:ada%40example.org?secret=JBSWY3DPEHPK3PXP&period=30".into()]
    {
        let drawing = draw(&text).unwrap();
        assert_eq!(read(&drawing.svg, drawing.modules), text);
    }
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
