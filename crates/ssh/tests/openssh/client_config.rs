//! Configurations, read by `ssh -G`.

use std::{fs, num::NonZeroU16};

use latchkey_ssh::config::{HostBlock, with_host};
use tempfile::tempdir;

use crate::{output, text};

const BLOCK: HostBlock<'_> = HostBlock {
    id: "laptop",
    alias: "build",
    host_name: "build.example.org",
    user: Some("ada"),
    port: NonZeroU16::new(2222),
    identity_file: "/home/ada/.ssh/id",
};

/// The values ssh has for an option of a host.
fn values(config: &str, host: &str, option: &str) -> Vec<String> {
    let folder = tempdir().unwrap();
    let path = folder.path().join("config");
    fs::write(&path, config).unwrap();
    let all = output("ssh", &["-G", "-F", text(&path), host]);
    let of_option = all.lines().filter_map(|line| line.strip_prefix(option)?.strip_prefix(' '));
    of_option.map(str::to_owned).collect()
}

#[test]
fn the_block_comes_before_what_the_person_wrote() {
    let person = "\
ServerAliveInterval 7
Host build
    Port 1
Match user ada
    ForwardX11 yes
Host *
    User somebody
    HostName elsewhere.example.org
    Port 2
    IdentitiesOnly no
";
    for person in [person.to_owned(), person.replace('\n', "\r\n")] {
        let config = with_host(&person, &BLOCK).unwrap();
        for (option, wanted) in [
            ("hostname", "build.example.org"),
            ("user", "ada"),
            ("port", "2222"),
            ("identityfile", "/home/ada/.ssh/id"),
            ("identitiesonly", "yes"),
            ("serveraliveinterval", "7"),
            ("forwardx11", "yes"),
        ] {
            assert_eq!(values(&config, "build", option), [wanted], "{option}");
        }
        // For other hosts nothing changes.
        for option in ["hostname", "user", "port", "identityfile", "identitiesonly", "serveraliveinterval"] {
            assert_eq!(values(&config, "other", option), values(&person, "other", option), "{option}");
        }
    }
}

#[test]
fn every_value_arrives_as_it_was_given() {
    let paths = ["/home/ada l/it's #1/100% $x/id", "/a=b/\u{fc}/c:d\\e", "/%h/%%/%"];
    for path in paths {
        let config = with_host("", &HostBlock { identity_file: path, ..BLOCK }).unwrap();
        // Tokens are put in only when ssh connects: here they are still escaped.
        assert_eq!(values(&config, "build", "identityfile"), [path.replace('%', "%%")]);
    }
    for user in ["ada.l@example.org", "CORP\\ada", "ada l", "#ada", "=ada"] {
        let config = with_host("", &HostBlock { user: Some(user), ..BLOCK }).unwrap();
        assert_eq!(values(&config, "build", "user"), [user]);
    }
    for (host, shown) in [("fe80::1%eth0", "fe80::1%eth0"), ("192.0.2.7", "192.0.2.7"), ("::1", "::1")] {
        let config = with_host("", &HostBlock { host_name: host, ..BLOCK }).unwrap();
        assert_eq!(values(&config, "build", "hostname"), [shown]);
    }
}
