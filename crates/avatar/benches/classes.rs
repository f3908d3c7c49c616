//! What an avatar of 512 pixels costs, by class of picture: `cargo bench -p latchkey-avatar [-- CLASS]`.
//!
//! Each run is a process of its own that reads the file, makes the avatar and writes it, so that start, allocation and
//! memory count. Where `vipsthumbnail` is installed it takes turns with ours on the same files. CPU is user and system
//! time of all runs from `/proc/self/stat`, which counts in hundredths of a second. Quality is PSNR against Lanczos3 on
//! linear light in double precision over the fully decoded picture.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for the people who work on this")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixel arithmetic"
)]

#[path = "../tests/pipeline/picture.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod picture;
#[path = "../tests/pipeline/reference.rs"]
mod reference;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use image::ImageFormat;
use jpeg_encoder::{ColorType, SamplingFactor};
use latchkey_avatar::{Format, Limits, render};
use picture::Picture;

const SIZE: u32 = 512;
const RUNS: u32 = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--one", from, to] => one(from, to),
        // `cargo test` runs every target; only `cargo bench` says this.
        [.., "--bench"] | ["--bench", ..] => table(arguments.iter().find(|argument| !argument.starts_with("--"))),
        _ => println!("Run this with cargo bench."),
    }
}

/// One whole process: file in, file out, peak memory in kibibytes on standard output.
fn one(from: &str, to: &str) {
    let avatar = render(&fs::read(from).unwrap(), None, SIZE, None, &Limits::DESKTOP).unwrap();
    fs::write(to, avatar.bytes).unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    println!("{}", peak.trim().trim_end_matches(" kB"));
}

fn table(only: Option<&String>) {
    let has_vips = Command::new("vipsthumbnail").arg("--version").stdout(Stdio::null()).status().is_ok();
    println!("| class | file MB | wall ms | CPU ms | peak MB | PSNR dB | wall : vips | CPU : vips |");
    println!("|---|---|---|---|---|---|---|---|");
    for (name, make) in classes() {
        if only.is_none_or(|only| name.contains(only.as_str())) {
            row(name, &make(), has_vips);
        }
    }
}

fn row(name: &str, bytes: &[u8], has_vips: bool) {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("picture"), folder.path().join("avatar"));
    fs::write(&from, bytes).unwrap();
    let (mut ours, mut vips, mut peak) = (Vec::new(), Vec::new(), 0);
    for _ in 0..RUNS {
        ours.push(timed(|| peak = peak.max(ours_once(&from, &to))));
        if has_vips {
            vips.push(timed(|| vips_once(&from, &folder.path().join("vips.jpg"))));
        }
    }
    let (wall, cpu) = summary(&ours);
    let ratios = if vips.is_empty() {
        "| - | -".to_owned()
    } else {
        let (vips_wall, vips_cpu) = summary(&vips);
        format!("| {:.2} | {:.2}", wall / vips_wall, cpu / vips_cpu)
    };
    println!(
        "| {name} | {:.1} | {wall:.0} | {cpu:.0} | {} | {:.1} {ratios} |",
        bytes.len() as f64 / 1e6,
        peak / 1024,
        quality(bytes)
    );
}

fn ours_once(from: &Path, to: &Path) -> u64 {
    let output = Command::new(std::env::current_exe().unwrap()).arg("--one").args([from, to]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(0)
}

fn vips_once(from: &Path, to: &Path) {
    let size = format!("{SIZE}x{SIZE}");
    let mut command = Command::new("vipsthumbnail");
    command.arg(from).args(["--smartcrop", "centre", "-s", &size, "-o"]).arg(format!("{}[Q=92]", to.display()));
    assert!(command.stderr(Stdio::null()).status().unwrap().success());
}

/// Wall and CPU time of `work`, which runs one child process to its end.
fn timed(work: impl FnOnce()) -> (Duration, Duration) {
    let (start, before) = (Instant::now(), children());
    work();
    (start.elapsed(), children().saturating_sub(before))
}

/// CPU time of all children that have ended (proc(5), fields 16 and 17 of `stat`).
fn children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = after_name.split(' ').skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The median wall time and the mean CPU time, in milliseconds.
fn summary(runs: &[(Duration, Duration)]) -> (f64, f64) {
    let mut walls: Vec<f64> = runs.iter().map(|(wall, _)| wall.as_secs_f64() * 1e3).collect();
    walls.sort_by(f64::total_cmp);
    let cpu: f64 = runs.iter().map(|(_, cpu)| cpu.as_secs_f64() * 1e3).sum();
    (walls[walls.len() / 2], cpu / runs.len() as f64)
}

fn quality(bytes: &[u8]) -> f64 {
    let avatar = render(bytes, None, SIZE, Some(Format::Png), &Limits::DESKTOP).unwrap();
    let rgb = |bytes: &[u8]| {
        let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().unwrap();
        reader.no_limits();
        let picture = reader.decode().unwrap().into_rgb8();
        Picture { width: picture.width(), height: picture.height(), channels: 3, samples: picture.into_raw() }
    };
    let (avatar, picture) = (rgb(&avatar.bytes), rgb(bytes));
    let side = picture.width.min(picture.height);
    let (x, y) = (f64::from(picture.width - side) / 2.0, f64::from(picture.height - side) / 2.0);
    reference::psnr(&avatar, &reference::reference(&picture, x, y, side.into(), SIZE))
}

type Class = (&'static str, fn() -> Vec<u8>);

fn classes() -> Vec<Class> {
    vec![
        ("JPEG 24 MP", || camera(6000, 4000, false)),
        ("JPEG 24 MP progressive", || camera(6000, 4000, true)),
        ("JPEG 50 MP", || camera(8660, 5773, false)),
        ("JPEG 12 MP CMYK", || {
            let photo = Picture::photo(4000, 3000);
            let ink = Picture::of(4000, 3000, |x, y| {
                let colour = photo.pixel(x, y);
                [255 - colour[0], 255 - colour[1], 255 - colour[2], 20]
            });
            ink.jpeg_of(ColorType::Cmyk, |_| ())
        }),
        ("PNG 12 MP", || Picture::photo(4000, 3000).png()),
        ("PNG 12 MP 16-bit", deep_png),
        ("WebP 12 MP lossless", || Picture::photo(4000, 3000).encode(ImageFormat::WebP)),
        ("TIFF 12 MP", || Picture::photo(4000, 3000).encode(ImageFormat::Tiff)),
        ("BMP 12 MP", || Picture::photo(4000, 3000).encode(ImageFormat::Bmp)),
        ("GIF 1 MP", || Picture::photo(1200, 900).encode(ImageFormat::Gif)),
        ("JPEG 512", || camera(512, 512, false)),
    ]
}

fn camera(width: u32, height: u32, progressive: bool) -> Vec<u8> {
    Picture::photo(width, height).jpeg(|encoder| {
        encoder.set_quality(90);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        encoder.set_progressive(progressive);
    })
}

fn deep_png() -> Vec<u8> {
    let photo = Picture::photo(4000, 3000);
    let deep: Vec<u16> = photo.samples.iter().map(|&sample| u16::from(sample) * 257).collect();
    let deep = image::ImageBuffer::<image::Rgb<u16>, _>::from_raw(4000, 3000, deep).unwrap();
    let mut bytes = std::io::Cursor::new(Vec::new());
    deep.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}
