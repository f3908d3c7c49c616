//! The configuration of `git`, read and changed by `git` itself: for a host, an empty helper, which keeps git from telling
//! the token to any other, and then ours (gitcredentials(7)).

use std::{
    io,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use latchkey_api::desktop::{Failure, ShellCode};

use crate::{
    error::failure,
    tool_environment::{ToolEnvironment, quoted},
};

/// What follows the program in the command `git` starts.
const COMMAND: &str = " git-credential";

/// What a program of ours is called where it is no longer the one that runs.
const PROGRAM: &str = "/latchkey'";

/// `git` on this computer.
pub struct Git<'a> {
    program: PathBuf,
    tools: &'a ToolEnvironment,
}

/// One line of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    file: String,
    key: String,
    value: String,
}

impl<'a> Git<'a> {
    /// `git`, where it is found.
    pub fn find(tools: &'a ToolEnvironment) -> Option<Self> {
        Some(Self { program: tools.find("git")?, tools })
    }

    /// The hosts `git` asks us about. Blocks.
    pub fn hosts(&self) -> Result<Vec<String>, Failure> {
        let mut hosts: Vec<String> = self.ours()?.iter().filter_map(|line| host(&line.key)).collect();
        hosts.sort();
        hosts.dedup();
        Ok(hosts)
    }

    /// The file our lines stand in, or would. Blocks.
    pub fn file(&self) -> Result<Option<String>, Failure> {
        if let Some(line) = self.ours()?.into_iter().next() {
            return Ok(Some(line.file));
        }
        // The last one is read last, and written to unless only the first is there. Older versions do not say.
        let said = self.run(&["var", "GIT_CONFIG_GLOBAL"])?;
        let files = String::from_utf8_lossy(&said.stdout).into_owned();
        let there = files.lines().rev().find(|file| std::path::Path::new(file).exists());
        Ok(there.or_else(|| files.lines().last()).map(str::to_owned))
    }

    /// Has `git` ask us about a host. Blocks. What stands there of ours already is replaced.
    pub fn add(&self, host: &str) -> Result<(), Failure> {
        let command = self.command()?;
        self.remove(host)?;
        let lines = self.lines()?;
        for scheme in schemes(host) {
            let section = free_section(&lines, scheme, host);
            let key = format!("{section}.helper");
            self.change(&["--add", &key, ""])?;
            if let Err(failure) = self.change(&["--add", &key, &command]) {
                let _ = self.change(&["--unset-all", &key, "^$"]);
                return Err(failure);
            }
        }
        Ok(())
    }

    /// Takes our lines for a host out. Blocks. That there are none is no failure.
    pub fn remove(&self, host_name: &str) -> Result<(), Failure> {
        for line in self.ours()?.iter().filter(|line| host(&line.key).as_deref() == Some(host_name)) {
            self.change(&["--fixed-value", "--unset-all", &line.key, &line.value])?;
            self.change(&["--unset-all", &line.key, "^$"])?;
        }
        Ok(())
    }

    fn command(&self) -> Result<String, Failure> {
        let program = self.tools.program.to_str().filter(|path| !path.contains(['\n', '\r']));
        let unsaid = || unwritable("The folder Latchkey is in has a name that git cannot be told.".to_owned());
        Ok(format!("!{}{COMMAND}", quoted(program.ok_or_else(unsaid)?)))
    }

    /// This program under the path it has, or had before it was moved.
    fn is_ours(&self, value: &str) -> bool {
        let moved = || value.starts_with("!'/") && value.strip_suffix(COMMAND).is_some_and(|it| it.ends_with(PROGRAM));
        self.command().is_ok_and(|command| command == value) || moved()
    }

    fn ours(&self) -> Result<Vec<Line>, Failure> {
        Ok(self
            .lines()?
            .into_iter()
            .filter(|line| line.key.ends_with(".helper") && self.is_ours(&line.value))
            .collect())
    }

    fn lines(&self) -> Result<Vec<Line>, Failure> {
        let said = self.run(&["config", "--global", "--null", "--show-origin", "--get-regexp", r"^credential\."])?;
        match said.status.code() {
            Some(0) => Ok(parse(&String::from_utf8_lossy(&said.stdout))),
            // There is none; a file that is missing is the same.
            Some(1) if said.stderr.is_empty() => Ok(Vec::new()),
            _ => Err(told(&said)),
        }
    }

    fn change(&self, arguments: &[&str]) -> Result<(), Failure> {
        let said = self.run(&[&["config", "--global"], arguments].concat())?;
        match said.status.code() {
            // 5: there was nothing to take out.
            Some(0 | 5) => Ok(()),
            _ => Err(told(&said)),
        }
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, Failure> {
        let mut git = Command::new(&self.program);
        git.args(arguments).stdin(Stdio::null()).current_dir(&self.tools.home);
        git.env("HOME", &self.tools.home).env("LC_ALL", "C");
        for (name, value) in self.tools.variables() {
            match value {
                Some(value) => git.env(name, value),
                None => git.env_remove(name),
            };
        }
        // Whoever started this program in a hook of git's meant another repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_CONFIG", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"] {
            git.env_remove(name);
        }
        git.output().map_err(|error: io::Error| unwritable(format!("git cannot be started: {error}.")))
    }
}

/// `https`; on this computer, where hardly any server has a certificate, both.
fn schemes(host: &str) -> &'static [&'static str] {
    if is_loopback(host) { &["https", "http"] } else { &["https"] }
}

