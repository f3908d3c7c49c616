//! Which addresses are connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;
use url::{Host, Url};

/// Whether this computer and private networks are connected to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivateNetworks {
    /// They are, as where a company's own registries and code hosts are in its own network.
    #[default]
    Allow,
    /// They are not, nor is this computer: for a service whose users should not look around in its network.
    Refuse,
}

/// Where clouds hand the secrets of the machine to whoever asks from it, beside the link-local 169.254.169.254.
const MACHINE_SECRETS: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
];

impl PrivateNetworks {
    /// Whether an address may be connected to.
    pub(crate) fn allow(self, address: IpAddr) -> bool {
        let address = embedded(address);
        !is_never(address) && (self == Self::Allow || !is_private(address))
    }
}

/// The IPv4 address within an IPv6 one, where something on the way takes it out: mapped (RFC 4291 section 2.5.5),
/// translated (RFC 6052) or tunnelled (RFC 3056).
fn embedded(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match six.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            four(high, low)
        }
        // Compatible addresses are no longer used; `::` and `::1` are none.
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => four(high, low),
        _ => address,
    }
}

fn is_never(address: IpAddr) -> bool {
    let kind = match address {
        // The whole of 0.0.0.0/8 is "this network" (RFC 6890).
        IpAddr::V4(four) => four.octets()[0] == 0 || four.is_link_local() || four.is_multicast() || four.is_broadcast(),
        IpAddr::V6(six) => six.is_unspecified() || six.is_unicast_link_local() || six.is_multicast(),
    };
    kind || MACHINE_SECRETS.contains(&address)
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            let [a, b, c, _] = four.octets();
            four.is_loopback()
                || four.is_private()
                // Shared by customers of a provider (RFC 6598), protocols (RFC 6890), benchmarks (RFC 2544), reserved.
                || (a == 100 && b & 0xc0 == 64)
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && b & 0xfe == 18)
                || a >= 240
        }
        IpAddr::V6(six) => {
            let first = six.segments()[0];
            // Site-local addresses (RFC 3879) are deprecated, and routed by old networks.
            six.is_loopback() || six.is_unique_local() || first & 0xffc0 == 0xfec0
        }
    }
}

/// Whether a URL names this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a name is one of this computer (RFC 6761 section 6.3).
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || name
            .len()
            .checked_sub(".localhost".len())
            .is_some_and(|at| name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(".localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn some_addresses_are_never_connected_to() {
        for text in [
            "169.254.169.254",
            "169.254.0.1",
            "fe80::1",
            "febf::1",
            "0.0.0.0",
            "0.1.2.3",
            "::",
            "224.0.0.1",
            "239.255.255.250",
            "ff02::1",
            "255.255.255.255",
            "::ffff:169.254.169.254",
            "::ffff:0.0.0.0",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "::a9fe:a9fe",
            "100.100.100.200",
            "fd00:ec2::254",
        ] {
            for policy in [PrivateNetworks::Allow, PrivateNetworks::Refuse] {
                assert!(!policy.allow(address(text)), "{text} {policy:?}");
            }
        }
    }

    #[test]
    fn private_ones_where_it_is_allowed() {
        for text in [
            "127.0.0.1",
            "127.255.0.1",
            "::1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.0.8",
            "198.19.0.1",
            "240.0.0.1",
            "fd12:3456::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
        ] {
            assert!(PrivateNetworks::Allow.allow(address(text)), "{text}");
            assert!(!PrivateNetworks::Refuse.allow(address(text)), "{text}");
        }
        for text in ["140.82.121.4", "172.32.0.1", "100.128.0.1", "192.0.2.1", "2606:50c0::1", "::ffff:140.82.121.4"] {
            assert!(PrivateNetworks::Refuse.allow(address(text)), "{text}");
        }
    }

    #[test]
    fn this_computer_is_known_by_its_names() {
        for (url, here) in [
            ("http://localhost:1", true),
            ("http://LOCALHOST./", true),
            ("http://registry.localhost/", true),
            ("http://[::1]", true),
            ("http://127.9.0.1", true),
            ("http://localhost.example.org", false),
            ("http://notlocalhost", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), here, "{url}");
        }
    }
}
