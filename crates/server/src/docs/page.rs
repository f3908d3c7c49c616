//! The page for people: plain HTML, nothing from other hosts, no script.

use std::fmt::Write;

use latchkey_api::{AREAS, Area, endpoint::Meta, problem::ErrorCode};
use serde_json::Value;

use super::schema::{example, fields, kind, row};

/// An operation of the document and where it stands.
struct Operation<'a> {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    about: &'a Value,
}

impl<'a> Operation<'a> {
    fn of(document: &'a Value, meta: &Meta) -> Self {
        let about = &document["paths"][meta.path][meta.method.as_str().to_lowercase()];
        Self { id: meta.id, method: meta.method.as_str(), path: meta.path, about }
    }

    fn summary(&self) -> &str {
        self.about["summary"].as_str().unwrap_or_default()
    }

    fn needs_session(&self) -> bool {
        self.about["security"].as_array().is_some_and(|needed| !needed.is_empty())
    }
}

/// The whole page.
pub(super) fn page(document: &Value, style: &str) -> String {
    let title = escape(document["info"]["title"].as_str().unwrap_or_default());
    let intro = prose(document["info"]["description"].as_str().unwrap_or_default());
    let (mut links, mut sections) = (String::new(), String::new());
    for Area { title, about, endpoints } in AREAS {
        let anchor = title.to_lowercase();
        let operations = || endpoints.iter().map(|endpoint| Operation::of(document, &endpoint.meta));
        let items: String = operations().map(|operation| link(&operation)).collect();
        let articles: String = operations().map(|operation| article(document, &operation)).collect();
        let _ = write!(links, "<li><a href=\"#{anchor}\">{title}</a><ul>{items}</ul></li>");
        let _ = write!(
            sections,
            "<section aria-labelledby=\"{anchor}\"><h2 id=\"{anchor}\">{title}</h2><p>{about}</p>{articles}</section>"
        );
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>{style}</style></head><body>\
         <a class=\"skip\" href=\"#content\">Skip to content</a>\
         <header><h1>{title}</h1><p>{intro}</p></header>\
         <nav aria-label=\"Endpoints\"><ul>{links}<li><a href=\"#types\">Types</a></li>\
         <li><a href=\"#codes\">Error codes</a></li><li><a href=\"/openapi.json\">OpenAPI document</a></li></ul></nav>\
         <main id=\"content\">{START}{sections}{types}{codes}</main></body></html>\n",
        types = types(document),
        codes = codes(),
    )
}

const START: &str = "<section aria-labelledby=\"start\"><h2 id=\"start\">Before you start</h2>\
    <p>The examples expect the address of this service and a session token in the environment. \
    The token comes from <a href=\"#sign_in\">Sign in with a password</a>; it is answered once.</p>\
    <pre tabindex=\"0\"><code>export LATCHKEY=https://accounts.example.org\nexport TOKEN=lks_…</code></pre>\
    <p>Bodies are JSON in UTF-8 unless said otherwise. Unknown fields and parameters are refused. Times are UTC. \
    Every answer has an <code>X-Request-Id</code>: quote it when you ask the administrator.</p>\
    <p>An answer with an <code>ETag</code> can be asked for again with <code>If-None-Match</code>, which answers 304 \
    while nothing has changed.</p></section>";

fn link(operation: &Operation) -> String {
    format!("<li><a href=\"#{}\">{}</a></li>", operation.id, escape(operation.summary()))
}

fn article(document: &Value, operation: &Operation) -> String {
    let id = operation.id;
    let who = if operation.needs_session() { "A session token is needed." } else { "Anyone may call." };
    let mut html = format!(
        "<article aria-labelledby=\"{id}\"><h3 id=\"{id}\">{}</h3>\
         <p class=\"route\"><b class=\"{method}\">{method}</b> <code>{}</code></p><p>{who}</p>",
        escape(operation.summary()),
        escape(operation.path),
        method = operation.method,
    );
    let parameters = operation.about["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        let rows: String = parameters.iter().map(parameter).collect();
        html += &table("Parameters", &["Name", "In", "Type", "", "Meaning"], &rows);
    }
    html += &request(document, &operation.about["requestBody"]["content"]);
    html += &answers(&operation.about["responses"]);
    let _ = write!(
        html,
        "<h4>Example</h4><pre tabindex=\"0\"><code>{}</code></pre></article>",
        escape(&curl(document, operation))
    );
    html
}

fn parameter(parameter: &Value) -> String {
    let text = |name: &str| parameter[name].as_str().unwrap_or_default();
    row(text("name"), Some(text("in")), parameter["required"] == true, &parameter["schema"], text("description"))
}

