//! What GTK and the processes of the web view are told in their environment, where they have no other way to be told.

use std::{process::Command, sync::OnceLock};

use gtk::glib;

/// Variables of GTK 3, of WebKitGTK 2.50 and of its `JavaScriptCore`. Whoever sets one before the start has the last word.
const VARIABLES: [(&str, &str); 3] = [
    // Spares GTK, which draws nothing with the graphics card here, loading its drivers only to choose the windows' visuals by.
    ("GDK_GL", "disable"),
    // Hands over what is drawn in plain memory: without the graphics card there is nothing to spare by its buffers, which take
    // 10 MiB more, and with some drivers stay white. Off for [`look_for_drivers`], which `WebKitGTK` spares itself otherwise.
    (PLAIN_MEMORY, "0"),
    // Runs script as it is, without a compiler: a page of forms waits for people, and the compiler takes 11 MiB and needs
    // memory that is written and then executed, which is what attacks on a script engine are made of.
    ("JSC_useJIT", "0"),
];

const PLAIN_MEMORY: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Where the loader of EGL (libglvnd) is told which drivers there are.
const DRIVERS: &str = "__EGL_VENDOR_LIBRARY_FILENAMES";

/// Those that were not set before.
static SET: OnceLock<Vec<&str>> = OnceLock::new();

/// Sets them, and makes GTK ready. At the very start, on the main thread: others may read the environment at any time.
pub(crate) fn prepare() {
    SET.get_or_init(|| {
        let missing = VARIABLES.into_iter().filter(|(name, _)| std::env::var_os(name).is_none());
        missing.filter(|(name, value)| glib::setenv(name, value, false).is_ok()).map(|(name, _)| name).collect()
    });
    look_for_drivers();
}

/// Has `WebKitGTK` look for drivers of a graphics card while there seem to be none. It looks once, with its first settings at the
/// earliest, and would load them into this process, which never uses them, for 15 MiB. The process of the page, which does
/// not start without them, finds them again.
fn look_for_drivers() {
    let hidden = std::env::var_os(DRIVERS).is_none() && glib::setenv(DRIVERS, "/dev/null", false).is_ok();
    if gtk::init().is_ok() {
        drop(webkit2gtk::Settings::new());
    }
    // GTK may have begun threads by now. One that reads the environment at this moment reads what is still there: the C library
    // frees nothing where a variable is changed or taken away, as it may where one is added.
    if hidden {
        glib::unsetenv(DRIVERS);
    }
    if SET.get().is_some_and(|set| set.contains(&PLAIN_MEMORY)) {
        let _ = glib::setenv(PLAIN_MEMORY, "1", true);
    }
}

/// Has a program started with the environment this one was started with: the person's browser may be one of WebKitGTK too.
pub(crate) fn keep_from(command: &mut Command) {
    for name in SET.get().into_iter().flatten() {
        command.env_remove(name);
    }
}
