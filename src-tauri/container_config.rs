//! The configuration of container tools: `credHelpers` in Docker's `config.json`, and in the `auth.json` of podman, skopeo and
//! buildah (containers-auth.json(5)). Everything else in the files stays as it is.

use std::{
    fs::{self, DirBuilder},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use latchkey_api::desktop::{Failure, ShellCode};

use crate::{
    edited_file,
    error::failure,
    helper_record::ContainerFile,
    json_member::{self, JsonError},
    tool_environment::ToolEnvironment,
};

/// The member that says which program signs in at which registry.
const SECTION: &str = "credHelpers";

/// The program, without its `docker-credential-`.
const HELPER: &str = "latchkey";

/// Docker Hub, as the service and `containers-auth.json` name it.
pub const DOCKER_HUB: &str = "docker.io";

/// Docker Hub, as Docker names it.
pub const DOCKER_HUB_URL: &str = "https://index.docker.io/v1/";

/// One of the files.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Where it is.
    pub path: PathBuf,
    is_dockers: bool,
}

/// The files of this person's tools: Docker's, and that of the others.
///
/// Without `REGISTRY_AUTH_FILE`, the latter is the one that is still there after the next start of the computer; what
/// `podman login` writes into `XDG_RUNTIME_DIR` is not.
pub fn files(tools: &ToolEnvironment) -> [ConfigFile; 2] {
    let docker = tools.variable("DOCKER_CONFIG").map_or_else(|| tools.home.join(".docker"), PathBuf::from);
    let others = tools.variable("REGISTRY_AUTH_FILE").map(PathBuf::from);
    let others = others.unwrap_or_else(|| tools.config_home().join("containers/auth.json"));
    [ConfigFile { path: docker.join("config.json"), is_dockers: true }, ConfigFile { path: others, is_dockers: false }]
}

/// The files of this person's tools, and those that were changed before and are others now.
pub fn files_and<'a>(tools: &ToolEnvironment, changed: impl IntoIterator<Item = &'a String>) -> Vec<ConfigFile> {
    let mut all = files(tools).to_vec();
    for path in changed.into_iter().map(PathBuf::from) {
        if all.iter().all(|file| file.path != path) {
            // Whichever it was: what is ours in it goes by all names.
            all.push(ConfigFile { path, is_dockers: true });
        }
    }
    all
}

impl ConfigFile {
    /// The hosts it says to ask us about. Blocks. A file that cannot be read says nothing.
    pub fn hosts(&self) -> Vec<String> {
        let text = edited_file::read(&self.path).unwrap_or_default();
        let all = json_member::all(&text, SECTION).unwrap_or_default();
        let mut hosts: Vec<String> =
            all.into_iter().filter(|(_, helper)| helper == HELPER).map(|(name, _)| self.host(name)).collect();
        hosts.sort();
        hosts.dedup();
        hosts
    }

    /// Has tools ask us about a host. Blocks. Notes what was there before, and has the note kept before the file is changed.
    pub fn add(
        &self,
        host: &str,
        note: &mut ContainerFile,
        keep: impl Fn(&ContainerFile) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let is_new = self.path.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
        if is_new {
            make_folder(&self.path)?;
        }
        let noted = std::cell::RefCell::new(note.clone());
        edited_file::change(&self.path, |text| {
            let mut fresh = note.clone();
            let mut changed = if text.is_empty() && is_new { "{}\n".to_owned() } else { text.to_owned() };
            fresh.file_is_ours |= is_new;
            fresh.section_is_ours |= !has_section(&changed);
            for name in self.names(host) {
                let before = json_member::get(&changed, SECTION, name).map_err(|error| self.refused(error))?;
                if let Some(before) = before.filter(|before| before != HELPER) {
                    fresh.before.insert(name.to_owned(), before);
                }
                changed = json_member::set(&changed, SECTION, name, HELPER).map_err(|error| self.refused(error))?;
            }
            keep(&fresh).map_err(|failure| failure.detail.unwrap_or_default())?;
            noted.replace(fresh);
            Ok::<_, String>(changed)
        })?;
        *note = noted.into_inner();
        Ok(())
    }

