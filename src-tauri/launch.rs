//! How the window is asked for on the command line, by whoever starts the program or starts it once more.

use std::ffi::OsStr;

use latchkey_api::desktop::Section;

use crate::link;

/// What the start at login says.
pub const HIDDEN: &str = "--hidden";

/// What a start of the program asks of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Launch {
    /// To be there.
    Shown,
    /// To stay away while the entry in the tray is there: nobody asked for it.
    Hidden,
    /// To be there with this section; where a link leads nowhere, to be there.
    Link(Option<Section>),
}

/// What the arguments behind the program's name ask of the window. `None` where they are for the command line.
pub fn of<T: AsRef<OsStr>>(arguments: &[T]) -> Option<Launch> {
    // Some desktops add to the arguments of an app they start.
    let said = |argument: &&T| !argument.as_ref().to_string_lossy().starts_with("-psn_");
    let mut arguments = arguments.iter().filter(said).map(|argument| argument.as_ref().to_string_lossy());
    let launch = match arguments.next() {
        None => Launch::Shown,
        Some(only) if only == HIDDEN => Launch::Hidden,
        Some(only) if link::is_meant(&only) => Launch::Link(link::section(&only)),
        Some(_) => return None,
    };
    arguments.next().is_none().then_some(launch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_launcher_opens_the_window_and_everything_else_is_the_command_line() {
        for (arguments, launch) in [
            (&[][..], Some(Launch::Shown)),
            (&["-psn_0_1234"], Some(Launch::Shown)),
            (&["--hidden"], Some(Launch::Hidden)),
            (&["latchkey://sessions"], Some(Launch::Link(Some(Section::Sessions)))),
            (&["latchkey://sessions?close=all"], Some(Launch::Link(None))),
            (&["latchkey:whoami"], Some(Launch::Link(None))),
            (&["latchkey://sessions", "latchkey://delete"], None),
            (&["latchkey://sessions", "--json"], None),
            (&["--hidden", "whoami"], None),
            (&["whoami"], None),
            (&["--help"], None),
            (&[""], None),
        ] {
            assert_eq!(of(arguments), launch, "{arguments:?}");
        }
    }
}
