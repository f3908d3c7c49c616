//! `[smtp]`: the mail server, and who mail is from.

use std::{borrow::Cow, fmt, net::IpAddr, path::PathBuf};

use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Deserializer, de::Error};
use url::Url;
use zeroize::Zeroizing;

/// `[smtp]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Smtp {
    /// `smtp://user:password@host:587?tls=required`, `smtps://…`
    pub(crate) url: Option<SmtpUrl>,
    /// Who mail is from: an address, or `Name <address>`.
    #[serde(deserialize_with = "mailbox")]
    pub(crate) from: Option<Mailbox>,
    /// Certificates to trust beside the system's (PEM).
    pub(crate) ca_file: Option<PathBuf>,
    /// A file with the password and nothing else, where it does not stand in the URL.
    pub(crate) password_file: Option<PathBuf>,
}

/// A mail server.
pub(crate) struct SmtpUrl {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Zeroizing<String>>,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// TLS from the first byte (RFC 8314), port 465.
    Tls,
    /// STARTTLS, and nothing without it (RFC 3207), port 587.
    StartTls,
    /// None: only to this computer.
    Plain,
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpUrl").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Smtp {
    /// What does not go together.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        let refuse = |key, reason: &str| Err((key, reason.to_owned()));
        let Some(url) = &self.url else { return Ok(()) };
        if self.from.is_none() {
            return refuse("smtp.url", "say who mail is from as well: smtp.from");
        }
        match (&url.user, &url.password, &self.password_file) {
            (_, Some(_), Some(_)) => refuse("smtp.password_file", "the password stands in smtp.url already"),
            (None, _, Some(_)) => refuse("smtp.password_file", "smtp.url names no user it belongs to"),
            (Some(_), None, None) => {
                refuse("smtp.url", "the user has no password; give it here or in smtp.password_file")
            }
            _ => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for SmtpUrl {
    /// No error shows the text: it may hold a password.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "expected smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST:587?tls=required";
        let text = Zeroizing::new(String::deserialize(deserializer).map_err(|_| D::Error::custom(expected))?);
        parse(&text).map_err(|why| D::Error::custom(if why.is_empty() { expected } else { why }))
    }
}

fn mailbox<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Mailbox>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let expected = "expected an address as in accounts@example.org or Example <accounts@example.org>";
    text.parse().map(Some).map_err(|_| D::Error::custom(format!("found \"{text}\", {expected}")))
}

/// The reason is empty where the whole is none.
fn parse(text: &str) -> Result<SmtpUrl, &'static str> {
    let url = Url::parse(text).map_err(|_| "")?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or("")?;
    // Only special schemes have hosts that are parsed; an address in brackets is written without them.
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let mut required = false;
    for (name, value) in url.query_pairs() {
        match (&*name, &*value) {
            ("tls", "required") => required = true,
            ("tls", _) => return Err("tls can only be required: whatever asks for less can be taken away on the way"),
            _ => return Err("the only parameter there is, is tls=required"),
        }
    }
    let security = match (url.scheme(), required) {
        ("smtps", _) => Security::Tls,
        ("smtp", true) => Security::StartTls,
        ("smtp", false) if is_this_computer(&host) => Security::Plain,
        ("smtp", false) => {
            return Err("mail goes to other computers over TLS only; write smtps://, or add ?tls=required");
        }
        _ => return Err(""),
    };
    if !matches!(url.path(), "" | "/") {
        return Err("");
    }
    let usual = match security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::Plain => 25,
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(Cow::into_owned).map_err(|_| "");
    let user = Some(url.username()).filter(|user| !user.is_empty()).map(decoded).transpose()?;
    let password = url.password().map(decoded).transpose()?.map(Zeroizing::new);
    Ok(SmtpUrl { host, port: url.port().unwrap_or(usual), security, user, password })
}

fn is_this_computer(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    address.map_or_else(|_| host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read() {
        let read = |text| {
            let url = parse(text).unwrap();
            (url.host, url.port, url.security)
        };
        assert_eq!(read("smtps://mail.example.org"), ("mail.example.org".into(), 465, Security::Tls));
        assert_eq!(read("smtp://mail.example.org?tls=required"), ("mail.example.org".into(), 587, Security::StartTls));
        assert_eq!(read("smtp://[::1]:2525/"), ("::1".into(), 2525, Security::Plain));
        assert_eq!(read("smtp://localhost"), ("localhost".into(), 25, Security::Plain));
        let url = parse("smtps://ada%40example.org:p%3A%2Fq+@mail.example.org").unwrap();
        assert_eq!(
            (url.user.as_deref(), url.password.as_deref().map(String::as_str)),
            (Some("ada@example.org"), Some("p:/q+"))
        );
        assert!(!format!("{url:?}").contains("p:/q"));
    }

    #[test]
    fn what_is_not_safe_or_not_understood_is_refused() {
        for text in [
            "smtp://mail.example.org",
            "smtp://127.0.0.1.example.org",
            "smtp://mail.example.org?tls=opportunistic",
            "smtps://mail.example.org?verify=no",
            "https://mail.example.org",
            "mail.example.org:587",
            "smtps://",
            "smtps://mail.example.org/path",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
