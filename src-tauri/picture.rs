//! Pictures that were chosen, dropped or pasted, and wait to be cropped. They stay in this process; the page gets a
//! small preview.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_api::{
    desktop::{ChosenPicture, CropSquare, Failure, ShellCode},
    problem::{ErrorCode, Problem},
};
use latchkey_avatar::{Crop, Encoded, Format, LARGE, Limits, Refusal};

use crate::{
    clipboard::Pixels,
    error::{failure, refused},
};

/// The longer side of a preview, in pixels: sharp in the crop dialog at double density, zoomed in a little.
const PREVIEW: u32 = 1440;

/// How many pictures are kept. Only the newest is in a dialog; one more lets a slow choice overlap the next.
const KEPT: usize = 2;

/// A picture as it came.
#[derive(Debug)]
pub struct Picture {
    bytes: Vec<u8>,
    file_name: Option<String>,
}

impl Picture {
    /// Reads a file. Blocks.
    ///
    /// Answers `file_unreadable`, or `invalid_image` where it is larger than any picture that would be taken: that is
    /// decided before anything is read.
    pub fn from_file(path: &Path) -> Result<Self, Failure> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let shown = name.clone().unwrap_or_else(|| path.display().to_string());
        let bytes = read(path).map_err(|error| match error {
            Unfit::Io(error) => unreadable(&shown, &error),
            Unfit::TooLarge(bytes) => refuse(&Refusal::TooLargeFile { bytes, limit: Limits::DESKTOP.bytes }),
        })?;
        Ok(Self { bytes, file_name: name })
    }

    /// Takes pixels off the clipboard. Blocks.
    pub fn from_pixels(pixels: &Pixels) -> Result<Self, Failure> {
        if u64::from(pixels.width) * u64::from(pixels.height) > Limits::DESKTOP.pixels {
            return Err(refuse(&Refusal::TooManyPixels { width: pixels.width, height: pixels.height }));
        }
        let mut bytes = Vec::new();
        let written = write_png(pixels, &mut bytes);
        written.map_err(|error| {
            tracing::warn!(%error, "the picture on the clipboard is not what it says");
            failure(ShellCode::ClipboardEmpty, None)
        })?;
        Ok(Self { bytes, file_name: None })
    }

    /// What the crop dialog shows. Blocks. Answers `invalid_image` with a sentence that says what is wrong.
    fn look(&self, id: String) -> Result<ChosenPicture, Failure> {
        let probe = latchkey_avatar::probe(&self.bytes, &Limits::DESKTOP).map_err(|refusal| refuse(&refusal))?;
        let preview =
            latchkey_avatar::preview(&self.bytes, PREVIEW, &Limits::DESKTOP).map_err(|refusal| refuse(&refusal))?;
        Ok(ChosenPicture {
            id,
            file_name: self.file_name.clone(),
            width: probe.width,
            height: probe.height,
            preview: data_url(preview.media_type, &preview.bytes),
        })
    }

    /// The square to upload, 512 pixels a side. Blocks. It is a PNG, so that the service's own encoding is the only
    /// one that loses anything.
    pub fn square(&self, crop: CropSquare) -> Result<Encoded, Failure> {
        let crop = Crop { x: crop.x, y: crop.y, side: crop.side };
        latchkey_avatar::render(&self.bytes, Some(crop), LARGE, Some(Format::Png), &Limits::DESKTOP)
            .map_err(|refusal| refuse(&refusal))
    }
}

/// Whether a file begins as pictures do. Blocks. No more than that is read.
pub(crate) fn begins_like_a_picture(path: &Path) -> bool {
    let mut begin = Vec::new();
    let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    is_file
        && File::open(path).and_then(|file| file.take(32).read_to_end(&mut begin)).is_ok()
        && Format::sniff(&begin).is_some()
}

/// The pictures that are kept, by id.
#[derive(Default)]
pub struct Pictures(Mutex<Shelf>);

#[derive(Default)]
struct Shelf {
    made: u64,
    kept: VecDeque<(String, Arc<Picture>)>,
}

impl Pictures {
    /// Makes a picture, looks at it and keeps it, off the async threads.
    pub async fn keep(
        &self,
        make: impl FnOnce() -> Result<Picture, Failure> + Send + 'static,
    ) -> Result<ChosenPicture, Failure> {
        let id = self.next_id();
        let name = id.clone();
        let (picture, chosen) = off_thread(move || {
            let picture = make()?;
            let chosen = picture.look(name)?;
            Ok((picture, chosen))
        })
        .await?;
        let mut pictures = self.lock();
        pictures.kept.push_back((id, Arc::new(picture)));
        while pictures.kept.len() > KEPT {
            pictures.kept.pop_front();
        }
        Ok(chosen)
    }

    /// A picture that is kept. Answers `picture_gone`.
    pub fn get(&self, id: &str) -> Result<Arc<Picture>, Failure> {
        let pictures = self.lock();
        let found = pictures.kept.iter().find(|(kept, _)| kept == id);
        found.map(|(_, picture)| Arc::clone(picture)).ok_or_else(|| failure(ShellCode::PictureGone, None))
    }

    /// Lets go of a picture.
    pub fn discard(&self, id: &str) {
        self.lock().kept.retain(|(kept, _)| kept != id);
    }