    /// Undoes that: what was there before is there again. Blocks. That there is nothing of ours is no failure.
    pub fn remove(&self, host: &str, note: &mut ContainerFile) -> Result<(), Failure> {
        let names = self.names(host);
        edited_file::change(&self.path, |text| {
            if text.is_empty() {
                return Ok(String::new());
            }
            let mut changed = text.to_owned();
            for name in &names {
                let there = json_member::get(&changed, SECTION, name).map_err(|error| self.refused(error))?;
                if there.as_deref() != Some(HELPER) {
                    continue;
                }
                let undone = match note.before.get(*name) {
                    Some(before) => json_member::set(&changed, SECTION, name, before),
                    None => json_member::remove(&changed, SECTION, name, note.section_is_ours),
                };
                changed = undone.map_err(|error| self.refused(error))?;
            }
            Ok::<_, String>(changed)
        })?;
        for name in names {
            note.before.remove(name);
        }
        if self.hosts().is_empty() {
            self.remove_if_ours(note);
        }
        Ok(())
    }

    /// A file that was not there before, and has nothing in it again.
    fn remove_if_ours(&self, note: &mut ContainerFile) {
        let is_empty = edited_file::read(&self.path).is_ok_and(|text| json_member::is_empty(&text));
        if note.file_is_ours
            && is_empty
            && !self.path.is_symlink()
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "a configuration file with nothing in it stays");
        }
        *note = ContainerFile::default();
    }

    /// What tools call a host in this file.
    fn names<'a>(&self, host: &'a str) -> Vec<&'a str> {
        match (host, self.is_dockers) {
            // The others read Docker's file, too, by the name they have for it.
            (DOCKER_HUB, true) => vec![DOCKER_HUB_URL, DOCKER_HUB],
            _ => vec![host],
        }
    }

    fn host(&self, name: String) -> String {
        if self.is_dockers && name == DOCKER_HUB_URL { DOCKER_HUB.to_owned() } else { name }
    }

    fn refused(&self, error: JsonError) -> String {
        format!("{} {error}. It stays as it was; repair it, or change it by hand.", self.path.display())
    }
}

fn has_section(text: &str) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_str(text).ok();
    value.is_some_and(|value| value.get(SECTION).is_some())
}

