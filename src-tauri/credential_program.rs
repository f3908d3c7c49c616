//! `docker-credential-latchkey`, the program that container tools start. It comes with the package; where it did not, a script
//! of two lines in the person's own folder of programs stands for it.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use latchkey_api::desktop::{Failure, ShellCode};

use crate::{
    error::failure,
    private,
    saved_file::{Draft, on_disk},
    tool_environment::{ToolEnvironment, quoted},
};

/// Its name.
pub const NAME: &str = "docker-credential-latchkey";

/// What its second line ends with.
const COMMAND: &str = " docker-credential \"$@\"\n";

/// The person's own folder of programs (XDG Base Directory Specification).
fn folder(tools: &ToolEnvironment) -> PathBuf {
    tools.home.join(".local/bin")
}

fn path(tools: &ToolEnvironment) -> PathBuf {
    folder(tools).join(NAME)
}

/// Makes sure that there is one. Blocks.
pub fn provide(tools: &ToolEnvironment) -> Result<(), Failure> {
    let ours = path(tools);
    if tools.find(NAME).is_some_and(|found| found != ours) {
        return Ok(());
    }
    let program = tools.program.to_str().filter(|path| !path.contains('\n'));
    let unsaid = || unwritable("The folder Latchkey is in has a name that a script cannot say.".to_owned());
    let script = format!("#!/bin/sh\nexec {}{COMMAND}", quoted(program.ok_or_else(unsaid)?));
    match fs::read_to_string(&ours) {
        Ok(there) if there == script => Ok(()),
        Ok(there) if !is_ours(&there) => {
            Err(unwritable(format!("{} is there already, and is not Latchkey's. Move it away first.", ours.display())))
        }
        Err(error) if error.kind() != ErrorKind::NotFound => Err(told(&error, &ours)),
        _ => write(&ours, &script).map_err(|error| told(&error, &ours)),
    }
}

/// Takes the script away. Blocks. Another program of that name stays.
pub fn remove(tools: &ToolEnvironment) -> Result<(), Failure> {
    let ours = path(tools);
    if !fs::read_to_string(&ours).is_ok_and(|there| is_ours(&there)) {
        return Ok(());
    }
    fs::remove_file(&ours).map_err(|error| told(&error, &ours))
}

/// The folder the script is in as people write it, where tools do not find it there. Blocks.
pub fn not_on_path(tools: &ToolEnvironment) -> Option<String> {
    (tools.find(NAME).is_none() && path(tools).exists()).then(|| tools.shown(&folder(tools)))
}

fn is_ours(script: &str) -> bool {
    script.strip_prefix("#!/bin/sh\nexec '").is_some_and(|line| line.ends_with(COMMAND) && line.lines().count() == 1)
}

fn write(path: &Path, script: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder)?;
    let (mut file, draft) = Draft::create(folder)?;
    file.write_all(script.as_bytes())?;
    private::let_all_start(&file)?;
    file.sync_all()?;
    draft.take_name(path)?;
    on_disk(folder)
}

fn told(error: &io::Error, path: &Path) -> Failure {
    unwritable(format!("{} cannot be changed: {error}.", path.display()))
}

fn unwritable(detail: String) -> Failure {
    failure(ShellCode::FileUnwritable, detail)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_script_stands_for_the_program_and_goes_again() {
        let home = tempfile::tempdir().unwrap();
        let program = home.path().join("it's \"mine\"");
        fs::write(&program, "#!/bin/sh\nprintf '%s,' \"$0\" \"$@\"\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let tools = ToolEnvironment::new(home.path().to_owned(), program.clone(), "/nowhere".into());
        assert_eq!(not_on_path(&tools), None);
        provide(&tools).unwrap();
        let folder = home.path().join(".local/bin");
        assert_eq!(not_on_path(&tools).as_deref(), Some("~/.local/bin"));
        let said = std::process::Command::new(folder.join(NAME)).args(["get", "a b"]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout), format!("{},docker-credential,get,a b,", program.display()));

        // The app has moved, and the folder is on the path by now.
        let moved = ToolEnvironment::new(home.path().to_owned(), "/opt/latchkey".into(), folder.clone().into());
        provide(&moved).unwrap();
        assert!(fs::read_to_string(folder.join(NAME)).unwrap().contains("'/opt/latchkey'"));
        assert_eq!(not_on_path(&moved), None);
        remove(&moved).unwrap();
        remove(&moved).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn a_program_of_somebody_elses_stays() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".local/bin");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(NAME), "#!/bin/sh\nexec mine\n").unwrap();
        let tools = ToolEnvironment::new(home.path().to_owned(), "/opt/latchkey".into(), "/nowhere".into());
        assert!(provide(&tools).unwrap_err().detail.unwrap().contains("is not Latchkey's"));
        remove(&tools).unwrap();
        assert_eq!(fs::read_to_string(folder.join(NAME)).unwrap(), "#!/bin/sh\nexec mine\n");

        let packaged = home.path().join("usr-bin");
        fs::create_dir(&packaged).unwrap();
        fs::write(packaged.join(NAME), "").unwrap();
        fs::set_permissions(packaged.join(NAME), fs::Permissions::from_mode(0o755)).unwrap();
        let tools = ToolEnvironment::new(home.path().join("other"), "/opt/latchkey".into(), packaged.into());
        provide(&tools).unwrap();
        assert!(!home.path().join("other").exists(), "the package brought it");
    }
}
