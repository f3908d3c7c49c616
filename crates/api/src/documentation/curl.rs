//! The line for a shell (POSIX `sh`) that makes a call with `curl`.

use std::fmt::Write;

use super::examples::Example;
use crate::endpoint::{Auth, Meta};

/// The variable a line takes the key from.
const KEY: &str = "LATCHKEY_KEY";
/// The variable a line takes the session token from, where no key will do.
const SESSION: &str = "LATCHKEY_SESSION";

/// What is between two lines of one command.
const NEXT: &str = " \\\n  ";

/// A call of an endpoint: that of the example, or with the bare path where there is none.
pub(super) fn line(origin: &str, meta: &Meta, example: Option<&Example>) -> String {
    let target = example.map_or(meta.path, |example| &example.request.target);
    let mut line = String::from("curl");
    if *meta.method != http::Method::GET {
        let _ = write!(line, " -X {}", meta.method);
    }
    let _ = write!(line, " {}", quoted(&format!("{origin}{target}")));
    let variable = match meta.auth {
        Auth::Nobody => None,
        Auth::Session => Some(SESSION),
        Auth::SessionOrKey => Some(KEY),
    };
    if let Some(variable) = variable {
        let _ = write!(line, "{NEXT}-H \"Authorization: Bearer ${variable}\"");
    }
    let Some(Example { request, response }) = example else { return line };
    for (name, value) in &request.headers {
        let _ = write!(line, "{NEXT}-H {}", quoted(&format!("{name}: {value}")));
    }
    if let Some(extension) = picture(&request.headers) {
        let _ = write!(line, "{NEXT}--data-binary @picture.{extension}");
    } else if !request.body.is_empty() {
        let _ = write!(line, "{NEXT}-d {}", quoted(&one_line(&request.body)));
    }
    if let Some(extension) = picture(&response.headers) {
        let _ = write!(line, "{NEXT}-o avatar.{extension}");
    }
    line
}

/// A word that a shell takes as it is: between single quotes, where nothing is special but the quote itself.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// JSON that was laid out in lines, in one.
fn one_line(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if text.ends_with(',') {
            text.push(' ');
        }
        text += line.trim_start();
    }
    text
}

/// How the name of a file ends that holds what the headers say, where it is a picture.
fn picture(headers: &[(String, String)]) -> Option<&str> {
    let (_, kind) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
    let kind = kind.strip_prefix("image/")?;
    Some(kind.split(['+', ';']).next().unwrap_or(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documentation::{ExampleRequest, ExampleResponse};

    fn example(headers: &[(&str, &str)], body: &[&str]) -> Example {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let body = body.iter().map(|line| (*line).to_owned()).collect();
        let request = ExampleRequest { method: "PATCH".into(), target: "/v1/me".into(), headers, body };
        Example { request, response: ExampleResponse { status: 200, headers: Vec::new(), body: Vec::new() } }
    }

    #[test]
    fn a_quote_does_not_end_the_word() {
        let lines = ["{", "  \"bio\": \"Ada's $HOME `notes` \\\\\",", "  \"location\": null", "}"];
        let example = example(&[("If-Match", "\"1\"")], &lines);
        let line = line("https://x.example", &crate::profile::UPDATE_PROFILE.meta, Some(&example));
        let expected = "curl -X PATCH 'https://x.example/v1/me' \\\n  -H \"Authorization: Bearer $LATCHKEY_KEY\" \\\n  \
                        -H 'If-Match: \"1\"' \\\n  \
                        -d '{\"bio\": \"Ada'\\''s $HOME `notes` \\\\\", \"location\": null}'";
        assert_eq!(line, expected);
    }

    #[test]
    fn a_picture_is_a_file() {
        let example = example(&[("Content-Type", "image/png")], &[]);
        let line = line("https://x.example", &crate::avatar::PUT_AVATAR.meta, Some(&example));
        assert!(line.ends_with("--data-binary @picture.png"), "{line}");
    }
}
