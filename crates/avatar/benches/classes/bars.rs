//! What was asked for, and whether it was seen.

use crate::Seen;
use crate::specimens::{CAMERA, DEEP, LARGE, LZW, PNG, PROGRESSIVE, TIFF, WEBP};

/// CPU time of ours, which makes three sizes, beside `vipsthumbnail`, which makes one.
const RATIOS: [(&str, &str, f64); 9] = [
    (CAMERA, "vipsthumbnail", 0.85),
    (CAMERA, "vipsthumbnail --linear", 0.40),
    (LARGE, "vipsthumbnail", 0.65),
    (PROGRESSIVE, "vipsthumbnail", 0.85),
    (PNG, "vipsthumbnail", 0.40),
    (DEEP, "vipsthumbnail", 0.65),
    (WEBP, "vipsthumbnail", 0.85),
    (TIFF, "vipsthumbnail", 1.0),
    (LZW, "vipsthumbnail", 0.8),
];

pub(crate) fn table(seen: &[Seen]) {
    println!("\n| bar | | seen | |\n|---|---:|---:|---|");
    for (class, program, most) in RATIOS {
        match seen.iter().find(|seen| (seen.class, seen.program) == (class, program)) {
            Some(seen) => row(&format!("{class}: CPU beside `{program}`"), "at most", most, seen.ratio, 2),
            None => println!("| {class}: CPU beside `{program}` | at most {most} | not measured | |"),
        }
    }
    if let Some(ours) = seen.iter().find(|seen| seen.class == CAMERA) {
        row(&format!("{CAMERA}: PSNR, dB"), "at least", 54.0, ours.psnr, 1);
        row(&format!("{CAMERA}: SSIM"), "at least", 0.999, ours.ssim, 4);
        row(&format!("{CAMERA}: peak, MB"), "at most", 55.0, ours.peak, 0);
    }
}

fn row(what: &str, how: &str, bar: f64, seen: f64, digits: usize) {
    let holds = if how == "at most" { seen <= bar } else { seen >= bar };
    let verdict = if holds { "holds" } else { "**does not hold**" };
    println!("| {what} | {how} {bar} | {seen:.digits$} | {verdict} |");
}
