//! Texts and tables as HTML.

use latchkey_api::documentation::{DocumentedField, Parameter};

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Sentences with code between back-ticks.
pub(super) fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(index, part)| match index % 2 {
        1 => format!("<code>{}</code>", escape(part)),
        _ => escape(part),
    });
    parts.collect()
}

/// Lines to copy: a click takes them all.
pub(super) fn lines(text: &str) -> String {
    format!("<pre class=\"copy\" tabindex=\"0\"><code>{}</code></pre>", escape(text))
}

/// Lines that were sent or answered.
pub(super) fn said(text: &str) -> String {
    format!("<pre tabindex=\"0\"><code>{}</code></pre>", escape(text))
}

/// What unfolds by a click.
pub(super) fn unfolds(title: &str, content: &str) -> String {
    format!("<details><summary>{title}</summary><div class=\"inside\">{content}</div></details>")
}

/// Fields of a body or a type.
pub(super) fn fields(caption: &str, fields: &[DocumentedField]) -> String {
    let rows: String = fields.iter().map(|field| row(field, None)).collect();
    table(caption, &["Field", "Kind", "Meaning"], &rows)
}

/// Parameters, with where they go.
pub(super) fn parameters(parameters: &[Parameter]) -> String {
    let rows: String = parameters.iter().map(|one| row(&one.field, Some(&one.place))).collect();
    table("Parameters", &["Name", "Kind", "Meaning"], &rows)
}

fn row(field: &DocumentedField, place: Option<&str>) -> String {
    let place = place.map(|place| format!("<small>in the {place}</small>")).unwrap_or_default();
    let need = if field.required { "" } else { "<small>optional</small>" };
    format!(
        "<tr><th scope=\"row\"><code>{}</code>{place}{need}</th><td>{}</td><td>{}</td></tr>",
        escape(&field.name),
        kind(&field.kind, field.type_name.as_deref()),
        prose(&field.about)
    )
}

/// The kind of a value, with a link to the type in it.
pub(super) fn kind(kind: &str, type_name: Option<&str>) -> String {
    match type_name.and_then(|name| kind.split_once(name).map(|parts| (name, parts))) {
        Some((name, (before, after))) => {
            format!("{}<a href=\"#type-{name}\">{name}</a>{}", prose(before), prose(after))
        }
        None => prose(kind),
    }
}

/// A table with a caption that is read and not seen, because a heading or a summary says it already.
pub(super) fn table(caption: &str, heads: &[&str], rows: &str) -> String {
    let heads = heads.join("</th><th scope=\"col\">");
    format!(
        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"{caption}\"><table>\
         <caption class=\"unseen\">{caption}</caption><thead><tr><th scope=\"col\">{heads}</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
}