fn request(document: &Value, content: &Value) -> String {
    let Some(content) = content.as_object() else { return String::new() };
    let types: Vec<_> = content.keys().map(|name| format!("<code>{}</code>", escape(name))).collect();
    let schema = content.values().next().unwrap_or(&Value::Null);
    let rows = fields(document, &schema["schema"]);
    let body = if rows.is_empty() { "the bytes of a picture".to_owned() } else { kind(&schema["schema"]) };
    let mut html = format!("<h4>Body</h4><p>{body}, as {}</p>", types.join(", "));
    if !rows.is_empty() {
        html += &table("Fields of the body", &["Field", "Type", "", "Meaning"], &rows);
    }
    html
}

fn answers(responses: &Value) -> String {
    let rows: String =
        responses.as_object().into_iter().flatten().map(|(status, answer)| response(status, answer)).collect();
    table("Answers", &["Status", "Body", "Meaning"], &rows)
}

fn response(status: &str, answer: &Value) -> String {
    let content = answer["content"].as_object();
    let problem = content.is_some_and(|content| content.contains_key("application/problem+json"));
    let description = answer["description"].as_str().unwrap_or_default();
    let meaning = if problem {
        let code = |code: &str| format!("<a href=\"#code-{code}\"><code>{code}</code></a>");
        description.split(", ").map(code).collect::<Vec<_>>().join(", ")
    } else {
        prose(description)
    };
    let body = match content {
        None => "none".to_owned(),
        Some(content) => match content.values().next().map(|first| &first["schema"]) {
            Some(schema) if schema.get("$ref").is_some() => kind(schema),
            _ => content.keys().map(|name| format!("<code>{}</code>", escape(name))).collect::<Vec<_>>().join(", "),
        },
    };
    format!("<tr><th scope=\"row\">{status}</th><td>{body}</td><td>{meaning}</td></tr>")
}

/// A command line that does it.
fn curl(document: &Value, operation: &Operation) -> String {
    let path = operation.path.replace("{username}", "ada").replace("{id}", "current");
    let mut line = String::from("curl");
    if operation.method != "GET" {
        let _ = write!(line, " -X {}", operation.method);
    }
    let _ = write!(line, " \"$LATCHKEY{path}\"");
    if operation.needs_session() {
        line += " \\\n  -H \"Authorization: Bearer $TOKEN\"";
    }
    if operation.about["parameters"].as_array().into_iter().flatten().any(|p| p["name"] == "if-match") {
        line += " \\\n  -H 'If-Match: \"…\"'";
    }
    if let Some((media_type, content)) =
        operation.about["requestBody"]["content"].as_object().and_then(|c| c.iter().next())
    {
        let _ = write!(line, " \\\n  -H 'Content-Type: {media_type}'");
        if content["schema"].get("$ref").is_some() {
            let _ = write!(line, " \\\n  -d '{}'", example(document, &content["schema"]));
        } else {
            line += " \\\n  --data-binary @picture";
        }
    }
    if operation.id == "get_avatar" {
        line += " \\\n  -o avatar";
    }
    line
}

fn types(document: &Value) -> String {
    let mut html = "<section aria-labelledby=\"types\"><h2 id=\"types\">Types</h2>".to_owned();
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let about = prose(schema["description"].as_str().unwrap_or_default());
        let _ =
            write!(html, "<article aria-labelledby=\"type-{name}\"><h3 id=\"type-{name}\">{name}</h3><p>{about}</p>");
        let rows = fields(document, schema);
        if rows.is_empty() {
            let _ = write!(html, "<p>{}</p>", kind(schema));
        } else {
            html += &table("Fields", &["Field", "Type", "", "Meaning"], &rows);
        }
        html += "</article>";
    }
    html + "</section>"
}

fn codes() -> String {
    let mut rows = String::new();
    for code in ErrorCode::ALL {
        let status = code.status().as_u16();
        let _ = write!(
            rows,
            "<tr id=\"code-{code}\"><th scope=\"row\"><code>{code}</code></th><td>{status}</td><td>{}</td></tr>",
            escape(code.title())
        );
    }
    format!(
        "<section aria-labelledby=\"codes\"><h2 id=\"codes\">Error codes</h2><p>Errors are a <a href=\"#type-Problem\">\
         Problem</a>. A newer service may know more codes: treat one you do not know by its status.</p>{}</section>",
        table("Error codes", &["Code", "Status", "Meaning"], &rows)
    )
}

fn table(caption: &str, heads: &[&str], rows: &str) -> String {
    let heads: String = heads
        .iter()
        .map(|head| {
            if head.is_empty() {
                "<th scope=\"col\">Need</th>".to_owned()
            } else {
                format!("<th scope=\"col\">{head}</th>")
            }
        })
        .collect();
    format!(
        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"{caption}\"><table><caption>{caption}</caption>\
         <thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

/// Text of a doc comment: code between back-ticks.
pub(super) fn prose(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escape(part);
        if index % 2 == 1 {
            let _ = write!(html, "<code>{part}</code>");
        } else {
            html += &part;
        }
    }
    html
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