    /// Lets go of all.
    pub fn clear(&self) {
        self.lock().kept.clear();
    }

    fn next_id(&self) -> String {
        let mut pictures = self.lock();
        pictures.made += 1;
        format!("picture-{}", pictures.made)
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs picture work where it may take its time.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "picture work broke off");
        Err(refused(Problem::new(ErrorCode::InvalidImage).detail("This picture cannot be read. Choose another one.")))
    })
}

/// A `data:` URL (RFC 2397).
pub fn data_url(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(bytes))
}

fn refuse(refusal: &Refusal) -> Failure {
    tracing::debug!(?refusal, "a picture was refused");
    refused(Problem::new(ErrorCode::InvalidImage).detail(refusal))
}

enum Unfit {
    Io(io::Error),
    TooLarge(usize),
}

fn read(path: &Path) -> Result<Vec<u8>, Unfit> {
    // Opening a pipe would wait for its other end: look before.
    let metadata = std::fs::metadata(path).map_err(Unfit::Io)?;
    if !metadata.is_file() {
        return Err(Unfit::Io(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let limit = Limits::DESKTOP.bytes;
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if length > limit {
        return Err(Unfit::TooLarge(length));
    }
    // The file may grow, and some files lie about their length.
    let mut bytes = Vec::with_capacity(length);
    File::open(path).and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes)).map_err(Unfit::Io)?;
    if bytes.len() > limit { Err(Unfit::TooLarge(bytes.len())) } else { Ok(bytes) }
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "It is not there any more.".to_owned(),
        io::ErrorKind::PermissionDenied => "You may not read it.".to_owned(),
        io::ErrorKind::IsADirectory => "It is not a file.".to_owned(),
        _ => format!("{error}."),
    };
    failure(ShellCode::FileUnreadable, format!("{name} cannot be read. {why}"))
}

fn write_png(pixels: &Pixels, out: &mut Vec<u8>) -> Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(out, pixels.width, pixels.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&pixels.rgba)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(width: u32, height: u32) -> Pixels {
        let rgba = (0..width * height).flat_map(|n| [(n % 251) as u8, (n % 13) as u8, 90, 255]).collect();
        Pixels { width, height, rgba }
    }

    fn file(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[tokio::test]
    async fn a_file_is_looked_at_and_kept_until_it_is_let_go_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, "me.png", &Picture::from_pixels(&pixels(60, 40)).unwrap().bytes);
        let pictures = Pictures::default();
        let chosen = pictures.keep(move || Picture::from_file(&path)).await.unwrap();
        assert_eq!((chosen.width, chosen.height, chosen.file_name.as_deref()), (60, 40, Some("me.png")));
        assert!(chosen.preview.starts_with("data:image/"));
        let square = pictures.get(&chosen.id).unwrap().square(CropSquare { x: 10.0, y: 0.0, side: 40.0 }).unwrap();
        assert_eq!((square.width, square.height, square.media_type), (512, 512, "image/png"));
        pictures.discard(&chosen.id);
        assert_eq!(pictures.get(&chosen.id).unwrap_err().code, ShellCode::PictureGone.into());
    }

    #[tokio::test]
    async fn only_the_newest_are_kept() {
        let pictures = Pictures::default();
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(pictures.keep(|| Picture::from_pixels(&pixels(20, 20))).await.unwrap().id);
        }
        assert!(pictures.get(&ids[0]).is_err());
        assert!(pictures.get(&ids[1]).is_ok() && pictures.get(&ids[2]).is_ok());
    }

    #[tokio::test]
    async fn what_is_no_picture_is_refused_with_a_sentence_and_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let svg = file(&folder, "x.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
        let empty = file(&folder, "empty.jpg", b"");
        let cut = file(&folder, "cut.png", &Picture::from_pixels(&pixels(60, 40)).unwrap().bytes[..200]);
        let pictures = Pictures::default();
        for path in [svg, empty, cut] {
            let refused = pictures.keep(move || Picture::from_file(&path)).await.unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidImage.into());
            assert!(refused.detail.unwrap().ends_with('.'));
        }
        assert!(pictures.lock().kept.is_empty());
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let folder = tempfile::tempdir().unwrap();
        for (path, why) in [(folder.path().join("gone.png"), "not there"), (folder.path().to_owned(), "not a file")] {
            let refused = Picture::from_file(&path).unwrap_err();
            assert_eq!(refused.code, ShellCode::FileUnreadable.into());
            assert!(refused.detail.unwrap().contains(why));
        }
    }

    #[test]
    fn a_huge_file_is_refused_without_reading_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, "huge.png", b"");
        // A sparse file: it takes no room and would take minutes to read.
        File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        let refused = Picture::from_file(&path).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidImage.into());
    }

    #[test]
    fn a_clipboard_that_lies_about_its_size_is_not_believed() {
        let lie = Pixels { width: 100, height: 100, rgba: vec![0; 4] };
        assert_eq!(Picture::from_pixels(&lie).unwrap_err().code, ShellCode::ClipboardEmpty.into());
        let huge = Pixels { width: 100_000, height: 100_000, rgba: Vec::new() };
        assert_eq!(Picture::from_pixels(&huge).unwrap_err().code, ErrorCode::InvalidImage.into());
    }
}
