//! Hosts of container registries, as images name them: what people type and tools send, made one and the same.

use std::net::{Ipv4Addr, Ipv6Addr};

use latchkey_api::problem::FieldCode;

/// The most that is read.
const LONGEST: usize = 255;

/// The longest name, and the longest part between two dots (RFC 1035 section 2.3.4).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// The port of `https`, which is left out.
const USUAL_PORT: u16 = 443;

/// What Docker Hub is called in images.
const DOCKER_HUB: &str = "docker.io";

/// What else it is called: by tools, in their configuration, and by people who look at its web pages.
const DOCKER_HUB_TOO: &[&str] = &[
    "hub.docker.com",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.docker.io",
    "registry.hub.docker.com",
    "www.docker.io",
];

type Refused = (FieldCode, String);

/// The host of a registry: in lower case, without a scheme, a path and the usual port. Docker Hub is `docker.io` under
/// all its names. What was normalised stays as it is.
pub(crate) fn normalise(text: &str) -> Result<String, Refused> {
    const ADVICE: &str = "Enter the host of a registry, such as ghcr.io or registry.example.com:5000.";
    let refuse = |code: FieldCode, detail: &str| Err((code, detail.to_owned()));
    if text.chars().count() > LONGEST {
        return refuse(FieldCode::TooLong, "Use at most 255 characters.");
    }
    let text = text.trim();
    if text.is_empty() {
        return refuse(FieldCode::Blank, "Enter the host of the registry, such as ghcr.io.");
    }
    let authority = authority(text);
    if authority.contains('@') {
        return refuse(
            FieldCode::Invalid,
            "Leave user name and password out of the host; they have fields of their own.",
        );
    }
    if !authority.is_ascii() {
        let detail =
            "Write the host in Latin letters: a name in another script has such a form, which begins with xn--.";
        return refuse(FieldCode::Invalid, detail);
    }
    let read = read(authority);
    let Some((host, port)) = read else { return refuse(FieldCode::Invalid, ADVICE) };
    Ok(match port {
        Some(port) => format!("{host}:{port}"),
        None if DOCKER_HUB_TOO.contains(&host.as_str()) => DOCKER_HUB.into(),
        None => host,
    })
}

/// What stands between scheme and path (RFC 3986 section 3.2).
fn authority(text: &str) -> &str {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let scheme = ["https://", "http://"].into_iter().find(|scheme| begins(scheme)).unwrap_or_default();
    let rest = &text[scheme.len()..];
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Host and port, without the usual port. `None` where it is neither a name nor an address.
fn read(authority: &str) -> Option<(String, Option<u16>)> {
    if let Ok(address) = authority.parse::<Ipv6Addr>() {
        return Some((format!("[{address}]"), None));
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            (format!("[{address}]"), if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (name(host)?, Some(port)),
            None => (name(authority)?, None),
        },
    };
    let port = match port {
        None => None,
        Some(digits) if digits.len() <= 5 && digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|port| *port != 0)?)
        }
        Some(_) => return None,
    };
    Some((host, port.filter(|port| *port != USUAL_PORT)))
}

