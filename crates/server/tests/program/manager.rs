//! What the service manager is told, and how far its unit locks the service in.

use std::{os::unix::net::UnixDatagram, path::Path, time::Duration};

use crate::{certificates::Authority, program::Home, tools};

/// The most that `systemd-analyze security` may find, in tenths. What is left: the network it serves, and the file system
/// of the machine, read-only.
const EXPOSURE: &str = "11";

#[test]
fn the_manager_hears_how_the_service_is() {
    let (home, authority) = (Home::new(), Authority::new());
    authority.put();
    let place = authority.path("notify");
    let socket = UnixDatagram::bind(&place).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let heard = || {
        let mut buffer = [0; 256];
        let length = socket.recv(&mut buffer).expect("a word in time");
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    };
    // Signs of life come in between.
    let next = || loop {
        let word = heard();
        if word != "WATCHDOG=1\n" {
            return word;
        }
    };
    let tls = authority.environment();
    let mut environment: Vec<_> = tls.iter().map(|(name, value)| (*name, value.as_str())).collect();
    environment.extend([("NOTIFY_SOCKET", place.to_str().unwrap()), ("WATCHDOG_USEC", "200000")]);
    let served = home.serve(&environment);
    assert_eq!(next(), "READY=1\n");
    while heard() != "WATCHDOG=1\n" {}
    served.signal("HUP");
    let word = next();
    assert!(word.starts_with("RELOADING=1\nMONOTONIC_USEC="), "{word}");
    assert_eq!(next(), "READY=1\n");
    served.signal("TERM");
    assert_eq!(next(), "STOPPING=1\n");
    assert_eq!(served.end().code, 0);
}

#[test]
fn a_hang_up_ends_nothing() {
    let home = Home::new();
    let served = home.serve(&[]);
    served.signal("HUP");
    served.signal("TERM");
    let ended = served.end();
    assert_eq!(ended.code, 0);
}

#[test]
fn the_unit_locks_the_service_in() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/server/latchkey-server.service");
    let mut command = tools::system("systemd-analyze");
    command.args(["security", "--no-pager", "--offline=true", "--threshold", EXPOSURE]).arg(unit);
    let (within, out, err) = tools::output(&mut command);
    assert!(within, "{out}{err}");
    assert!(out.contains("Overall exposure level"), "{out}");
}
