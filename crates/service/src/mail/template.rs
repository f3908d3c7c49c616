//! Writes a message from its template: once as text, once as HTML.
//!
//! A template is a subject and paragraphs with `{names}` in them; a paragraph that is one name and holds several lines
//! is a table of facts, and `{code}` by itself stands out. Both forms come from the one file, so that they say the same.

use latchkey_api::problem::{ApiResult, Problem};

macro_rules! templates {
    ($($(#[$doc:meta])* $name:ident $file:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = include_str!(concat!("templates/", $file, ".txt"));)*

        /// Every template with its name.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$(($file, $name)),*];
    };
}

templates! {
    /// `code`, `username`, `email`, `minutes`. Without the display name, which may be anything: nobody has said yet that
    /// the address is theirs, and this must be no way to write to strangers.
    CONFIRM_EMAIL "confirm_email";
    /// `code`, `name`, `username`, `minutes`, `facts`
    RESET_PASSWORD "reset_password";
    /// `when`
    TEST "test";
    PASSWORD_CHANGED "password_changed";
    PASSWORD_RESET "password_reset";
    PASSWORD_RESET_BY_ADMINISTRATOR "password_reset_by_administrator";
    TWO_FACTOR_ENABLED "two_factor_enabled";
    TWO_FACTOR_DISABLED "two_factor_disabled";
    TWO_FACTOR_DISABLED_BY_ADMINISTRATOR "two_factor_disabled_by_administrator";
    BACKUP_CODES_GENERATED "backup_codes_generated";
    /// `remaining`
    BACKUP_CODE_USED "backup_code_used";
    /// `fingerprint`
    SSH_KEY_ADDED "ssh_key_added";
    /// `provider`
    INTEGRATION_CONNECTED "integration_connected";
    NEW_SIGN_IN "new_sign_in";
    /// `old`, `new`
    EMAIL_CHANGED "email_changed";
    API_KEY_GENERATED "api_key_generated";
    API_KEY_CREATED "api_key_created";
    API_KEYS_ENDING "api_keys_ending";
    REGISTRY_FAILED "registry_failed";
    KEYS_REVOKED_BY_ADMINISTRATOR "keys_revoked_by_administrator";
    ACCOUNT_DELETED "account_deleted";
}

const LAYOUT: &str = include_str!("templates/layout.html");

/// A template and what stands in the place of its names.
pub(crate) struct Template {
    text: &'static str,
    values: Vec<(&'static str, String)>,
}

/// What came of it.
pub(crate) struct Written {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

impl Template {
    pub(crate) fn new(text: &'static str) -> Self {
        Self { text, values: Vec::new() }
    }

    /// One line in the place of a name. What would end the line is a space: no value can reach into a header, or look
    /// like another paragraph.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.values.push((name, value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()));
        self
    }

    /// Facts, one a line.
    #[must_use]
    pub(crate) fn facts(mut self, facts: &[(&str, String)]) -> Self {
        let line = |(name, value): &(&str, String)| {
            format!("{name}: {}", value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>())
        };
        self.values.push(("facts", facts.iter().map(line).collect::<Vec<_>>().join("\n")));
        self
    }

    /// Writes it. A name without a value is a mistake of this program.
    pub(crate) fn write(&self) -> ApiResult<Written> {
        let mut paragraphs = self.text.trim().split("\n\n");
        let subject = self.fill(paragraphs.next().unwrap_or_default())?;
        let (mut text, mut html) = (Vec::new(), Vec::new());
        for paragraph in paragraphs {
            let filled = self.fill(&paragraph.trim().replace('\n', " "))?;
            let (style, plain) = match paragraph.trim() {
                "{code}" => (CODE, indented(&filled)),
                "{facts}" => (FACTS, indented(&filled)),
                _ => (PARAGRAPH, wrap(&filled)),
            };
            text.push(plain);
            html.push(format!("<p style=\"{style}\">{}</p>", escape(&filled).replace('\n', "<br>\n")));
        }
        let instance = self.value("instance").unwrap_or_default();
        // Behind two hyphens and a space stands what a mail client shows as a signature (RFC 3676 section 4.3).
        let text = format!("{}\n\n-- \n{instance}\n", text.join("\n\n"));
        let html = html.join("\n");
        let (subject_html, instance, paragraphs) = (escape(&subject), escape(instance), html.as_str());
        let html = fill(LAYOUT, |name| match name {
            "subject" => Some(&subject_html),
            "instance" => Some(&instance),
            "paragraphs" => Some(paragraphs),
            _ => None,
        })?;
        Ok(Written { subject, text, html })
    }

    fn fill(&self, line: &str) -> ApiResult<String> {
        fill(line, |name| self.value(name))
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// Puts values in the place of names. A value is not looked at for names again.
fn fill<'a>(text: &str, value: impl Fn(&str) -> Option<&'a str>) -> ApiResult<String> {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or_else(|| Problem::internal("a template ends in a name"))?;
        filled += before;
        filled += value(name).ok_or_else(|| {
            tracing::error!(name, "a template lacks a value");
            Problem::internal("a template lacks a value")
        })?;
        rest = after;
    }
    filled += rest;
    Ok(filled)
}

// Mail clients keep inline styles and little else. Colours that read on light and on dark; where a client can do dark by
// itself, the layout says that it may.
const PARAGRAPH: &str = "margin:0 0 16px";
const FACTS: &str = "margin:0 0 16px;padding:8px 16px;border-left:3px solid #7a7a85";
const CODE: &str = "margin:0 0 16px;padding:16px;border:1px solid #7a7a85;border-radius:8px;\
    font:600 26px ui-monospace,Menlo,Consolas,monospace;letter-spacing:2px;text-align:center";

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            c => escaped.push(c),
        }
    }
    escaped
}

fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// Lines of at most 72 characters, where words allow it (RFC 5322 section 2.1.1 recommends 78).
fn wrap(paragraph: &str) -> String {
    let (mut wrapped, mut width) = (String::new(), 0);
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > 72 {
            wrapped.push('\n');
            width = 0;
        } else if width > 0 {
            wrapped.push(' ');
            width += 1;
        }
        wrapped += word;
        width += length;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every template, as it is mailed. What varies is filled with what would do harm if it could.
    #[test]
    fn every_message_reads_as_it_was_approved() {
        for (name, text) in ALL {
            let template = Template::new(text)
                .with("instance", "Example & Co")
                .with("username", "ada")
                .with("email", "ada@new.example")
                .with("code", "7KQ2M-X9RWD")
                .with("minutes", "30")
                .with("remaining", "2")
                .with("provider", "GitHub")
                .with("fingerprint", "SHA256:UCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ")
                .with("old", "ada@example.com")
                .with("new", "<b>ada</b>@new.example\r\nBcc: all@example.org")
                .with("when", "12 January 2026, 12:00 UTC")
                .facts(&[
                    ("When", "12 January 2026, 12:00 UTC".into()),
                    ("Device", "Firefox {code} on Linux".into()),
                    ("Address", "192.0.2.7".into()),
                ]);
            let written = template.write().unwrap();
            assert!(!written.subject.contains('\n') && !written.html.contains("<b>"));
            for remote in ["http:", "https:", "src=", "url("] {
                assert!(!written.html.contains(remote), "{name} loads nothing");
            }
            insta::assert_snapshot!(format!("{name}.text"), format!("{}\n\n{}", written.subject, written.text));
            insta::assert_snapshot!(format!("{name}.html"), written.html);
        }
    }

    #[test]
    fn a_value_that_is_missing_is_told() {
        assert!(Template::new("Subject\n\n{nothing}").write().is_err());
        assert!(Template::new("Subject\n\n{open").write().is_err());
    }
}
