//! One picture through the whole pipeline: `avatar IN OUT [--size 512] [--format png|jpeg|webp] [--crop X,Y,SIDE]`.
//!
//! Exit code 1 and one sentence on standard error where the picture is refused.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use latchkey_avatar::{Crop, Format, Limits, render};

/// Makes an avatar of a picture.
#[derive(Parser)]
#[command(name = "avatar")]
struct Arguments {
    /// The picture.
    r#in: PathBuf,
    /// The avatar to write.
    out: PathBuf,
    /// Pixels a side.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(16..=2048))]
    size: u32,
    /// Format of the avatar; without it JPEG, or WebP where there is transparency.
    #[arg(long)]
    format: Option<Written>,
    /// The square to take in pixels of the upright picture, fractions allowed; without it the largest in the middle.
    #[arg(long, value_name = "X,Y,SIDE", value_parser = parse_crop, allow_hyphen_values = true)]
    crop: Option<Crop>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Written {
    Png,
    Jpeg,
    Webp,
}

impl From<Written> for Format {
    fn from(written: Written) -> Self {
        match written {
            Written::Png => Self::Png,
            Written::Jpeg => Self::Jpeg,
            Written::Webp => Self::WebP,
        }
    }
}

fn parse_crop(text: &str) -> Result<Crop, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|number| number.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[x, y, side]) => Ok(Crop { x, y, side }),
        _ => Err("three numbers with commas between them are wanted, such as 120,80.5,640".to_owned()),
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let cannot =
        |verb: &str, path: &PathBuf, error: std::io::Error| format!("Cannot {verb} {}: {error}", path.display());
    let bytes = fs::read(&arguments.r#in).map_err(|error| cannot("read", &arguments.r#in, error))?;
    let format = arguments.format.map(Format::from);
    let avatar = render(&bytes, arguments.crop, arguments.size, format, &Limits::DESKTOP)
        .map_err(|refusal| refusal.to_string())?;
    fs::write(&arguments.out, avatar.bytes).map_err(|error| cannot("write", &arguments.out, error))
}