/// The folder of a file, for the person alone where it is made. One that is there is left as it is.
fn make_folder(file: &Path) -> Result<(), Failure> {
    let Some(folder) = file.parent().filter(|folder| !folder.exists()) else { return Ok(()) };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| failure(ShellCode::FileUnwritable, format!("{} cannot be made: {error}.", folder.display())))
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn tools(home: &Path) -> ToolEnvironment {
        ToolEnvironment::new(home.to_owned(), "/opt/latchkey".into(), "/usr/bin".into())
    }

    #[test]
    fn files_are_where_the_tools_look() {
        let paths = |tools: &ToolEnvironment| files(tools).map(|file| file.path.display().to_string());
        let plain = tools(Path::new("/home/ada"));
        assert_eq!(paths(&plain), ["/home/ada/.docker/config.json", "/home/ada/.config/containers/auth.json"]);
        let other = plain.with("DOCKER_CONFIG", "/d").with("REGISTRY_AUTH_FILE", "/r/a.json");
        assert_eq!(paths(&other), ["/d/config.json", "/r/a.json"]);
    }

    #[test]
    fn a_file_that_was_not_there_goes_again() {
        let home = tempfile::tempdir().unwrap();
        for file in files(&tools(home.path())) {
            let mut note = ContainerFile::default();
            file.add(DOCKER_HUB, &mut note, |_| Ok(())).unwrap();
            file.add("ghcr.io", &mut note, |_| Ok(())).unwrap();
            assert_eq!(file.hosts(), [DOCKER_HUB, "ghcr.io"]);
            assert_eq!((mode(&file.path), mode(file.path.parent().unwrap())), (0o600, 0o700));
            let text = fs::read_to_string(&file.path).unwrap();
            assert_eq!(text.contains(DOCKER_HUB_URL), file.is_dockers, "{text}");
            file.remove(DOCKER_HUB, &mut note).unwrap();
            file.remove("ghcr.io", &mut note).unwrap();
            assert!(!file.path.exists());
            assert_eq!(note, ContainerFile::default());
            file.remove("ghcr.io", &mut note).unwrap();
            assert!(!file.path.exists(), "nothing is made to take something out");
        }
    }

    #[test]
    fn the_persons_own_lines_stay_byte_for_byte() {
        let home = tempfile::tempdir().unwrap();
        let [docker, _] = files(&tools(home.path()));
        fs::create_dir(docker.path.parent().unwrap()).unwrap();
        for before in [
            "{\n\t\"auths\": {\n\t\t\"https://index.docker.io/v1/\": {}\n\t},\n\t\"detachKeys\": \"ctrl-e,e\"\n}",
            "{\"credHelpers\":{\"ghcr.io\":\"pass\",\"gcr.io\":\"gcloud\"},\"credsStore\":\"desktop\"}\n",
            "{\r\n    \"credHelpers\": {\r\n        \"docker.io\": \"pass\"\r\n    }\r\n}\r\n",
        ] {
            fs::write(&docker.path, before).unwrap();
            fs::set_permissions(&docker.path, fs::Permissions::from_mode(0o640)).unwrap();
            let mut note = ContainerFile::default();
            for host in ["ghcr.io", DOCKER_HUB, "localhost:5000"] {
                docker.add(host, &mut note, |_| Ok(())).unwrap();
                docker.add(host, &mut note, |_| Ok(())).unwrap();
            }
            let parsed: serde_json::Value = serde_json::from_slice(&fs::read(&docker.path).unwrap()).unwrap();
            assert_eq!(parsed["credHelpers"]["ghcr.io"], "latchkey");
            assert_eq!(docker.hosts(), [DOCKER_HUB, "ghcr.io", "localhost:5000"]);
            for host in [DOCKER_HUB, "ghcr.io", "localhost:5000"] {
                docker.remove(host, &mut note).unwrap();
            }
            assert_eq!(fs::read_to_string(&docker.path).unwrap(), before);
            assert_eq!(mode(&docker.path), 0o640);
        }
    }

    #[test]
    fn what_stood_there_before_is_kept_before_the_file_is_changed() {
        let home = tempfile::tempdir().unwrap();
        let [docker, _] = files(&tools(home.path()));
        fs::create_dir(docker.path.parent().unwrap()).unwrap();
        let before = "{\"credHelpers\": {\"ghcr.io\": \"pass\"}}";
        fs::write(&docker.path, before).unwrap();
        let mut note = ContainerFile::default();
        let kept = std::cell::RefCell::new(ContainerFile::default());
        let keep = |fresh: &ContainerFile| {
            assert_eq!(fs::read_to_string(&docker.path).unwrap(), before);
            kept.replace(fresh.clone());
            Ok(())
        };
        docker.add("ghcr.io", &mut note, keep).unwrap();
        assert_eq!(kept.into_inner().before["ghcr.io"], "pass");
        fs::write(&docker.path, before).unwrap();
        let refuse = |_: &ContainerFile| Err(failure(ShellCode::FileUnwritable, "No.".to_owned()));
        docker.add("ghcr.io", &mut note, refuse).unwrap_err();
        assert_eq!(fs::read_to_string(&docker.path).unwrap(), before);
    }

    #[test]
    fn another_helper_that_the_person_chose_meanwhile_stays() {
        let home = tempfile::tempdir().unwrap();
        let [_, others] = files(&tools(home.path()));
        let mut note = ContainerFile::default();
        others.add("ghcr.io", &mut note, |_| Ok(())).unwrap();
        let theirs = fs::read_to_string(&others.path).unwrap().replace("\"latchkey\"", "\"pass\"");
        fs::write(&others.path, &theirs).unwrap();
        others.remove("ghcr.io", &mut note).unwrap();
        assert_eq!(fs::read_to_string(&others.path).unwrap(), theirs);
    }

    #[test]
    fn a_link_stays_one_and_what_does_not_parse_is_not_touched() {
        let home = tempfile::tempdir().unwrap();
        let [docker, _] = files(&tools(home.path()));
        fs::create_dir(docker.path.parent().unwrap()).unwrap();
        let kept = home.path().join("dotfiles.json");
        fs::write(&kept, "{}").unwrap();
        symlink(&kept, &docker.path).unwrap();
        let mut note = ContainerFile::default();
        docker.add("ghcr.io", &mut note, |_| Ok(())).unwrap();
        assert!(docker.path.is_symlink() && fs::read_to_string(&kept).unwrap().contains("ghcr.io"));
        docker.remove("ghcr.io", &mut note).unwrap();
        assert_eq!(fs::read_to_string(&kept).unwrap(), "{}");

        for damaged in ["", "{\"auths\": {},}", "# mine\n{}", "{\"credHelpers\": 1}"] {
            fs::write(&kept, damaged).unwrap();
            let refused = docker.add("ghcr.io", &mut note, |_| Ok(())).unwrap_err();
            assert_eq!(refused.code, ShellCode::FileUnwritable.into());
            let detail = refused.detail.unwrap();
            assert!(detail.contains("config.json") && detail.contains("It stays as it was"), "{detail}");
            assert_eq!(fs::read_to_string(&kept).unwrap(), damaged);
        }
    }
}
