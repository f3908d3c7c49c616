//! What is added comes out again, and nothing else is touched.

use std::num::NonZeroU16;

use proptest::prelude::*;

use super::*;

const BLOCK: HostBlock<'_> = HostBlock {
    id: "laptop",
    alias: "build",
    host_name: "build.example.org",
    user: Some("ada"),
    port: NonZeroU16::new(2222),
    identity_file: "~/.ssh/latchkey laptop",
};
const RENDERED: &str = "\
# Latchkey: begin laptop
Host build
    HostName build.example.org
    User ada
    Port 2222
    IdentityFile \"~/.ssh/latchkey laptop\"
    IdentitiesOnly yes
Host *
# Latchkey: end laptop
";

#[test]
fn writes_the_block_at_the_top() {
    assert_eq!(with_host("", &BLOCK).unwrap(), RENDERED);
    assert_eq!(with_host("ForwardAgent yes", &BLOCK).unwrap(), format!("{RENDERED}ForwardAgent yes"));
    assert_eq!(with_host("\u{feff}Host a\n", &BLOCK).unwrap(), format!("\u{feff}{RENDERED}Host a\n"));
    let crlf = RENDERED.replace('\n', "\r\n");
    assert_eq!(with_host("Host a\r\n", &BLOCK).unwrap(), format!("{crlf}Host a\r\n"));
    assert_eq!(without_host(&format!("{crlf}Host a\r\n"), "laptop").unwrap(), "Host a\r\n");
}

#[test]
fn replaces_the_block_with_the_same_id() {
    let first = with_host("Host a\n", &BLOCK).unwrap();
    let second = HostBlock { id: "second", alias: "second", ..BLOCK };
    let both = with_host(&first, &second).unwrap();
    let renamed = HostBlock { alias: "renamed", ..BLOCK };
    let text = with_host(&both, &renamed).unwrap();
    assert_eq!(text.matches("Latchkey: begin").count(), 2);
    assert!(text.contains("Host renamed\n") && !text.contains("Host build\n"));
    assert_eq!(without_host(&without_host(&text, "second").unwrap(), "laptop").unwrap(), "Host a\n");
}

#[test]
fn touches_nothing_that_is_damaged() {
    for text in ["# Latchkey: begin laptop\nHost a\n", "Host a\n# Latchkey: end laptop\n"] {
        let damaged = ConfigError::Damaged { id: "laptop".to_owned() };
        assert_eq!(without_host(text, "laptop"), Err(damaged.clone()));
        assert_eq!(with_host(text, &BLOCK), Err(damaged));
        assert_eq!(without_host(text, "other").unwrap(), text);
    }
}

#[test]
fn takes_nothing_that_could_become_another_option() {
    let refused = |block: HostBlock<'_>| with_host("", &block).unwrap_err();
    for bad in ["", "a b", "a\nProxyCommand x", "a\u{0}", "a\"", "-oProxyCommand=x", "*", "!a", "a?", "a,b", "a#"] {
        assert_eq!(refused(HostBlock { alias: bad, ..BLOCK }), ConfigError::Alias, "{bad:?}");
        assert_eq!(refused(HostBlock { host_name: bad, ..BLOCK }), ConfigError::HostName, "{bad:?}");
        assert_eq!(refused(HostBlock { id: bad, ..BLOCK }), ConfigError::Id);
    }
    for bad in ["", "a\nb", "a\"b", "a'b", "-l", "a -b", "a;b", "a\\", "a\\\\b", "%r", "$USER", " a", "a\u{85}b"] {
        assert_eq!(refused(HostBlock { user: Some(bad), ..BLOCK }), ConfigError::User, "{bad:?}");
    }
    for bad in ["", "~/", "id", "none", "./id", "/a\nb", "/a\"b", "/a\\", "/a\\'b", "/${HOME}/id", "/a\rb", "/a "] {
        assert_eq!(refused(HostBlock { identity_file: bad, ..BLOCK }), ConfigError::IdentityFile, "{bad:?}");
    }
}

#[test]
fn quotes_and_escapes() {
    let text = |block: HostBlock<'_>| with_host("", &block).unwrap();
    let path = "/home/ada/100% safe/it's #1";
    assert!(text(HostBlock { identity_file: path, ..BLOCK }).contains("\"/home/ada/100%% safe/it's #1\""));
    assert!(text(HostBlock { host_name: "fe80::1%eth0", ..BLOCK }).contains("HostName fe80::1%%eth0\n"));
    assert!(text(HostBlock { user: Some("CORP\\ada l"), ..BLOCK }).contains("User \"CORP\\ada l\"\n"));
}

proptest! {
    #[test]
    fn gives_back_every_byte(text in "(\u{feff})?(Host [a-z*]{1,3}|[ -~\t\r\u{e9}]{0,12}|\r?\n|# Latchkey: (begin|end) x\r?\n){0,12}") {
        let with = with_host(&text, &BLOCK).unwrap();
        let rest = text.strip_prefix('\u{feff}').unwrap_or(&text);
        prop_assert!(with.ends_with(rest));
        prop_assert_eq!(without_host(&with, "laptop").unwrap(), text.as_str());
        prop_assert_eq!(with_host(&with, &BLOCK).unwrap(), with);
        prop_assert_eq!(without_host(&text, "laptop").unwrap(), text);
    }

    #[test]
    fn writes_one_line_an_option(
        alias in any::<String>(),
        user in any::<String>(),
        path in "/[^\u{0}]{0,20}",
    ) {
        let block = HostBlock { alias: &alias, user: Some(&user), identity_file: &path, ..BLOCK };
        for block in [block, HostBlock { alias: "a", ..block }, HostBlock { alias: "a", user: None, ..block }] {
            if let Ok(text) = with_host("", &block) {
                prop_assert_eq!(text.lines().count(), if block.user.is_some() { 9 } else { 8 });
                prop_assert!(text.lines().all(|line| line.matches('"').count() % 2 == 0));
            }
        }
    }
}
