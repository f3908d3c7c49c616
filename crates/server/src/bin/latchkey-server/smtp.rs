//! Hands mail to an SMTP server (RFC 5321), over TLS.

mod bounded;

use std::{fs, io, time::Duration};

use latchkey_service::{MailError, Mailer, Message};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        AsyncSmtpTransportBuilder, Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, Tls, TlsParameters},
        extension::ClientId,
        response::Response,
    },
};
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use self::bounded::Bounded;
use crate::config::{ConfigError, Security, Smtp, SmtpUrl};

/// For the whole of a message, whatever the server does. SMTP allows a server minutes for each step (RFC 5321 section
/// 4.5.3.2); one that needs them gets the message later.
const PATIENCE: Duration = Duration::from_secs(45);

/// A mail server, and who mail is from.
pub(crate) struct SmtpMailer {
    way: Way,
    from: Mailbox,
}

/// How the server is reached.
enum Way {
    /// By TLS from the first byte: whoever talks there is the server.
    Tls(AsyncSmtpTransport<Tokio1Executor>),
    /// Without, at least at first.
    Plain(Plain),
}

struct Plain {
    host: String,
    port: u16,
    starttls: Option<TlsParameters>,
    credentials: Option<Credentials>,
}

impl SmtpMailer {
    /// The mail server of the configuration, if it names one. Nothing is sent yet. `instance` is the name that mail is
    /// from where `from` has none.
    pub(crate) fn new(smtp: &Smtp, instance: &str) -> Result<Option<Self>, ConfigError> {
        let (Some(url), Some(from)) = (&smtp.url, &smtp.from) else { return Ok(None) };
        let mut from = from.clone();
        from.name = Some(one_line(from.name.as_deref().unwrap_or(instance)));
        let credentials = match &url.user {
            Some(user) => Some(Credentials::new(user.clone(), password(smtp, url)?.to_string())),
            None => None,
        };
        let (host, port) = (url.host.clone(), url.port);
        let way = match tls(smtp, url)? {
            wrapper @ Tls::Wrapper(_) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(port);
                let builder = builder.timeout(Some(PATIENCE)).tls(wrapper);
                let builder = credentials.into_iter().fold(builder, AsyncSmtpTransportBuilder::credentials);
                Way::Tls(builder.build())
            }
            Tls::Required(parameters) => Way::Plain(Plain { host, port, starttls: Some(parameters), credentials }),
            _ => Way::Plain(Plain { host, port, starttls: None, credentials }),
        };
        Ok(Some(Self { way, from }))
    }

    fn mail(&self, message: &Message) -> Result<lettre::Message, MailError> {
        // What cannot be written to now cannot be written to later.
        let cannot = |what: &str| MailError::permanent(format!("the {what} cannot be written"));
        let to: Mailbox = Mailbox::new(None, message.to.parse().map_err(|_| cannot("address"))?);
        let id = format!("<{}@{}>", message.id.simple(), self.from.email.domain());
        // RFC 3834: nobody answers with "I am on holiday".
        let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
        lettre::Message::builder()
            .message_id(Some(id))
            .date(message.at.into())
            .from(self.from.clone())
            .to(to)
            .subject(one_line(&message.subject))
            .raw_header(automatic)
            .multipart(MultiPart::alternative_plain_html(message.text.clone(), message.html.clone()))
            .map_err(|_| cannot("message"))
    }
}

#[async_trait::async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, message: &Message) -> Result<String, MailError> {
        let mail = self.mail(message)?;
        let sending = async {
            match &self.way {
                Way::Tls(transport) => transport.send(mail).await.map_err(|error| told(&error)),
                Way::Plain(plain) => plain.send(&mail).await,
            }
        };
        match tokio::time::timeout(PATIENCE, sending).await {
            Ok(Ok(response)) => Ok(format!("{} {}", response.code(), response.first_line().unwrap_or_default())),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(MailError::transient("the mail server did not answer in time")),
        }
    }
}

impl Plain {
    /// What the library does by itself, on a connection that is [`Bounded`].
    async fn send(&self, mail: &lettre::Message) -> Result<Response, MailError> {
        let stream = TcpStream::connect((&*self.host, self.port)).await;
        let stream = stream.map_err(|_| MailError::transient("the mail server cannot be reached"))?;
        self.say(stream, mail).await.map_err(|error| told(&error))
    }

