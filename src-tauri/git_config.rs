//! The configuration of `git`, read and changed by `git` itself: for a host, an empty helper, which keeps git from telling
//! the token to any other, and then ours (gitcredentials(7)).

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use latchkey_api::desktop::{Failure, ShellCode};

use crate::{
    edited_file,
    error::failure,
    helper_record::GitLines,
    tool_environment::{ToolEnvironment, quoted},
};

/// What follows the program in the command `git` starts.
const COMMAND: &str = " git-credential";

/// What a program of ours is called where it is no longer the one that runs.
const PROGRAM: &str = "/latchkey'";

/// What stands in the place of a line of ours for a moment. No helper is called so.
const MARK: &str = "latchkey-line-to-take-out";

/// `git` on this computer.
pub struct Git<'a> {
    program: PathBuf,
    tools: &'a ToolEnvironment,
    noted: GitLines,
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
        Some(Self { program: tools.find("git")?, tools, noted: GitLines::default() })
    }

    /// The same, knowing what was written before: where to look, and what is ours whatever this program is called now.
    #[must_use]
    pub fn knowing(self, noted: &GitLines) -> Self {
        Self { noted: noted.clone(), ..self }
    }

    /// What [`Git::add`] is about to write, and where.
    pub fn to_note(&self) -> Result<GitLines, Failure> {
        let file = self.target().display().to_string();
        Ok(GitLines { files: [file].into(), commands: [self.command()?].into() })
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
        let ours = self.ours()?.into_iter().next().map(|line| line.file);
        Ok(ours.or_else(|| self.target().to_str().map(str::to_owned)))
    }

    /// Has `git` ask us about a host. Blocks. What stands there of ours already is replaced.
    pub fn add(&self, host: &str) -> Result<(), Failure> {
        let command = self.command()?;
        self.remove(host)?;
        let (lines, target) = (self.lines()?, self.target());
        for scheme in schemes(host) {
            let section = free_section(&lines, scheme, host);
            let key = format!("{section}.helper");
            self.change(&target, &["--add", &key, ""])?;
            if let Err(failure) = self.change(&target, &["--add", &key, &command]) {
                let _ = self.change(&target, &["--unset-all", &key, "^$"]);
                return Err(failure);
            }
        }
        Ok(())
    }

    /// Takes our lines for a host out, whichever file they stand in. Blocks. That there are none is no failure.
    pub fn remove(&self, host_name: &str) -> Result<(), Failure> {
        let lines = self.lines()?;
        for line in lines.iter().filter(|line| self.is_ours(line) && host(&line.key).as_deref() == Some(host_name)) {
            let file = Path::new(&line.file);
            let is_empty =
                |other: &&Line| (&other.file, &other.key, other.value.as_str()) == (&line.file, &line.key, "");
            if lines.iter().filter(is_empty).count() > 1 {
                self.remove_two(line)?;
                continue;
            }
            self.change(file, &["--fixed-value", "--unset-all", &line.key, &line.value])?;
            self.change(file, &["--unset-all", &line.key, "^$"])?;
        }
        Ok(())
    }

    /// Takes a line of ours out, with the empty one right before it: the others are the person's.
    ///
    /// `git` tells empty lines apart by nothing. In the text ours is known by a word in its place.
    fn remove_two(&self, line: &Line) -> Result<(), Failure> {
        let file = Path::new(&line.file);
        self.change(file, &["--fixed-value", "--replace-all", &line.key, MARK, &line.value])?;
        let done = edited_file::change(file, |text| {
            without_marked(text).ok_or_else(|| {
                format!(
                    "{} has empty lines for {} that cannot be told from Latchkey's. Take the two lines out by hand.",
                    line.file, line.key
                )
            })
        });
        if done.is_err() {
            self.change(file, &["--fixed-value", "--replace-all", &line.key, &line.value, MARK])?;
        }
        done
    }

    /// The global files, in the order in which `git` reads them, and those that were once.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = match self.tools.variable("GIT_CONFIG_GLOBAL") {
            Some(only) => vec![self.tools.home.join(only)],
            None => vec![self.tools.config_home().join("git/config"), self.tools.home.join(".gitconfig")],
        };
        for noted in self.noted.files.iter().map(PathBuf::from) {
            if !files.contains(&noted) {
                files.push(noted);
            }
        }
        files.retain(|file| file.exists());
        files
    }

    /// The file that `git config --global` writes to.
    fn target(&self) -> PathBuf {
        if let Some(only) = self.tools.variable("GIT_CONFIG_GLOBAL") {
            return self.tools.home.join(only);
        }
        let (first, second) = (self.tools.config_home().join("git/config"), self.tools.home.join(".gitconfig"));
        if first.exists() && !second.exists() { first } else { second }
    }

    fn command(&self) -> Result<String, Failure> {
        let program = self.tools.program.to_str().filter(|path| !path.contains(['\n', '\r']));
        let unsaid = || unwritable("The folder Latchkey is in has a name that git cannot be told.".to_owned());
        Ok(format!("!{}{COMMAND}", quoted(program.ok_or_else(unsaid)?)))
    }

    /// This program, under the path it has or had before it was moved, or what was noted when it was written.
    fn is_ours(&self, line: &Line) -> bool {
        let value = &line.value;
        let moved = || value.starts_with("!'/") && value.strip_suffix(COMMAND).is_some_and(|it| it.ends_with(PROGRAM));
        let is_helper = line.key.ends_with(".helper");
        is_helper && (self.noted.commands.contains(value) || self.command().is_ok_and(|it| it == *value) || moved())
    }

    fn ours(&self) -> Result<Vec<Line>, Failure> {
        Ok(self.lines()?.into_iter().filter(|line| self.is_ours(line)).collect())
    }

    fn lines(&self) -> Result<Vec<Line>, Failure> {
        let mut lines = Vec::new();
        for file in self.files() {
            let said = self.run_at(&file, &["--null", "--get-regexp", r"^credential\."])?;
            match said.status.code() {
                Some(0) => lines.extend(parse(&file.display().to_string(), &String::from_utf8_lossy(&said.stdout))),
                // There is none.
                Some(1) if said.stderr.is_empty() => {}
                _ => return Err(told(&said)),
            }
        }
        Ok(lines)
    }

    fn change(&self, file: &Path, arguments: &[&str]) -> Result<(), Failure> {
        let said = self.run_at(file, arguments)?;
        match said.status.code() {
            // 5: there was nothing to take out.
            Some(0 | 5) => Ok(()),
            _ => Err(told(&said)),
        }
    }

    fn run_at(&self, file: &Path, arguments: &[&str]) -> Result<Output, Failure> {
        let file =
            file.to_str().ok_or_else(|| unwritable(format!("{} has a name git cannot be told.", file.display())))?;
        self.run(&[&["config", "--file", file], arguments].concat())
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

/// `KEY LF VALUE NUL`, again and again.
fn parse(file: &str, text: &str) -> Vec<Line> {
    let lines = text.split_terminator('\0').map(|line| line.split_once('\n').unwrap_or((line, "")));
    lines.map(|(key, value)| Line { file: file.to_owned(), key: key.to_owned(), value: value.to_owned() }).collect()
}

/// A text without the marked line and the empty one right before it. `None` where that is another one.
fn without_marked(text: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let marked = lines.iter().position(|line| line.contains(MARK))?;
    let before = lines.get(marked.checked_sub(1)?)?.trim();
    if !matches!(before.split_once('=').map(|(name, value)| (name.trim(), value.trim())), Some(("helper", ""))) {
        return None;
    }
    lines.drain(marked - 1..=marked);
    Some(lines.concat())
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
mod tests;