/// A name or an IPv4 address in lower case. What ends in a number and is no address of four numbers is neither: others
/// read `127.1` or `0x7f000001` as addresses (WHATWG URL, section 3.5).
fn name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let last = name.rsplit('.').next()?;
    let is_a_number = last.bytes().all(|digit| digit.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    if is_a_number {
        return name.parse::<Ipv4Addr>().ok().map(|address| address.to_string());
    }
    let is_a_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (name.len() <= LONGEST_NAME && name.split('.').all(is_a_label)).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_registry_has_one_name() {
        for (text, host) in [
            ("ghcr.io", "ghcr.io"),
            ("  GHCR.io \n", "ghcr.io"),
            ("https://ghcr.io", "ghcr.io"),
            ("HTTPS://ghcr.io/", "ghcr.io"),
            ("http://ghcr.io/v2/", "ghcr.io"),
            ("https://ghcr.io/v2/?x=y#z", "ghcr.io"),
            ("ghcr.io/ada/image:tag", "ghcr.io"),
            ("ghcr.io?x", "ghcr.io"),
            ("ghcr.io.", "ghcr.io"),
            ("ghcr.io:443", "ghcr.io"),
            ("ghcr.io:0443", "ghcr.io"),
            ("ghcr.io:5000", "ghcr.io:5000"),
            ("ghcr.io:05000", "ghcr.io:5000"),
            ("ghcr.io:80", "ghcr.io:80"),
            ("localhost", "localhost"),
            ("http://localhost:5000", "localhost:5000"),
            ("registry", "registry"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("123.dkr.ecr.eu-central-1.amazonaws.com", "123.dkr.ecr.eu-central-1.amazonaws.com"),
            ("127.0.0.1:5501", "127.0.0.1:5501"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]:5000", "[::1]:5000"),
            ("[::1]", "[::1]"),
            ("::1", "[::1]"),
            ("[2001:DB8:0:0::1]:443", "[2001:db8::1]"),
            ("docker.io", "docker.io"),
            ("https://index.docker.io/v1/", "docker.io"),
            ("registry-1.docker.io:443", "docker.io"),
            ("Registry.Docker.io", "docker.io"),
            ("registry.hub.docker.com", "docker.io"),
            ("https://hub.docker.com/u/ada", "docker.io"),
            ("docker.io:5000", "docker.io:5000"),
        ] {
            assert_eq!(normalise(text).as_deref(), Ok(host), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused_with_what_to_do() {
        for (text, code, words) in [
            ("", FieldCode::Blank, "such as ghcr.io"),
            (" \t", FieldCode::Blank, "such as ghcr.io"),
            (&*"a".repeat(256), FieldCode::TooLong, "255"),
            (&format!("https://ghcr.io/{}", "a".repeat(250)), FieldCode::TooLong, "255"),
            ("https://", FieldCode::Invalid, "such as ghcr.io"),
            ("ftp://ghcr.io", FieldCode::Invalid, "such as ghcr.io"),
            ("https://https://ghcr.io", FieldCode::Invalid, "such as ghcr.io"),
            ("//ghcr.io", FieldCode::Invalid, "such as ghcr.io"),
            ("ada:secret@ghcr.io", FieldCode::Invalid, "user name and password"),
            ("bücher.example", FieldCode::Invalid, "xn--"),
            ("ghcr。io", FieldCode::Invalid, "xn--"),
            ("ghcr io", FieldCode::Invalid, "such as"),
            ("ghcr..io", FieldCode::Invalid, "such as"),
            ("ghcr.io..", FieldCode::Invalid, "such as"),
            (".ghcr.io", FieldCode::Invalid, "such as"),
            ("-ghcr.io", FieldCode::Invalid, "such as"),
            ("ghcr-.io", FieldCode::Invalid, "such as"),
            ("ghcr_.io", FieldCode::Invalid, "such as"),
            ("gh\u{0}cr.io", FieldCode::Invalid, "such as"),
            ("ghcr%2eio", FieldCode::Invalid, "such as"),
            ("ghcr.io\\evil", FieldCode::Invalid, "such as"),
            (&*format!("{}.io", "a".repeat(64)), FieldCode::Invalid, "such as"),
            (&*format!("{}io", "a.".repeat(126)), FieldCode::Invalid, "such as"),
            ("ghcr.io:", FieldCode::Invalid, "such as"),
            ("ghcr.io:0", FieldCode::Invalid, "such as"),
            ("ghcr.io:65536", FieldCode::Invalid, "such as"),
            ("ghcr.io:000443", FieldCode::Invalid, "such as"),
            ("ghcr.io:+80", FieldCode::Invalid, "such as"),
            ("ghcr.io:80:80", FieldCode::Invalid, "such as"),
            ("ghcr.io: 80", FieldCode::Invalid, "such as"),
            ("127.1", FieldCode::Invalid, "such as"),
            ("127.0.0.01", FieldCode::Invalid, "such as"),
            ("2130706433", FieldCode::Invalid, "such as"),
            ("0x7f000001", FieldCode::Invalid, "such as"),
            ("0x7f.0.0.0x1", FieldCode::Invalid, "such as"),
            ("1.2.3.4.5", FieldCode::Invalid, "such as"),
            ("256.0.0.1", FieldCode::Invalid, "such as"),
            ("registry.0x", FieldCode::Invalid, "such as"),
            ("[::1", FieldCode::Invalid, "such as"),
            ("[::1]5000", FieldCode::Invalid, "such as"),
            ("[fe80::1%eth0]", FieldCode::Invalid, "such as"),
            ("[ghcr.io]", FieldCode::Invalid, "such as"),
            ("::1:", FieldCode::Invalid, "such as"),
        ] {
            let (found, detail) = normalise(text).expect_err(text);
            assert_eq!(found, code, "{text}: {detail}");
            assert!(detail.contains(words), "{text}: {detail}");
        }
    }

    proptest! {
        #[test]
        fn what_was_normalised_stays_as_it_is(text in prop_oneof![
            any::<String>(),
            "(https?://)?[a-zA-Z0-9.-]{1,30}(:[0-9]{0,6})?(/[a-z?#@:]{0,8})?",
            "\\[?[0-9a-fA-F:.]{1,40}\\]?(:[0-9]{1,5})?",
            "[0-9x.]{1,20}",
        ]) {
            if let Ok(host) = normalise(&text) {
                prop_assert_eq!(normalise(&host), Ok(host.clone()));
                prop_assert!(host.is_ascii() && !host.contains(['/', '@', ' ', '?', '#']));
                prop_assert_eq!(host.to_ascii_lowercase(), host);
            }
        }

        #[test]
        fn names_are_taken_whatever_stands_around_them(
            name in "[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,5})?(\\.[a-z][a-z0-9]{0,9}){0,3}",
            scheme in prop::sample::select(vec!["", "http://", "https://", "HTTPS://"]),
            port in prop::option::of(1u16..),
            path in prop::sample::select(vec!["", "/", "/v2/", "/v1/?a=b", "#x"]),
        ) {
            prop_assume!(!DOCKER_HUB_TOO.contains(&name.as_str()));
            let shown = port.map(|port| format!(":{port}")).unwrap_or_default();
            let expected = if port == Some(443) { name.clone() } else { format!("{name}{shown}") };
            prop_assert_eq!(normalise(&format!("{scheme}{}{shown}{path}", name.to_ascii_uppercase())), Ok(expected));
        }
    }
}
