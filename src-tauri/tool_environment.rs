//! What tools on this computer go by: where programs are, and where their configuration stands.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

/// The variables that count here.
const VARIABLES: [&str; 5] = ["PATH", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"];

/// The surroundings of a tool that the person starts.
#[derive(Clone, Debug)]
pub struct ToolEnvironment {
    /// The person's home directory.
    pub home: PathBuf,
    /// This program, as it can be started again.
    pub program: PathBuf,
    variables: BTreeMap<&'static str, OsString>,
}

impl ToolEnvironment {
    /// That of this process. Where the system does not say where this program is, it is the one that is found by its name.
    pub fn of_process(home: PathBuf) -> Self {
        let said = |name| Some((name, env::var_os(name).filter(|value| !value.is_empty())?));
        let program = this_program().unwrap_or_else(|| "latchkey".into());
        Self { home, program, variables: VARIABLES.into_iter().filter_map(said).collect() }
    }

    /// One of a test, where nothing is set but `PATH`.
    pub fn new(home: PathBuf, program: PathBuf, path: OsString) -> Self {
        Self { home, program, variables: BTreeMap::from([("PATH", path)]) }
    }

    /// The same with a variable that counts here.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    /// What a variable is set to.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(name).map(OsString::as_os_str)
    }

    /// A program that is found by its name alone.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        // Relative folders mean another one in each place.
        let mut folders =
            self.variable("PATH").into_iter().flat_map(env::split_paths).filter(|path| path.is_absolute());
        folders.find_map(|folder| Some(folder.join(name)).filter(|path| can_be_started(path)))
    }

    /// The folder of configuration files.
    pub fn config_home(&self) -> PathBuf {
        let set = self.variable("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        set.unwrap_or_else(|| self.home.join(".config"))
    }

    /// The variables, each with its value or none, for a program that is started here.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&'static str, Option<&OsStr>)> {
        VARIABLES.into_iter().map(|name| (name, self.variable(name)))
    }
}

/// An `AppImage` is mounted anew at each start: what stays is the file it came out of.
fn this_program() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let inside = env::var_os("APPDIR").is_some_and(|mounted| program.starts_with(mounted));
    match env::var_os("APPIMAGE").map(PathBuf::from) {
        Some(image) if inside && image.is_absolute() => Some(image),
        _ => Some(program),
    }
}

fn can_be_started(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && is_executable(&found))
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "only Unix tells"))]
fn is_executable(found: &fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    true
}

/// A path as a word of `sh`, whatever is in it.
pub(crate) fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_what_can_be_started_in_a_folder_of_the_path() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        for place in [&one, &two] {
            fs::create_dir(place).unwrap();
            fs::write(place.join("tool"), "").unwrap();
        }
        let path = env::join_paths([Path::new("."), &one, &two]).unwrap();
        let tools = ToolEnvironment::new(folder.path().to_owned(), "/opt/latchkey".into(), path);
        assert_eq!(tools.find("tool"), None);
        fs::set_permissions(two.join("tool"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(tools.find("tool"), Some(two.join("tool")));
        assert_eq!(tools.config_home(), folder.path().join(".config"));
        assert_eq!(tools.with("XDG_CONFIG_HOME", "/etc/ada").config_home(), Path::new("/etc/ada"));
    }

    #[test]
    fn a_word_of_the_shell_stays_what_it_is() {
        for word in ["/opt/latchkey", "/opt/my apps/it's \"$HOME\" `x`/latchkey"] {
            let line = format!("printf %s {}", quoted(word));
            let said = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
            assert_eq!(String::from_utf8(said.stdout).unwrap(), word);
        }
    }
}
