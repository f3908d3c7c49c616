//! An authenticator app, as a person has one on a phone: it reads the QR code off a picture of the screen, and makes
//! codes. Both by programs of others, zbarimg and oathtool.

use std::{
    path::Path,
    process::Command,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use latchkey_desktop_testkit::output_of;

/// A phone with the secret in it.
pub(crate) struct Authenticator {
    uri: url::Url,
    secret: String,
}

impl Authenticator {
    /// Scans the QR code on a picture.
    pub(crate) fn scans(picture: &Path) -> Self {
        let text = output_of(Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture));
        let uri: url::Url = text.trim().parse().unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!((uri.scheme(), uri.host_str()), ("otpauth", Some("totp")));
        let secret = uri.query_pairs().find(|(name, _)| name == "secret").expect("a secret").1.into_owned();
        Self { uri, secret }
    }

    /// The secret in base 32.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// What the app lists the account as.
    pub(crate) fn label(&self) -> String {
        let label = self.uri.path().trim_start_matches('/');
        let pair = format!("label={label}");
        url::form_urlencoded::parse(pair.as_bytes()).next().unwrap().1.into_owned()
    }

    /// The code it shows now.
    pub(crate) fn code(&self) -> String {
        self.code_at("now")
    }

    /// The code it shows now, and for some seconds more.
    pub(crate) fn lasting_code(&self) -> String {
        wait_for_time_to_type();
        self.code()
    }

    /// The code of the thirty seconds before, which the service still takes.
    pub(crate) fn last_code(&self) -> String {
        wait_for_time_to_type();
        self.code_at("now - 30 seconds")
    }

    /// The code of the next thirty seconds, which the service takes already.
    pub(crate) fn next_code(&self) -> String {
        self.code_at("now + 30 seconds")
    }

    /// The code it shows when its clock is behind by so many seconds.
    pub(crate) fn code_when_behind(&self, seconds: u32) -> String {
        wait_for_time_to_type();
        let offset = format!("-{seconds}s");
        output_of(Command::new("faketime").args(["-f", &offset, "oathtool", "--totp", "--base32", &self.secret]))
            .trim()
            .to_owned()
    }

    /// The code it shows at a service whose clock is ahead by so many seconds.
    pub(crate) fn code_ahead(&self, seconds: u32) -> String {
        self.code_at(&format!("now + {seconds} seconds"))
    }

    fn code_at(&self, when: &str) -> String {
        output_of(Command::new("oathtool").args(["--totp", "--base32", "--now", when, &self.secret])).trim().to_owned()
    }
}

/// Waits for the next thirty seconds where these are almost over: the code would be one older by the time it was typed.
#[expect(clippy::disallowed_methods, reason = "the service goes by the clock of this machine, and so does a phone")]
fn wait_for_time_to_type() {
    const STEP: u64 = 30;
    const NEEDED: u64 = 6;
    let left = STEP - SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() % STEP;
    if left < NEEDED {
        std::thread::sleep(Duration::from_secs(left));
    }
}
