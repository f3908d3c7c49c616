#![allow(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

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
fn lines_in_a_file_that_is_not_the_one_written_to_now_are_found() {
    let home = tempfile::tempdir().unwrap();
    let (xdg, other) = (home.path().join(".config/git/config"), home.path().join("other"));
    fs::create_dir_all(xdg.parent().unwrap()).unwrap();
    let mine = "[user]\n\tname = Ada\n";
    fs::write(&xdg, mine).unwrap();
    fs::write(&other, mine).unwrap();
    let tools = tools(home.path(), "/opt/latchkey");
    let elsewhere = tools.clone().with("GIT_CONFIG_GLOBAL", &other);
    let noted = Git::find(&elsewhere).unwrap().to_note().unwrap();
    Git::find(&elsewhere).unwrap().add("one.example").unwrap();
    Git::find(&tools).unwrap().add("two.example").unwrap();
    assert!(fs::read_to_string(&xdg).unwrap().contains("two.example"));
    fs::write(home.path().join(".gitconfig"), mine).unwrap();
    let git = Git::find(&tools).unwrap().knowing(&noted);
    assert_eq!(git.hosts().unwrap(), ["one.example", "two.example"]);
    git.remove("one.example").unwrap();
    git.remove("two.example").unwrap();
    for file in [xdg, other, home.path().join(".gitconfig")] {
        assert_eq!(fs::read_to_string(file).unwrap(), mine);
    }
}

#[test]
fn a_program_that_is_called_something_else_by_now_is_known_by_what_was_noted() {
    let home = tempfile::tempdir().unwrap();
    let before = tools(home.path(), "/opt/Latchkey-1.0.AppImage");
    let noted = Git::find(&before).unwrap().to_note().unwrap();
    Git::find(&before).unwrap().add("git.example").unwrap();
    let after = tools(home.path(), "/opt/Latchkey-1.1.AppImage");
    let git = Git::find(&after).unwrap().knowing(&noted);
    assert_eq!(git.hosts().unwrap(), ["git.example"]);
    git.remove("git.example").unwrap();
    assert_eq!(fs::read_to_string(home.path().join(".gitconfig")).unwrap(), "");
}

#[test]
fn an_empty_line_of_the_persons_own_beside_ours_stays() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".gitconfig");
    let tools = tools(home.path(), "/opt/it's \"my\" app/latchkey");
    let git = Git::find(&tools).unwrap();
    git.add("git.example").unwrap();
    let ours = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{ours}\thelper =\n\thelper = !mine\n")).unwrap();
    git.remove("git.example").unwrap();
    let left = "[credential \"https://git.example\"]\n\thelper =\n\thelper = !mine\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), left);
    // Which one is ours cannot be told.
    let parted = ours.replace("\thelper = \n", "\thelper = \n\thelper = other\n") + "\thelper =\n";
    fs::write(&file, &parted).unwrap();
    assert!(git.remove("git.example").unwrap_err().detail.unwrap().ends_with("by hand."));
    assert_eq!(fs::read_to_string(&file).unwrap(), parted);
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
