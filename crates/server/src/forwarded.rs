//! Where a request came from when a proxy stands before the service.

use std::{net::IpAddr, str::FromStr, sync::Arc};

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Networks of proxies whose `X-Forwarded-For` is believed. None where nothing is said: anybody can send that header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// The address a request came from: the last one in the list that no trusted proxy vouches for.
    ///
    /// Each proxy appends the address it was called from, so that the list is believed from its end, and only as far
    /// as the next address is a trusted proxy too.
    pub(crate) fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.contains(peer) {
            return peer;
        }
        let fields = headers.get_all(FORWARDED_FOR).iter().rev();
        let hops = fields.flat_map(|field| field.to_str().unwrap_or_default().rsplit(',')).map(str::trim);
        let mut origin = peer;
        for hop in hops {
            let Ok(address) = hop.parse::<IpAddr>() else { break };
            origin = address.to_canonical();
            if !self.contains(origin) {
                break;
            }
        }
        origin
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for TrustedProxies {
    type Err = String;

    /// Addresses and networks in CIDR form, separated by commas or spaces.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split([',', ' '])
            .filter(|part| !part.is_empty())
            .map(network)
            .collect::<Result<Vec<_>, _>>()
            .map(Self::from)
    }
}

impl From<Vec<IpNet>> for TrustedProxies {
    fn from(networks: Vec<IpNet>) -> Self {
        Self(networks.into())
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address
        .or_else(|_| text.parse())
        .map_err(|_| format!("{text} is neither an IP address nor a network such as 10.0.0.0/8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(trusted: &str, peer: &str, fields: &[&str]) -> String {
        let headers = fields.iter().map(|field| (FORWARDED_FOR, field.parse().unwrap())).collect();
        trusted.parse::<TrustedProxies>().unwrap().origin(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn the_header_is_believed_only_from_trusted_proxies() {
        assert_eq!(origin("", "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(origin("10.0.0.0/8", "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(origin("10.0.0.0/8", "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn what_a_caller_wrote_before_its_own_address_is_not_believed() {
        assert_eq!(origin("10.0.0.0/8", "10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.2.3.4"]), "198.51.100.1");
        assert_eq!(origin("10.0.0.0/8", "10.0.0.1", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(origin("10.0.0.0/8", "10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(origin("10.0.0.0/8 ::1", "::1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn a_network_that_is_none_is_named() {
        assert!("10.0.0.0/8, tomato".parse::<TrustedProxies>().unwrap_err().contains("tomato"));
    }
}
