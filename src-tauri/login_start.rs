//! The start at login: an entry in the person's folder of programs that the desktop starts (Desktop Application Autostart
//! Specification).
//!
//! Written here rather than by a crate: `auto-launch`, which Tauri's plugin stands on, quotes no path and takes an entry
//! that is switched off by hand for one that is on.

use std::{fs, io::ErrorKind, path::PathBuf};

use latchkey_api::desktop::{AppSetting, Failure, SettingBlocked};

use crate::{edited_file, launch::HIDDEN, tool_environment::ToolEnvironment};

/// The name of the entry, after the app's identifier in `tauri.conf.json`.
const ENTRY: &str = "app.latchkey.Latchkey.desktop";

/// How it stands. Blocks.
///
/// An entry that was changed by hand is on while it still starts this program as the app would have it. Whatever else keeps a
/// desktop from starting it makes it off: `Hidden`, desktops it is for or not for, another program.
pub fn status(tools: &ToolEnvironment) -> AppSetting {
    let blocked = match line(tools) {
        _ if !cfg!(target_os = "linux") => Some(SettingBlocked::OtherSystem),
        None => Some(SettingBlocked::PathUnsayable),
        Some(_) => None,
    };
    let there = edited_file::read(&path(tools)).unwrap_or_default();
    let on = blocked.is_none() && line(tools).is_some_and(|line| starts(&there, &line));
    AppSetting { on, blocked }
}

/// Writes the entry, or takes it away, whatever is in it. Blocks.
pub fn set(tools: &ToolEnvironment, on: bool) -> Result<(), Failure> {
    let path = path(tools);
    match line(tools).filter(|_| on && cfg!(target_os = "linux")) {
        Some(line) => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|error| edited_file::explain(&error, &path))?;
            }
            let entry = entry(&line);
            edited_file::change(&path, |_| Ok::<_, String>(entry.clone()))
        }
        None if on => Ok(()),
        None => match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(edited_file::explain(&error, &path)),
            _ => Ok(()),
        },
    }
}

fn path(tools: &ToolEnvironment) -> PathBuf {
    tools.config_home().join("autostart").join(ENTRY)
}

fn entry(line: &str) -> String {
    format!(
        "[Desktop Entry]\nType=Application\nName=Latchkey\n{line}\nIcon=latchkey\nTerminal=false\n\
         X-GNOME-Autostart-enabled=true\n"
    )
}

/// What the entry starts. `None` for a path that no entry can say.
fn line(tools: &ToolEnvironment) -> Option<String> {
    let program = tools.program.to_str().filter(|path| path.starts_with('/') && !path.contains(char::is_control))?;
    Some(format!("Exec={} {HIDDEN}", quoted(program)))
}

/// A path as an argument in an entry: in quotes, with what counts there and `%` written twice or behind a backslash, and
/// then every backslash twice, as in all texts of such files (Desktop Entry Specification, *The Exec key*).
fn quoted(path: &str) -> String {
    let mut said = String::from("\"");
    for character in path.chars() {
        match character {
            '"' | '`' | '$' => said.extend(["\\\\", character.encode_utf8(&mut [0; 4])]),
            '\\' => said.push_str(r"\\\\"),
            '%' => said.push_str("%%"),
            _ => said.push(character),
        }
    }
    said.push('"');
    said
}

/// Whether a desktop that reads this entry starts the program with just this line.
fn starts(entry: &str, line: &str) -> bool {
    let mut lines = entry.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    if lines.next() != Some("[Desktop Entry]") {
        return false;
    }
    let keys: Vec<(&str, &str)> = lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim_end(), value.trim_start()))
        .collect();
    let value = |key: &str| keys.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
    value("Type") == Some("Application")
        && value("Exec") == line.strip_prefix("Exec=")
        && value("Hidden") != Some("true")
        && value("X-GNOME-Autostart-enabled") != Some("false")
        && ["OnlyShowIn", "NotShowIn", "TryExec", "AutostartCondition", "X-GNOME-HiddenUnderSystemd"]
            .iter()
            .all(|key| value(key).is_none())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{ffi::OsString, path::Path};

    use super::*;

    fn tools(home: &Path, program: &str) -> ToolEnvironment {
        ToolEnvironment::new(home.to_owned(), program.into(), OsString::new())
    }

    const OFF: AppSetting = AppSetting { on: false, blocked: None };
    const ON: AppSetting = AppSetting { on: true, blocked: None };

    #[test]
    fn it_is_switched_on_and_off_and_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let tools = tools(home.path(), "/usr/bin/latchkey");
        assert_eq!(status(&tools), OFF);
        set(&tools, false).unwrap();
        set(&tools, true).unwrap();
        assert_eq!(status(&tools), ON);
        let file = home.path().join(".config/autostart/app.latchkey.Latchkey.desktop");
        let said = fs::read_to_string(&file).unwrap();
        assert!(said.contains("\nExec=\"/usr/bin/latchkey\" --hidden\n"), "{said}");
        set(&tools, true).unwrap();
        set(&tools, false).unwrap();
        assert_eq!(status(&tools), OFF);
        assert_eq!(fs::read_dir(home.path().join(".config/autostart")).unwrap().count(), 0);
    }

    #[test]
    fn an_entry_that_no_desktop_starts_any_more_is_off() {
        let home = tempfile::tempdir().unwrap();
        let tools = tools(home.path(), "/usr/bin/latchkey");
        set(&tools, true).unwrap();
        let file = path(&tools);
        let written = fs::read_to_string(&file).unwrap();
        for (changed, on) in [
            (format!("# mine\n\n{written}X-GNOME-Autostart-Delay=5\n"), true),
            (format!("{written}[Desktop Action x]\nHidden=true\n"), true),
            (format!("{written}Hidden=true\n"), false),
            (format!("{written}Hidden = true\n"), false),
            (written.replace("enabled=true", "enabled=false"), false),
            (format!("{written}OnlyShowIn=KDE;\n"), false),
            (written.replace("--hidden", ""), false),
            (written.replace("/usr/bin/", "/opt/"), false),
            (written.replace("[Desktop Entry]", "[Entry]"), false),
            ("\u{0}".repeat(5), false),
            (String::new(), false),
        ] {
            fs::write(&file, &changed).unwrap();
            assert_eq!(status(&tools).on, on, "{changed}");
        }
        fs::write(&file, [0xFF, 0xFE]).unwrap();
        assert_eq!(status(&tools), OFF);
        // Switching it on makes it whole, and off takes it away.
        fs::write(&file, "Hidden=true\n").unwrap();
        set(&tools, true).unwrap();
        assert_eq!((status(&tools), fs::read_to_string(&file).unwrap()), (ON, written));
        fs::write(&file, "Hidden=true\n").unwrap();
        set(&tools, false).unwrap();
        assert!(!file.exists());
    }

    #[test]
    fn a_path_is_one_argument_whatever_is_in_it() {
        assert_eq!(quoted("/opt/my apps/latchkey"), "\"/opt/my apps/latchkey\"");
        assert_eq!(quoted("/a\"b$c`d\\e%f"), r#""/a\\"b\\$c\\`d\\\\e%%f""#);
        let home = tempfile::tempdir().unwrap();
        for unsayable in ["/opt/a\nHidden=true/latchkey", "latchkey"] {
            let tools = tools(home.path(), unsayable);
            let blocked = AppSetting { on: false, blocked: Some(SettingBlocked::PathUnsayable) };
            set(&tools, true).unwrap();
            assert_eq!(status(&tools), blocked);
            assert!(!path(&tools).exists());
        }
    }
}