    async fn say(&self, stream: TcpStream, mail: &lettre::Message) -> Result<Response, Error> {
        let hello = ClientId::default();
        let mut server = AsyncSmtpConnection::connect_with_transport(Box::new(Bounded::new(stream)), &hello).await?;
        if let Some(parameters) = &self.starttls {
            server.starttls(parameters.clone(), &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            server.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        let response = server.send(mail.envelope(), &mail.formatted()).await?;
        server.abort().await;
        Ok(response)
    }
}

/// What would end the line of a header is a space.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The server's own words may name the person: the log gets the code alone.
fn told(error: &Error) -> MailError {
    let causes = || std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let answer = causes().last().map(ToString::to_string);
    let Some(code) = error.status() else {
        let kind = causes().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
        let reason = match kind {
            // What rustls says of a certificate arrives as this.
            Some(io::ErrorKind::InvalidData) => "the mail server's TLS cannot be trusted",
            Some(io::ErrorKind::TimedOut) => "the mail server did not answer in time",
            _ if error.is_tls() => "the mail server's TLS cannot be trusted",
            _ if error.is_client() => "the mail server lacks what is needed",
            _ if error.is_response() => "the mail server's answer cannot be read",
            _ => "the mail server cannot be reached",
        };
        return MailError { permanent: false, reason: reason.into(), answer };
    };
    let code = u16::from(code);
    let reason = match code {
        530 | 534 | 535 | 538 => format!("the mail server refused user or password ({code})"),
        _ => format!("the mail server refused it ({code})"),
    };
    // What is said about this one mailbox or message stays so. Everything else, such as a wrong password, somebody can
    // put right meanwhile.
    MailError { permanent: (550..=559).contains(&code), reason, answer }
}

fn tls(smtp: &Smtp, url: &SmtpUrl) -> Result<Tls, ConfigError> {
    if url.security == Security::Plain {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(url.host.clone());
    if let Some(path) = &smtp.ca_file {
        let refuse = |reason: &str| ConfigError::new(format!("smtp.ca_file: {}: {reason}", path.display()));
        let pem = fs::read(path).map_err(|error| refuse(&error.to_string()))?;
        let found = pem.windows(BEGIN.len()).any(|window| window == BEGIN);
        let certificate = Certificate::from_pem(&pem).ok().filter(|_| found);
        parameters =
            parameters.add_root_certificate(certificate.ok_or_else(|| refuse("this is no certificate (PEM)"))?);
    }
    let parameters = parameters.build().map_err(|error| ConfigError::new(format!("smtp.ca_file: {error}")))?;
    Ok(if url.security == Security::Tls { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
}

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

fn password(smtp: &Smtp, url: &SmtpUrl) -> Result<Zeroizing<String>, ConfigError> {
    if let Some(password) = &url.password {
        return Ok(password.clone());
    }
    // The configuration was checked: one of the two is there.
    let Some(path) = &smtp.password_file else { return Ok(Zeroizing::default()) };
    let refuse = |reason: &str| ConfigError::new(format!("smtp.password_file: {}: {reason}", path.display()));
    let text = fs::read_to_string(path).map(Zeroizing::new).map_err(|error| refuse(&error.to_string()))?;
    let password = text.trim_end_matches(['\n', '\r']);
    if password.is_empty() { Err(refuse("the file is empty")) } else { Ok(Zeroizing::new(password.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer(from: &str, instance: &str) -> SmtpMailer {
        let smtp: Smtp = serde_json::from_value(serde_json::json!({"url": "smtp://localhost", "from": from})).unwrap();
        SmtpMailer::new(&smtp, instance).unwrap().unwrap()
    }

    fn message(to: &str, subject: &str) -> Message {
        Message {
            id: uuid::Uuid::from_u128(7),
            at: chrono::DateTime::from_timestamp(1_768_219_200, 0).unwrap(),
            to: to.into(),
            subject: subject.into(),
            text: "Hello Zoë,\n\n.\n".into(),
            html: "<p>Hello Zoë</p>\n".into(),
        }
    }

    fn head(mailer: &SmtpMailer, message: &Message) -> String {
        let text = String::from_utf8(mailer.mail(message).unwrap().formatted()).unwrap();
        text.split("\r\n\r\n").next().unwrap().to_owned()
    }

    #[test]
    fn the_head_says_what_mail_systems_want_to_know() {
        let head = head(&mailer("accounts@example.org", "Example Company"), &message("ada@example.com", "Zoë"));
        for line in [
            "Message-ID: <00000000000000000000000000000007@example.org>",
            "Date: Mon, 12 Jan 2026 12:00:00 +0000",
            "From: \"Example Company\" <accounts@example.org>",
            "To: ada@example.com",
            "Subject: =?utf-8?b?Wm/Dqw==?=",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(head.lines().any(|found| found == line), "{line} is not in\n{head}");
        }
    }

    /// Names and subjects come from people.
    #[test]
    fn nothing_in_a_message_becomes_a_header() {
        let evil = "x\r\nBcc: all@example.org\r\n\r\nbody";
        let mailer = mailer("accounts@example.org", evil);
        let head = head(&mailer, &message("ada@example.com", evil));
        let names: Vec<_> =
            head.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_once(':')).collect();
        assert!(names.iter().all(|(name, _)| *name != "Bcc"), "{head}");
        assert_eq!(names.len(), head.lines().filter(|line| !line.starts_with(' ')).count(), "{head}");
        assert!(mailer.mail(&message("ada@example.com\r\nRCPT TO:<all@example.org>", "x")).unwrap_err().permanent);
        assert!(mailer.mail(&message("ada@example.com>, <all@example.org", "x")).is_err());
    }
}
