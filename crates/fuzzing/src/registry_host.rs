//! Hosts of container registries, as people type them.

use latchkey_service::fuzzing::registry_host;
use url::{Host, Url};

/// The bytes are what somebody typed.
///
/// - What is taken stays as it is when it is taken again, alone and behind a scheme and before a path.
/// - It is one host, in lower case, without user name, path or the usual port, for others who read addresses too: whom
///   the service asks is whom it says it asks.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let host = match registry_host(&text) {
        Ok(host) => host,
        Err(detail) => return assert!(!detail.is_empty() && detail.len() < 200),
    };
    assert_eq!(registry_host(&host).as_ref(), Ok(&host));
    for more in [format!("https://{host}/v2/"), format!(" http://{host}?x#y "), format!("{host}:443")] {
        // Only one port can be named.
        let named = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        // What is typed has a limit, whatever of it is the host.
        if !(named && more.ends_with(":443")) && more.len() <= 255 {
            assert_eq!(registry_host(&more).as_ref(), Ok(&host), "{more}");
        }
    }
    assert!(host.is_ascii() && host.len() <= 262 && host == host.to_ascii_lowercase(), "{host}");
    assert!(!host.contains(['/', '?', '#', '@', '\\', '%', ' ', '\t', '\n']), "{host}");

    let url = Url::parse(&format!("https://{host}/v2/"));
    // A name that begins with xn-- and is no name in another script is one to nobody.
    let Ok(url) = url else { return assert!(host.contains("xn--"), "{host} is not a host to others") };
    assert_eq!((url.path(), url.username(), url.password(), url.query()), ("/v2/", "", None, None));
    let name = match url.host() {
        // There are two ways to write one that holds an IPv4 address.
        Some(Host::Ipv6(address)) => format!("[{address}]"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let as_read = url.port().map_or_else(|| name.clone(), |port| format!("{name}:{port}"));
    assert_eq!(as_read, host, "others read the same host");
}
