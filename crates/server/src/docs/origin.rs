//! The server as its reader knows it.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::{header, request::Parts, uri::Authority};

/// Scheme, host and port a request was sent to; none where it does not say, or says nonsense.
///
/// Whether it came by TLS is not known here, because a proxy ends that. A server that is not on the reader's own
/// computer is reached by `https`: nobody is led to send a key in the clear.
pub(super) fn of(request: &Parts) -> Option<String> {
    let named = request.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = request.uri.authority().map(Authority::as_str).or(named)?;
    let (host, port) = split(authority)?;
    let scheme = if is_here(host) { "http" } else { "https" };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{}{port}", host.to_ascii_lowercase()))
}

/// Host and port of an authority without user information (RFC 3986 section 3.2), of nothing but what stands in names
/// and addresses.
fn split(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = authority.split_at(end);
    let port = match port.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
        None if port.is_empty() => None,
        _ => return None,
    };
    let fits = if let Some(address) = host.strip_prefix('[') {
        address.trim_end_matches(']').parse::<Ipv6Addr>().is_ok()
    } else {
        let named = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '_';
        !host.is_empty() && host.len() <= 253 && !host.starts_with('-') && host.chars().all(named)
    };
    fits.then_some((host, port))
}

/// Whether a host is the reader's own computer (RFC 6761 section 6.3, RFC 1122, RFC 4291).
fn is_here(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let v4 = || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    let v6 = || host.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback());
    host == "localhost" || host.ends_with(".localhost") || v4() || v6()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(host: &str) -> Option<String> {
        let request = http::Request::builder().uri("/docs").header("host", host.as_bytes()).body(()).unwrap();
        of(&request.into_parts().0)
    }

    #[test]
    fn a_server_is_reached_by_https_unless_it_is_here() {
        for (host, expected) in [
            ("accounts.example.org", "https://accounts.example.org"),
            ("Accounts.Example.org:8443", "https://accounts.example.org:8443"),
            ("192.168.1.9:8080", "https://192.168.1.9:8080"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost", "http://localhost"),
            ("latchkey.localhost:3000", "http://latchkey.localhost:3000"),
            ("[::1]:3000", "http://[::1]:3000"),
            ("[2001:db8::1]", "https://[2001:db8::1]"),
            ("localhost.example.org", "https://localhost.example.org"),
        ] {
            assert_eq!(origin(host).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_no_host_is_not_written_into_a_line() {
        for host in [
            "",
            ":80",
            "ada@example.org",
            "x'; rm -rf ~",
            "x\"><script>",
            "a b",
            "x:99999",
            "x:",
            "x:+1",
            "[::1",
            "[x]:1",
            "-o",
            "x/y",
            "$(id)",
            "x`id`",
            "bücher.example",
        ] {
            assert_eq!(origin(host), None, "{host}");
        }
    }
}
