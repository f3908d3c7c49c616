//! The manual pages, out of the same words as `--help`.

use std::{fs, io::Write, path::Path};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::{arguments::Arguments, ending::Ending};
use crate::credential_program::NAME;

/// What a page says that `--help` does not: the window, the environment, the files.
const REST: &str = include_str!("../../packaging/app/latchkey.1.rest");

/// `help` has no page of its own, and is not referred to.
fn command() -> Command {
    fn without_help(command: Command) -> Command {
        command.disable_help_subcommand(true).mut_subcommands(without_help)
    }
    without_help(Arguments::command())
}

/// Writes a page a command into a folder, which is made where it is missing.
pub(super) fn write(folder: &Path) -> Result<(), Ending> {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(command(), folder)?;
    let main = Man::new(command());
    let mut page = Vec::new();
    main.render_title(&mut page)?;
    main.render_name_section(&mut page)?;
    main.render_synopsis_section(&mut page)?;
    main.render_description_section(&mut page)?;
    main.render_options_section(&mut page)?;
    main.render_subcommands_section(&mut page)?;
    page.write_all(REST.as_bytes())?;
    fs::write(folder.join("latchkey.1"), page)?;
    // The same under the name tools start it by.
    Ok(fs::write(folder.join(format!("{NAME}.1")), ".so man1/latchkey-docker-credential.1\n")?)
}
