//! Ours and the others, each from a file to an upright square of 512 pixels in sRGB.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use latchkey_avatar::{Format, Limits, derive, render};

use crate::SIZE;
use crate::costs::{self, Cost};

/// A program that makes avatars.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    kind: Kind,
}

enum Kind {
    Ours,
    Vips { linear: bool },
    ImageMagick { program: &'static str, profile: PathBuf },
    Sharp { script: PathBuf },
}

/// Ours, and those of the others that are there.
pub(crate) fn installed(sharp: Option<&Path>, folder: &Path) -> Vec<Program> {
    let mut programs = vec![Program { name: "latchkey (512, 128, 64)", kind: Kind::Ours }];
    let mut add = |name, kind| programs.push(Program { name, kind });
    if answers("vipsthumbnail") {
        add("vipsthumbnail", Kind::Vips { linear: false });
        add("vipsthumbnail --linear", Kind::Vips { linear: true });
    }
    if let Some(program) = ["magick", "convert-im6.q16", "convert"].into_iter().find(|program| answers(program)) {
        let profile = folder.join("srgb.icc");
        fs::write(&profile, moxcms::ColorProfile::new_srgb().encode().unwrap()).unwrap();
        add("ImageMagick", Kind::ImageMagick { program, profile });
    }
    if let Some(folder) = sharp {
        add("sharp", Kind::Sharp { script: folder.join("avatar.js") });
    }
    programs
}

fn answers(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

impl Program {
    /// Makes the avatar and says what it cost.
    ///
    /// `is_wide` says that the file has a profile of other colours than sRGB. Where there is none, the others are not asked
    /// to turn colours, which costs them time and quality.
    pub(crate) fn make(&self, from: &Path, to: &Path, is_wide: bool) -> Cost {
        self.run(from, to, is_wide, "--make")
    }

    /// Makes the avatar of 512 pixels without loss.
    pub(crate) fn exact(&self, from: &Path, to: &Path, is_wide: bool) {
        self.run(from, to, is_wide, "--exact");
    }

    fn run(&self, from: &Path, to: &Path, is_wide: bool, ours: &str) -> Cost {
        let size = format!("{SIZE}x{SIZE}");
        let (from, to) = (from.as_os_str(), to.as_os_str());
        let arguments = |arguments: &[&str]| arguments.iter().map(OsStr::new).map(OsStr::to_owned).collect::<Vec<_>>();
        let (program, arguments) = match &self.kind {
            Kind::Ours => {
                let program = std::env::current_exe().unwrap().into_os_string();
                (program, [arguments(&[ours]), vec![from.into(), to.into()]].concat())
            }
            Kind::Vips { linear } => {
                let mut options = vec!["--smartcrop", "centre", "--size", &size];
                if is_wide {
                    options.extend(["--export-profile", "srgb"]);
                }
                if *linear {
                    options.push("--linear");
                }
                options.push("--output");
                let mut to = to.to_owned();
                to.push(if to.to_string_lossy().ends_with("jpg") { "[Q=92,strip]" } else { "[strip]" });
                ("vipsthumbnail".into(), [vec![from.into()], arguments(&options), vec![to]].concat())
            }
            Kind::ImageMagick { program, profile } => {
                let mut first = from.to_owned();
                first.push("[0]");
                // Lets libjpeg scale, which it does not by itself.
                let before = arguments(&["-define", "jpeg:size=1024x1024"]);
                let fill = format!("{size}^");
                let after = arguments(&["-auto-orient", "-resize", &fill, "-gravity", "center", "-extent", &size]);
                let colours = if is_wide { vec!["-profile".into(), profile.into()] } else { Vec::new() };
                let end = [colours, arguments(&["-strip", "-quality", "92"])];
                ((*program).into(), [before, vec![first], after, end.concat(), vec![to.into()]].concat())
            }
            Kind::Sharp { script } => ("node".into(), vec![script.into(), from.into(), to.into()]),
        };
        let arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        costs::run(program, &arguments).0
    }
}

/// One whole process of ours: file in, three files out.
pub(crate) fn make(from: &str, to: &str) {
    let set = derive(&fs::read(from).unwrap(), None, &Limits::DESKTOP).unwrap();
    fs::write(to, set.large.bytes).unwrap();
    fs::write(format!("{to}.128"), set.medium.bytes).unwrap();
    fs::write(format!("{to}.64"), set.small.bytes).unwrap();
}

/// The largest size as PNG.
pub(crate) fn exact(from: &str, to: &str) {
    let large = render(&fs::read(from).unwrap(), None, SIZE, Some(Format::Png), &Limits::DESKTOP).unwrap();
    fs::write(to, large.bytes).unwrap();
}
