//! The networks that addresses are counted by.

use std::net::IpAddr;

/// The network an address is counted by: one IPv4 address, a /64 of IPv6 (what one customer gets), or this computer.
pub(super) fn network(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        None => "this computer".into(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The site of an address of IPv6: the /48 that a provider gives to whoever asks for many networks (RFC 6177).
pub(super) fn site(address: Option<IpAddr>) -> Option<String> {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
        _ => None,
    }
}

/// The network of an address as it is stored; `None` where it is none.
pub(crate) fn network_of(stored: Option<&str>) -> Option<String> {
    match stored {
        Some(text) => text.parse().ok().map(|address| network(Some(address))),
        None => Some(network(None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_customer_count_as_one() {
        let of = |text: &str| network(Some(text.parse().unwrap()));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        let site = |text: &str| site(Some(text.parse().unwrap()));
        assert_eq!(site("2001:db8:1:2::1"), site("2001:db8:1:3::1"));
        assert_ne!(site("2001:db8:1:2::1"), site("2001:db8:2:2::1"));
        assert_eq!((site("192.0.2.1"), site("::ffff:192.0.2.1")), (None, None));
    }
}
