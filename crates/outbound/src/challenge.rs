//! Reads `WWW-Authenticate` (RFC 9110 section 11.6.1): one or several challenges, in one field or in several.

use http::{HeaderMap, header};

/// A way to sign in that a server names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// In lower case.
    pub(crate) scheme: String,
    /// Names in lower case, and values without quotes.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The parameter of that name; the first one where a server names several.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The challenges of an answer. What is not understood ends its field; what stands before it holds.
pub(crate) fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let fields = headers.get_all(header::WWW_AUTHENTICATE).iter();
    fields.flat_map(|value| Reader { left: value.as_bytes() }.read()).collect()
}

struct Reader<'a> {
    left: &'a [u8],
}

impl Reader<'_> {
    fn read(mut self) -> Vec<Challenge> {
        let mut found: Vec<Challenge> = Vec::new();
        loop {
            self.skip(|byte| is_space(byte) || byte == b',');
            let Some(word) = self.token() else { return found };
            // `a = b` belongs to the challenge before; a word alone begins one.
            let mut ahead = Self { left: self.left };
            ahead.skip(is_space);
            if let (Some(b'='), Some(challenge)) = (ahead.left.first(), found.last_mut()) {
                self.left = &ahead.left[1..];
                self.skip(is_space);
                let Some(value) = self.value() else { return found };
                challenge.parameters.push((word.to_ascii_lowercase(), value));
            } else {
                let spaced = self.skip(is_space);
                found.push(Challenge { scheme: word.to_ascii_lowercase(), parameters: Vec::new() });
                if spaced {
                    self.token68();
                }
            }
            // Between two of them stands a comma.
            self.skip(is_space);
            if !matches!(self.left.first(), None | Some(b',')) && !self.begins_parameter(&found) {
                return found;
            }
        }
    }

    /// Whether a first parameter follows a scheme.
    fn begins_parameter(&self, found: &[Challenge]) -> bool {
        let mut ahead = Self { left: self.left };
        let word = ahead.token().is_some();
        ahead.skip(is_space);
        word && ahead.left.first() == Some(&b'=') && found.last().is_some_and(|last| last.parameters.is_empty())
    }

    /// Skips whitespace or what else is asked for, and says whether there was any.
    fn skip(&mut self, skipped: impl Fn(u8) -> bool) -> bool {
        let count = self.left.iter().take_while(|byte| skipped(**byte)).count();
        self.left = &self.left[count..];
        count > 0
    }

    fn token(&mut self) -> Option<String> {
        let count = self.left.iter().take_while(|byte| is_token(**byte)).count();
        let (token, left) = self.left.split_at(count);
        self.left = left;
        (count > 0).then(|| String::from_utf8_lossy(token).into_owned())
    }

    /// What some schemes have in the place of parameters, as `Negotiate` does. It is of no use here.
    fn token68(&mut self) {
        let mut ahead = Self { left: self.left };
        let begun = ahead.skip(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
        ahead.skip(|byte| byte == b'=');
        ahead.skip(is_space);
        if begun && matches!(ahead.left.first(), None | Some(b',')) {
            self.left = ahead.left;
        }
    }

    fn value(&mut self) -> Option<String> {
        if self.left.first() != Some(&b'"') {
            return self.token();
        }
        let mut bytes = self.left[1..].iter().enumerate();
        let mut value = Vec::new();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'"' => {
                    self.left = &self.left[at + 2..];
                    return String::from_utf8(value).ok();
                }
                b'\\' => value.push(*bytes.next()?.1),
                _ => value.push(*byte),
            }
        }
        None
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// RFC 9110 section 5.6.2
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn read(fields: &[&[u8]]) -> Vec<Challenge> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_bytes(field).unwrap());
        }
        challenges(&headers)
    }

    fn challenge(scheme: &str, parameters: &[(&str, &str)]) -> Challenge {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Challenge { scheme: scheme.into(), parameters: parameters.iter().map(own).collect() }
    }

    #[test]
    fn challenges_of_real_registries() {
        let bearer = br#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io""#;
        let token = [("realm", "https://auth.docker.io/token"), ("service", "registry.docker.io")];
        assert_eq!(read(&[bearer]), [challenge("bearer", &token)]);
        let basic = br#"Basic realm="private""#;
        assert_eq!(read(&[basic]), [challenge("basic", &[("realm", "private")])]);
        assert_eq!(read(&[basic, bearer]), [challenge("basic", &[("realm", "private")]), challenge("bearer", &token)]);
        let scope = br#"BEARER Realm = "https://ghcr.io/token" , SERVICE=ghcr.io,scope="repository:user/image:pull""#;
        let all = [("realm", "https://ghcr.io/token"), ("service", "ghcr.io"), ("scope", "repository:user/image:pull")];
        assert_eq!(read(&[scope]), [challenge("bearer", &all)]);
    }

    #[test]
    fn the_examples_of_the_standard() {
        assert_eq!(
            read(&[br#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#]),
            [
                challenge("basic", &[("realm", "simple")]),
                challenge("newauth", &[("realm", "apps"), ("type", "1"), ("title", r#"Login to "apps""#)]),
            ]
        );
        assert_eq!(
            read(&[b"Negotiate abc+/==, , Basic realm=x"]),
            [challenge("negotiate", &[]), challenge("basic", &[("realm", "x")])]
        );
        assert_eq!(read(&[b"Negotiate,Basic"]), [challenge("negotiate", &[]), challenge("basic", &[])]);
    }

    #[test]
    fn what_is_not_understood_ends_a_field() {
        assert_eq!(read(&[b""]), []);
        assert_eq!(read(&[b"=,=\"x"]), []);
        assert_eq!(read(&[br#"Basic realm="open"#]), [challenge("basic", &[])]);
        assert_eq!(read(&[br#"Basic realm="a" Bearer realm="b""#]), [challenge("basic", &[("realm", "a")])]);
        assert_eq!(read(&[b"Basic realm=\"\xff\""]), [challenge("basic", &[])]);
        assert_eq!(read(&[b"@, Basic", b"Basic"]), [challenge("basic", &[])]);
    }

    /// A challenge as it is meant, and one of the ways to write it.
    fn written() -> impl Strategy<Value = (Challenge, String)> {
        let space = "[ \t]{0,2}";
        let parameter = ("[A-Za-z][A-Za-z0-9_-]{0,8}", "[ -~]{0,12}", any::<bool>(), space, space);
        ("[A-Za-z][A-Za-z0-9-]{0,8}", prop::collection::vec(parameter, 0..4), "[ ]{0,1},[ \t]{0,2}").prop_map(
            |(scheme, parameters, comma)| {
                let mut text = scheme.clone();
                let mut meant = Challenge { scheme: scheme.to_ascii_lowercase(), parameters: Vec::new() };
                for (at, (name, value, quoted, before, after)) in parameters.into_iter().enumerate() {
                    let plain = !value.is_empty() && value.bytes().all(is_token);
                    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
                    text += if at == 0 { " " } else { &comma };
                    let shown = if quoted || !plain { format!("\"{escaped}\"") } else { value.clone() };
                    text.extend([name.as_str(), &before, "=", &after, &shown]);
                    meant.parameters.push((name.to_ascii_lowercase(), value));
                }
                (meant, text)
            },
        )
    }

    proptest! {
        #[test]
        fn however_they_are_written_they_are_read(all in prop::collection::vec(written(), 0..4), one_field: bool) {
            let (meant, texts): (Vec<Challenge>, Vec<String>) = all.into_iter().unzip();
            let fields = if one_field { vec![texts.join(", ")] } else { texts };
            let bytes: Vec<&[u8]> = fields.iter().map(String::as_bytes).collect();
            prop_assert_eq!(read(&bytes), meant, "{:?}", fields);
        }

        #[test]
        fn nothing_stops_the_reader(bytes in prop::collection::vec((0x20u8..=0xff).prop_filter("no header", |b| *b != 0x7f), 0..200)) {
            read(&[&bytes]);
        }

        #[test]
        fn nor_does_what_looks_like_one(text in r#"(Basic|Bearer|[,="\\ \t]|realm|[a-z]){0,40}"#) {
            for challenge in read(&[text.as_bytes()]) {
                prop_assert!(challenge.scheme.bytes().all(is_token));
            }
        }
    }
}