/// Whether a host, perhaps with a port, is this computer.
pub(crate) fn is_loopback(host: &str) -> bool {
    let Ok(url) = url::Url::parse(&format!("http://{host}/")) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A section of our own: at the end of the file, so that the empty helper comes after whatever stands there, and without a
/// line of the person's, which could not be told from ours afterwards. The same address can be spelled in several ways.
fn free_section(lines: &[Line], scheme: &str, host: &str) -> String {
    let loud = scheme.to_ascii_uppercase();
    let spellings =
        [scheme, &loud].map(|scheme| [format!("{scheme}://{host}"), format!("{scheme}://{host}/")]).concat();
    let mut sections = spellings.into_iter().map(|address| format!("credential.{address}"));
    let free = sections.find(|wanted| lines.iter().all(|line| section(&line.key) != wanted));
    free.unwrap_or_else(|| format!("credential.{scheme}://{host}"))
}

fn section(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(section, _)| section)
}

/// The host of a line `credential.https://HOST.helper`.
fn host(key: &str) -> Option<String> {
    let address = section(key).strip_prefix("credential.")?;
    let (_, host) = address.split_once("://")?;
    Some(host.trim_end_matches('/').to_owned())
}

/// `file:PATH NUL KEY LF VALUE NUL`, again and again.
fn parse(text: &str) -> Vec<Line> {
    let mut parts = text.split('\0');
    let mut lines = Vec::new();
    while let (Some(origin), Some(line)) = (parts.next(), parts.next()) {
        let (key, value) = line.split_once('\n').unwrap_or((line, ""));
        let file = origin.strip_prefix("file:").unwrap_or(origin).to_owned();
        lines.push(Line { file, key: key.to_owned(), value: value.to_owned() });
    }
    lines
}

fn told(said: &Output) -> Failure {
    let words = String::from_utf8_lossy(&said.stderr);
    let words = words.lines().next().unwrap_or_default().trim_start_matches("error: ").trim_start_matches("fatal: ");
    tracing::warn!(words, "git does not change its configuration");
    unwritable(format!("git does not change its configuration: {words}."))
}

fn unwritable(detail: String) -> Failure {
    failure(ShellCode::FileUnwritable, detail)
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]
mod tests {
    use std::fs;

    use super::*;

    fn tools(home: &std::path::Path, program: &str) -> ToolEnvironment {
        ToolEnvironment::new(home.to_owned(), program.into(), std::env::var_os("PATH").unwrap())
    }

    #[test]
    fn lines_come_and_go_and_the_persons_own_stay() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(".gitconfig");
        for before in [
            "",
            "[user]\n\tname = Ada # é\n",
            "; mine\n[credential]\n\thelper = store\n[credential \"https://git.example\"]\n\tusername = ada\n",
            "[credential \"https://git.example\"]\n\thelper = \n\thelper = !gh auth git-credential ; gh\n[alias]\n\tc = x\n",
            "[credential \"https://git.example/\"]\n\thelper =\n[credential \"https://git.example\"]\n\thelper =\n",
        ] {
            fs::write(&file, before).unwrap();
            let tools = tools(home.path(), "/opt/it's \"my\" app/latchkey");
            let git = Git::find(&tools).unwrap();
            git.add("git.example").unwrap();
            git.add("git.example").unwrap();
            git.add("other.example:8443").unwrap();
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.starts_with(before), "{text}");
            assert_eq!(text.matches("git-credential\n").count(), 2, "{text}");
            assert_eq!(git.hosts().unwrap(), ["git.example", "other.example:8443"]);
            assert_eq!(git.file().unwrap().as_deref(), file.to_str());
            git.remove("git.example").unwrap();
            assert_eq!(git.hosts().unwrap(), ["other.example:8443"]);
            git.remove("other.example:8443").unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), before);
        }
    }

    #[test]
    fn a_program_that_was_moved_is_known_again() {
        let home = tempfile::tempdir().unwrap();
        let before = tools(home.path(), "/opt/old/latchkey");
        Git::find(&before).unwrap().add("git.example").unwrap();
        let after = tools(home.path(), "/opt/new/latchkey");
        let git = Git::find(&after).unwrap();
        git.add("git.example").unwrap();
        let text = fs::read_to_string(home.path().join(".gitconfig")).unwrap();
        assert!(text.contains("/opt/new/") && !text.contains("/opt/old/"), "{text}");
        git.remove("git.example").unwrap();
        assert_eq!(fs::read_to_string(home.path().join(".gitconfig")).unwrap(), "");
    }

    #[test]
    fn a_host_of_this_computer_is_asked_about_without_encryption_too() {
        let home = tempfile::tempdir().unwrap();
        let tools = tools(home.path(), "/opt/latchkey");
        let git = Git::find(&tools).unwrap();
        git.add("127.0.0.1:3000").unwrap();
        let text = fs::read_to_string(home.path().join(".gitconfig")).unwrap();
        assert!(text.contains("\"http://127.0.0.1:3000\"") && text.contains("\"https://127.0.0.1:3000\""), "{text}");
        assert_eq!(git.hosts().unwrap(), ["127.0.0.1:3000"]);
        git.remove("127.0.0.1:3000").unwrap();
        assert_eq!(fs::read_to_string(home.path().join(".gitconfig")).unwrap(), "");
        assert!(is_loopback("[::1]:80") && is_loopback("localhost") && !is_loopback("127.0.0.1.example.org"));
    }

    #[test]
    fn what_git_does_not_do_is_told_in_its_words() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(".gitconfig"), "[credential\n").unwrap();
        let tools = tools(home.path(), "/opt/latchkey");
        let refused = Git::find(&tools).unwrap().add("git.example").unwrap_err();
        assert_eq!(refused.code, ShellCode::FileUnwritable.into());
        assert!(refused.detail.unwrap().contains("bad config line 1"));
        assert_eq!(fs::read_to_string(home.path().join(".gitconfig")).unwrap(), "[credential\n");
    }
}
