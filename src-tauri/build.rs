//! Checks `tauri.conf.json`, which has the capabilities too, and makes it known to the compiler.

use std::{fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=ui/dist");
    // A fresh clone has no built page yet, and the macro that embeds it wants the folder.
    if !Path::new("ui/dist").exists()
        && let Err(error) = fs::create_dir_all("ui/dist")
    {
        println!("cargo:warning=ui/dist cannot be created: {error}");
    }
    if cfg!(feature = "custom-protocol") && !Path::new("ui/dist/index.html").exists() {
        println!("cargo:warning=ui/dist holds no page: the window will be empty. Run `npm run build` in ui.");
    }
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new()) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
