//! From what a person types to the origin of a server.

use latchkey_api::desktop::{Failure, Place, ShellCode, Transport};
use url::{Host, Url};

use crate::error::failure;

/// The origin of a server: scheme, host and port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    url: Url,
    scheme_typed: bool,
}

impl Address {
    /// Reads an address as it was typed. `https://` is assumed where no scheme stands.
    ///
    /// Answers `address_invalid` with a sentence that says what to write instead. Nothing is dropped silently: a path
    /// or a user name in an address means that the person has something else in mind than a server.
    pub fn parse(typed: &str) -> Result<Self, Failure> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(invalid("Type the address of a server, such as accounts.example.org."));
        }
        let scheme_typed = text.contains("://");
        let full = if scheme_typed { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&full).map_err(|_| invalid("An address looks like https://accounts.example.org."))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(invalid("A server's address begins with https://."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("Leave out the user name and the password: you sign in afterwards."));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            let origin = url.origin().ascii_serialization();
            return Err(invalid(format!("Leave out everything after the host: {origin}.")));
        }
        if url.port() == Some(0) {
            return Err(invalid("The port is a number from 1 to 65535."));
        }
        Ok(Self { url, scheme_typed })
    }

    /// The origin as a URL with the path `/`.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The origin as text, without a slash at its end: the id of the place.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// How a server at this address is reached.
    pub fn transport(&self) -> Transport {
        match (self.url.scheme(), self.is_loopback()) {
            ("https", _) => Transport::Tls,
            (_, true) => Transport::Loopback,
            (_, false) => Transport::Plain,
        }
    }

    /// The same host without encryption, where that is worth a second try: on this computer, where hardly any server
    /// has a certificate, and only if the person did not ask for `https://` themselves.
    pub fn without_encryption_here(&self) -> Option<Self> {
        if self.scheme_typed || !self.is_loopback() {
            return None;
        }
        let mut url = self.url.clone();
        url.set_scheme("http").ok()?;
        Some(Self { url, scheme_typed: true })
    }

    /// The place at this address, under a display name.
    pub fn place(&self, name: impl Into<String>) -> Place {
        let host = self.url.host_str().unwrap_or_default();
        let host = self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Place { id: self.origin(), name: name.into(), host: Some(host), transport: self.transport() }
    }

    fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

fn invalid(sentence: impl Into<String>) -> Failure {
    failure(ShellCode::AddressInvalid, sentence.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_an_origin() {
        for (typed, origin, transport) in [
            ("accounts.example.org", "https://accounts.example.org", Transport::Tls),
            ("  Accounts.Example.ORG/ ", "https://accounts.example.org", Transport::Tls),
            ("https://accounts.example.org:443", "https://accounts.example.org", Transport::Tls),
            ("accounts.example.org:8443", "https://accounts.example.org:8443", Transport::Tls),
            ("http://accounts.example.org", "http://accounts.example.org", Transport::Plain),
            ("http://192.168.1.9:8787", "http://192.168.1.9:8787", Transport::Plain),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787", Transport::Loopback),
            ("http://[::1]:8787/", "http://[::1]:8787", Transport::Loopback),
            ("http://localhost", "http://localhost", Transport::Loopback),
            ("https://localhost", "https://localhost", Transport::Tls),
            // 127.1 is an address too, and not another computer.
            ("http://127.1", "http://127.0.0.1", Transport::Loopback),
            // A name that merely begins like it is another computer.
            ("http://localhost.example.org", "http://localhost.example.org", Transport::Plain),
            ("http://127.0.0.1.example.org", "http://127.0.0.1.example.org", Transport::Plain),
            ("bücher.example", "https://xn--bcher-kva.example", Transport::Tls),
        ] {
            let address = Address::parse(typed).unwrap_or_else(|e| panic!("{typed}: {e:?}"));
            assert_eq!((address.origin().as_str(), address.transport()), (origin, transport), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_server_is_refused_with_a_sentence() {
        for typed in [
            "",
            "   ",
            "https://",
            "not a host",
            "ftp://accounts.example.org",
            "javascript://accounts.example.org",
            "file:///etc/passwd",
            "https://ada:secret@accounts.example.org",
            "ada@accounts.example.org",
            "https://accounts.example.org/docs",
            "accounts.example.org?x=1",
            "accounts.example.org#top",
            "accounts.example.org:0",
            "accounts.example.org:99999",
            "http://[::1",
        ] {
            let refused = Address::parse(typed).expect_err(typed);
            assert_eq!(refused.code, ShellCode::AddressInvalid.into(), "{typed}");
            assert!(refused.detail.is_some_and(|text| text.ends_with('.')), "{typed}");
        }
    }

    #[test]
    fn the_password_in_an_address_is_not_repeated() {
        let refused = Address::parse("https://ada:hunter2@accounts.example.org").expect_err("a password");
        assert!(!format!("{refused:?}").contains("hunter2"));
    }

    #[test]
    fn only_this_computer_gets_a_second_try_without_encryption() {
        let second = |typed: &str| Address::parse(typed).unwrap().without_encryption_here().map(|a| a.origin());
        assert_eq!(second("localhost:8787").as_deref(), Some("http://localhost:8787"));
        assert_eq!(second("https://localhost:8787"), None);
        assert_eq!(second("accounts.example.org"), None);
    }

    #[test]
    fn a_place_shows_the_port_where_it_is_not_the_usual_one() {
        let host = |typed: &str| Address::parse(typed).unwrap().place("x").host;
        assert_eq!(host("https://a.example.org").as_deref(), Some("a.example.org"));
        assert_eq!(host("https://a.example.org:8443").as_deref(), Some("a.example.org:8443"));
    }
}
