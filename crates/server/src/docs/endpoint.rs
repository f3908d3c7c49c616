//! One endpoint on the page.

use std::fmt::Write;

use latchkey_api::{
    documentation::{DocumentedBody, DocumentedEndpoint, DocumentedError, Example, FreshProof},
    endpoint::Auth,
};

use super::html::{escape, fields, kind, lines, parameters, prose, said, table, unfolds};

/// The endpoint from its heading to its errors.
pub(super) fn article(endpoint: &DocumentedEndpoint) -> String {
    let DocumentedEndpoint { id, method, path, summary, .. } = endpoint;
    let mut html = format!(
        "<article aria-labelledby=\"{id}\"><h3 id=\"{id}\">{}</h3>\
         <p class=\"route\"><b class=\"{method}\">{method}</b> <code>{}</code></p><p class=\"badges\">{}</p>",
        escape(summary),
        escape(path),
        badges(endpoint.auth, endpoint.proof),
    );
    for note in &endpoint.notes {
        let _ = write!(html, "<p>{}</p>", prose(note));
    }
    html += &lines(&endpoint.curl);
    if !endpoint.parameters.is_empty() {
        html += &unfolds("Parameters", &parameters(&endpoint.parameters));
    }
    if let Some(sent) = &endpoint.body {
        html += &unfolds("Body", &body(sent));
    }
    html += &unfolds("Answer", &answer(endpoint));
    html += &unfolds("Errors", &errors(&endpoint.errors));
    html + "</article>"
}

/// Who may call, and what has to be proved, in a word each.
fn badges(auth: Auth, proof: Option<FreshProof>) -> String {
    let who: &[(&str, &str)] = match auth {
        Auth::Nobody => &[("", "Anyone")],
        Auth::Session => &[("", "Session")],
        Auth::SessionOrKey => &[("ok", "API key"), ("ok", "Scope api"), ("", "Session")],
    };
    let mut html = String::new();
    for (class, word) in who {
        let _ = write!(html, "<span class=\"badge {class}\">{word}</span> ");
    }
    if let Some(FreshProof { password, max_age, .. }) = proof {
        let what = if password { "Password and second factor" } else { "Second factor" };
        let when = max_age.map_or_else(|| "in the body".to_owned(), |seconds| format!("within {} min", seconds / 60));
        let _ = write!(html, "<span class=\"badge warn\">{what} {when}</span>");
    }
    html
}

fn body(body: &DocumentedBody) -> String {
    let types: Vec<_> = body.media_types.iter().map(|name| format!("<code>{}</code>", escape(name))).collect();
    let types = types.join(", ");
    match &body.type_name {
        Some(name) => {
            format!("<p>{}, as {types}</p>{}", kind(name, Some(name)), fields("Fields", &body.fields))
        }
        None => format!("<p>The content itself, as {types}</p>"),
    }
}

fn answer(endpoint: &DocumentedEndpoint) -> String {
    let mut html = String::new();
    if let Some(Example { response, .. }) = &endpoint.example {
        let mut text = response.status.to_string();
        if let Some(reason) = http::StatusCode::from_u16(response.status).ok().and_then(|s| s.canonical_reason()) {
            let _ = write!(text, " {reason}");
        }
        for (name, value) in &response.headers {
            let _ = write!(text, "\n{name}: {value}");
        }
        if !response.body.is_empty() {
            text += "\n\n";
            text += &response.body.join("\n");
        }
        html += &said(&text);
    }
    html + &endpoint.answer.as_ref().map_or_else(|| "<p>The answer has no body.</p>".to_owned(), body)
}

fn errors(errors: &[DocumentedError]) -> String {
    let row = |DocumentedError { status, code, title }: &DocumentedError| {
        let title = escape(title);
        format!(
            "<tr><th scope=\"row\">{status}</th><td><a href=\"#code-{code}\"><code>{code}</code></a></td><td>{title}</td></tr>"
        )
    };
    table("Errors", &["Status", "Code", "Meaning"], &errors.iter().map(row).collect::<String>())
}
