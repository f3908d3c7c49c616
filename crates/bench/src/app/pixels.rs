//! What is on the display, and since when.

use std::{fs::File, io::Write, os::unix::fs::FileExt, path::Path, thread, time::Duration};

use anyhow::{Context, ensure};

use super::desk::{HEIGHT, WIDTH};

/// One line of so many is looked at: each line of text has some.
const EVERY: usize = 8;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(2);

/// The part of what is drawn at the end that makes a window visible, and the one that makes it complete: a caret blinks.
const VISIBLE: f64 = 0.5;
const COMPLETE: f64 = 0.98;

/// Milliseconds from the start.
pub(crate) struct Moments {
    pub(crate) visible: f64,
    pub(crate) complete: f64,
}

/// Watches a frame buffer, and keeps what was on it whenever that changed.
pub(crate) struct Watch {
    file: File,
    header: u64,
    line: u64,
    frames: Vec<(Duration, Vec<u8>)>,
}

impl Watch {
    /// Begins with an empty display. The file is in the format of X Window Dump, with 32 bits a pixel.
    pub(crate) fn begin(frame_buffer: &Path) -> anyhow::Result<Self> {
        let file = File::open(frame_buffer).context("the display has no frame buffer")?;
        let mut header = [0; 100];
        file.read_exact_at(&mut header, 0)?;
        let number = |index: usize| {
            let bytes = [0, 1, 2, 3].map(|byte| header[4 * index + byte]);
            u64::from(u32::from_be_bytes(bytes))
        };
        ensure!(number(1) == 7 && number(11) == 32, "not a frame buffer this can read");
        let mut watch = Self { file, header: number(0) + 12 * number(19), line: number(12), frames: Vec::new() };
        let empty = watch.read()?;
        watch.frames.push((Duration::ZERO, empty));
        Ok(watch)
    }

    /// Looks once, and answers whether anything was seen so far.
    pub(crate) fn look(&mut self, now: Duration) -> anyhow::Result<bool> {
        let frame = self.read()?;
        if self.frames.last().is_none_or(|(_, last)| *last != frame) {
            self.frames.push((now, frame));
        }
        thread::sleep(PAUSE);
        Ok(self.frames.len() > 1)
    }

    /// When what is there at the end was there for good.
    pub(crate) fn moments(&self) -> Moments {
        let ([(_, first), ..], [.., (_, last)]) = (&*self.frames, &*self.frames) else {
            return Moments { visible: f64::NAN, complete: f64::NAN };
        };
        let drawn = Drawn::of(first, last);
        let since = |part: f64| {
            let later = self.frames.iter().rev().take_while(|(_, frame)| drawn.part(frame) >= part);
            later.last().map_or(f64::NAN, |(at, _)| at.as_secs_f64() * 1000.0)
        };
        Moments { visible: since(VISIBLE), complete: since(COMPLETE) }
    }

    /// Writes the whole display as a picture (PPM).
    pub(crate) fn photograph(&self, path: &Path) -> anyhow::Result<()> {
        let mut picture = format!("P6\n{WIDTH} {HEIGHT}\n255\n").into_bytes();
        for y in 0..HEIGHT {
            // Blue, green, red and nothing, on machines of this order.
            for pixel in self.line(y)?.chunks_exact(4) {
                picture.extend([pixel[2], pixel[1], pixel[0]]);
            }
        }
        File::create(path)?.write_all(&picture)?;
        Ok(())
    }

    fn read(&self) -> anyhow::Result<Vec<u8>> {
        let mut frame = Vec::with_capacity(WIDTH * HEIGHT * 4 / EVERY);
        for y in (0..HEIGHT).step_by(EVERY) {
            frame.extend(self.line(y)?);
        }
        Ok(frame)
    }

    fn line(&self, y: usize) -> anyhow::Result<Vec<u8>> {
        let mut line = vec![0; WIDTH * 4];
        self.file.read_exact_at(&mut line, self.header + self.line * y as u64)?;
        Ok(line)
    }
}

/// What was drawn on a display: the pixels that have neither its most common colour nor that of the beginning.
struct Drawn {
    pixels: Vec<(usize, [u8; 4])>,
}

impl Drawn {
    fn of(first: &[u8], last: &[u8]) -> Self {
        let ((before, _), (pixels, _)) = (first.as_chunks::<4>(), last.as_chunks::<4>());
        let mut counts = std::collections::HashMap::new();
        for pixel in pixels {
            *counts.entry(*pixel).or_insert(0_usize) += 1;
        }
        let ground = counts.into_iter().max_by_key(|(_, count)| *count).map(|(pixel, _)| pixel);
        let drawn = pixels.iter().copied().enumerate();
        let drawn = drawn.filter(|(at, pixel)| Some(*pixel) != ground && before.get(*at) != Some(pixel));
        Self { pixels: drawn.collect() }
    }

    /// How much of it is on a frame, between 0 and 1.
    #[expect(clippy::cast_precision_loss, reason = "a display has no 2^52 pixels")]
    fn part(&self, frame: &[u8]) -> f64 {
        let (pixels, _) = frame.as_chunks::<4>();
        let there = self.pixels.iter().filter(|(at, pixel)| pixels.get(*at) == Some(pixel)).count();
        there as f64 / self.pixels.len() as f64
    }
}
