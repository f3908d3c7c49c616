//! Edits of a person's `~/.ssh/config`.

use std::num::NonZeroU16;

use latchkey_ssh::config::{HostBlock, hosts_named, with_host, without_host};

/// Six lines are the block that is to be written: its id, the short name, the host, the user (`-` is none), the port (0 is
/// none) and the path of the key. The rest is the file.
///
/// - What was added is taken out again byte for byte, and adding it twice is adding it once.
/// - No other host of the person's comes or goes by it.
/// - Every value stands on a line of its own: none of them can be more than one option.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(7, '\n');
    let mut next = || parts.next().unwrap_or_default();
    let (id, alias, host_name, user, port, identity_file, file) =
        (next(), next(), next(), next(), next(), next(), next());
    let user = Some(user).filter(|user| *user != "-");
    let port = port.parse().ok().and_then(NonZeroU16::new);
    let block = HostBlock { id, alias, host_name, user, port, identity_file };

    let before = without_host(file, id);
    if let Ok(before) = &before {
        assert_eq!(without_host(before, id).as_ref(), Ok(before), "what was taken out is gone");
    }
    let Ok(with) = with_host(file, &block) else { return };
    let before = before.expect("what can be replaced can be taken out");
    assert_eq!(without_host(&with, id), Ok(before.clone()), "every other byte stays");
    assert_eq!(with_host(&with, &block).as_ref(), Ok(&with), "adding it twice is adding it once");
    for name in [alias, "build", host_name] {
        assert_eq!(hosts_named(&with, name), hosts_named(&before, name), "the person's own hosts stay");
    }
    let added = with.len() - before.len();
    let begins = if before.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let lines: Vec<_> = with[begins..begins + added].lines().collect();
    // Two comments, `Host`, `HostName`, `IdentityFile`, `IdentitiesOnly` and `Host *`.
    let expected = 7 + usize::from(user.is_some()) + usize::from(port.is_some());
    assert_eq!(lines.len(), expected, "{lines:?}");
    assert_eq!(lines[1], format!("Host {alias}"));
    assert_eq!(lines[lines.len() - 2], "Host *");
}
