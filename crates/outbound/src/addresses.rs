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
        reached(address).into_iter().all(|address| !is_never(address) && (self == Self::Allow || !is_private(address)))
    }
}

/// The addresses that something on the way takes out of one: mapped (RFC 4291 section 2.5.5), translated (RFC 6052) or
/// tunnelled (RFC 3056, RFC 4380). The address itself where there are none in it.
fn reached(address: IpAddr) -> Vec<IpAddr> {
    let IpAddr::V6(six) = address else { return vec![address] };
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match six.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            vec![four(high, low)]
        }
        // Teredo: the server that lets the other side be found, and the other side, whose address is kept inverted.
        [0x2001, 0, high, low, _, _, client_high, client_low] => {
            vec![four(high, low), four(!client_high, !client_low)]
        }
        // Compatible addresses are no longer used; `::` and `::1` are none.
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => vec![four(high, low)],
        _ => vec![address],
    }
}

/// Whether an address is translated by the network the service is in (RFC 8215). How, that network alone knows.
fn is_translated_locally(six: Ipv6Addr) -> bool {
    six.segments().starts_with(&[0x64, 0xff9b, 1])
}

/// The IPv4 addresses that such an address may stand for: one for each length its prefix can have (RFC 6052 section 2.2).
fn readings(six: Ipv6Addr) -> [Ipv4Addr; 4] {
    let octets = six.octets();
    [[12, 13, 14, 15], [9, 10, 11, 12], [7, 9, 10, 11], [6, 7, 9, 10]].map(|at| Ipv4Addr::from(at.map(|at| octets[at])))
}

fn is_never(address: IpAddr) -> bool {
    let kind = match address {
        // The whole of 0.0.0.0/8 is "this network" (RFC 6890).
        IpAddr::V4(four) => four.octets()[0] == 0 || four.is_link_local() || four.is_multicast() || four.is_broadcast(),
        // Three of the four readings are not meant: only what tells secrets is refused for them.
        IpAddr::V6(six) if is_translated_locally(six) => {
            readings(six).into_iter().any(|four| four.is_link_local() || MACHINE_SECRETS.contains(&four.into()))
        }
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
            six.is_loopback() || six.is_unique_local() || first & 0xffc0 == 0xfec0 || is_translated_locally(six)
        }
    }
}

/// Host and port of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place(String, Option<u16>);

impl Place {
    pub(crate) fn of(url: &Url) -> Option<Self> {
        Some(Self(url.host_str()?.to_owned(), url.port_or_known_default()))
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
            // Teredo: the address of the client, which is kept inverted, and that of the server.
            "2001:0:4136:e378:8000:63bf:5601:5601",
            "2001:0:a9fe:a9fe:8000:63bf:3fff:fdd2",
            // Translated in a network of one's own, with a prefix of 96, 64, 56 and 48 bits.
            "64:ff9b:1::a9fe:a9fe",
            "64:ff9b:1:fffe:7:7:a9fe:a9fe",
            "64:ff9b:1:7:a9:fea9:fe00:0",
            "64:ff9b:1:7a9:fe:a9fe::",
            "64:ff9b:1:a9fe:a9:fe00::",
            "64:ff9b:1::6464:64c8",
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
            "2001:0:4136:e378:8000:63bf:f5ff:fffe",
            "2001:0:a00:1:8000:63bf:3fff:fdd2",
            "64:ff9b:1::a00:1",
            "64:ff9b:1::8c52:7904",
        ] {
            assert!(PrivateNetworks::Allow.allow(address(text)), "{text}");
            assert!(!PrivateNetworks::Refuse.allow(address(text)), "{text}");
        }
        for text in [
            "140.82.121.4",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.2.1",
            "2606:50c0::1",
            "::ffff:140.82.121.4",
            "64:ff9b::8c52:7904",
            "64:ff9b:2::a00:1",
            // RFC 4380 section 4
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:1::f5ff:fffe",
        ] {
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
