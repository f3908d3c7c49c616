//! What GTK and the processes of the web view are told in their environment, where they have no other way to be told.

use std::{process::Command, sync::OnceLock};

use gtk::glib;

/// Variables of GTK 3, of WebKitGTK 2.50 and of its `JavaScriptCore`. Whoever sets one before the start has the last word.
const VARIABLES: [(&str, &str); 3] = [
    // Hands over what is drawn in plain memory: without the graphics card there is nothing to spare by its buffers, which take
    // 10 MiB more, and with some drivers stay white.
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    // Spares GTK, which draws nothing with the graphics card here, loading its drivers while everything waits for it, only to
    // choose the windows' visuals by. WebKitGTK loads them all the same, but beside the page's process that starts meanwhile.
    ("GDK_GL", "disable"),
    // Runs script as it is, without a compiler: a page of forms waits for people, and the compiler takes 11 MiB and needs
    // memory that is written and then executed, which is what attacks on a script engine are made of.
    ("JSC_useJIT", "0"),
];

/// Those that were not set before.
static SET: OnceLock<Vec<&str>> = OnceLock::new();

/// Sets them. At the very start: a thread may read the environment at any time, and must not meet a change of it.
pub(crate) fn prepare() {
    SET.get_or_init(|| {
        let missing = VARIABLES.into_iter().filter(|(name, _)| std::env::var_os(name).is_none());
        missing.filter(|(name, value)| glib::setenv(name, value, false).is_ok()).map(|(name, _)| name).collect()
    });
}

/// Has a program started with the environment this one was started with: the person's browser may be one of WebKitGTK too.
pub(crate) fn keep_from(command: &mut Command) {
    for name in SET.get().into_iter().flatten() {
        command.env_remove(name);
    }
}
