//! What user names, e-mail addresses and display names may be, and what makes two of them the same.

use latchkey_api::problem::{FieldCode, FieldError, Problem};

/// A user name: as it is shown, and as it is compared.
pub(crate) struct Username {
    pub(crate) shown: String,
    pub(crate) key: String,
}

/// An e-mail address: as it is written to, and as it is compared.
pub(crate) struct Email {
    pub(crate) shown: String,
    pub(crate) key: String,
}

/// Names a stranger must not take: they would speak for the platform, or stand in a path of the API.
const RESERVED: &[&str] = &[
    "account",
    "accounts",
    "admin",
    "administrator",
    "anonymous",
    "api",
    "current",
    "guest",
    "health",
    "latchkey",
    "me",
    "moderator",
    "nobody",
    "null",
    "official",
    "postmaster",
    "registry",
    "root",
    "security",
    "staff",
    "support",
    "system",
    "undefined",
    "webmaster",
];

/// Accounts that systems and their images have of themselves. Where `sshd` asks this service for anybody's keys, whoever
/// had such a name would be let in as it.
#[rustfmt::skip]
const SYSTEM_ACCOUNTS: &[&str] = &[
    "adm", "alma", "almalinux", "alpine", "ansible", "apache", "arch", "azureuser", "backup", "bin", "bitnami",
    "centos", "chrony", "cloud-user", "core", "daemon", "dbus", "debian", "deploy", "deployer", "dev", "docker",
    "ec2-user", "elasticsearch", "fedora", "freebsd", "ftp", "games", "git", "gitea", "gitlab", "gitlab-runner",
    "gnats", "halt", "http", "irc", "jenkins", "kali", "kubernetes", "list", "lp", "mail", "man", "messagebus",
    "mongodb", "mysql", "nagios", "news", "nginx", "node", "ntp", "opc", "openbsd", "opensuse", "operator", "oracle",
    "pi", "polkitd", "postfix", "postgres", "postgresql", "proxy", "puppet", "rabbitmq", "redis", "rocky", "rpc",
    "shutdown", "sshd", "sudo", "suse", "sync", "sys", "syslog", "systemd", "systemd-network", "systemd-resolve",
    "systemd-timesync", "tcpdump", "tomcat", "toor", "ubuntu", "user", "uucp", "vagrant", "vscode", "wheel", "www",
    "www-data", "zabbix",
];

/// Bad fields as they are found, so that the person sees all of them at once.
#[derive(Default)]
pub(crate) struct Findings(Vec<FieldError>);

impl Findings {
    pub(crate) fn add(&mut self, pointer: &str, code: FieldCode, detail: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), code, detail: detail.into() });
    }

    /// Keeps a value, or notes what is wrong with it.
    pub(crate) fn take<T>(&mut self, pointer: &str, checked: Result<T, (FieldCode, String)>) -> Option<T> {
        checked.map_err(|(code, detail)| self.add(pointer, code, detail)).ok()
    }

    /// The problem, if anything was found.
    pub(crate) fn problem(self) -> Option<Problem> {
        (!self.0.is_empty()).then(|| Problem::fields(self.0))
    }
}

type Checked<T> = Result<T, (FieldCode, String)>;

fn refuse<T>(code: FieldCode, detail: impl Into<String>) -> Checked<T> {
    Err((code, detail.into()))
}

/// ASCII letters, digits, `-`, `_`, `.`; 2 to 39; begins and ends with a letter or digit.
pub(crate) fn username(text: &str) -> Checked<Username> {
    let key = username_key(text);
    let outer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if text.trim().is_empty() {
        return refuse(FieldCode::Blank, "Choose a username.");
    }
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return refuse(FieldCode::Invalid, "Use letters, digits, hyphens, underscores and dots only.");
    }
    if !outer(text.chars().next()) || !outer(text.chars().next_back()) {
        return refuse(FieldCode::Invalid, "Begin and end with a letter or a digit.");
    }
    if text.len() < 2 {
        return refuse(FieldCode::TooShort, "Use at least 2 characters.");
    }
    if text.len() > 39 {
        return refuse(FieldCode::TooLong, "Use at most 39 characters.");
    }
    if [RESERVED, SYSTEM_ACCOUNTS].iter().any(|names| names.contains(&key.as_str())) {
        return refuse(FieldCode::Reserved, "This username is reserved. Choose another.");
    }
    Ok(Username { shown: text.into(), key })
}

