//! Completions and manual pages.

use std::fs;

use crate::machine::Machine;

#[test]
fn shells_learn_the_commands() {
    let machine = Machine::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = machine.latchkey(&["completions", shell]).done();
        assert!(script.contains("ssh-keys") && script.contains("close-others"), "{shell}");
    }
    let bash = machine.home().join("completions");
    fs::write(&bash, machine.latchkey(&["completions", "bash"]).done()).unwrap();
    let checked = machine.command("bash").arg("-n").arg(&bash).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn every_command_has_a_page_and_the_first_one_tells_the_exit_statuses() {
    let machine = Machine::new();
    machine.latchkey(&["man", "pages"]).done();
    let folder = machine.home().join("pages");
    let mut pages: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    pages.sort();
    for page in ["latchkey.1", "latchkey-whoami.1", "latchkey-ssh-keys-generate.1", "latchkey-api-keys-create.1"]
        .into_iter()
        .chain(["latchkey-git-credential.1", "latchkey-docker-credential.1", "docker-credential-latchkey.1"])
    {
        assert!(pages.iter().any(|written| written == page), "{page} in {pages:?}");
    }
    assert!(!pages.iter().any(|page| page.starts_with("latchkey-man")), "{pages:?}");
    // What a page refers to is there, but for pages of other programs.
    for page in &pages {
        let text = fs::read_to_string(folder.join(page)).unwrap().replace("\\-", "-");
        for (at, _) in text.match_indices("latchkey-") {
            let name: String = text[at..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            let other = format!("{}.1", name.trim_end_matches('-'));
            assert!(name == "latchkey-server" || pages.contains(&other), "{page} refers to {other}");
        }
    }
    let main = fs::read_to_string(folder.join("latchkey.1")).unwrap();
    for section in ["THE WINDOW", "GIT", "DOCKER, PODMAN AND SKOPEO", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
        assert!(main.contains(section), "{section}");
    }
}