/// What a user name is looked up by.
pub(crate) fn username_key(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

/// What an e-mail address is looked up by. Upper and lower case do not distinguish: no mail system in use tells
/// `Ada@` from `ada@`, and two accounts that differ by case only would be a trap.
pub(crate) fn email_key(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The shape `local@domain.tld` within the lengths of RFC 5321 section 4.5.3.1; whether it receives mail is found out
/// by sending some.
pub(crate) fn email(text: &str) -> Checked<Email> {
    const ADVICE: &str = "Enter a full address, such as name@example.com.";
    if text.trim().is_empty() {
        return refuse(FieldCode::Blank, "Enter an email address.");
    }
    if text.len() > 254 {
        return refuse(FieldCode::TooLong, "Use an address of at most 254 characters.");
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return refuse(FieldCode::Invalid, ADVICE) };
    let labels = || domain.split('.');
    let good_local = (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    let good_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let top_is_a_name = labels().next_back().is_some_and(|top| top.chars().any(char::is_alphabetic));
    if !good_local || labels().count() < 2 || !labels().all(good_label) || !top_is_a_name {
        return refuse(FieldCode::Invalid, ADVICE);
    }
    Ok(Email { shown: text.into(), key: email_key(text) })
}

/// A display name: 1 to 100 characters on one line.
pub(crate) fn display_name(text: &str) -> Checked<String> {
    match line(text, 100)? {
        Some(name) => Ok(name),
        None => refuse(FieldCode::Blank, "Enter a name."),
    }
}

/// The name of a key, for the API or for SSH: 1 to 100 characters on one line.
pub(crate) fn key_name(text: &str) -> Checked<String> {
    match line(text, 100)? {
        Some(name) => Ok(name),
        None => refuse(FieldCode::Blank, "Say what the key is for."),
    }
}

/// One line of up to `most` characters; blank is nothing.
pub(crate) fn line(text: &str, most: usize) -> Checked<Option<String>> {
    if text.contains(['\n', '\r', '\t']) {
        return refuse(FieldCode::Invalid, "Keep this to one line.");
    }
    paragraph(text, most)
}

/// Text of up to `most` characters; blank is nothing. White space around it is dropped, but counts as it was sent: the
/// document of the API says the same of what is sent.
pub(crate) fn paragraph(text: &str, most: usize) -> Checked<Option<String>> {
    if text.chars().any(|c| (c.is_control() && !"\n\r\t".contains(c)) || overrides_direction(c)) {
        return refuse(FieldCode::Invalid, "Remove the invisible control characters.");
    }
    if text.chars().count() > most {
        return refuse(FieldCode::TooLong, format!("Use at most {most} characters."));
    }
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.replace("\r\n", "\n")))
}

/// Characters that turn the text around them: with them one name can be made to look like another.
fn overrides_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(checked: Checked<T>) -> Option<FieldCode> {
        checked.err().map(|(code, _)| code)
    }

    #[test]
    fn usernames() {
        for good in ["ada", "Ada.Lovelace", "a1", "x_y-z", &"a".repeat(39)] {
            assert_eq!(code(username(good)), None, "{good}");
        }
        for (bad, why) in [
            ("", FieldCode::Blank),
            ("a", FieldCode::TooShort),
            ("a b", FieldCode::Invalid),
            ("-ada", FieldCode::Invalid),
            ("ada.", FieldCode::Invalid),
            ("ädа", FieldCode::Invalid),
            ("ada@x", FieldCode::Invalid),
            ("  ada ", FieldCode::Invalid),
            ("Root", FieldCode::Reserved),
            ("Ubuntu", FieldCode::Reserved),
            ("ec2-user", FieldCode::Reserved),
            ("www-data", FieldCode::Reserved),
            ("git", FieldCode::Reserved),
            (&*"a".repeat(40), FieldCode::TooLong),
        ] {
            assert_eq!(code(username(bad)), Some(why), "{bad}");
        }
        assert_eq!(username("Ada").unwrap_or_else(|_| panic!()).key, "ada");
    }

    #[test]
    fn emails() {
        for good in ["a@b.co", "Ada+x@Example.COM", "jörg@müller.example", "a@xn--bcher-kva.example"] {
            assert_eq!(code(email(good)), None, "{good}");
        }
        for bad in [
            "a",
            " a@b.co",
            "a@b",
            "@b.co",
            "a@",
            "a@b.",
            "a@.co",
            "a b@c.de",
            "a@b@c.de ",
            "a@1.2.3.4",
            ".a@b.co",
            "a@-b.co",
        ] {
            assert_eq!(code(email(bad)), Some(FieldCode::Invalid), "{bad}");
        }
        assert_eq!(code(email(&format!("{}@b.co", "a".repeat(260)))), Some(FieldCode::TooLong));
    }

    #[test]
    fn names_and_texts() {
        assert_eq!(display_name("  Ada Lovelace ").unwrap(), "Ada Lovelace");
        assert_eq!(code(display_name("   ")), Some(FieldCode::Blank));
        assert_eq!(code(display_name("a\nb")), Some(FieldCode::Invalid));
        assert_eq!(code(display_name("gro\u{202e}ada")), Some(FieldCode::Invalid));
        assert_eq!(code(line(&"ä".repeat(101), 100)), Some(FieldCode::TooLong));
        assert_eq!(code(line(&format!("{} ", "ä".repeat(100)), 100)), Some(FieldCode::TooLong));
        assert_eq!(line(&"ä".repeat(100), 100).unwrap().map(|s| s.chars().count()), Some(100));
        assert_eq!(key_name(" Nightly backups ").unwrap(), "Nightly backups");
        assert_eq!(code(key_name(&"ä".repeat(100))), None);
        for (bad, why) in [
            ("  ", FieldCode::Blank),
            ("a\nb", FieldCode::Invalid),
            ("a\tb", FieldCode::Invalid),
            ("a\u{7}b", FieldCode::Invalid),
            ("\u{2066}ab", FieldCode::Invalid),
            (&*"ä".repeat(101), FieldCode::TooLong),
        ] {
            assert_eq!(code(key_name(bad)), Some(why), "{bad:?}");
        }
        assert_eq!(paragraph("one\r\ntwo", 250).unwrap().as_deref(), Some("one\ntwo"));
        assert_eq!(paragraph(" \n ", 250).unwrap(), None);
    }
}
